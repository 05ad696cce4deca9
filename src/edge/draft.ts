/** Drafts: campaigns that are not published, kept in KV for as long as a preview link names them. */

import { type BannerIndex, indexBanners } from "../core/banner.ts";
import { MAX_PREVIEW_DAYS } from "../core/preview.ts";
import { readStoredCampaigns } from "../core/stored-campaigns.ts";
import type { Website } from "../core/website.ts";
import { withinBudget } from "./budget.ts";
import { digestText } from "./digest.ts";
import type { Log } from "./log.ts";

export interface Drafts {
  /** null: gone, not what was signed, or not there in time. Throws what KV throws. */
  load(digest: string, website: Pick<Website, "code">, nowMs: number): Promise<BannerIndex | null>;
}

/** One time for all, longer than the longest link: who keeps the same draft again must not end another one's link. */
export const DRAFT_SECONDS = MAX_PREVIEW_DAYS * 86_400 + 3_600;

export function draftKey(digest: string): string {
  return `preview:${digest}`;
}

/** Of the compiled form: who can write KV but not sign can't put another file under a link. */
export function digestDraft(text: string): Promise<string> {
  return digestText(text, 16);
}

/** Whoever previews also shops, and KV must not hold that up. */
const BUDGET_MS = 500;

export function openDrafts(kv: KVNamespace | undefined, adminPath: string | null, log: Log): Drafts {
  return {
    async load(digest, { code }, nowMs) {
      const text = kv ? await withinBudget(kv.get(draftKey(digest), "text"), BUDGET_MS) : null;
      if (text === null || (await digestDraft(text)) !== digest) return null;
      const stored = readStoredCampaigns(JSON.parse(text));
      if (stored.ok) return indexBanners(stored.value.campaigns.banners, code, adminPath);
      log.warn("draft-unusable", { reason: stored.error }, nowMs, digest);
      return null;
    },
  };
}
