/** Which Commerce the shop pretends to be: its edition, its database's collation, its limits. */

import type { Collation } from "./collation.ts";

/**
 * `commerce+audiences`: Adobe Commerce with Adobe's Audience Activation. `commerce`: without it, so that no
 * `audience_id` is in the schema. `opensource`: no dynamic blocks and one coupon a cart.
 */
export type Edition = "commerce+audiences" | "commerce" | "opensource";

export interface StoreSettings {
  readonly edition: Edition;
  /** Of the coupon table: decides which spellings of a code are the code. */
  readonly collation: Collation;
  /** Adobe Commerce's own default is 1, although its schema takes several. */
  readonly couponsPerCart: number;
  /** How many dynamic blocks there are; those beyond the shop's own are made up. */
  readonly dynamicBlocks: number;
  /** How many fields a document may ask for; Commerce's own default is 300. */
  readonly maxComplexity: number;
  /** Null is 2.4.7, which does not count aliases; releases of 2025 and later allow 10. */
  readonly maxAliases: number | null;
}

const defaults: StoreSettings = {
  edition: "commerce+audiences",
  collation: "any",
  couponsPerCart: 1,
  dynamicBlocks: 0,
  maxComplexity: 300,
  maxAliases: null,
};

export function withDefaults(some: Partial<StoreSettings> | undefined): StoreSettings {
  return { ...defaults, ...some };
}

/** Only Adobe's extension looks at the cookie and the header. */
export function readsAudiences({ edition }: StoreSettings): boolean {
  return edition === "commerce+audiences";
}
