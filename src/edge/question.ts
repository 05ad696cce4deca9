/** The server-side question: whom we ask Adobe about ourselves, how long an answer is waited for, and what it carries. */

import { fpidOf, subjectOf } from "../core/device.ts";
import { writeStoredCookie } from "../core/edge-network.ts";
import { isPrefetch, whyNoPageView } from "../core/page-view.ts";
import { findAdobeCookieDomain } from "../core/website.ts";
import { withinBudget } from "./budget.ts";
import { keepDeviceCookie, newDevice } from "./device.ts";
import { askEdgeNetwork, type EdgeWord, PATIENCE_MS } from "./edge-network.ts";
import { describeError } from "./log.ts";
import { keepSignedCookie } from "./membership.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit, withAnswer } from "./visit.ts";
import { loadWord, saveWord, signWord, type Word } from "./word.ts";

/** What came of a question: the visit as it is now known, and what its answer may carry. */
export interface Answered {
  readonly visit: Visit;
  /** `Set-Cookie` values, for an answer that no cache stores. */
  readonly cookies: readonly string[];
}

export interface Question {
  /** Nothing verified is held: what Commerce is told has to wait for the answer. */
  readonly urgent: boolean;
  /** Waits no longer than the website's budget, which counts from the request's arrival. Never throws. */
  join(): Promise<Answered>;
}

/**
 * Asks where it can help: a visitor whom Adobe may know, of whom we hold nothing verified; with `pull: always`
 * also one whom nobody knows, by a new device id. Of whom we hold something that is merely getting old, the
 * answer is kept for the next request. null: nothing is asked.
 */
export function openQuestion(visit: Visit, services: Services, waitUntil: WaitUntil): Question | null {
  return isActing(visit) ? openGuardQuestion(visit, services, waitUntil) : null;
}

/** Also where nothing is acted upon: who types an exclusive code is judged by what Adobe knows, in every mode. */
export function openGuardQuestion(visit: Visit, services: Services, waitUntil: WaitUntil): Question | null {
  const { website, claims, request } = visit;
  if (services.signer === null || website.pull === "never") return null;
  if (website.datastreamId === null || claims.consent.kind === "refused") return null;
  if (isUnasked(request) || isVouched(visit)) return null;
  const known = visit.ecid !== null || visit.device !== null;
  if (!known) return openNewcomer(visit, services, waitUntil);
  const ageSeconds =
    claims.signed?.kind === "signed" ? visit.startedAtMs / 1000 - claims.signed.issuedAtSeconds : null;
  if (ageSeconds !== null && ageSeconds < website.refreshSeconds) return null;
  const finding = find(visit, services, waitUntil);
  waitUntil(finding);
  const urgent = ageSeconds === null;
  return { urgent, join: () => join(visit, finding, urgent, services) };
}

/** A backend has said all that there is to say, "in none" too. */
function isVouched({ claims }: Visit): boolean {
  return claims.fromBackend && claims.header !== null;
}

/** A prefetch or a HEAD is no visit: asking would make an event at Adobe of something that nobody saw. */
function isUnasked({ method, headers }: Request): boolean {
  return method === "HEAD" || method === "OPTIONS" || isPrefetch(headers);
}

/**
 * Somebody new gets a device id with the very answer, in time or not: the Web SDK's own call then comes with
 * it, and both are one profile at Adobe.
 */
function openNewcomer(stranger: Visit, services: Services, waitUntil: WaitUntil): Question | null {
  const { website, request } = stranger;
  const { deviceSigner, log, now } = services;
  if (website.pull !== "always" || deviceSigner === null) return null;
  const { method, headers } = request;
  if (whyNoPageView({ method, headers, verifiedBot: isVerifiedBot(request) }) !== null) return null;
  const device = newDevice();
  const visit = { ...stranger, device, visitor: device };
  if (!start(visit, services)) return null;
  const keeping = keepDeviceCookie(deviceSigner, website, device, now()).catch((error: unknown) => {
    log.warn("device-not-kept", { error: describeError(error) }, now());
    return null;
  });
  const finding = findNow(visit, services, waitUntil);
  waitUntil(finding);
  return {
    urgent: true,
    async join() {
      const answered = await join(visit, finding, true, services);
      const cookie = await keeping;
      return cookie === null ? answered : { ...answered, cookies: [...answered.cookies, cookie] };
    },
  };
}

/** Cloudflare's own list of bots that say what they are; the category is there on every plan. */
export function isVerifiedBot({ cf }: Request): boolean {
  const { verifiedBotCategory, botManagement } = (cf ?? {}) as {
    readonly verifiedBotCategory?: unknown;
    readonly botManagement?: { readonly verifiedBot?: unknown } | null;
  };
  return Boolean(verifiedBotCategory) || botManagement?.verifiedBot === true;
}

/** Adobe's word, where it has one, and Adobe's own cookies. */
interface Found {
  readonly word: Word | null;
  readonly cookies: readonly string[];
}

async function join(
  visit: Visit,
  finding: Promise<Found | null>,
  urgent: boolean,
  { now }: Services,
): Promise<Answered> {
  // What we hold counts until it expires; only its renewal is taken along if it happens to be there.
  const leftMs = urgent ? visit.startedAtMs + visit.website.budgetMs - now() : 0;
  const found = await withinBudget(finding, Math.max(0, leftMs));
  if (found === null) return { visit, cookies: [] };
  const { word, cookies } = found;
  if (word === null) return { visit, cookies };
  const signed = keepSignedCookie(visit.website, word.token);
  return { visit: withAnswer(visit, word.audiences), cookies: [...cookies, signed] };
}

/** What an earlier question brought late, else what Adobe says now. Never throws. */
async function find(visit: Visit, services: Services, waitUntil: WaitUntil): Promise<Found | null> {
  try {
    const kept = await loadWord(visit, services);
    if (kept !== null) return { word: kept, cookies: [] };
  } catch (error) {
    services.log.warn("word-not-read", { error: describeError(error) }, services.now());
  }
  return start(visit, services) ? findNow(visit, services, waitUntil) : null;
}

/** A visitor who is being asked about is not asked about again. */
function start(visit: Visit, { breakers, now }: Services): boolean {
  const breaker = breakers.get(visit.website.code);
  return breaker?.start(askedAbout(visit), PATIENCE_MS, now()) ?? false;
}

function askedAbout(visit: Visit): string {
  return visit.ecid ?? fpidOf(visit) ?? "";
}

/** Never throws. */
async function findNow(visit: Visit, services: Services, waitUntil: WaitUntil): Promise<Found | null> {
  const { website } = visit;
  const { log, now } = services;
  const breaker = services.breakers.get(website.code);
  const end = () => breaker?.end(askedAbout(visit));
  try {
    const answer = await askEdgeNetwork(visit, services);
    if (!answer.ok) {
      const { reason, adobesFault, retryAfterMs } = answer.error;
      end();
      if (adobesFault) breaker?.fail(now(), retryAfterMs);
      log.warn("question-unanswered", { website: website.code, reason }, now(), reason);
      return null;
    }
    breaker?.succeed();
    const cookies = adobeCookies(visit, answer.value);
    const { audiences, ecid } = answer.value;
    if (audiences === null) {
      end();
      return { word: null, cookies };
    }
    const subject = subjectOf({ ...visit, ecid }) ?? ecid;
    const word = await signWord(visit, subject, audiences, services);
    // Whoever waits has it now; the visitor's next question waits until it is kept.
    waitUntil(saveWord(word, visit, subject, services).finally(end));
    return { word, cookies };
  } catch (error) {
    end();
    log.warn("question-failed", { error: describeError(error) }, now());
    return null;
  }
}

/** With them the Web SDK, which starts in this very page, goes on as the visitor that Adobe just answered about. */
function adobeCookies({ website, request }: Visit, { stored }: EdgeWord): readonly string[] {
  const domain = findAdobeCookieDomain(website, new URL(request.url).hostname);
  return stored.map((cookie) => writeStoredCookie(cookie, domain));
}
