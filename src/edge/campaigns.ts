/** The campaigns in KV: the last good version kept in memory, and indexed for requests. */

import type { AudienceId } from "../core/audience.ts";
import { type BannerIndex, indexBanners } from "../core/banner.ts";
import { indexOffers, type OfferIndex } from "../core/offer.ts";
import { parseJson } from "../core/record.ts";
import { ok } from "../core/result.ts";
import { type AudienceDigests, collectDigests } from "../core/signed-membership.ts";
import { audiencesOf, readStoredCampaigns, type StoredCampaigns } from "../core/stored-campaigns.ts";
import type { Website } from "../core/website.ts";
import { digestAudiences } from "./digest.ts";
import type { Log } from "./log.ts";
import { type Held, openReplica, type Replica } from "./replica.ts";

/** The campaigns as requests need them: indexed once per version for each website. */
export interface LiveCampaigns {
  readonly version: string;
  readonly indexes: ReadonlyMap<string, BannerIndex>;
  readonly offers: ReadonlyMap<string, OfferIndex>;
  /** Of every audience that a banner or an offer names, on whichever website. */
  readonly digests: AudienceDigests;
}

export const CAMPAIGNS_KEY = "campaigns";

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
  const index = ({ version, campaigns }: StoredCampaigns, digests: AudienceDigests): LiveCampaigns => {
    const { banners, offers } = campaigns;
    const audiences = audiencesOf(campaigns);
    return {
      version,
      indexes: new Map(
        websites.map(({ code }) => [code, { ...indexBanners(banners, code, adminPath), audiences }]),
      ),
      offers: new Map(websites.map(({ code }) => [code, indexOffers(offers, code)])),
      digests,
    };
  };
  const embedded = readStoredCampaigns(options.embedded);
  const replica = openReplica<LiveCampaigns>({
    kv,
    key: CAMPAIGNS_KEY,
    async parse(text) {
      const stored = readStoredCampaigns(parseJson(text));
      if (!stored.ok) return stored;
      return ok(index(stored.value, await digestAudiences(audiencesOf(stored.value.campaigns))));
    },
    freshMs: FRESH_MS,
    budgetMs: BUDGET_MS,
    // Digests can't be made at start-up; the first request that needs them makes them.
    embedded: embedded.ok ? index(embedded.value, collectDigests([])) : null,
    whenAbsent: "keep",
    log,
  });
  const audiences = embedded.ok ? audiencesOf(embedded.value.campaigns) : [];
  return withEmbeddedDigests(replica, audiences);
}

/** Where KV is down the list of audiences is, too: without digests of their own nobody signed would be known. */
function withEmbeddedDigests(
  { read, loadedAt, isBound }: Replica<LiveCampaigns>,
  audiences: Iterable<AudienceId>,
): Replica<LiveCampaigns> {
  let digested: Held<LiveCampaigns> | null = null;
  const complete = async (held: Held<LiveCampaigns>) => {
    if (held.rung !== "embedded" || held.value === null) return held;
    digested ??= { ...held, value: { ...held.value, digests: await digestAudiences(audiences) } };
    return digested;
  };
  return {
    read(nowMs, waitUntil, patienceMs) {
      const held = read(nowMs, waitUntil, patienceMs);
      if (held instanceof Promise) return held.then(complete);
      return held.rung === "embedded" ? (digested ?? complete(held)) : held;
    },
    loadedAt,
    isBound,
  };
}
