/** Exclusive coupons in a GraphQL request: a locked code reaches Commerce as one that is none. */

import { guardsCoupons } from "../core/guard.ts";
import { lockedCoupons } from "../core/offer.ts";
import { type ReadGraphql, spoilCoupons } from "./graphql-reading.ts";
import { openGuardQuestion } from "./question.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit } from "./visit.ts";

export interface GuardedGraphql {
  readonly visit: Visit;
  readonly read: ReadGraphql;
  /** Whether an exclusive code is locked for this shopper. */
  readonly locked: boolean;
}

/** Where nothing is acted upon Adobe was not asked yet: only who types a locked code waits for it. */
export async function guardGraphql(
  visit: Visit,
  read: ReadGraphql,
  services: Services,
  waitUntil: WaitUntil,
): Promise<GuardedGraphql> {
  const before = guard(visit, read);
  if (before.visit.guard === null || isActing(visit)) return before;
  const known = await openGuardQuestion(visit, services, waitUntil)?.join();
  return known ? guard(known.visit, read) : before;
}

/** Outside of the rollout, too: a code that has leaked is worth nothing to anybody. */
function guard(visit: Visit, read: ReadGraphql): GuardedGraphql {
  const { offers, membership, startedAtMs, request } = visit;
  if (offers === null || offers.exclusive.size === 0 || !guardsCoupons(visit))
    return { visit, read, locked: false };
  const locked = lockedCoupons(offers, membership, startedAtMs);
  const spoiled = locked.length > 0 && request.method === "POST" ? spoilCoupons(read, locked) : null;
  if (spoiled === null) return { visit, read, locked: locked.length > 0 };
  return { visit: { ...visit, guard: "coupon-locked" }, read: spoiled, locked: true };
}
