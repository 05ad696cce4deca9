/** Commerce's dynamic blocks put in another order, fewer or more: lists, counts, pages and errors all agree again. */

import { type GraphqlAnswer, type GraphqlError, isRecord, keepErrors } from "../graphql-answer.ts";
import type { Variables } from "../graphql-document/value.ts";
import type { Field, GraphqlDocument } from "../graphql-document.ts";
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
  /** Keys of the `dynamicBlocks` that are ours alone. */
  readonly added: ReadonlySet<string>;
}

export interface ListShape {
  readonly key: string;
  readonly fields: readonly Field[];
  /** The key of each item that is ours alone; null: the client asked for it too. */
  readonly added: string | null;
}

export function shapeOf(
  field: BlocksField,
  { document, variables }: { readonly document: GraphqlDocument; readonly variables: Variables },
  { keys, tag }: { readonly keys: OwnKeys; readonly tag: string },
): BlocksShape {
  const selected = selectedIn(field.fields, document, variables);
  const lists = selected.flatMap(({ key, name, fields }): ListShape[] => {
    if (name !== "items" || fields === null) return [];
    const isAsked = selectedIn(fields, document, variables).some(
      (one) => one.key === keys.tag && one.name === tag,
    );
    return [{ key, fields, added: isAsked ? null : keys.tag }];
  });
  const totals = selected.filter(({ name }) => name === "total_count").map(({ key }) => key);
  const pages = selected
    .filter(({ name, fields }) => name === "page_info" && fields !== null)
    .map(({ key, fields }) => {
      const inner = selectedIn(fields ?? [], document, variables);
      return { key, fields: new Map(inner.map((one) => [one.key, one.name])) };
    });
  const added = new Set<string>();
  if (lists.length === 0) added.add(keys.items);
  if (totals.length === 0) added.add(keys.total);
  return {
    key: field.key,
    paging: field.paging,
    lists: lists.length > 0 ? lists : [{ key: keys.items, fields: [], added: keys.tag }],
    totals,
    pages,
    total: totals[0] ?? keys.total,
    added,
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
  for (const { key, added } of shape.lists) {
    const items = root[key];
    if (!Array.isArray(items)) continue;
    const put = (entry: Entry): unknown =>
      entry.kind === "own" ? entry.items.get(key) : without(items[entry.index], added);
    written.set(key, shown.map(put));
  }
  if (complete) for (const key of shape.totals) written.set(key, total);
  if (paging !== null) {
    for (const { key, fields } of shape.pages) written.set(key, countPages(root[key], fields, paging, total));
  }
  for (const key of shape.added) written.delete(key);
  answer.data[shape.key] = Object.fromEntries(written);
  moveErrors(answer, shape, shown);
}

function without(item: unknown, key: string | null): unknown {
  if (key === null || !isRecord(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== key));
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
    if (shape.added.has(key)) return null;
    const list = lists.get(key);
    if (list === undefined || typeof index !== "number") return error;
    if (list.added !== null && field === list.added) return null;
    const place = shown.findIndex((entry) => entry.kind === "origin" && entry.index === index);
    return place === -1 ? null : { ...error, path: (error.path ?? []).with(2, place) };
  });
  answer.errors = moved.filter((error) => error !== null);
  keepErrors(answer, () => true);
}
