/** What is added to a document that asks for dynamic blocks, so that we can judge, count and page them ourselves. */

import { removeUnused } from "../graphql-document/part.ts";
import type { Splice } from "../graphql-document/splice.ts";
import type { Variables } from "../graphql-document/value.ts";
import type { Field, GraphqlDocument, Span } from "../graphql-document.ts";
import type { JsonEdit } from "../json-text.ts";
import { isRecord } from "../record.ts";
import type { GraphqlLimits } from "../website.ts";
import { type BlocksField, isBlocksRoot } from "./field.ts";

/** Which keys of the answer are ours unless the client has them too. */
export interface OwnKeys {
  /** Of `tag` in each item. */
  readonly tag: string;
  readonly items: string;
  readonly total: string;
}

export interface Rewrite {
  readonly splices: readonly Splice[];
  readonly edits: readonly JsonEdit[];
}

export interface RewriteQuestion {
  readonly document: GraphqlDocument;
  readonly variables: Variables;
  readonly limits: GraphqlLimits;
  readonly blocks: readonly BlocksField[];
  /** What of each item is read along. */
  readonly tag: "audience_id" | "uid";
  readonly keys: OwnKeys;
  /** Whether `total_count` is read along. */
  readonly counted: boolean;
  /** Whether all of that field is asked for at once. */
  readonly isPaged: (field: BlocksField) => boolean;
  /** What else goes of the document. */
  readonly removed: readonly Span[];
}

/** A key that stands for nothing else: the field's own name, where it can. */
export function chooseKeys(document: GraphqlDocument, tag: RewriteQuestion["tag"]): OwnKeys {
  const selected = document.roots.filter(isBlocksRoot).flatMap(fieldsOf);
  return {
    tag: freeKey(tag, selected.filter(isItems).flatMap(fieldsOf)),
    items: freeKey("items", selected),
    total: freeKey("total_count", selected),
  };
}

function freeKey(name: string, beside: readonly Field[]): string {
  let key = name;
  while (beside.some((field) => field.key === key && field.name !== name)) key += "_";
  return key;
}

function fieldsOf({ selection }: Field): readonly Field[] {
  return selection?.fields ?? [];
}

function isItems({ name, selection }: Field): boolean {
  return name === "items" && selection !== null;
}

/** null: Commerce would not take it, its limits being what they are. */
export function rewriteBlocks(question: RewriteQuestion): Rewrite | null {
  const { document, variables, limits, blocks } = question;
  const added = blocks.flatMap((field) => addFields(question, field));
  if (!fits(document, limits, added)) return null;
  const paged = blocks.filter(question.isPaged).flatMap(({ written }) => written);
  const filtered = question.tag === "audience_id" ? blocks.flatMap(({ written }) => written) : [];
  const changes = [
    ...paged.flatMap((place) => askForAll(place, document.text, limits.pageSize)),
    ...filtered.flatMap((place) => removeFilter(place, document)),
  ];
  const cuts = changes.map(({ span }) => span).filter(({ start, end }) => end > start);
  const unused = removeUnused(document, [...cuts, ...question.removed]);
  return {
    splices: distinct([
      ...changes,
      ...added.map(({ at, insert }) => ({ span: { start: at, end: at }, insert })),
      ...unused,
    ]),
    edits: [
      ...filtered.flatMap((place) => removeFromVariables(place, variables)),
      ...removeVariables(document, variables, unused),
    ],
  };
}

/** The values of variables that the document no longer has. */
function removeVariables(
  document: GraphqlDocument,
  variables: Variables,
  removed: readonly Splice[],
): readonly JsonEdit[] {
  return [...document.variables.values()].flatMap(({ name, span }): JsonEdit[] => {
    const isGone = removed.some((one) => one.span.start <= span.start && one.span.end >= span.end);
    if (!isGone || variables === null || !Object.hasOwn(variables, name)) return [];
    return [{ path: [name], remove: true }];
  });
}

interface Added {
  readonly at: number;
  readonly insert: string;
  readonly fields: number;
  readonly aliases: number;
}

function addFields(question: RewriteQuestion, { places, fields }: BlocksField): readonly Added[] {
  const { keys, tag, counted } = question;
  const added: Added[] = [];
  const add = (place: Field | undefined, key: string, name: string, inner = "") => {
    if (!place?.selection) return;
    const insert = ` ${key === name ? name : `${key}: ${name}`}${inner}`;
    const aliases = insert.split(":").length - 1;
    added.push({ at: place.selection.span.end, insert, fields: inner === "" ? 1 : 2, aliases });
  };
  const lists = fields.filter(isItems);
  for (const list of lists) {
    const isThere = fieldsOf(list).some(
      (field) => field.key === keys.tag && field.name === tag && field.conditions.length === 0,
    );
    if (!isThere) add(list, keys.tag, tag);
  }
  const inner = keys.tag === tag ? tag : `${keys.tag}: ${tag}`;
  if (lists.length === 0) add(places[0], keys.items, "items", ` { ${inner} }`);
  if (counted && !fields.some(({ name }) => name === "total_count"))
    add(places[0], keys.total, "total_count");
  return added;
}

/** What is added to a fragment counts each time that it is spread. */
function fits(document: GraphqlDocument, limits: GraphqlLimits, added: readonly Added[]): boolean {
  const roots = document.roots.filter(isBlocksRoot);
  const written = [...roots, ...roots.flatMap(fieldsOf).filter(isItems)];
  const once = [...new Map(added.map((one) => [`${one.at} ${one.insert}`, one])).values()];
  const complexity = once.reduce((sum, { at, fields }) => {
    const times = written.filter(({ selection }) => selection?.span.end === at).length;
    return sum + fields * times;
  }, document.complexity);
  const aliases = once.reduce((sum, one) => sum + one.aliases, document.aliases);
  const depth = Math.max(document.depth, 1);
  return complexity <= limits.complexity && aliases <= limits.aliases && depth <= limits.depth;
}

/** The alias and the name of a field. */
const named =
  /[_A-Za-z]\w*(?:(?:[\s,\uFEFF]|#[^\n\r]*(?=[\n\r]))*:(?:[\s,\uFEFF]|#[^\n\r]*(?=[\n\r]))*[_A-Za-z]\w*)?/y;

function askForAll(place: Field, text: string, pageSize: number): readonly Splice[] {
  const wanted = { pageSize, currentPage: 1 };
  const missing: string[] = [];
  const splices: Splice[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const written = place.arguments.get(name);
    if (written === undefined) missing.push(`${name}: ${value}`);
    else splices.push({ span: written.valueSpan, insert: String(value) });
  }
  if (missing.length === 0) return splices;
  const last = Math.max(...[...place.arguments.values()].map(({ span }) => span.end));
  if (place.arguments.size > 0) {
    return [...splices, { span: { start: last, end: last }, insert: `, ${missing.join(", ")}` }];
  }
  named.lastIndex = place.span.start;
  named.test(text);
  const at = named.lastIndex;
  return [{ span: { start: at, end: at }, insert: `(${missing.join(", ")})` }];
}

/** A client's `audience_id` is its own word on who it is: it narrows what we show and is never sent on. */
function removeFilter(place: Field, document: GraphqlDocument): readonly Splice[] {
  const input = place.arguments.get("input")?.value;
  const written = input?.kind === "variable" ? document.variables.get(input.name)?.defaultValue : input;
  const filter = written?.kind === "object" ? written.fields.get("audience_id") : undefined;
  return filter === undefined ? [] : [{ span: filter.span, insert: "" }];
}

function removeFromVariables(place: Field, variables: Variables): readonly JsonEdit[] {
  const input = place.arguments.get("input")?.value;
  if (input?.kind !== "variable" || variables === null || !Object.hasOwn(variables, input.name)) return [];
  const given = variables[input.name];
  if (!isRecord(given) || !Object.hasOwn(given, "audience_id")) return [];
  return [{ path: [input.name, "audience_id"], remove: true }];
}

/** A fragment that is spread twice is written once. */
function distinct(splices: readonly Splice[]): readonly Splice[] {
  const name = ({ span, insert }: { span: Span; insert: string }) => `${span.start} ${span.end} ${insert}`;
  return [...new Map(splices.map((splice) => [name(splice), splice])).values()];
}
