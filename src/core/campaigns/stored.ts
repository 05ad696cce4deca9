/** The compiled form of the campaigns: what publishing writes to KV and what the edge reads back. */

import * as v from "valibot";
import { type AudienceId, parseAudienceId } from "../audience.ts";
import type { Condition, Term } from "../condition.ts";
import { storedPut } from "./stored-put.ts";

const id = v.custom<AudienceId>((value) => typeof value === "string" && parseAudienceId(value) !== null);

/** What was compiled before conditions nested is one of these. */
const terms: v.GenericSchema<Term[]> = v.array(
  v.lazy((input) => (typeof input === "string" ? id : Array.isArray(input) ? v.array(id) : condition)),
);

const condition: v.GenericSchema<Condition> = v.object({ any: terms, all: terms, not: terms });

const schedule = v.object({ fromMs: v.nullable(v.number()), untilMs: v.nullable(v.number()) });

const pathPattern = v.object({ kind: v.picklist(["exact", "prefix", "glob"]), path: v.string() });

const storedBanner = v.object({
  id: v.string(),
  websites: v.nullable(v.array(v.string())),
  paths: v.array(pathPattern),
  selector: v.string(),
  // Written since 0.3; what was compiled before stands on pages alone.
  dynamicBlock: v.optional(v.nullable(v.string()), null),
  // Written since 0.2; what was compiled before accepts a claim.
  trust: v.optional(v.picklist(["claimed", "verified"]), "claimed"),
  // These, and a variant's own, are written since schema 2.
  storeViews: v.optional(v.nullable(v.array(v.string())), null),
  pageTypes: v.optional(v.nullable(v.array(v.string())), null),
  device: v.optional(v.nullable(v.picklist(["mobile", "desktop"])), null),
  schedule: v.optional(v.nullable(schedule), null),
  holdout: v.optional(v.number(), 0),
  group: v.optional(v.nullable(v.object({ name: v.string(), banners: v.array(v.string()) })), null),
  variants: v.array(
    v.object({
      id: v.string(),
      for: condition,
      schedule: v.optional(v.nullable(schedule), null),
      share: v.optional(v.nullable(v.number()), null),
      // Written since 0.4, as are texts per store view: a reader from before shows everybody the default's.
      publicName: v.optional(v.nullable(v.string()), null),
      put: storedPut,
      storeViewPuts: v.optional(v.nullable(v.record(v.string(), storedPut)), null),
    }),
  ),
});

const storedOffer = v.object({
  id: v.string(),
  websites: v.nullable(v.array(v.string())),
  for: condition,
  coupon: v.string(),
  trust: v.picklist(["claimed", "verified"]),
  exclusive: v.boolean(),
  schedule: v.nullable(schedule),
});

export const compiledCampaigns = v.object({
  schema: v.number(),
  version: v.string(),
  publishedAt: v.string(),
  banners: v.array(storedBanner),
  // What was compiled before there were offers has none.
  offers: v.optional(v.array(storedOffer), []),
});
