/** The `dynamicBlocks` of a document: what a client asks for, and under which keys it wants the answer. */

import { isIncluded, resolveValue, type Variables } from "../graphql-document/value.ts";
import type { Field, GraphqlDocument } from "../graphql-document.ts";
import { isRecord } from "../record.ts";

/** One response key; GraphQL merges the fields that are written under the same one. */
export interface BlocksField {
  readonly key: string;
  readonly places: readonly Field[];
  /** Those that `@skip` leaves out too: Commerce refuses a key with different arguments even there. */
  readonly written: readonly Field[];
  /** What is selected, of all places. */
  readonly fields: readonly Field[];
  /** `DynamicBlocksFilterInput`, variables resolved. */
  readonly input: Readonly<Record<string, unknown>>;
  /** null: not what Commerce would accept, which is its to say. */
  readonly paging: Paging | null;
}

/** Both from 1. */
export interface Paging {
  readonly page: number;
  readonly size: number;
}

/** A response key inside of one selection. */
export interface Selected {
  readonly key: string;
  readonly name: string;
  /** What is selected inside, of all fields that are merged; null: a leaf. */
  readonly fields: readonly Field[] | null;
  readonly hasArguments: boolean;
}

export function isBlocksRoot({ name, selection }: Field): boolean {
  return name === "dynamicBlocks" && selection !== null;
}

/** Those that Commerce would execute, in the order of the answer. */
export function findBlocks(document: GraphqlDocument, variables: Variables): readonly BlocksField[] {
  if (document.operation !== "query") return [];
  const all = document.roots.filter(isBlocksRoot);
  const roots = includedIn(all, document, variables);
  return [...groupByKey(roots)].map(([key, places]): BlocksField => {
    const argument = (name: string) => {
      const written = places[0]?.arguments.get(name);
      return written === undefined ? undefined : resolveValue(written.value, document, variables);
    };
    const input = argument("input");
    return {
      key,
      places,
      written: all.filter((root) => root.key === key),
      fields: includedIn(
        places.flatMap(({ selection }) => selection?.fields ?? []),
        document,
        variables,
      ),
      input: isRecord(input) ? input : {},
      paging: readPaging(argument("currentPage"), argument("pageSize")),
    };
  });
}

/** The defaults are the schema's. */
function readPaging(page: unknown = 1, size: unknown = 20): Paging | null {
  return isCount(page) && isCount(size) ? { page, size } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

export function includedIn(
  fields: readonly Field[],
  document: GraphqlDocument,
  variables: Variables,
): readonly Field[] {
  return fields.filter((field) => isIncluded(field, document, variables));
}

/** In the order of the answer. */
export function selectedIn(
  fields: readonly Field[],
  document: GraphqlDocument,
  variables: Variables,
): readonly Selected[] {
  return [...groupByKey(includedIn(fields, document, variables))].map(([key, merged]) => ({
    key,
    name: merged[0]?.name ?? key,
    fields: merged.some(({ selection }) => selection !== null)
      ? merged.flatMap(({ selection }) => selection?.fields ?? [])
      : null,
    hasArguments: merged.some((field) => field.arguments.size > 0),
  }));
}

function groupByKey(fields: readonly Field[]): ReadonlyMap<string, readonly Field[]> {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const group = groups.get(field.key);
    if (group) group.push(field);
    else groups.set(field.key, [field]);
  }
  return groups;
}

/** Inputs are coerced as GraphQL does: one value is a list of one, and an id may be a number. */
export function readIds(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => (typeof one === "string" || typeof one === "number" ? [String(one)] : []));
}
