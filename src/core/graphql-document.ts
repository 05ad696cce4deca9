/** A GraphQL document as a plan needs it: one operation, read once, with every place where it could be rewritten. */

/** Half open, in UTF-16 code units of the document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What we leave to Commerce to judge. `too-long`: over 65,536 bytes, 4,096 lines or 8,192 tokens. Commerce's own limits are
 * far below the last two.
 */
export type UnreadableDocument =
  | "too-long"
  | "syntax"
  | "no-operation"
  | "several-operations"
  | "unknown-fragment"
  | "fragment-cycle"
  | "too-many-fields"
  | "too-deep";

export interface GraphqlDocument {
  readonly text: string;
  readonly operation: "query" | "mutation" | "subscription";
  /** The root fields in the order of their execution, fragments opened; excluded ones are in it. */
  readonly roots: readonly Field[];
  readonly variables: ReadonlyMap<string, VariableDefinition>;
  /** As Commerce counts (`queryComplexity`): each field 1, those of a fragment each time it is spread. */
  readonly complexity: number;
  /** As Commerce counts (`queryDepth`): fields with a selection inside of each other, the first at 0. */
  readonly depth: number;
  /** As Commerce counts them, where it does (2025 and later): each alias once where it is written. */
  readonly aliases: number;
  /** What is inside of the operation's own braces. */
  readonly body: Span;
  /** The parentheses around the variable definitions, included; null: the operation has none. */
  readonly definitions: Span | null;
  /** What is written in the operation's own braces, in order: what `roots` come of. */
  readonly parts: readonly Part[];
  /** Variables and fragments that the operation itself names, without the definitions. */
  readonly mentions: readonly Mention[];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

export interface Fragment {
  /** The whole definition. */
  readonly span: Span;
  readonly parts: readonly Part[];
  readonly mentions: readonly Mention[];
}

/** One selection where it is written. */
export type Part =
  | { readonly kind: "field"; readonly span: Span }
  | { readonly kind: "inline"; readonly span: Span; readonly parts: readonly Part[] }
  | { readonly kind: "spread"; readonly span: Span; readonly fragment: string };

/** A `$name` or a `...Name` at a place of the text. */
export interface Mention {
  readonly kind: "variable" | "fragment";
  readonly name: string;
  readonly at: number;
}

export interface VariableDefinition {
  readonly name: string;
  /** Its type as it is written, like `[ID!]!`. */
  readonly type: string;
  readonly span: Span;
  /** Written in the document. */
  readonly defaultValue: Value | undefined;
}

/** One field where it is written. The same response key may be written several times; GraphQL merges them. */
export interface Field {
  readonly name: string;
  /** The key of the answer: the alias, else the name. */
  readonly key: string;
  readonly arguments: ReadonlyMap<string, Argument>;
  /** The `@include` and `@skip` on it, and on the fragments around it. */
  readonly conditions: readonly Inclusion[];
  /** From its alias or name to its last brace. */
  readonly span: Span;
  /** What is inside of its braces, and the fields that come of it, fragments opened; null: a leaf. */
  readonly selection: { readonly span: Span; readonly fields: readonly Field[] } | null;
  /** Whether it is written in a fragment, whose text may serve other places too. */
  readonly shared: boolean;
}

export interface Argument {
  readonly value: Value;
  /** Of the value alone. */
  readonly valueSpan: Span;
  /** Of name, colon and value. */
  readonly span: Span;
}

/** A value as it is written. Enums are strings here; what is not a variable is a plain value. */
export type Value =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null }
  | { readonly kind: "enum"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Argument> };

export interface Inclusion {
  readonly kind: "include" | "skip";
  readonly if: Value;
}
