/** One request of one shopper: what we know of it before a plan is made, gathered once. */

import type { AudienceId } from "../core/audience.ts";
import type { BannerIndex } from "../core/banner.ts";
import { isInRollout } from "../core/bucket.ts";
import { findCookie } from "../core/cookie.ts";
import { subjectOf } from "../core/device.ts";
import { adobeCookieName, decodeEcid } from "../core/identity.ts";
import {
  MEMBERSHIP_NAME,
  type Membership,
  type MembershipQuestion,
  readMembership,
  UNDECIDED,
} from "../core/membership.ts";
import type { OfferIndex } from "../core/offer.ts";
import type { AudienceDigests } from "../core/signed-membership.ts";
import type { Mode, Website } from "../core/website.ts";
import { audiencesKey, type KnownAudiences } from "./audiences.ts";
import { consentOf } from "./consent.ts";
import { readDevice } from "./device.ts";
import { describeError } from "./log.ts";
import { isBackend, readSignedCookie } from "./membership.ts";
import { openPreview, type ShownPreview } from "./preview.ts";
import type { Held, Rung, WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { modeOf } from "./switch.ts";
import { urlOf } from "./url.ts";

export interface Visit {
  readonly request: Request;
  readonly website: Website;
  readonly path: string;
  readonly mode: Mode;
  /** Outside of the rollout a visitor is handled as in mode `watch`. */
  readonly inRollout: boolean;
  /** Adobe's visitor id, as this browser presents it; null with `identity: fpid`, where it counts for nothing. */
  readonly ecid: string | null;
  /** Our own device id, whose signature held and which Adobe may know; null also after a no to consent. */
  readonly device: string | null;
  /**
   * By what splits know this browser: our own id before Adobe's, which may come later; null where there is none,
   * and after a no to consent.
   */
  readonly visitor: string | null;
  /** What the membership was read from, the consent included. */
  readonly claims: MembershipQuestion;
  readonly membership: Membership;
  /** By which audiences are named in what is signed. */
  readonly digests: readonly AudienceDigests[];
  readonly adminSignedIn: boolean;
  /** What this browser looks at before it is live; the rest of the visit is its own. */
  readonly preview: ShownPreview | null;
  readonly index: BannerIndex | null;
  readonly offers: OfferIndex | null;
  readonly campaignsVersion: string | null;
  readonly rung: Rung;
  /** What of the request was changed to keep an exclusive code from working. */
  readonly guard: "coupon-locked" | null;
  readonly startedAtMs: number;
}

/** Whether what is planned is also done, or only told. */
export function isActing(visit: Visit): boolean {
  return visit.mode === "on" && visit.inRollout;
}

export function isConsentRefused({ claims }: Visit): boolean {
  return claims.consent.kind === "refused";
}

/** Whether Adobe is told of our own device id; one that was made for a split alone is none of its business. */
export function tellsDevice({ identity, pull }: Website): boolean {
  return identity === "fpid" || pull === "always";
}

/** Why what is planned is only told; null where it is done. */
export function whyNotActing(visit: Visit): string | null {
  if (visit.mode !== "on") return `mode-${visit.mode}`;
  return visit.inRollout ? null : "outside-rollout";
}

const NO_CLAIMS: MembershipQuestion = {
  answered: null,
  signed: null,
  header: null,
  fromBackend: false,
  cookie: null,
  consent: { kind: "refused", reason: "cookie-restriction" },
  known: null,
};

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
      path: urlOf(request).pathname,
      // As if we were not there; but where only Adobe's word is money, a client's own must not pass.
      mode: website.trust === "verified" ? "on" : "off",
      inRollout: true,
      ecid: null,
      device: null,
      visitor: null,
      claims: NO_CLAIMS,
      membership: UNDECIDED,
      digests: [],
      adminSignedIn: false,
      preview: null,
      index: null,
      offers: null,
      campaignsVersion: null,
      rung: "none",
      guard: null,
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
  const organizationId = website.adobe?.organizationId ?? null;
  const consent = consentOf(request, website);
  const ecid = website.identity === "fpid" ? null : readEcid(cookies, organizationId);
  const refused = consent.kind === "refused";
  const own = refused ? null : await readDevice(services.deviceSigner, cookies, website, startedAtMs);
  const device = tellsDevice(website) ? own : null;
  const digests = [audiences?.value?.digests, campaigns.value?.digests].filter((one) => one !== undefined);
  const signed = await readSignedCookie(services.signer, {
    cookies,
    website,
    subject: subjectOf({ website, ecid, device }),
    digests,
    nowMs: startedAtMs,
  });
  const claims: MembershipQuestion = {
    answered: null,
    signed,
    header: request.headers.get(MEMBERSHIP_NAME),
    fromBackend: await isBackend(request, services.backendSecrets),
    cookie: findCookie(cookies, MEMBERSHIP_NAME),
    consent,
    known: joinKnown(audiences, index),
  };
  const mode = modeOf(website, override.value);
  return {
    request,
    website,
    path: urlOf(request).pathname,
    mode,
    inRollout: website.rollout >= 100 || isInRollout(visitorOf(request, cookies), website),
    ecid,
    device,
    visitor: refused ? null : (own ?? ecid),
    claims,
    membership: readMembership(claims),
    digests,
    adminSignedIn: cookies !== "" && findCookie(cookies, "admin") !== null,
    preview: mode === "off" ? null : await openPreview(cookies, website, services, index, startedAtMs),
    index,
    offers: campaigns.value?.offers.get(website.code) ?? null,
    campaignsVersion: campaigns.value?.version ?? null,
    rung: campaigns.rung,
    guard: null,
    startedAtMs,
  };
}

/** The same visit, now that Adobe has answered. */
export function withAnswer(visit: Visit, answered: ReadonlySet<AudienceId>): Visit {
  const claims = { ...visit.claims, answered };
  return { ...visit, claims, membership: readMembership(claims) };
}

/** Whether what we know of the shopper is verified, and not older than the website renews it. */
export function isFresh({ claims, membership, website, startedAtMs }: Visit): boolean {
  if (membership.trust !== "verified") return false;
  if (claims.answered !== null || (claims.fromBackend && claims.header !== null)) return true;
  const { signed } = claims;
  return signed?.kind === "signed" && startedAtMs / 1000 - signed.issuedAtSeconds < website.refreshSeconds;
}

function readEcid(cookies: string, organizationId: string | null): string | null {
  if (organizationId === null || !cookies.includes("kndctr_")) return null;
  const identity = findCookie(cookies, adobeCookieName(organizationId, "identity"));
  return identity === null ? null : decodeEcid(identity);
}

const joined = new WeakMap<BannerIndex, WeakMap<KnownAudiences, ReadonlySet<AudienceId>>>();

/** The list's and the campaigns' audiences; null where no list was ever synced: then nothing is cut. */
function joinKnown(
  list: Held<KnownAudiences> | undefined,
  index: BannerIndex | null,
): ReadonlySet<AudienceId> | null {
  if (!list?.value || index === null) return list?.value?.ids ?? null;
  const withIndex = joined.get(index) ?? new WeakMap<KnownAudiences, ReadonlySet<AudienceId>>();
  const before = withIndex.get(list.value);
  if (before) return before;
  const all: ReadonlySet<AudienceId> = new Set([...list.value.ids, ...index.audiences]);
  joined.set(index, withIndex.set(list.value, all));
  return all;
}

/** What stays the same of a visitor: Adobe's identity, else the address. Never logged. */
function visitorOf(request: Request, cookies: string): string {
  const identity = /(?:^|[;,][ \t]*)kndctr_[A-Za-z0-9_]{1,64}_identity=([^;]{1,512})/.exec(cookies)?.[1];
  return identity ?? request.headers.get("cf-connecting-ip") ?? "";
}
