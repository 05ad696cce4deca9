/** Guards: what a website keeps up where nothing is acted upon, so that switching it off makes no claim money. */

import { planUpstream, type UpstreamPlan, type UpstreamQuestion } from "./upstream.ts";
import type { Mode, Website } from "./website.ts";

export interface Guarded {
  readonly website: Pick<Website, "mode" | "trust">;
  /** The switch's, else the website's own. */
  readonly mode: Mode;
  /** Whom `on` is not for yet is, in `on` and in `off`, as without us. */
  readonly inRollout: boolean;
}

/**
 * A code is exclusive from the moment when that is published, in `watch` too. `off` leaves it alone only where the
 * settings themselves say `off` or `watch`: there nobody relied on us before.
 */
export function guardsCoupons({ website, mode }: Pick<Guarded, "website" | "mode">): boolean {
  return mode !== "off" || website.mode === "on";
}

/**
 * Whether a client's own membership is kept from Commerce although nothing is acted upon: where the settings say
 * `on` and `verified`, Commerce's price rules count on it. Where claims are believed, the client's own is what
 * Commerce would have believed without us.
 */
export function stripsClaims({ website, mode, inRollout }: Guarded): boolean {
  return mode !== "on" && inRollout && website.mode === "on" && website.trust === "verified";
}

/** Where claims are stripped: a server that showed its secret is believed as in `on`, and nothing else is told. */
export function planStripped(question: UpstreamQuestion): UpstreamPlan {
  const { membership } = question;
  const vouched = membership.kind === "member" && membership.source === "backend";
  return vouched ? planUpstream(question) : { kind: "none", reason: "not-verified" };
}
