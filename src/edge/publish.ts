/** Publishing: the one way to make a campaigns file live; it is checked fully before anything is written. */

import type { CampaignsContext } from "../core/campaigns/compilation.ts";
import { type Campaigns, parseCampaigns } from "../core/campaigns.ts";
import type { Problem } from "../core/problem.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { CAMPAIGNS_SCHEMA, readStoredCampaigns } from "../core/stored-campaigns.ts";
import { CAMPAIGNS_KEY } from "./campaigns.ts";
import { digestText } from "./digest.ts";

const VERSION_BYTES = 6;

/** A campaigns file in the form that the edge reads, and its version. */
export interface CompiledCampaigns {
  readonly version: string;
  readonly text: string;
  readonly campaigns: Campaigns;
}

/** Checks a campaigns file fully; what comes out can be published or embedded. */
export async function compileCampaigns(
  file: string,
  context: CampaignsContext,
  publishedAt: string,
): Promise<Result<CompiledCampaigns, Problem[]>> {
  const parsed = parseCampaigns(file, context);
  if (!parsed.ok) return parsed;
  const { banners, offers } = parsed.value;
  const version = await digestText(JSON.stringify({ banners, offers }), VERSION_BYTES);
  const text = JSON.stringify({ schema: CAMPAIGNS_SCHEMA, version, publishedAt, banners, offers });
  const readBack = readStoredCampaigns(JSON.parse(text));
  if (!readBack.ok)
    return fail([{ path: "", message: `the compiled form can't be read back: ${readBack.error}` }]);
  return ok({ version, text, campaigns: parsed.value });
}

/** What is refused is never written, and what is live stays live. */
export async function publishCampaigns(
  store: { put(key: string, text: string): Promise<unknown> },
  file: string,
  context: CampaignsContext,
  publishedAt: string,
): Promise<Result<CompiledCampaigns, Problem[]>> {
  const compiled = await compileCampaigns(file, context, publishedAt);
  if (compiled.ok) await store.put(CAMPAIGNS_KEY, compiled.value.text);
  return compiled;
}
