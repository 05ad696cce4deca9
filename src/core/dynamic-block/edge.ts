/** Dynamic blocks that banners of the campaigns stand for: answered here, with Commerce's own around them. */

import { type Choice, chooseVariant } from "../banner.ts";
import { markHtml, markOf } from "../banner-mark.ts";
import { type GraphqlAnswer, keepErrors } from "../graphql-answer.ts";
import { removeRoots } from "../graphql-document/part.ts";
import type { Splice } from "../graphql-document/splice.ts";
import type { JsonEdit } from "../json-text.ts";
import { htmlOf } from "../put.ts";
import { isRecord } from "../record.ts";
import { arrange, type BlocksShape, type Entry, itemsOf, shapeOf } from "./arrange.ts";
import { type BlocksField, includedIn, isBlocksRoot, type Paging, readIds } from "./field.ts";
import type { BlocksOutcome, BlocksQuestion } from "./question.ts";
import { createRenderer, type OwnBlock, type Renderer } from "./render.ts";
import { chooseKeys, type OwnKeys, rewriteBlocks } from "./rewrite.ts";

export interface EdgePlan {
  readonly kind: "edge";
  readonly choices: readonly Choice[];
  readonly splices: readonly Splice[];
  readonly edits: readonly JsonEdit[];
  readonly fields: readonly EdgeField[];
  /** The answer's keys as the client's document orders them. */
  readonly order: readonly string[];
}

/** Nothing is left for Commerce. */
export interface AnswerPlan {
  readonly kind: "answer";
  readonly choices: readonly Choice[];
  readonly answer: GraphqlAnswer;
}

type EdgeField =
  /** Ours alone; Commerce's, where it was asked, is replaced. */
  | { readonly kind: "whole"; readonly key: string; readonly value: unknown }
  | {
      readonly kind: "merged";
      readonly shape: BlocksShape;
      /** The key of each item's uid. */
      readonly tag: string;
      /** In the order asked for. */
      readonly uids: readonly string[];
      readonly own: ReadonlyMap<string, Entry>;
    };

export interface Declined {
  readonly kind: "declined";
  readonly reason: "no-banner-asked" | "default-stands" | "over-limits" | "unknown-field" | "inseparable";
  readonly choices: readonly Choice[];
}

/** What one field asks for, and what of it is ours. */
interface Wanted {
  readonly field: BlocksField;
  readonly paging: Paging;
  readonly uids: readonly string[];
  readonly own: readonly OwnBlock[];
  /** Whether Commerce has nothing to add. */
  readonly isWhole: boolean;
}

export function planEdge(
  question: BlocksQuestion,
  blocks: readonly BlocksField[],
): EdgePlan | AnswerPlan | Declined {
  const choices = new Map<string, Choice>();
  const wanted = blocks.map((field) => want(question, field, choices)).filter((one) => one !== null);
  const told = [...choices.values()];
  const decline = (reason: Declined["reason"]): Declined => ({ kind: "declined", reason, choices: told });
  if (wanted.length === 0) return decline(told.length === 0 ? "no-banner-asked" : "default-stands");
  const renderer = createRenderer(question.document, question.variables);
  const whole = wanted.filter(({ isWhole }) => isWhole);
  if (!whole.every(({ field }) => renderer.knowsBlocks(field.fields))) return decline("unknown-field");
  const answer = answerAll(question, whole, renderer);
  if (answer !== null) return { kind: "answer", choices: told, answer };
  const keys = chooseKeys(question.document, "uid");
  const merged = wanted.filter(({ isWhole }) => !isWhole);
  const mergedFields = merged.map((one) => mergedField(question, one, keys, renderer));
  const shapes = mergedFields.filter((one) => one !== null);
  if (shapes.length < mergedFields.length) return decline("unknown-field");
  const rewrite = writeEdge(question, whole, merged, keys);
  if (typeof rewrite === "string") return decline(rewrite);
  const order = includedIn(question.document.roots, question.document, question.variables).map(
    ({ key }) => key,
  );
  const wholeFields = whole.map(({ field, own, paging }): EdgeField => {
    return { kind: "whole", key: field.key, value: renderer.blocks(own, paging, field.fields) };
  });
  return { kind: "edge", choices: told, ...rewrite, fields: [...wholeFields, ...shapes], order };
}

/** null: Commerce's alone. Notes what was chosen. */
function want(question: BlocksQuestion, field: BlocksField, choices: Map<string, Choice>): Wanted | null {
  const { banners, lacks, website } = question;
  const isLacking = lacks === "dynamic-blocks";
  const { input } = field;
  // Which of those that hang on price rules are shown depends on the cart, and Commerce knows it.
  const asked = input["type"] === "SPECIFIED" ? readIds(input["dynamic_block_uids"]) : [];
  const uids = [...new Set(asked)];
  const own = uids.flatMap((uid): OwnBlock[] => {
    const banner = banners.get(uid);
    if (banner === undefined) return [];
    const { choice, variant, put } = chooseVariant(banner, question);
    choices.set(uid, choice);
    const html = put && htmlOf(put);
    if (variant === null || html === null) return [];
    const mark = question.marked ? markOf(website.code, banner.id, variant) : null;
    return [{ uid, html: mark === null ? html : markHtml(html, mark) }];
  });
  const paging = field.paging ?? (isLacking ? { page: 1, size: 20 } : null);
  const isWhole = isLacking || own.length === uids.length;
  if (paging === null || (own.length === 0 && !isLacking)) return null;
  if (!isWhole && uids.length > website.graphqlLimits.pageSize) return null;
  return { field, paging, uids, own, isWhole };
}

function answerAll(
  { document, variables }: BlocksQuestion,
  whole: readonly Wanted[],
  renderer: Renderer,
): GraphqlAnswer | null {
  const roots = includedIn(document.roots, document, variables);
  const values = new Map<string, unknown>();
  for (const { field, own, paging } of whole) {
    values.set(field.key, renderer.blocks(own, paging, field.fields));
  }
  const data = roots.map(({ key, name }): [string, unknown] => [
    key,
    name === "__typename" ? "Query" : values.get(key),
  ]);
  return data.some(([, value]) => value === undefined) ? null : { data: Object.fromEntries(data) };
}

/** null: more is selected of a block than we know. */
function mergedField(
  question: BlocksQuestion,
  { field, uids, own }: Wanted,
  keys: OwnKeys,
  renderer: Renderer,
): EdgeField | null {
  const shape = shapeOf(field, question, keys);
  if (!shape.lists.every(({ fields }) => renderer.knowsBlock(fields))) return null;
  const entries = own.map((block): [string, Entry] => {
    const items = shape.lists.map(({ key, fields }): [string, unknown] => [
      key,
      renderer.block(block, fields),
    ]);
    return [block.uid, { kind: "own", items: new Map(items) }];
  });
  return { kind: "merged", shape, tag: keys.tag, uids, own: new Map(entries) };
}

/** Commerce is asked for all uids, ours too: so the document and its variables stay as they are. */
function writeEdge(
  { document, variables, lacks, website }: BlocksQuestion,
  whole: readonly Wanted[],
  merged: readonly Wanted[],
  keys: OwnKeys,
):
  | { readonly splices: readonly Splice[]; readonly edits: readonly JsonEdit[] }
  | "over-limits"
  | "inseparable" {
  // On a Commerce without the field also those go that `@skip` would leave out: it would not know them.
  const removed =
    lacks === "dynamic-blocks"
      ? document.roots.filter(isBlocksRoot)
      : whole.flatMap(({ field }) =>
          document.roots.filter((root) => isBlocksRoot(root) && root.key === field.key),
        );
  const removal = removed.length === 0 ? [] : removeRoots(document, removed);
  if (removal === null && lacks === "dynamic-blocks") return "inseparable";
  const rewrite = rewriteBlocks({
    document,
    variables,
    limits: website.graphqlLimits,
    blocks: merged.map(({ field }) => field),
    tag: "uid",
    keys,
    counted: false,
    removed: (removal ?? []).map(({ span }) => span),
    isPaged: (field) => merged.some((one) => one.field === field && !fitsOnFirstPage(one)),
  });
  if (rewrite === null) return "over-limits";
  return { splices: [...(removal ?? []), ...rewrite.splices], edits: rewrite.edits };
}

function fitsOnFirstPage({ paging, uids }: Wanted): boolean {
  return paging.page === 1 && paging.size >= uids.length;
}

/** Edits the answer, which is Commerce's to the rewritten document. */
export function finishEdge({ fields, order }: EdgePlan, answer: GraphqlAnswer): BlocksOutcome {
  const outcome: BlocksOutcome = { dropped: 0, unread: 0, counts: "ours" };
  if (!isRecord(answer.data)) return outcome;
  const data = new Map(Object.entries(answer.data));
  for (const field of fields) {
    if (field.kind === "merged") continue;
    data.set(field.key, field.value);
    keepErrors(answer, ({ path }) => path?.[0] !== field.key);
  }
  const keys = [...new Set([...order.filter((key) => data.has(key)), ...data.keys()])];
  answer.data = Object.fromEntries(keys.map((key) => [key, data.get(key)]));
  for (const field of fields) if (field.kind === "merged") merge(field, answer);
  return outcome;
}

/** In the order asked for; what Commerce adds unasked comes last. */
function merge(
  { shape, tag, uids, own }: Extract<EdgeField, { readonly kind: "merged" }>,
  answer: GraphqlAnswer,
): void {
  const items = itemsOf(answer, shape);
  if (items === null) return;
  const uidOf = (item: unknown) => (isRecord(item) ? item[tag] : null);
  const found = new Map(
    items.map((item, index): [unknown, Entry] => [uidOf(item), { kind: "origin", index }]),
  );
  const entries = uids.flatMap((uid) => own.get(uid) ?? found.get(uid) ?? []);
  items.forEach((item, index) => {
    const uid = uidOf(item);
    if (typeof uid !== "string" || !uids.includes(uid)) entries.push({ kind: "origin", index });
  });
  arrange(answer, shape, { entries, complete: true });
}
