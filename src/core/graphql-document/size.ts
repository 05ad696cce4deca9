/** How large a document is when its fragments are opened: what Commerce limits, and what bounds our own work. */

import type { GraphqlDocument } from "../graphql-document.ts";
import { MAX_NESTING, Unreadable } from "./lexer.ts";
import type { FragmentNode, Operation, SelectionSet } from "./node.ts";

const MAX_FIELDS = 2_000;
const MAX_DEPTH = 50;

export type Definitions = ReadonlyMap<string, FragmentNode>;

interface Size {
  readonly fields: number;
  /** Fields with a selection, inside of each other. */
  readonly depth: number;
  /** Selections inside of each other, those of fragments too. */
  readonly levels: number;
}

/** Each fragment is looked at once, however often it is spread: a bomb is a large number, not much work. */
export function measure(
  operation: Operation,
  named: Definitions,
): Pick<GraphqlDocument, "complexity" | "depth" | "aliases"> {
  const known = new Map<string, Size | "open">();
  let aliases = 0;

  function ofSet(set: SelectionSet | undefined, level: number): Size {
    if (set === undefined) return { fields: 0, depth: 0, levels: 0 };
    if (level > MAX_NESTING) throw new Unreadable("too-deep");
    let fields = 0;
    let depth = 0;
    let levels = 0;
    for (const selection of set.selections) {
      const size =
        selection.kind === "spread"
          ? ofFragment(selection.fragment, level + 1)
          : ofSet(selection.set, level + 1);
      const isField = selection.kind === "field";
      if (isField && selection.alias !== undefined) aliases += 1;
      fields += size.fields + (isField ? 1 : 0);
      depth = Math.max(depth, size.depth + (isField && selection.set ? 1 : 0));
      levels = Math.max(levels, size.levels);
    }
    return { fields, depth, levels: levels + 1 };
  }

  function ofFragment(name: string, level: number): Size {
    const found = known.get(name);
    if (found === "open") throw new Unreadable("fragment-cycle");
    if (found !== undefined) {
      if (level + found.levels - 1 > MAX_NESTING) throw new Unreadable("too-deep");
      return found;
    }
    const fragment = named.get(name);
    if (fragment === undefined) throw new Unreadable("unknown-fragment");
    known.set(name, "open");
    const size = ofSet(fragment.set, level);
    known.set(name, size);
    return size;
  }

  const size = ofSet(operation.set, 0);
  for (const name of named.keys()) ofFragment(name, 0);
  const depth = Math.max(0, size.depth - 1);
  if (size.fields > MAX_FIELDS) throw new Unreadable("too-many-fields");
  if (depth > MAX_DEPTH) throw new Unreadable("too-deep");
  return { complexity: size.fields, depth, aliases };
}
