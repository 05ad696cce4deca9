/** A request's arrival: what is known of it before anybody asks who its shopper is. */

import type { BannerIndex } from "../core/banner.ts";
import { isInRollout } from "../core/bucket.ts";
import type { OfferIndex } from "../core/offer.ts";
import type { Mode, Website } from "../core/website.ts";
import { audiencesKey, type KnownAudiences } from "./audiences.ts";
import type { LiveCampaigns } from "./campaigns.ts";
import { describeError } from "./log.ts";
import { readCampaigns } from "./patience.ts";
import type { Held, Rung, WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { modeOf, type Switch } from "./switch.ts";
import { urlOf } from "./url.ts";

export interface Arrival {
  readonly request: Request;
  readonly website: Website;
  readonly path: string;
  readonly mode: Mode;
  /** Outside of the rollout a visitor is handled as in mode `watch`. */
  readonly inRollout: boolean;
  readonly index: BannerIndex | null;
  readonly offers: OfferIndex | null;
  readonly campaignsVersion: string | null;
  readonly rung: Rung;
  /** What a membership is read and signed by. */
  readonly campaigns: LiveCampaigns | null;
  readonly audiences: KnownAudiences | null;
  readonly startedAtMs: number;
}

const NOTHING: Held<never> = { value: null, rung: "none" };

/** At once while the isolate is warm. Neither throws nor rejects. */
export function openArrival(
  request: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Arrival | Promise<Arrival> {
  const startedAtMs = services.now();
  const failed = (error: unknown) => {
    services.log.warn("arrival-failed", { website: website.code, error: describeError(error) }, startedAtMs);
    return withoutUs({ request, website, path: urlOf(request).pathname, startedAtMs });
  };
  try {
    const list = website.adobe && services.knownAudiences.get(audiencesKey(website.adobe));
    const override = services.switch.read(startedAtMs, waitUntil);
    const asked = { request, website, campaigns: services.campaigns, nowMs: startedAtMs, waitUntil };
    const campaigns = readCampaigns(asked);
    const audiences = list?.read(startedAtMs, waitUntil) ?? NOTHING;
    if ("rung" in override && "rung" in campaigns && "rung" in audiences)
      return arrive(request, website, startedAtMs, [override, campaigns, audiences]);
    return Promise.all([override, campaigns, audiences])
      .then((holdings) => arrive(request, website, startedAtMs, holdings))
      .catch(failed);
  } catch (error) {
    return failed(error);
  }
}

type Holdings = readonly [Held<Switch>, Held<LiveCampaigns>, Held<KnownAudiences>];

function arrive(
  request: Request,
  website: Website,
  startedAtMs: number,
  [override, { value: campaigns, rung }, audiences]: Holdings,
): Arrival {
  return {
    request,
    website,
    path: urlOf(request).pathname,
    mode: modeOf(website, override.value),
    inRollout: website.rollout >= 100 || isInRollout(visitorOf(request), website),
    index: campaigns?.indexes.get(website.code) ?? null,
    offers: campaigns?.offers.get(website.code) ?? null,
    campaignsVersion: campaigns?.version ?? null,
    rung,
    campaigns,
    audiences: audiences.value,
    startedAtMs,
  };
}

/** As if we were not there; but where only Adobe's word is money, a client's own must not pass. */
export function withoutUs({
  request,
  website,
  path,
  startedAtMs,
}: Pick<Arrival, "request" | "website" | "path" | "startedAtMs">): Arrival {
  return {
    request,
    website,
    path,
    mode: website.trust === "verified" ? "on" : "off",
    inRollout: true,
    index: null,
    offers: null,
    campaignsVersion: null,
    rung: "none",
    campaigns: null,
    audiences: null,
    startedAtMs,
  };
}

/** What stays the same of a visitor: Adobe's identity, else the address. Never logged. */
function visitorOf({ headers }: Request): string {
  const cookies = headers.get("cookie") ?? "";
  const identity = /(?:^|[;,][ \t]*)kndctr_[A-Za-z0-9_]{1,64}_identity=([^;]{1,512})/.exec(cookies)?.[1];
  return identity ?? headers.get("cf-connecting-ip") ?? "";
}
