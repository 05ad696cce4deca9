/** The compiled form of a campaigns file, as KV holds it: read by every isolate, which never checks what was written. */

import * as v from "valibot";
import type { AudienceId } from "./audience.ts";
import { bannerAudiences } from "./banner.ts";
import { compiledCampaigns } from "./campaigns/stored.ts";
import type { Campaigns } from "./campaigns.ts";
import { offerAudiences } from "./offer.ts";
import { fail, ok, type Result } from "./result.ts";

/** Every audience that a banner or an offer names. */
export function audiencesOf({ banners, offers }: Campaigns): ReadonlySet<AudienceId> {
  return new Set([...bannerAudiences(banners), ...offerAudiences(offers)]);
}

/** The number of the compiled form (docs/kv.md); a reader leaves a number alone that it does not know. */
export const CAMPAIGNS_SCHEMA = 2;

/** 1: no nested conditions, no schedules of banners, no splits; what has it is read as it was meant. */
const READABLE_SCHEMAS: ReadonlySet<unknown> = new Set([1, CAMPAIGNS_SCHEMA]);

export interface StoredCampaigns {
  /** The first 12 hex digits of the SHA-256 of the compiled form. */
  readonly version: string;
  readonly publishedAt: string;
  readonly campaigns: Campaigns;
}

/** The compiled form as KV or the embedded file holds it; a reason where it is not one that we can serve. */
export function readStoredCampaigns(stored: unknown): Result<StoredCampaigns, string> {
  if (typeof stored === "object" && stored !== null && "schema" in stored) {
    if (!READABLE_SCHEMAS.has(stored.schema))
      return fail(`schema ${String(stored.schema)} is not known here`);
  }
  const read = v.safeParse(compiledCampaigns, stored);
  if (!read.success) return fail("not the compiled form of a campaigns file");
  const { version, publishedAt, banners, offers } = read.output;
  return ok({ version, publishedAt, campaigns: { banners, offers } });
}
