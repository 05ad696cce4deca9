/** The compiled form of the campaigns: what publishing writes to KV and what the edge reads back. */

import * as v from "valibot";
import { type AudienceId, parseAudienceId } from "../audience.ts";
import { storedPut } from "./put.ts";

const ids = v.array(
  v.custom<AudienceId>((value) => typeof value === "string" && parseAudienceId(value) !== null),
);

const condition = v.object({ any: ids, all: v.array(ids), not: ids });

const schedule = v.object({ fromMs: v.nullable(v.number()), untilMs: v.nullable(v.number()) });

const pathPattern = v.object({ kind: v.picklist(["exact", "prefix"]), path: v.string() });

const storedBanner = v.object({
  id: v.string(),
  websites: v.nullable(v.array(v.string())),
  paths: v.array(pathPattern),
  selector: v.string(),
  // Written since 0.3; what was compiled before stands on pages alone.
  dynamicBlock: v.optional(v.nullable(v.string()), null),
  // Written since 0.2; what was compiled before accepts a claim.
  trust: v.optional(v.picklist(["claimed", "verified"]), "claimed"),
  variants: v.array(
    v.object({
      id: v.string(),
      for: condition,
      put: storedPut,
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
