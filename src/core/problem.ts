/** What is wrong with a text that a person wrote, as sentences: where, what was found, what would be right. */

import type * as v from "valibot";

export interface Problem {
  /** Where, as a person would write it: `banners[2].variants[0].for`. Empty for the whole text. */
  readonly path: string;
  readonly message: string;
}

/** One line a problem: `banners[0].selector: …`. */
export function describeProblem(problem: Problem): string {
  return problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`;
}

/** In the order of their paths, numbers as numbers. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

type PathKey = string | number;

/** `["banners", 2, "for"]` → `banners[2].for`; keys that are no plain words are quoted. */
export function formatPath(keys: readonly PathKey[]): string {
  let text = "";
  for (const key of keys) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text;
}

/** A value as an error message may show it: short, and never a whole document. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** The nearest of the known words, when it is near enough to be what was meant. */
export function nearestWord(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` ; did you mean "vip"?` or nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const nearest = nearestWord(word, known);
  return nearest === null ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** Optimal string alignment (a swap of two letters counts once); gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 64 || b.length > 64) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit;
}

type AnySchema = v.GenericSchema & {
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly value?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly getter?: (input: unknown) => AnySchema;
};

/**
 * The schema library's issues as problems. Unknown keys are looked for here, because it reports only the
 * first of an object, and a person who mends one typo should not meet the next one only then.
 */
export function collectProblems(
  schema: v.GenericSchema,
  input: unknown,
  issues: readonly v.BaseIssue<unknown>[],
): Problem[] {
  const problems: Problem[] = [];
  for (const issue of issues) {
    if (issue.expected === "never") continue;
    const keys = (issue.path ?? []).map((item) => item.key as PathKey);
    problems.push({ path: formatPath(keys), message: describeIssue(issue) });
  }
  findUnknownKeys(schema as AnySchema, input, [], problems);
  return problems;
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const custom = issue.kind === "validation" || !issue.message.startsWith("Invalid ");
  if (custom) return issue.message;
  const found = showValue(issue.input);
  if (found === "nothing") return "missing, and it has to be there";
  return `expected ${describeExpected(issue.expected)}, found ${found}`;
}

const expectedWords: Readonly<Record<string, string>> = {
  Object: "an object",
  Array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};

function describeExpected(expected: string | null): string {
  if (expected === null) return "something else";
  return expectedWords[expected] ?? expected.replace(/^\(|\)$/g, "").replaceAll(" | ", " or ");
}

function findUnknownKeys(
  schema: AnySchema,
  input: unknown,
  keys: readonly PathKey[],
  problems: Problem[],
): void {
  if (schema.wrapped) findUnknownKeys(schema.wrapped, input, keys, problems);
  else if (schema.getter) findUnknownKeys(schema.getter(input), input, keys, problems);
  else if (Array.isArray(input)) {
    for (const [index, value] of input.entries()) {
      if (schema.item) findUnknownKeys(schema.item, value, [...keys, index], problems);
    }
  } else if (typeof input === "object" && input !== null) {
    findUnknownEntries(schema, input, keys, problems);
  }
}

function findUnknownEntries(
  schema: AnySchema,
  input: object,
  keys: readonly PathKey[],
  problems: Problem[],
): void {
  for (const [key, value] of Object.entries(input)) {
    const inner = schema.entries && Object.hasOwn(schema.entries, key) ? schema.entries[key] : undefined;
    if (inner) findUnknownKeys(inner, value, [...keys, key], problems);
    else if (schema.type === "strict_object") {
      const known = Object.keys(schema.entries ?? {}).filter((name) => !Object.hasOwn(input, name));
      problems.push({ path: formatPath([...keys, key]), message: `unknown key${suggestion(key, known)}` });
    } else if (schema.value) findUnknownKeys(schema.value, value, [...keys, key], problems);
  }
}
