/** The campaigns in KV: the last good version kept in memory, and indexed for requests. */

import { type BannerIndex, indexBanners } from "../core/banner.ts";
import { readStoredCampaigns, type StoredCampaigns } from "../core/campaigns.ts";
import { ok } from "../core/result.ts";
import type { Website } from "../core/website.ts";
import type { Log } from "./log.ts";
import { CAMPAIGNS_KEY } from "./publish.ts";
import { openReplica, type Replica } from "./replica.ts";

/** The campaigns as requests need them: indexed once per version for each website. */
export interface LiveCampaigns {
  readonly version: string;
  readonly indexes: ReadonlyMap<string, BannerIndex>;
}

const FRESH_MS = 30_000;
const BUDGET_MS = 100;

export function openCampaigns(options: {
  readonly kv: KVNamespace | undefined;
  readonly embedded: unknown;
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  readonly log: Log;
}): Replica<LiveCampaigns> {
  const { kv, log, websites, adminPath } = options;
  const index = ({ version, campaigns }: StoredCampaigns): LiveCampaigns => ({
    version,
    indexes: new Map(websites.map(({ code }) => [code, indexBanners(campaigns.banners, code, adminPath)])),
  });
  const embedded = readStoredCampaigns(options.embedded);
  return openReplica({
    kv,
    key: CAMPAIGNS_KEY,
    parse(text) {
      const stored = readStoredCampaigns(parseJson(text));
      return stored.ok ? ok(index(stored.value)) : stored;
    },
    freshMs: FRESH_MS,
    budgetMs: BUDGET_MS,
    embedded: embedded.ok ? index(embedded.value) : null,
    whenAbsent: "keep",
    log,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
