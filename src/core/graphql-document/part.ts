/** Parts of a document: what goes with root fields that are taken out, and what a part needs to stand alone. */

import type { Field, GraphqlDocument, Mention, Part, Span } from "../graphql-document.ts";
import type { Splice } from "./splice.ts";

interface Needs {
  readonly variables: ReadonlySet<string>;
  readonly fragments: ReadonlySet<string>;
}

/**
 * Takes root fields out, and the variable definitions and fragments that nothing else uses: Commerce refuses a
 * document with unused ones. null: nothing would remain, or a place of a root serves another root too.
 */
export function removeRoots(document: GraphqlDocument, roots: readonly Field[]): readonly Splice[] | null {
  const removed = new Set(roots);
  const places = new Set(roots.map(({ span }) => span.start));
  if (document.roots.some((root) => places.has(root.span.start) && !removed.has(root))) return null;
  const cuts = cut(document.parts, places, document);
  if (cuts === "all") return null;
  return [...cuts.map((span) => ({ span, insert: "" })), ...removeUnused(document, cuts)];
}

/** Takes out the variable definitions and fragments that nothing uses once those places are gone. */
export function removeUnused(document: GraphqlDocument, cuts: readonly Span[]): readonly Splice[] {
  const before = needsOf(document, document.mentions, []);
  const kept = document.mentions.filter((one) => !isInside(one, cuts));
  const after = needsOf(document, kept, cuts);
  const fragments = [...before.fragments].filter((name) => !after.fragments.has(name));
  const spans = [
    ...fragments.flatMap((name) => document.fragments.get(name)?.span ?? []),
    ...spansOfUnused(document, before, after),
  ];
  return spans.map((span) => ({ span, insert: "" }));
}

/** The spans to remove, each once; `all`: nothing of the parts would remain. */
function cut(
  parts: readonly Part[],
  places: ReadonlySet<number>,
  document: GraphqlDocument,
): readonly Span[] | "all" {
  const spans = new Map<number, Span>();
  let remaining = parts.length;
  for (const part of parts) {
    const inner = cutOf(part, places, document);
    if (inner === "all") {
      remaining -= 1;
      spans.set(part.span.start, part.span);
    } else for (const span of inner) spans.set(span.start, span);
  }
  return remaining === 0 ? "all" : [...spans.values()];
}

function cutOf(part: Part, places: ReadonlySet<number>, document: GraphqlDocument): readonly Span[] | "all" {
  switch (part.kind) {
    case "field":
      return places.has(part.span.start) ? "all" : [];
    case "inline":
      return cut(part.parts, places, document);
    case "spread":
      return cut(document.fragments.get(part.fragment)?.parts ?? [], places, document);
  }
}

/** The definitions that only the removed part used; with all of them go the parentheses, which may not be empty. */
function spansOfUnused(document: GraphqlDocument, before: Needs, after: Needs): readonly Span[] {
  const defined = [...document.variables.values()];
  const unused = defined.filter(({ name }) => before.variables.has(name) && !after.variables.has(name));
  if (document.definitions !== null && unused.length === defined.length) return [document.definitions];
  return unused.map(({ span }) => span);
}

const isInside = ({ at }: Mention, spans: readonly Span[]) =>
  spans.some(({ start, end }) => at >= start && at < end);

/** What is mentioned, through fragments of fragments, but in the removed places. */
function needsOf(document: GraphqlDocument, mentions: readonly Mention[], removed: readonly Span[]): Needs {
  const variables = new Set<string>();
  const fragments = new Set<string>();
  const add = (found: readonly Mention[]) => {
    for (const { kind, name } of found) (kind === "variable" ? variables : fragments).add(name);
  };
  add(mentions);
  // A set is walked in the order of insertion, what is added on the way too.
  for (const name of fragments) {
    const found = document.fragments.get(name)?.mentions ?? [];
    add(removed.length === 0 ? found : found.filter((one) => !isInside(one, removed)));
  }
  return { variables, fragments };
}

export interface Alone {
  readonly text: string;
  /** Those of the client's variables that the text uses: the others would be refused or ignored. */
  readonly variables: readonly string[];
}

export interface AloneOptions {
  readonly operation: "query" | "mutation";
  /** What goes between its braces; it may quote the client's text. */
  readonly body: string;
  /** The places of the client's text that the body quotes. */
  readonly uses: readonly Span[];
}

/** A document with a body of its own, and the client's definitions that it needs, as they are written. */
export function buildAlone(document: GraphqlDocument, { operation, body, uses }: AloneOptions): Alone {
  const written = [document, ...document.fragments.values()].flatMap(({ mentions }) => mentions);
  const needs = needsOf(
    document,
    written.filter((one) => isInside(one, uses)),
    [],
  );
  const quote = ({ span }: { readonly span: Span }) => document.text.slice(span.start, span.end);
  const variables = [...document.variables.values()].filter(({ name }) => needs.variables.has(name));
  const fragments = [...document.fragments].filter(([name]) => needs.fragments.has(name));
  const head = variables.length === 0 ? operation : `${operation}(${variables.map(quote).join("\n")})`;
  const text = [`${head} {${body}\n}`, ...fragments.map(([, fragment]) => quote(fragment))].join("\n");
  return { text, variables: variables.map(({ name }) => name) };
}
