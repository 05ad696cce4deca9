/** Where a cart meets the price rules: a coupon is applied, an order is placed. */

import { openBoundedMap } from "./bounded-map.ts";
import { type Cart, type CartLine, discardCart } from "./cart.ts";
import { findCoupon, type Totals, totalsOf } from "./price-rule.ts";

export interface Order {
  readonly number: string;
  readonly lines: readonly CartLine[];
  readonly totals: Totals;
}

export type CouponAnswer =
  | { readonly kind: "applied"; readonly code: string }
  | { readonly kind: "empty-cart" }
  | { readonly kind: "already-applied" }
  | { readonly kind: "unknown-code" };

const orders = openBoundedMap<Order>(2_000);
let nextOrderNumber = 1;

/** One coupon a cart, and the same one twice is refused too: applying is not idempotent in Commerce. */
export function applyCoupon(cart: Cart, code: string, audiences: readonly string[]): CouponAnswer {
  if (cart.lines.length === 0) return { kind: "empty-cart" };
  if (cart.coupon !== null) return { kind: "already-applied" };
  const coupon = findCoupon(code, audiences);
  if (coupon === null) return { kind: "unknown-code" };
  cart.coupon = coupon;
  return { kind: "applied", code: coupon };
}

/** Turns a cart into an order with the totals of this very request, and empties it. */
export function placeOrder(cart: Cart, audiences: readonly string[]): Order {
  const number = String(nextOrderNumber).padStart(9, "0");
  nextOrderNumber += 1;
  const order = { number, lines: cart.lines, totals: totalsOf(cart, audiences) };
  orders.set(number, order);
  discardCart(cart);
  return order;
}

export function findOrder(number: string): Order | null {
  return orders.get(number) ?? null;
}
