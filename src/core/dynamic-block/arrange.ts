/** Commerce's dynamic blocks put in another order, fewer or more: lists, counts, pages and errors all agree again. */

import { type GraphqlAnswer, type GraphqlError, keepErrors } from "../graphql-answer.ts";
import type { Variables } from "../graphql-document/value.ts";
import type { Field, GraphqlDocument } from "../graphql-document.ts";
import { isRecord } from "../record.ts";
import { type BlocksField, type Paging, selectedIn } from "./field.ts";
import type { OwnKeys } from "./rewrite.ts";

/** What of an answer's `dynamicBlocks` is whose. */
export interface BlocksShape {
  readonly key: string;
  readonly paging: Paging | null;
  readonly lists: readonly ListShape[];
  /** The keys under which the client counts. */
  readonly totals: readonly string[];
  readonly pages: readonly { readonly key: string; readonly fields: ReadonlyMap<string, string> }[];
  /** Where Commerce's own count stands. */
  readonly total: string;
  /** The client's own keys in its order; what else comes is ours. */
  readonly keys: readonly string[];
}

export interface ListShape {
  readonly key: string;
  readonly fields: readonly Field[];
  /** The client's own keys of an item, in its order. */
  readonly keys: readonly string[];
}

export function shapeOf(
  field: BlocksField,
  { document, variables }: { readonly document: GraphqlDocument; readonly variables: Variables },
  own: OwnKeys,
): BlocksShape {
  const selected = selectedIn(field.fields, document, variables);
  const lists = selected.flatMap(({ key, name, fields }): ListShape[] => {
    if (name !== "items" || fields === null) return [];
    return [{ key, fields, keys: selectedIn(fields, document, variables).map((one) => one.key) }];
  });
  const totals = selected.filter(({ name }) => name === "total_count").map(({ key }) => key);
  const pages = selected
    .filter(({ name, fields }) => name === "page_info" && fields !== null)
    .map(({ key, fields }) => {
      const inner = selectedIn(fields ?? [], document, variables);
      return { key, fields: new Map(inner.map((one) => [one.key, one.name])) };
    });
  return {
    key: field.key,
    paging: field.paging,
    lists: lists.length > 0 ? lists : [{ key: own.items, fields: [], keys: [] }],
    totals,
    pages,
    total: totals[0] ?? own.total,
    keys: selected.map(({ key }) => key),
  };
}

/** What stands at a place of the new list: one of Commerce's, or ours. */
export type Entry =
  | { readonly kind: "origin"; readonly index: number }
  /** By the key of the list, as that one selects it. */
  | { readonly kind: "own"; readonly items: ReadonlyMap<string, unknown> };

export interface Arrangement {
  readonly entries: readonly Entry[];
  /** Whether those are all that there are: then we count. */
  readonly complete: boolean;
}

/** The items as Commerce gave them, of the first list: the others have the same, with other selections. */
export function itemsOf(answer: GraphqlAnswer, shape: BlocksShape): readonly unknown[] | null {
  const root = answer.data?.[shape.key];
  const [list] = shape.lists;
  const items = isRecord(root) && list !== undefined ? root[list.key] : null;
  return Array.isArray(items) ? items : null;
}

export function totalOf(answer: GraphqlAnswer, shape: BlocksShape): number | null {
  const root = answer.data?.[shape.key];
  const total = isRecord(root) ? root[shape.total] : null;
  return typeof total === "number" ? total : null;
}

/** Edits the answer. */
export function arrange(answer: GraphqlAnswer, shape: BlocksShape, { entries, complete }: Arrangement): void {
  const root = answer.data?.[shape.key];
  if (!answer.data || !isRecord(root)) return;
  const { paging } = shape;
  const shown =
    paging === null ? entries : entries.slice((paging.page - 1) * paging.size, paging.page * paging.size);
  const total = complete ? entries.length : totalOf(answer, shape);
  const written = new Map(Object.entries(root));
  for (const { key, keys } of shape.lists) {
    const items = root[key];
    if (!Array.isArray(items)) continue;
    const put = (entry: Entry): unknown =>
      entry.kind === "own" ? entry.items.get(key) : keepKeys(items[entry.index], keys);
    written.set(key, shown.map(put));
  }
  if (complete) for (const key of shape.totals) written.set(key, total);
  if (paging !== null) {
    for (const { key, fields } of shape.pages) written.set(key, countPages(root[key], fields, paging, total));
  }
  answer.data[shape.key] = keepKeys(Object.fromEntries(written), shape.keys);
  moveErrors(answer, shape, shown);
}

function keepKeys(value: unknown, keys: readonly string[]): unknown {
  if (!isRecord(value)) return value;
  const kept = keys.filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(kept.map((key) => [key, value[key]]));
}

function countPages(
  info: unknown,
  fields: ReadonlyMap<string, string>,
  { page, size }: Paging,
  total: number | null,
): unknown {
  if (!isRecord(info)) return info;
  const counted = new Map<string | undefined, unknown>([
    ["current_page", page],
    ["page_size", size],
  ]);
  if (total !== null) counted.set("total_pages", Math.ceil(total / size));
  return Object.fromEntries(
    Object.entries(info).map(([key, value]) => [key, counted.get(fields.get(key)) ?? value]),
  );
}

/** Errors follow their items; those of what is not in the answer have no place in it. */
function moveErrors(answer: GraphqlAnswer, shape: BlocksShape, shown: readonly Entry[]): void {
  if (answer.errors === undefined) return;
  const lists = new Map(shape.lists.map((list) => [list.key, list]));
  const moved = answer.errors.map((error): GraphqlError | null => {
    const [root, key, index, field] = error.path ?? [];
    if (root !== shape.key || typeof key !== "string") return error;
    if (!shape.keys.includes(key)) return null;
    const list = lists.get(key);
    if (list === undefined || typeof index !== "number") return error;
    if (typeof field === "string" && !list.keys.includes(field)) return null;
    const place = shown.findIndex((entry) => entry.kind === "origin" && entry.index === index);
    return place === -1 ? null : { ...error, path: (error.path ?? []).with(2, place) };
  });
  answer.errors = moved.filter((error) => error !== null);
  keepErrors(answer, () => true);
}
