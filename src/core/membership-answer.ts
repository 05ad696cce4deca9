/** What a backend is told of a shopper's membership: what Commerce would be told, and why it is not more. */

import type { AudienceId } from "./audience.ts";
import { isTrusted, type Membership, type MembershipSource, type Trust } from "./membership.ts";
import type { Website } from "./website.ts";

export interface MembershipAnswer {
  readonly website: string;
  /** Sorted; empty wherever `reason` says why. */
  readonly audiences: readonly AudienceId[];
  readonly trust: Trust;
  /** Null where nobody said anything. */
  readonly source: MembershipSource | null;
  /** Since Adobe said it; null where it was not Adobe. */
  readonly ageSeconds: number | null;
  readonly reason: string | null;
}

export interface MembershipAnswerQuestion {
  readonly website: Pick<Website, "code" | "trust">;
  readonly membership: Membership;
  /** Why nothing is done for this visitor; null where it is. */
  readonly notActing: string | null;
  /** When what is signed was signed; null where nothing is. */
  readonly issuedAtSeconds: number | null;
  readonly nowMs: number;
}

export function answerMembership(question: MembershipAnswerQuestion): MembershipAnswer {
  const { website, membership, notActing, issuedAtSeconds, nowMs } = question;
  const { trust } = membership;
  const nothing = { website: website.code, audiences: [], trust, source: null, ageSeconds: null };
  if (notActing !== null) return { ...nothing, reason: notActing };
  if (membership.kind === "none") return { ...nothing, reason: membership.reason };
  const { source, audiences } = membership;
  if (!isTrusted(trust, website.trust)) return { ...nothing, source, reason: "not-verified" };
  const adobes = source === "edge-network" || source === "signed-cookie";
  return {
    ...nothing,
    audiences: [...audiences].sort(),
    source,
    ageSeconds:
      adobes && issuedAtSeconds !== null ? Math.max(0, Math.floor(nowMs / 1000) - issuedAtSeconds) : null,
    reason: null,
  };
}
