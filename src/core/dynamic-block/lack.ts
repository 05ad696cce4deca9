/** Which parts of dynamic blocks a Commerce does not have, as its own refusals say. */

import { type GraphqlAnswer, isUnexecuted } from "../graphql-answer.ts";

/**
 * `audience-id`: no Audience Activation extension, or one before 1.1. `dynamic-blocks`: Open Source, or Adobe Commerce
 * as a Cloud Service.
 */
export type BlocksLack = "nothing" | "audience-id" | "dynamic-blocks";

/** webonyx/graphql-php's sentences, sometimes with a suggestion after them. */
const lacking = {
  "dynamic-blocks": /^Cannot query field "dynamicBlocks" on type "Query"/,
  "audience-id":
    /^(?:Cannot query field "audience_id" on type "DynamicBlock"|Field "audience_id" is not defined by type "?DynamicBlocksFilterInput"?)/,
} as const;

/** null: the answer says nothing of the kind. What Commerce lacks it refuses before it executes anything. */
export function readLack(answer: GraphqlAnswer): Exclude<BlocksLack, "nothing"> | null {
  if (!isUnexecuted(answer)) return null;
  const messages = (answer.errors ?? []).flatMap(({ message }) =>
    typeof message === "string" ? [message] : [],
  );
  const isLacking = (lack: keyof typeof lacking) => messages.some((message) => lacking[lack].test(message));
  if (isLacking("dynamic-blocks")) return "dynamic-blocks";
  return isLacking("audience-id") ? "audience-id" : null;
}

/** Open Source, and Adobe Commerce before 2.4.7: one coupon a cart. */
export function readsNoSeveral(answer: GraphqlAnswer): boolean {
  if (!isUnexecuted(answer)) return false;
  const missing = /^Cannot query field "(?:applyCouponsToCart|removeCouponsFromCart)" on type "Mutation"/;
  return (answer.errors ?? []).some(({ message }) => typeof message === "string" && missing.test(message));
}
