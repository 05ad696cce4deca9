/** Coupons over REST: one cart's, at once, asynchronously or many in one call. */

import { jsonAnswer } from "../answer.ts";
import type { Cart } from "../cart.ts";
import { type CouponAnswer, removeCoupons, replaceCoupon } from "../coupon.ts";
import type { Visit } from "../visit.ts";

export interface RestFailure {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** True where it is done; Commerce's answer where not. */
export type RestOutcome = true | RestFailure;

/** `GET …/coupons`: the code, or null. */
export function showCoupon(visit: Visit, cart: Cart): Promise<Response> {
  return jsonAnswer(visit, cart.coupons[0]?.code ?? null);
}

/** The cart's id is only for Commerce's message. */
export function setCoupon(visit: Visit, cart: Cart, code: string): RestOutcome {
  return outcomeOf(replaceCoupon(cart, code, visit), cart);
}

export function dropCoupons(visit: Visit, cart: Cart): RestOutcome {
  return removeCoupons(cart, [], visit.settings.collation) || emptyCart(cart);
}

/** What the asynchronous doors say before anything is done: that it will be. */
export function accepted(visit: Visit, count: number): Promise<Response> {
  const items = Array.from({ length: count }, (_, id) => ({ id, data_hash: null, status: "accepted" }));
  const bulk = { bulk_uuid: crypto.randomUUID(), request_items: items, errors: false };
  return jsonAnswer(visit, bulk, 202);
}

export function tell(visit: Visit, outcome: RestOutcome): Promise<Response> {
  return outcome === true ? jsonAnswer(visit, true) : jsonAnswer(visit, outcome.body, outcome.status);
}

function outcomeOf(answer: CouponAnswer, cart: Cart): RestOutcome {
  switch (answer.kind) {
    case "applied":
      return true;
    case "empty-cart":
      return emptyCart(cart);
    case "already-applied":
    case "too-many":
    case "unknown-code":
      return {
        status: 404,
        body: { message: "The coupon code isn't valid. Verify the code and try again." },
      };
  }
}

function emptyCart(cart: Cart): RestFailure {
  const message = `The "%1" Cart doesn't contain products.`;
  return { status: 404, body: { message, parameters: [cart.id] } };
}
