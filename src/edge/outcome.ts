/** Outcomes: what was planned and what came of it, and how the log and the operator read it. */

import type { Choice } from "../core/banner.ts";
import type { Membership } from "../core/membership.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Placed } from "./openings.ts";
import type { Visit } from "./visit.ts";

/** What was planned and what came of it. */
export interface Outcome {
  readonly kind: "page" | "graphql";
  readonly plan: "pass" | "default" | "personalize" | "forward" | "answer" | "refuse";
  readonly reason: string | null;
  readonly choices: readonly Choice[];
  readonly upstream: UpstreamPlan;
  /** What was done about an offer in the cart; null: there was nothing to do. */
  readonly offer?: Readonly<Record<string, unknown>> | null;
  /** What was done about dynamic blocks. */
  readonly blocks?: Readonly<Record<string, unknown>> | null;
  /** Why an edit that was planned could not be made. */
  readonly left: string | null;
  /** How the places of a page's edits are found. */
  readonly placed?: Placed | null;
  readonly originMs: number | null;
}

/** As the operator reads it, without what the log has no use for. */
export function describeOutcome(visit: Visit, outcome: Outcome) {
  return {
    website: visit.website.code,
    kind: outcome.kind,
    mode: visit.mode,
    inRollout: visit.inRollout,
    plan: outcome.plan,
    reason: outcome.reason,
    left: outcome.left,
    placed: outcome.placed ?? null,
    guard: visit.guard,
    membership: describeMembership(visit.membership),
    banners: outcome.choices,
    upstream: describeUpstream(outcome.upstream),
    offer: outcome.offer ?? null,
    blocks: outcome.blocks ?? null,
    campaigns: { version: visit.campaignsVersion, rung: visit.rung },
  };
}

/** Never an audience, but how many. */
export function describeMembership(membership: Membership) {
  if (membership.kind === "none") return membership;
  const { audiences, ...rest } = membership;
  return { ...rest, count: audiences.size };
}

function describeUpstream(upstream: UpstreamPlan) {
  if (upstream.kind === "none") return upstream;
  const { text: _, ...rest } = upstream;
  return rest;
}
