/** The compiled form of the campaigns: what publishing writes to KV and what the edge reads back. */

import * as v from "valibot";
import { type AudienceId, parseAudienceId } from "../audience.ts";

const ids = v.array(
  v.custom<AudienceId>((value) => typeof value === "string" && parseAudienceId(value) !== null),
);

const pathPattern = v.object({ kind: v.picklist(["exact", "prefix"]), path: v.string() });

const storedBanner = v.object({
  id: v.string(),
  websites: v.nullable(v.array(v.string())),
  paths: v.array(pathPattern),
  selector: v.string(),
  // Written since 0.2; what was compiled before accepts a claim.
  trust: v.optional(v.picklist(["claimed", "verified"]), "claimed"),
  variants: v.array(
    v.object({
      id: v.string(),
      for: v.object({ any: ids, all: v.array(ids), not: ids }),
      put: v.object({ kind: v.picklist(["content", "element"]), html: v.string() }),
    }),
  ),
});

export const compiledCampaigns = v.object({
  schema: v.number(),
  version: v.string(),
  publishedAt: v.string(),
  banners: v.array(storedBanner),
});
