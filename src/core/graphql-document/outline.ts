/** Where the parts of a document are written: selections, fragments, and what each mentions. */

import type {
  ASTNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from "graphql/language/ast";
import type { Fragment, Mention, Part, Span } from "../graphql-document.ts";

export function spanOf({ loc }: ASTNode): Span {
  return { start: loc?.start ?? 0, end: loc?.end ?? 0 };
}

export function insideOf(set: SelectionSetNode): Span {
  const { start, end } = spanOf(set);
  return { start: start + 1, end: end - 1 };
}

export function parenthesesOf({ variableDefinitions }: OperationDefinitionNode): Span | null {
  let left = variableDefinitions?.at(0)?.loc?.startToken.prev;
  let right = variableDefinitions?.at(-1)?.loc?.endToken.next;
  while (left?.kind === "Comment") left = left.prev;
  while (right?.kind === "Comment") right = right.next;
  return left && right ? { start: left.start, end: right.end } : null;
}

export function partOf(node: SelectionNode): Part {
  const span = spanOf(node);
  switch (node.kind) {
    case "Field":
      return { kind: "field", span };
    case "InlineFragment":
      return { kind: "inline", span, parts: node.selectionSet.selections.map(partOf) };
    case "FragmentSpread":
      return { kind: "spread", span, fragment: node.name.value };
  }
}

/** The fragments with what each mentions, and the mentions outside of them; both are in the text's order. */
export function readFragments(
  written: readonly FragmentDefinitionNode[],
  mentions: readonly Mention[],
): { readonly fragments: ReadonlyMap<string, Fragment>; readonly rest: readonly Mention[] } {
  const fragments = new Map<string, Fragment>();
  const rest: Mention[] = [];
  let next = 0;
  for (const node of written) {
    const span = spanOf(node);
    for (let one = mentions[next]; one !== undefined && one.at < span.start; one = mentions[next]) {
      rest.push(one);
      next += 1;
    }
    const from = next;
    while ((mentions[next]?.at ?? span.end) < span.end) next += 1;
    const parts = node.selectionSet.selections.map(partOf);
    fragments.set(node.name.value, { span, parts, mentions: mentions.slice(from, next) });
  }
  rest.push(...mentions.slice(next));
  return { fragments, rest };
}
