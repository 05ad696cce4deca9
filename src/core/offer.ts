/** Offers: coupons that the shoppers of an audience get without typing, and that may be theirs alone. */

import type { AudienceId } from "./audience.ts";
import { audiencesIn, type Condition, matches } from "./condition.ts";
import { foldCoupon, isSpellingOf } from "./coupon-code.ts";
import { isTrusted, type Membership, type Trust } from "./membership.ts";
import { isLive, type Schedule } from "./schedule.ts";

/** Reaches a coupon-based cart price rule of Commerce; what comes off is Commerce's own business. */
export interface Offer {
  readonly id: string;
  /** Codes; null means all websites. */
  readonly websites: readonly string[] | null;
  readonly for: Condition;
  /** As Commerce has it. */
  readonly coupon: string;
  /** What a membership must be to count: this is money. */
  readonly trust: Trust;
  /** Nobody outside of the audience may use the code, however they came by it. */
  readonly exclusive: boolean;
  readonly schedule: Schedule | null;
}

/** One website's offers, in order of priority. */
export interface OfferIndex {
  readonly offers: readonly Offer[];
  /** The exclusive codes, folded, and the offers that each belongs to. */
  readonly exclusive: ReadonlyMap<string, readonly Offer[]>;
}

export type OfferReason =
  | "condition-holds"
  | "no-condition-holds"
  | "not-scheduled"
  | "no-membership"
  | "not-verified"
  | "no-offers";

/** The offer that a shopper gets, or none, and the reason. */
export interface OfferChoice {
  readonly offer: Offer | null;
  readonly reason: OfferReason;
}

export function indexOffers(offers: readonly Offer[], website: string): OfferIndex {
  const here = offers.filter(({ websites }) => websites === null || websites.includes(website));
  const exclusive = new Map<string, readonly Offer[]>();
  for (const offer of here) {
    if (!offer.exclusive) continue;
    const folded = foldCoupon(offer.coupon);
    exclusive.set(folded, [...(exclusive.get(folded) ?? []), offer]);
  }
  return { offers: here, exclusive };
}

export function offerAudiences(offers: readonly Offer[]): AudienceId[] {
  return offers.flatMap((offer) => audiencesIn(offer.for));
}

/** The first whose condition holds. What is told of the others is why the last one to be looked at was not it. */
export function chooseOffer({ offers }: OfferIndex, membership: Membership, nowMs: number): OfferChoice {
  let reason: OfferReason = "no-offers";
  for (const offer of offers) {
    reason = judgeOffer(offer, membership, nowMs);
    if (reason === "condition-holds") return { offer, reason };
  }
  return { offer: null, reason };
}

export function judgeOffer(offer: Offer, membership: Membership, nowMs: number): OfferReason {
  if (!isLive(offer.schedule, nowMs)) return "not-scheduled";
  if (membership.kind === "none") return "no-membership";
  if (!isTrusted(membership.trust, offer.trust)) return "not-verified";
  return matches(offer.for, membership.audiences) ? "condition-holds" : "no-condition-holds";
}

/** The folded exclusive codes that none of their offers opens to this shopper now. */
export function lockedCoupons(
  { exclusive }: OfferIndex,
  membership: Membership,
  nowMs: number,
): readonly string[] {
  const locked: string[] = [];
  for (const [folded, offers] of exclusive) {
    const opened = offers.some((offer) => judgeOffer(offer, membership, nowMs) === "condition-holds");
    if (!opened) locked.push(folded);
  }
  return locked;
}

export function isLocked(typed: string, locked: readonly string[]): boolean {
  return locked.some((folded) => isSpellingOf(typed, folded));
}
