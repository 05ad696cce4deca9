/** Dynamic blocks of Commerce that are for the shopper: judged by our membership, counted and paged by us. */

import type { GraphqlAnswer } from "../graphql-answer.ts";
import type { Splice } from "../graphql-document/splice.ts";
import type { JsonEdit } from "../json-text.ts";
import { isTrusted } from "../membership.ts";
import { isRecord } from "../record.ts";
import { type Arrangement, arrange, type BlocksShape, itemsOf, shapeOf, totalOf } from "./arrange.ts";
import { type BlocksField, readIds } from "./field.ts";
import type { BlocksOutcome, BlocksQuestion } from "./question.ts";
import { chooseKeys, rewriteBlocks } from "./rewrite.ts";

export interface FilterPlan {
  readonly kind: "filter";
  readonly splices: readonly Splice[];
  readonly edits: readonly JsonEdit[];
  /** The audiences whose blocks the shopper may see. */
  readonly audiences: ReadonlySet<string>;
  readonly fields: readonly FilteredField[];
}

interface FilteredField {
  readonly shape: BlocksShape;
  /** The key of each item's audiences. */
  readonly tag: string;
  /** Which audiences the client wants to see blocks of; null: it does not say. */
  readonly narrowing: ReadonlySet<string> | null;
}

/** null: Commerce's limits do not allow it. */
export function planFilter(question: BlocksQuestion, blocks: readonly BlocksField[]): FilterPlan | null {
  const { document, variables, membership, website } = question;
  const tag = "audience_id";
  const keys = chooseKeys(document, tag);
  const limits = website.graphqlLimits;
  // What Commerce would refuse to page is asked as it came: it may also mean all of them.
  const isPaged = ({ paging }: BlocksField) => paging !== null;
  const order = {
    document,
    variables,
    limits,
    blocks,
    tag,
    keys,
    isPaged,
    counted: true,
    removed: [],
  } as const;
  const rewrite = rewriteBlocks(order);
  if (rewrite === null) return null;
  const trusted = membership.kind === "member" && isTrusted(membership.trust, website.trust);
  return {
    kind: "filter",
    ...rewrite,
    audiences: trusted ? membership.audiences : new Set<string>(),
    fields: blocks.map((field) => ({
      shape: shapeOf(field, question, keys),
      tag: keys.tag,
      narrowing: readNarrowing(field.input["audience_id"]),
    })),
  };
}

/** `FilterEqualTypeInput`. Where nobody is named nothing is narrowed. */
function readNarrowing(filter: unknown): ReadonlySet<string> | null {
  if (!isRecord(filter)) return null;
  const equal = readIds(filter["eq"]);
  const among = readIds(filter["in"]);
  if (equal.length === 0 || among.length === 0) {
    return equal.length + among.length === 0 ? null : new Set([...equal, ...among]);
  }
  return new Set(equal.filter((id) => among.includes(id)));
}

/** Edits the answer, which is Commerce's to the rewritten document. */
export function finishFilter({ fields, audiences }: FilterPlan, answer: GraphqlAnswer): BlocksOutcome {
  let dropped = 0;
  let unread = 0;
  let counted = true;
  for (const { shape, tag, narrowing } of fields) {
    const items = itemsOf(answer, shape);
    if (items === null) continue;
    const entries: Arrangement["entries"][number][] = [];
    items.forEach((item, index) => {
      const judged = judge(item, { tag, narrowing, audiences, failed: hasFailed(answer, shape, tag, index) });
      if (judged === "hidden") dropped += 1;
      else entries.push({ kind: "origin", index });
      if (judged === "unread") unread += 1;
    });
    const total = totalOf(answer, shape);
    const isTroubled = answer.errors?.some(({ path }) => path?.[0] === shape.key) ?? false;
    const complete = shape.paging !== null && total !== null && total <= items.length && !isTroubled;
    counted &&= complete;
    arrange(answer, shape, { entries, complete });
  }
  return { dropped, unread, counts: counted ? "ours" : "as-they-came" };
}

interface Judging {
  readonly tag: string;
  readonly narrowing: ReadonlySet<string> | null;
  readonly audiences: ReadonlySet<string>;
  /** Commerce could not say for whom it is. */
  readonly failed: boolean;
}

/** Without an audience a block is for everyone, as one whose audience Commerce fails to tell has to be. */
function judge(item: unknown, { tag, narrowing, audiences, failed }: Judging): "shown" | "hidden" | "unread" {
  if (failed || !isRecord(item)) return "unread";
  const ids = readIds(item[tag]);
  // A filter of Commerce matches exactly: what is for everyone is not for that audience.
  if (ids.length === 0) return narrowing === null ? "shown" : "hidden";
  const isFor = ids.some((id) => audiences.has(id) && (narrowing === null || narrowing.has(id)));
  return isFor ? "shown" : "hidden";
}

function hasFailed(answer: GraphqlAnswer, { key, lists }: BlocksShape, tag: string, index: number): boolean {
  return (
    answer.errors?.some(
      ({ path }) => path?.[0] === key && path[1] === lists[0]?.key && path[2] === index && path[3] === tag,
    ) ?? false
  );
}
