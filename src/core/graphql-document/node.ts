/** What a document is read into, before its fragments are opened. */

import type { Argument, Span, Value } from "../graphql-document.ts";

/** In the order in which they are written; of equal names several. */
export type Arguments = readonly (readonly [name: string, Argument])[];

export interface Directive {
  readonly name: string;
  readonly arguments: Arguments;
}

export interface SelectionSet {
  /** What is inside of the braces. */
  readonly inside: Span;
  readonly selections: readonly Selection[];
}

export interface FieldNode {
  readonly kind: "field";
  readonly alias: string | undefined;
  readonly name: string;
  readonly arguments: Arguments;
  readonly directives: readonly Directive[];
  readonly set: SelectionSet | undefined;
  readonly span: Span;
}

export type Selection =
  | FieldNode
  | {
      readonly kind: "inline";
      readonly directives: readonly Directive[];
      readonly set: SelectionSet;
      readonly span: Span;
    }
  | {
      readonly kind: "spread";
      readonly fragment: string;
      readonly directives: readonly Directive[];
      readonly set?: undefined;
      readonly span: Span;
    };

export interface Variable {
  readonly name: string;
  readonly type: Span;
  readonly defaultValue: Value | undefined;
  readonly span: Span;
}

export interface Operation {
  readonly kind: "query" | "mutation" | "subscription";
  readonly variables: readonly Variable[];
  readonly parentheses: Span | null;
  readonly set: SelectionSet;
}

export interface FragmentNode {
  readonly kind: "fragment";
  readonly name: string;
  readonly set: SelectionSet;
  readonly span: Span;
}

/** Types are read past: Commerce's parser takes them, its validator does not. */
export type Definition = Operation | FragmentNode | { readonly kind: "types" };
