/** Where the parts of a document are written: selections, fragments, and what each mentions. */

import type { Fragment, Mention, Part } from "../graphql-document.ts";
import type { FragmentNode, Selection } from "./node.ts";

export function partOf(node: Selection): Part {
  const { kind, span } = node;
  switch (kind) {
    case "field":
      return { kind, span };
    case "inline":
      return { kind, span, parts: node.set.selections.map(partOf) };
    case "spread":
      return { kind, span, fragment: node.fragment };
  }
}

/** The fragments with what each mentions, and the mentions outside of them; both are in the text's order. */
export function readFragments(
  written: readonly FragmentNode[],
  mentions: readonly Mention[],
): { readonly fragments: ReadonlyMap<string, Fragment>; readonly rest: readonly Mention[] } {
  const fragments = new Map<string, Fragment>();
  const rest: Mention[] = [];
  let next = 0;
  for (const { name, set, span } of written) {
    for (let one = mentions[next]; one !== undefined && one.at < span.start; one = mentions[next]) {
      rest.push(one);
      next += 1;
    }
    const from = next;
    while ((mentions[next]?.at ?? span.end) < span.end) next += 1;
    fragments.set(name, { span, parts: set.selections.map(partOf), mentions: mentions.slice(from, next) });
  }
  rest.push(...mentions.slice(next));
  return { fragments, rest };
}
