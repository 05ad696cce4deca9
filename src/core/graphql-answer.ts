/** Commerce's GraphQL answers as values: what we added to a request is taken out of them again. */

import { isRecord, parseRecord } from "./record.ts";

/** One JSON object, read by us alone: it is edited in place. */
export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: GraphqlError[];
  [key: string]: unknown;
}

export interface GraphqlError {
  readonly message?: unknown;
  readonly path?: readonly unknown[];
  readonly locations?: readonly Location[];
  readonly extensions?: unknown;
}

interface Location {
  readonly line: number;
  readonly column: number;
}

/** null where it is no answer in GraphQL's shape. */
export function parseAnswer(text: string): GraphqlAnswer | null {
  const parsed = parseRecord(text);
  if (parsed === null || !("data" in parsed || "errors" in parsed)) return null;
  const { data, errors } = parsed;
  if (data !== undefined && data !== null && !isRecord(data)) return null;
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isRecord))) return null;
  return parsed as GraphqlAnswer;
}

/** Refused before anything was executed: for its syntax, by validation, or by a limit. */
export function isUnexecuted(answer: GraphqlAnswer): boolean {
  return !("data" in answer) && (answer.errors?.length ?? 0) > 0;
}

/** What stands under those keys; undefined where something on the way is no object. */
export function valueAt(answer: GraphqlAnswer, path: readonly string[]): unknown {
  let value: unknown = answer.data;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

export function setValueAt(answer: GraphqlAnswer, path: readonly string[], value: unknown): void {
  const parent = valueAt(answer, path.slice(0, -1));
  const last = path.at(-1);
  if (isRecord(parent) && last !== undefined && Object.hasOwn(parent, last)) parent[last] = value;
}

/** A root field that we added, and its errors, which are the answer. */
export function takeOutRoot(answer: GraphqlAnswer, key: string): { value: unknown; errors: GraphqlError[] } {
  const value = answer.data?.[key];
  if (answer.data) delete answer.data[key];
  const isOurs = ({ path }: GraphqlError) => path?.[0] === key;
  const errors = answer.errors?.filter(isOurs) ?? [];
  keepErrors(answer, (error) => !isOurs(error));
  return { value, errors };
}

/** An answer has no empty list of errors. */
export function keepErrors(answer: GraphqlAnswer, keep: (error: GraphqlError) => boolean): void {
  const kept = answer.errors?.filter(keep) ?? [];
  if (kept.length > 0) answer.errors = kept;
  else delete answer.errors;
}

/** Errors point into the client's own document; what pointed into ours points nowhere. Most answers have none. */
export function mapLocations(
  answer: GraphqlAnswer,
  openWay: () => (location: Location) => Location | null,
): void {
  if (answer.errors === undefined) return;
  const back = openWay();
  answer.errors = answer.errors.map((error) => {
    if (!Array.isArray(error.locations)) return error;
    const locations = error.locations.flatMap((location) => back(location) ?? []);
    const { locations: _, ...rest } = error;
    return locations.length === 0 ? rest : { ...error, locations };
  });
}
