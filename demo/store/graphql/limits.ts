/** Commerce's limits on a document: 300 fields, 20 levels. */

import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

const maxComplexity = 300;
const maxDepth = 20;

export interface BrokenLimit {
  /** Too many fields is a 500, too many levels a 200: so it was seen. */
  readonly status: 200 | 500;
  readonly message: string;
}

interface Size {
  readonly fields: number;
  readonly depth: number;
}

/** Fields of a fragment count each time that it is spread. */
export function limitBroken(document: DocumentNode): BrokenLimit | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  let fields = 0;
  let depth = 0;
  for (const one of document.definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(one.selectionSet, fragments, new Set());
    fields += size.fields;
    depth = Math.max(depth, size.depth - 1);
  }
  if (fields > maxComplexity) {
    return { status: 500, message: `Max query complexity should be ${maxComplexity} but got ${fields}.` };
  }
  if (depth > maxDepth) {
    return { status: 200, message: `Max query depth should be ${maxDepth} but got ${depth}.` };
  }
  return null;
}

function measure(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  open: ReadonlySet<string>,
): Size {
  let fields = 0;
  let depth = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      const below = measure(selection.selectionSet, fragments, open);
      fields += 1 + below.fields;
      depth = Math.max(depth, 1 + below.depth);
      continue;
    }
    const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : null;
    // A fragment inside itself is the validator's business.
    if (name !== null && open.has(name)) continue;
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? fragments.get(name ?? "")?.selectionSet
        : selection.selectionSet;
    const below = measure(inner, fragments, name === null ? open : new Set([...open, name]));
    fields += below.fields;
    depth = Math.max(depth, below.depth);
  }
  return { fields, depth };
}
