/** Coupons in a cart: applied and taken out as Commerce does it, whichever door they come in by. */

import type { AppliedCoupon, Cart } from "./cart.ts";
import { type Collation, sameCode, trimAsPhp } from "./collation.ts";
import { couponRules } from "./price-rule.ts";
import type { StoreSettings } from "./settings.ts";

/** What a door needs to know to judge a code. */
export interface CouponAsker {
  readonly audiences: readonly string[];
  readonly settings: StoreSettings;
}

export type CouponAnswer =
  | { readonly kind: "applied"; readonly code: string }
  | { readonly kind: "empty-cart" }
  | { readonly kind: "already-applied" }
  | { readonly kind: "too-many" }
  | { readonly kind: "unknown-code" };

/** GraphQL's way: one coupon a cart, and the same one twice is refused too. */
export function applyCoupon(cart: Cart, typed: string, asker: CouponAsker): CouponAnswer {
  if (cart.coupons.length > 0) return { kind: "already-applied" };
  return replaceCoupon(cart, typed, asker);
}

/** The way of REST, SOAP and the cart page: a new code takes the old one's place, even if it is refused. */
export function replaceCoupon(cart: Cart, typed: string, asker: CouponAsker): CouponAnswer {
  if (cart.lines.length === 0) return { kind: "empty-cart" };
  cart.coupons = [];
  const found = readCoupon(typed, asker);
  if (found === null) return { kind: "unknown-code" };
  cart.coupons = [found];
  return { kind: "applied", code: found.code };
}

/** Adobe Commerce's way for several. One bad code, or one too many, and the cart stays as it was. */
export function applyCoupons(
  cart: Cart,
  { typed, strategy }: { readonly typed: readonly string[]; readonly strategy: "APPEND" | "REPLACE" },
  asker: CouponAsker,
): CouponAnswer {
  if (cart.lines.length === 0) return { kind: "empty-cart" };
  const coupons = strategy === "APPEND" ? [...cart.coupons] : [];
  for (const one of typed) {
    const found = readCoupon(one, asker);
    if (found === null) return { kind: "unknown-code" };
    if (coupons.some(({ rule }) => rule === found.rule)) continue;
    coupons.push(found);
  }
  if (coupons.length > asker.settings.couponsPerCart) return { kind: "too-many" };
  cart.coupons = coupons;
  return { kind: "applied", code: coupons.map(({ code }) => code).join(", ") };
}

/** None named means all. False for an empty cart: Commerce then refuses. */
export function removeCoupons(cart: Cart, typed: readonly string[], collation: Collation): boolean {
  if (cart.lines.length === 0) return false;
  const named = ({ rule }: AppliedCoupon) => typed.some((one) => sameCode(trimAsPhp(one), rule, collation));
  cart.coupons = typed.length === 0 ? [] : cart.coupons.filter((one) => !named(one));
  return true;
}

/**
 * Null where the code is unknown, or its rule is not for these audiences: Commerce makes no difference. The
 * cart keeps the code as it was typed, and shows it so.
 */
export function readCoupon(typed: string, { audiences, settings }: CouponAsker): AppliedCoupon | null {
  const code = trimAsPhp(typed);
  // The column has 255 characters.
  if (code === "" || code.length > 255) return null;
  const rule = couponRules.find((one) => sameCode(code, one.coupon, settings.collation));
  if (rule === undefined || (rule.audience !== null && !audiences.includes(rule.audience))) return null;
  return { code, rule: rule.coupon };
}
