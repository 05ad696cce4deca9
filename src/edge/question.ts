/** The server-side question: we ask Adobe ourselves about a visitor it may know, within a budget, and keep what comes late. */

import type { AudienceId } from "../core/audience.ts";
import { findCookie } from "../core/cookie.ts";
import { agreeOnEcid, buildQuestion, questionPath, readEdgeAnswer } from "../core/edge-network.ts";
import { adobeCookieName } from "../core/identity.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { readBody } from "./body.ts";
import { withinBudget } from "./budget.ts";
import { describeError } from "./log.ts";
import { keepSignedCookie, readToken, signMembership } from "./membership.ts";
import type { WaitUntil } from "./replica.ts";
import { toBase64Url } from "./signing.ts";
import { isActing, type Services, type Visit, withAnswer } from "./visit.ts";

/** A late answer is still worth having; after that Adobe is taken for down. */
const PATIENCE_MS = 5_000;
const MAX_ANSWER_BYTES = 262_144;

/** A visitor of this isolate that is being asked about is not asked about again; a time, never a promise. */
const asking = new Map<string, number>();
const MAX_ASKING = 10_000;

/** After so many failures in a row Adobe is left alone for a while. */
const FAILURES_TO_REST = 5;
const REST_MS = 10_000;
const breaker = { failures: 0, restUntilMs: 0 };

/** Adobe allows an organization 1,500 lookups a second over all data centres; this is one isolate's share. */
const MAX_QUESTIONS_PER_SECOND = 50;
const pace = { second: 0, asked: 0 };

/** What came of a question: the visit as it is now known, and what its answer may carry. */
export interface Answered {
  readonly visit: Visit;
  /** A `Set-Cookie` value that keeps Adobe's word, on an answer that no cache stores. */
  readonly cookie: string | null;
}

export interface Question {
  /** Nothing verified is held: what Commerce is told has to wait for the answer. */
  readonly urgent: boolean;
  /** Waits no longer than the website's budget, which counts from the request's arrival. Never throws. */
  join(): Promise<Answered>;
}

/**
 * Asks where it can help: a visitor whom Adobe may know, of whom we hold nothing verified. Of whom we hold
 * something that is merely getting old, the answer is kept for the next request. null: nothing is asked.
 */
export function openQuestion(visit: Visit, services: Services, waitUntil: WaitUntil): Question | null {
  const { ecid, website, claims, request } = visit;
  if (services.signer === null || ecid === null || website.pull === "never") return null;
  if (website.datastreamId === null || !isActing(visit) || claims.consent.kind === "refused") return null;
  if (isUnasked(request) || isVouched(visit)) return null;
  const ageSeconds =
    claims.signed?.kind === "signed" ? visit.startedAtMs / 1000 - claims.signed.issuedAtSeconds : null;
  if (ageSeconds !== null && ageSeconds < website.refreshSeconds) return null;
  const finding = findWord(visit, ecid, services, waitUntil);
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
  const purpose = headers.get("sec-purpose") ?? headers.get("purpose") ?? "";
  return method === "HEAD" || method === "OPTIONS" || purpose.includes("prefetch");
}

/** Adobe's word, and the token that keeps it. */
interface Word {
  readonly audiences: ReadonlySet<AudienceId>;
  readonly token: string;
}

async function join(
  visit: Visit,
  finding: Promise<Word | null>,
  urgent: boolean,
  { now }: Services,
): Promise<Answered> {
  // What we hold counts until it expires; only its renewal is taken along if it happens to be there.
  const leftMs = urgent ? visit.startedAtMs + visit.website.budgetMs - now() : 0;
  const word = await withinBudget(finding, Math.max(0, leftMs));
  if (word === null) return { visit, cookie: null };
  return { visit: withAnswer(visit, word.audiences), cookie: keepSignedCookie(visit.website, word.token) };
}

/** What an earlier question brought late, else what Adobe says now. Never throws. */
async function findWord(
  visit: Visit,
  ecid: string,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Word | null> {
  const { website } = visit;
  const { log, now } = services;
  const visitor = `${website.code} ${ecid}`;
  try {
    const place = await wordPlace(visit, ecid, services);
    const kept = await readKept(place, visit, ecid, services);
    if (kept !== null) return kept;
    if (!mayAsk(visitor, now())) return null;
    const asked = await ask(visit, ecid);
    if (asked.ok) {
      breaker.failures = 0;
      const word = await signWord(visit, ecid, asked.value, services);
      // Whoever waits has it now; the visitor's next question waits until it is kept.
      waitUntil(keepWord(place, word, visit, services).finally(() => asking.delete(visitor)));
      return word;
    }
    asking.delete(visitor);
    if (isAdobesFault(asked.error)) countFailure(now());
    if (asked.error === "not-known-yet") breaker.failures = 0;
    else log.warn("question-unanswered", { website: website.code, reason: asked.error }, now(), asked.error);
  } catch (error) {
    asking.delete(visitor);
    countFailure(now());
    log.warn("question-failed", { error: describeError(error) }, now());
  }
  return null;
}

function mayAsk(visitor: string, nowMs: number): boolean {
  if (nowMs < breaker.restUntilMs || nowMs < (asking.get(visitor) ?? 0)) return false;
  const second = Math.floor(nowMs / 1000);
  if (pace.second !== second) Object.assign(pace, { second, asked: 0 });
  pace.asked += 1;
  if (pace.asked > MAX_QUESTIONS_PER_SECOND) return false;
  if (asking.size >= MAX_ASKING) asking.clear();
  asking.set(visitor, nowMs + PATIENCE_MS);
  return true;
}

/** What no visitor can bring about: else five made-up identities would silence Adobe for everybody. */
function isAdobesFault(reason: string): boolean {
  return /^(?:status-(?:403|429|5\d\d)|not-json|answer-too-long)$/.test(reason);
}

function countFailure(nowMs: number): void {
  breaker.failures += 1;
  if (breaker.failures < FAILURES_TO_REST) return;
  breaker.failures = 0;
  breaker.restUntilMs = nowMs + REST_MS;
}

async function ask(visit: Visit, ecid: string): Promise<Result<ReadonlySet<AudienceId>, string>> {
  const { request, website } = visit;
  const organizationId = website.adobe?.organizationId ?? "";
  const cookies = request.headers.get("cookie") ?? "";
  const name = adobeCookieName(organizationId, "identity");
  const identity = findCookie(cookies, name);
  const hint = findCookie(cookies, adobeCookieName(organizationId, "cluster"));
  const datastream = website.pullDatastreamId ?? website.datastreamId ?? "";
  const response = await fetch(website.edgeUrl + questionPath(datastream, hint, null), {
    method: "POST",
    headers: questionHeaders(request),
    body: buildQuestion(
      { identityCookie: identity === null ? null : { name, value: identity }, ecid, fpid: null },
      {
        apexDomain: new URL(request.url).hostname,
        timestampIso: new Date(visit.startedAtMs).toISOString(),
        pageUrl: null,
      },
    ),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.body === null) return fail(`status-${response.status}`);
  const read = await readBody(response.body, MAX_ANSWER_BYTES);
  if (read.kind === "longer") {
    await read.stream.cancel();
    return fail("answer-too-long");
  }
  const answer = readEdgeAnswer(response.status, new TextDecoder().decode(read.bytes), organizationId);
  if (!answer.ok) return fail(answer.error === "status" ? `status-${response.status}` : answer.error);
  const agreed = agreeOnEcid(ecid, answer.value);
  if (!agreed.ok) return agreed;
  return answer.value.audiences === null ? fail("not-known-yet") : ok(answer.value.audiences);
}

function questionHeaders(request: Request): Headers {
  const headers = new Headers({ "content-type": "application/json" });
  const agent = request.headers.get("user-agent");
  const address = request.headers.get("cf-connecting-ip");
  if (agent !== null) headers.set("user-agent", agent);
  if (address !== null) headers.set("x-forwarded-for", address);
  return headers;
}

/** The Cache API's key: an HMAC of website and visitor, so that nobody else can name it. Per data centre. */
async function wordPlace({ website }: Visit, ecid: string, { visitorSigner }: Services): Promise<Request> {
  const token = await visitorSigner?.sign(new TextEncoder().encode(ecid), website.code);
  const mark = token?.split(".").at(-1) ?? toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  // The Cache API wants a host of the zone; nobody can ask for a path that ends in an HMAC.
  return new Request(`https://${website.hosts[0]}/edge-audiences-word/${website.code}/${mark}`);
}

/** Who is signed in may have changed: Adobe is asked anew. Never throws. */
export async function forgetWord(visit: Visit, services: Services): Promise<void> {
  if (visit.ecid === null || services.visitorSigner === null) return;
  try {
    await caches.default.delete(await wordPlace(visit, visit.ecid, services));
  } catch (error) {
    services.log.warn("word-not-forgotten", { error: describeError(error) }, services.now());
  }
}

/** A cache in trouble is an empty one. */
async function readKept(place: Request, visit: Visit, ecid: string, { signer, now }: Services) {
  const found = await caches.default.match(place).catch(() => undefined);
  const token = await found?.text();
  if (token === undefined) return null;
  const { website, digests } = visit;
  const kept = await readToken(signer, token, { website, ecid, digests, nowMs: now() });
  return kept.kind === "signed" ? { audiences: kept.audiences, token } : null;
}

async function signWord(
  { website, digests }: Visit,
  ecid: string,
  audiences: ReadonlySet<AudienceId>,
  { signer, now }: Services,
): Promise<Word> {
  if (signer === null) throw new Error("no secret to sign with");
  return {
    audiences,
    token: await signMembership(signer, { website, ecid, audiences, digests, nowMs: now() }),
  };
}

/** Never throws: what is not kept is asked again. */
async function keepWord(place: Request, { token }: Word, { website }: Visit, { log, now }: Services) {
  try {
    const headers = { "cache-control": `max-age=${website.refreshSeconds}` };
    await caches.default.put(place, new Response(token, { headers }));
  } catch (error) {
    log.warn("word-not-kept", { error: describeError(error) }, now());
  }
}
