/** Why: each answer's Server-Timing, its log line, and for the operator the whole plan in a header. */

import type { Choice } from "../core/banner.ts";
import type { Membership } from "../core/membership.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import { describeError } from "./log.ts";
import { EXPLAIN_HEADER, isSealed } from "./origin.ts";
import { equalsSecret } from "./secret.ts";
import type { Services, Visit } from "./visit.ts";

export const PLAN_HEADER = "edge-audiences-plan";

const MAX_PLAN_LENGTH = 8_000;

/** What was planned and what came of it. */
export interface Outcome {
  readonly kind: "page" | "graphql";
  readonly plan: "pass" | "default" | "personalize" | "forward" | "refuse";
  readonly reason: string | null;
  readonly choices: readonly Choice[];
  readonly upstream: UpstreamPlan;
  /** Why an edit that was planned could not be made. */
  readonly left: string | null;
  readonly originMs: number | null;
}

/** Adds what may be told to the answer, and writes the log line. Whatever fails here, the answer goes out. */
export async function tellOutcome(
  response: Response,
  visit: Visit,
  outcome: Outcome,
  services: Services,
): Promise<Response> {
  try {
    const endedAtMs = services.now();
    const told = describe(visit, outcome);
    services.log.write({
      event: "request",
      method: visit.request.method,
      status: response.status,
      ...told,
      originMs: outcome.originMs,
      totalMs: endedAtMs - visit.startedAtMs,
    });
    if (isSealed(response)) return response;
    response.headers.append("server-timing", serverTiming(outcome, endedAtMs - visit.startedAtMs));
    if (await mayExplain(visit.request, services.operatorKey)) {
      response.headers.set(PLAN_HEADER, toHeaderValue(told));
    }
  } catch (error) {
    services.log.warn("explain-failed", { error: describeError(error) }, services.now());
  }
  return response;
}

function describe(visit: Visit, outcome: Outcome) {
  return {
    website: visit.website.code,
    kind: outcome.kind,
    mode: visit.mode,
    inRollout: visit.inRollout,
    plan: outcome.plan,
    reason: outcome.reason,
    left: outcome.left,
    membership: describeMembership(visit.membership),
    banners: outcome.choices,
    upstream: describeUpstream(outcome.upstream),
    campaigns: { version: visit.campaignsVersion, rung: visit.rung },
  };
}

function describeMembership(membership: Membership) {
  if (membership.kind === "none") return membership;
  const { audiences, ...rest } = membership;
  return { ...rest, count: audiences.size };
}

function describeUpstream(upstream: UpstreamPlan) {
  if (upstream.kind === "none") return upstream;
  const { text: _, ...rest } = upstream;
  return rest;
}

function serverTiming(outcome: Outcome, totalMs: number): string {
  const edge = `edge;desc="${outcome.plan}${outcome.reason ? ` ${outcome.reason}` : ""}"`;
  if (outcome.originMs === null) return `${edge};dur=${totalMs}`;
  return `${edge};dur=${totalMs - outcome.originMs}, origin;dur=${outcome.originMs}`;
}

async function mayExplain(request: Request, operatorKey: string | null): Promise<boolean> {
  const given = request.headers.get(EXPLAIN_HEADER);
  return given !== null && operatorKey !== null && (await equalsSecret(given, operatorKey));
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
