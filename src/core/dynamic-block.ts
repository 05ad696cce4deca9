/** Dynamic blocks of headless storefronts: which of them a shopper gets, from Commerce or from the campaigns. */

import type { Choice } from "./banner.ts";
import { type AnswerPlan, type EdgePlan, finishEdge, planEdge } from "./dynamic-block/edge.ts";
import { findBlocks } from "./dynamic-block/field.ts";
import { type FilterPlan, finishFilter, planFilter } from "./dynamic-block/filter.ts";
import type { BlocksOutcome, BlocksQuestion } from "./dynamic-block/question.ts";
import type { GraphqlAnswer } from "./graphql-answer.ts";

export type BlocksReason =
  | "off"
  | "no-dynamic-blocks"
  | "staging-preview"
  /** This Commerce can't say for whom a block is. */
  | "no-audience-id"
  | "no-banner-asked"
  /** Banners are asked for, and this shopper sees Commerce's own blocks in their places. */
  | "default-stands"
  /** Commerce would not take what we need to ask. */
  | "over-limits"
  /** More is selected of a banner than there is. */
  | "unknown-field"
  /** A part of the document serves also what Commerce must not be asked. */
  | "inseparable";

/**
 * `none`: Commerce answers the client's own document. `filter`, `edge`: the document with `splices` on its text and
 * `edits` of its variables is asked, and the answer finished. `answer`: that one, without Commerce.
 */
export type BlocksPlan =
  | {
      readonly kind: "none";
      readonly reason: BlocksReason;
      readonly choices: readonly Choice[];
      /** Whether another shopper would be answered otherwise: no cache may keep it. All other plans are personal. */
      readonly personal: boolean;
    }
  | FilterPlan
  | EdgePlan
  | AnswerPlan;

export function planBlocks(question: BlocksQuestion): BlocksPlan {
  const { document, variables, website, lacks } = question;
  const leave = (reason: BlocksReason): BlocksPlan => ({
    kind: "none",
    reason,
    choices: [],
    personal: false,
  });
  if (website.dynamicBlocks === "off") return leave("off");
  const blocks = findBlocks(document, variables);
  if (blocks.length === 0) return leave("no-dynamic-blocks");
  switch (website.dynamicBlocks) {
    case "filter":
      if (lacks !== "nothing") return leave("no-audience-id");
      return planFilter(question, blocks) ?? leave("over-limits");
    case "edge": {
      // A filter still takes away what is not theirs.
      if (question.stagingPreview) return leave("staging-preview");
      const plan = planEdge(question, blocks);
      if (plan.kind !== "declined") return plan;
      const { reason, choices } = plan;
      return { kind: "none", reason, choices, personal: choices.length > 0 };
    }
  }
}

/** Commerce's answer to the rewritten document becomes the answer to the client's own; it is edited in place. */
export function finishBlocks(plan: FilterPlan | EdgePlan, answer: GraphqlAnswer): BlocksOutcome {
  switch (plan.kind) {
    case "filter":
      return finishFilter(plan, answer);
    case "edge":
      return finishEdge(plan, answer);
  }
}
