/** Why: Server-Timing on what is not merely handed on, a log line, and for the operator the whole plan in a header. */

import type { Choice } from "../core/banner.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Arrival } from "./arrival.ts";
import { describeError } from "./log.ts";
import { isSealed } from "./origin.ts";
import { EXPLAIN_HEADER } from "./origin-headers.ts";
import { describeMembership, describeOutcome, type Outcome } from "./outcome.ts";
import { equalsSecret } from "./secret.ts";
import type { Services } from "./services.ts";
import { countTroubles, countUnsigned } from "./trouble.ts";
import { openStranger, type Visit } from "./visit.ts";

export const PLAN_HEADER = "edge-audiences-plan";

const MAX_PLAN_LENGTH = 8_000;

/** Whether somebody wants the plan, who may have the key to it. */
export function asksWhy({ headers }: Request): boolean {
  return headers.has(EXPLAIN_HEADER);
}

/** Adds what may be told to the answer, and writes the log line. Whatever fails here, the answer goes out. */
export function tellOutcome(
  response: Response,
  visit: Visit,
  outcome: Outcome,
  services: Services,
): Response | Promise<Response> {
  countTroubles(visit, response, outcome.originMs, services);
  return tell(response, visit, services, accountOf(visit, outcome));
}

/** Of an answer that is handed on as it came: it tells nothing. Never throws. */
export function logOutcome(response: Response, visit: Visit, outcome: Outcome, services: Services): void {
  countTroubles(visit, response, outcome.originMs, services);
  const account = accountOf(visit, outcome);
  if (isLogged(response, visit, account)) writeSafely(response, visit, account, services);
}

/** Of a page that nothing of ours stands on. */
export function logPassage(
  response: Response,
  arrival: Arrival,
  upstream: UpstreamPlan,
  services: Services,
): void {
  if (!isLogged(response, arrival, {})) return;
  const originMs = services.now() - arrival.startedAtMs;
  const reason = arrival.index === null ? "no-campaigns" : "no-banner-here";
  const visit = openStranger(arrival);
  const outcome = {
    kind: "page",
    plan: "pass",
    reason,
    choices: [],
    upstream,
    left: null,
    originMs,
  } as const;
  writeSafely(response, visit, accountOf(visit, outcome), services);
}

function writeSafely(response: Response, visit: Visit, account: Account, services: Services): void {
  try {
    writeLine(response, visit, services, account, services.now() - visit.startedAtMs);
  } catch (error) {
    services.log.warn("explain-failed", { error: describeError(error) }, services.now());
  }
}

function accountOf(visit: Visit, outcome: Outcome): Account {
  const { plan, reason, originMs, choices, left, offer } = outcome;
  return {
    words: words(plan, reason),
    originMs,
    told: () => describeOutcome(visit, outcome),
    logged: () => ({ banners: choices.map(({ passed: _, ...choice }) => choice) }),
    notable: left !== null || plan === "refuse" || visit.guard !== null || Boolean(offer?.["refused"]),
  };
}

/** The same for a call of the Web SDK: `reason` says why no membership was signed. */
export function tellEdgeCall(
  response: Response,
  visit: Visit,
  { endpoint, reason }: { readonly endpoint: string; readonly reason: string | null },
  services: Services,
): Response | Promise<Response> {
  countUnsigned(visit, reason, services);
  return tell(response, visit, services, {
    words: words(reason === null ? "signed" : "unsigned", reason),
    originMs: null,
    told: () => ({
      website: visit.website.code,
      kind: "web-sdk",
      mode: visit.mode,
      endpoint,
      signed: reason === null,
      reason,
    }),
  });
}

/** The same for a backend's question: how many audiences it was told, and why not more. */
export function tellMembership(
  response: Response,
  visit: Visit,
  reason: string | null,
  services: Services,
): Response | Promise<Response> {
  return tell(response, visit, services, {
    words: words("membership", reason),
    originMs: null,
    told: () => ({
      website: visit.website.code,
      kind: "membership",
      mode: visit.mode,
      reason,
      membership: describeMembership(visit.membership),
    }),
  });
}

/** The same for a browser's question for banners: `Server-Timing` has no reason, which would tell what it may not know. */
export function tellBanners(
  response: Response,
  visit: Visit,
  { reason, choices }: { readonly reason: string | null; readonly choices: readonly Choice[] },
  services: Services,
): Response | Promise<Response> {
  return tell(response, visit, services, {
    words: "banners",
    originMs: null,
    told: () => ({
      website: visit.website.code,
      kind: "banners",
      mode: visit.mode,
      reason,
      membership: describeMembership(visit.membership),
      banners: choices,
      campaigns: { version: visit.campaignsVersion, rung: visit.rung },
    }),
  });
}

/** What is told of an answer: a few words to everybody, the rest where somebody reads it. */
interface Account {
  readonly words: string;
  readonly originMs: number | null;
  readonly told: () => Readonly<Record<string, unknown>>;
  /** What the log has in fewer words than the operator who asks. */
  readonly logged?: () => Readonly<Record<string, unknown>>;
  /** Always in the log. */
  readonly notable?: boolean;
}

function tell(
  response: Response,
  visit: Visit,
  services: Services,
  account: Account,
): Response | Promise<Response> {
  const failed = (error: unknown) => {
    services.log.warn("explain-failed", { error: describeError(error) }, services.now());
    return response;
  };
  try {
    const totalMs = services.now() - visit.startedAtMs;
    if (isLogged(response, visit, account)) writeLine(response, visit, services, account, totalMs);
    if (isSealed(response)) return response;
    response.headers.append("server-timing", serverTiming(account, totalMs));
    const asked = visit.request.headers.get(EXPLAIN_HEADER);
    return asked === null ? response : explain(response, asked, account, services).catch(failed);
  } catch (error) {
    return failed(error);
  }
}

/** While a website only watches, its log is what it is there for. */
function isLogged(
  { status }: Response,
  { mode, website }: Arrival,
  { notable = false }: Pick<Account, "notable">,
): boolean {
  return notable || status >= 500 || mode === "watch" || Math.random() < website.logSamplingRate;
}

function writeLine(
  { status }: Response,
  { request }: Visit,
  { log }: Services,
  { told, logged, originMs }: Account,
  totalMs: number,
): void {
  log.write({
    event: "request",
    method: request.method,
    status,
    ...told(),
    ...logged?.(),
    originMs,
    totalMs,
  });
}

async function explain(
  response: Response,
  asked: string,
  { told }: Account,
  { operatorKey }: Services,
): Promise<Response> {
  if (operatorKey !== null && (await equalsSecret(asked, operatorKey))) {
    response.headers.set(PLAN_HEADER, toHeaderValue(told()));
  }
  return response;
}

function words(plan: string, reason: string | null): string {
  return reason === null ? plan : `${plan} ${reason}`;
}

function serverTiming({ words: told, originMs }: Account, totalMs: number): string {
  const edge = `edge;desc="${told}"`;
  if (originMs === null) return `${edge};dur=${totalMs}`;
  return `${edge};dur=${totalMs - originMs}, origin;dur=${originMs}`;
}

/** JSON in ASCII: a header holds no other text safely. */
function toHeaderValue(told: unknown): string {
  const text = JSON.stringify(told).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length <= MAX_PLAN_LENGTH
    ? text
    : JSON.stringify({ error: "the plan is too long for a header" });
}
