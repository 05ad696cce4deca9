/** One request of one shopper: what we know of it before a plan is made, gathered once. */

import type { AudienceId } from "../core/audience.ts";
import type { BannerIndex } from "../core/banner.ts";
import { isInRollout } from "../core/bucket.ts";
import { readConsent } from "../core/consent.ts";
import { findCookie } from "../core/cookie.ts";
import { MEMBERSHIP_NAME, type Membership, readMembership, UNDECIDED } from "../core/membership.ts";
import type { Mode, Website } from "../core/website.ts";
import { audiencesKey, type KnownAudiences, openKnownAudiences } from "./audiences.ts";
import { type LiveCampaigns, openCampaigns } from "./campaigns.ts";
import { describeError, type Log } from "./log.ts";
import type { Held, Replica, Rung, WaitUntil } from "./replica.ts";
import { modeOf, openSwitch, type Switch } from "./switch.ts";

/** What the isolate holds for all its requests; opened once. */
export interface Services {
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  readonly operatorKey: string | null;
  readonly campaigns: Replica<LiveCampaigns>;
  readonly switch: Replica<Switch>;
  /** By `audiencesKey`. */
  readonly knownAudiences: ReadonlyMap<string, Replica<KnownAudiences>>;
  readonly log: Log;
  readonly now: () => number;
}

export function openServices(options: {
  readonly kv: KVNamespace | undefined;
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  readonly operatorKey: string | null;
  readonly embeddedCampaigns: unknown;
  readonly log: Log;
  readonly now: () => number;
}): Services {
  const { kv, websites, adminPath, operatorKey, log, now } = options;
  const accounts = websites.flatMap(({ adobe }) => (adobe ? [adobe] : []));
  return {
    websites,
    adminPath,
    operatorKey,
    campaigns: openCampaigns({ kv, embedded: options.embeddedCampaigns, websites, adminPath, log }),
    switch: openSwitch(kv, log),
    knownAudiences: new Map(
      accounts.map((account) => [audiencesKey(account), openKnownAudiences(kv, account, log)]),
    ),
    log,
    now,
  };
}

export interface Visit {
  readonly request: Request;
  readonly website: Website;
  readonly path: string;
  readonly mode: Mode;
  /** Outside of the rollout a visitor is handled as in mode `watch`. */
  readonly inRollout: boolean;
  readonly membership: Membership;
  readonly adminSignedIn: boolean;
  readonly index: BannerIndex | null;
  readonly campaignsVersion: string | null;
  readonly rung: Rung;
  readonly startedAtMs: number;
}

/** Whether what is planned is also done, or only told. */
export function isActing(visit: Visit): boolean {
  return visit.mode === "on" && visit.inRollout;
}

/** Why what is planned is only told; null where it is done. */
export function whyNotActing(visit: Visit): string | null {
  if (visit.mode !== "on") return `mode-${visit.mode}`;
  return visit.inRollout ? null : "outside-rollout";
}

/** Never throws: what fails here leaves the shopper without a membership, and the page as it is. */
export async function openVisit(
  request: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Visit> {
  const startedAtMs = services.now();
  try {
    return await gather(request, website, services, waitUntil, startedAtMs);
  } catch (error) {
    services.log.warn("visit-failed", { website: website.code, error: describeError(error) }, startedAtMs);
    return {
      request,
      website,
      path: new URL(request.url).pathname,
      mode: "off",
      inRollout: false,
      membership: UNDECIDED,
      adminSignedIn: false,
      index: null,
      campaignsVersion: null,
      rung: "none",
      startedAtMs,
    };
  }
}

async function gather(
  request: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
  startedAtMs: number,
): Promise<Visit> {
  const known = website.adobe ? services.knownAudiences.get(audiencesKey(website.adobe)) : undefined;
  const [override, campaigns, audiences] = await Promise.all([
    services.switch.read(startedAtMs, waitUntil),
    services.campaigns.read(startedAtMs, waitUntil),
    known?.read(startedAtMs, waitUntil),
  ]);
  const cookies = request.headers.get("cookie") ?? "";
  const index = campaigns.value?.indexes.get(website.code) ?? null;
  return {
    request,
    website,
    path: new URL(request.url).pathname,
    mode: modeOf(website, override.value),
    inRollout: website.rollout >= 100 || isInRollout(visitorOf(request, cookies), website),
    membership: readMembership({
      header: request.headers.get(MEMBERSHIP_NAME),
      cookie: findCookie(cookies, MEMBERSHIP_NAME),
      consent: readConsent(cookies, {
        consent: website.consent,
        organizationId: website.adobe?.organizationId ?? null,
      }),
      known: joinKnown(audiences, index),
    }),
    adminSignedIn: cookies !== "" && findCookie(cookies, "admin") !== null,
    index,
    campaignsVersion: campaigns.value?.version ?? null,
    rung: campaigns.rung,
    startedAtMs,
  };
}

const joined = new WeakMap<BannerIndex, WeakMap<KnownAudiences, KnownAudiences>>();

/** The list's and the campaigns' audiences; null where no list was ever synced: then nothing is cut. */
function joinKnown(
  list: Held<KnownAudiences> | undefined,
  index: BannerIndex | null,
): ReadonlySet<AudienceId> | null {
  if (!list?.value || index === null) return list?.value ?? null;
  const withIndex = joined.get(index) ?? new WeakMap<KnownAudiences, KnownAudiences>();
  const before = withIndex.get(list.value);
  if (before) return before;
  const all: KnownAudiences = new Set([...list.value, ...index.audiences]);
  joined.set(index, withIndex.set(list.value, all));
  return all;
}

/** What stays the same of a visitor: Adobe's identity, else the address. Never logged. */
function visitorOf(request: Request, cookies: string): string {
  const identity = /(?:^|[;,][ \t]*)kndctr_[A-Za-z0-9_]{1,64}_identity=([^;]{1,512})/.exec(cookies)?.[1];
  return identity ?? request.headers.get("cf-connecting-ip") ?? "";
}
