/** Commerce's limits on a document: fields, 20 levels, and in newer releases aliases. */

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { StoreSettings } from "../settings.ts";

const maxDepth = 20;
/** More than anybody counts to: fragments that are spread in fragments grow beyond every number. */
const countless = 1_000_000;

export interface BrokenLimit {
  /** Too many fields is a 500, too many levels a 200: so it was seen. */
  readonly status: 200 | 500;
  readonly message: string;
}

export type Limits = Pick<StoreSettings, "maxComplexity" | "maxAliases">;

interface Size {
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
}

const nothing: Size = { fields: 0, depth: 0, aliases: 0 };

/** Fields and aliases of a fragment count each time that it is spread. */
export function limitBroken(
  document: DocumentNode,
  { maxComplexity, maxAliases }: Limits,
): BrokenLimit | null {
  const measure = openRuler(document);
  const size = document.definitions
    .map((one) => (one.kind === Kind.OPERATION_DEFINITION ? measure(one.selectionSet) : nothing))
    .reduce(together, nothing);
  if (size.fields > maxComplexity) {
    return {
      status: 500,
      message: `Max query complexity should be ${maxComplexity} but got ${size.fields}.`,
    };
  }
  if (maxAliases !== null && size.aliases > maxAliases) {
    return { status: 500, message: `Max Aliases in query should be ${maxAliases} but got ${size.aliases}.` };
  }
  // The first level counts as none.
  const depth = size.depth - 1;
  if (depth > maxDepth) {
    return { status: 200, message: `Max query depth should be ${maxDepth} but got ${depth}.` };
  }
  return null;
}

/** Each fragment is measured once, however often it is spread. */
function openRuler(document: DocumentNode) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  const measured = new Map<string, Size>();

  function measureFragment(name: string): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment inside itself is the validator's business: inside, it counts for nothing.
    measured.set(name, nothing);
    const size = measure(fragments.get(name)?.selectionSet);
    measured.set(name, size);
    return size;
  }

  function measureField(field: FieldNode): Size {
    const below = measure(field.selectionSet);
    return {
      fields: 1 + below.fields,
      depth: 1 + below.depth,
      aliases: (field.alias === undefined ? 0 : 1) + below.aliases,
    };
  }

  function measureSelection(one: SelectionNode): Size {
    switch (one.kind) {
      case Kind.FIELD:
        return measureField(one);
      case Kind.FRAGMENT_SPREAD:
        return measureFragment(one.name.value);
      case Kind.INLINE_FRAGMENT:
        return measure(one.selectionSet);
    }
  }

  function measure(set: SelectionSetNode | undefined): Size {
    return (set?.selections ?? []).map(measureSelection).reduce(together, nothing);
  }

  return measure;
}

function together(one: Size, other: Size): Size {
  return {
    fields: Math.min(countless, one.fields + other.fields),
    depth: Math.max(one.depth, other.depth),
    aliases: Math.min(countless, one.aliases + other.aliases),
  };
}
