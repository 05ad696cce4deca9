/** One request of one shopper: what we know of it before a plan is made, gathered once. */

import type { AudienceId } from "../core/audience.ts";
import type { BannerIndex } from "../core/banner.ts";
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
import type { AudienceDigests } from "../core/signed-membership.ts";
import type { Website } from "../core/website.ts";
import { type Arrival, openArrival, withoutUs } from "./arrival.ts";
import type { KnownAudiences } from "./audiences.ts";
import { consentOf } from "./consent.ts";
import { readDevice } from "./device.ts";
import { describeError } from "./log.ts";
import { BACKEND_HEADER, isBackend, readSignedCookie } from "./membership.ts";
import { holdsOwnCookie } from "./own-cookie.ts";
import { openPreview, type ShownPreview } from "./preview.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";

export interface Visit extends Arrival {
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
  /** What of the request was changed to keep an exclusive code from working. */
  readonly guard: "coupon-locked" | null;
}

/** Whether what is planned is also done, or only told. */
export function isActing({ mode, inRollout }: Arrival): boolean {
  return mode === "on" && inRollout;
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
  return knowShopper(await openArrival(request, website, services, waitUntil), services);
}

/** The same, of one who has arrived. */
export async function knowShopper(arrival: Arrival, services: Services): Promise<Visit> {
  try {
    return await gather(arrival, services);
  } catch (error) {
    const { website, startedAtMs } = arrival;
    services.log.warn("visit-failed", { website: website.code, error: describeError(error) }, startedAtMs);
    return openStranger(withoutUs(arrival));
  }
}

/** A visit of whom nothing is known, because nothing depends on it. */
export function openStranger(arrival: Arrival): Visit {
  return {
    ...arrival,
    ecid: null,
    device: null,
    visitor: null,
    claims: NO_CLAIMS,
    membership: UNDECIDED,
    digests: [],
    adminSignedIn: false,
    preview: null,
    guard: null,
  };
}

async function gather(arrival: Arrival, services: Services): Promise<Visit> {
  const { request, website, index, campaigns, audiences, mode, startedAtMs } = arrival;
  const { headers } = request;
  const cookies = headers.get("cookie") ?? "";
  const consent = consentOf(request, website);
  const refused = consent.kind === "refused";
  const ecid = website.identity === "fpid" ? null : readEcid(cookies, website);
  const digests = [audiences?.digests, campaigns?.digests].filter((one) => one !== undefined);
  const holdsOwn = holdsOwnCookie(cookies);
  const own =
    holdsOwn && !refused ? await readDevice(services.deviceSigner, cookies, website, startedAtMs) : null;
  const device = tellsDevice(website) ? own : null;
  const subject = subjectOf({ website, ecid, device });
  const signed = holdsOwn
    ? await readSignedCookie(services.signer, { cookies, website, subject, digests, nowMs: startedAtMs })
    : null;
  const claims: MembershipQuestion = {
    answered: null,
    signed,
    header: headers.get(MEMBERSHIP_NAME),
    fromBackend: headers.has(BACKEND_HEADER) && (await isBackend(request, services.backendSecrets)),
    cookie: findCookie(cookies, MEMBERSHIP_NAME),
    consent,
    known: joinKnown(audiences, index),
  };
  return {
    ...arrival,
    ecid,
    device,
    visitor: refused ? null : (own ?? ecid),
    claims,
    membership: readMembership(claims),
    digests,
    adminSignedIn: findCookie(cookies, "admin") !== null,
    preview:
      holdsOwn && mode !== "off" ? await openPreview(cookies, website, services, index, startedAtMs) : null,
    guard: null,
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

function readEcid(cookies: string, { adobe }: Website): string | null {
  if (adobe === null || !cookies.includes("kndctr_")) return null;
  const identity = findCookie(cookies, adobeCookieName(adobe.organizationId, "identity"));
  return identity === null ? null : decodeEcid(identity);
}

const joined = new WeakMap<BannerIndex, WeakMap<KnownAudiences, ReadonlySet<AudienceId>>>();

/** The list's and the campaigns' audiences; null where no list was ever synced: then nothing is cut. */
function joinKnown(list: KnownAudiences | null, index: BannerIndex | null): ReadonlySet<AudienceId> | null {
  if (list === null || index === null) return list?.ids ?? null;
  const withIndex = joined.get(index) ?? new WeakMap<KnownAudiences, ReadonlySet<AudienceId>>();
  const before = withIndex.get(list);
  if (before) return before;
  const all: ReadonlySet<AudienceId> = new Set([...list.ids, ...index.audiences]);
  joined.set(index, withIndex.set(list, all));
  return all;
}
