/** Resolves what applies coupons and takes them out. */

import { applyCoupon, applyCoupons, type CouponAnswer, removeCoupons } from "../coupon.ts";
import { type Asker, failure } from "./asker.ts";
import type { Input } from "./cart-changes.ts";
import { cartFields, cartOf } from "./cart-fields.ts";

export const couponMutations = {
  applyCouponToCart(_: unknown, { input }: Input<{ cart_id: string; coupon_code: string }>, asker: Asker) {
    requireText("cart_id", input?.cart_id);
    const code = requireText("coupon_code", input?.coupon_code);
    const cart = cartOf(input?.cart_id, asker);
    refuseUnless(applyCoupon(cart, code, asker));
    return { cart: cartFields(cart, asker) };
  },

  /** Commerce says it without a full stop here. */
  removeCouponFromCart(_: unknown, { input }: Input<{ cart_id: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
    if (!removeCoupons(cart, [], asker.settings.collation)) {
      throw failure("Cart does not contain products", "graphql-no-such-entity");
    }
    return { cart: cartFields(cart, asker) };
  },
};

interface SeveralCoupons {
  readonly cart_id: string;
  readonly coupon_codes: readonly (string | null)[];
}

/** Only Adobe Commerce has these. */
export const severalCouponsMutations = {
  applyCouponsToCart(
    _: unknown,
    { input }: Input<SeveralCoupons & { type?: "APPEND" | "REPLACE" | null }>,
    asker: Asker,
  ) {
    const cart = cartOf(input?.cart_id, asker);
    const typed = codesIn(input);
    if (typed.length === 0) {
      throw failure('Required parameter "coupon_codes" is missing', "graphql-input");
    }
    refuseUnless(applyCoupons(cart, { typed, strategy: input?.type ?? "APPEND" }, asker));
    return { cart: cartFields(cart, asker) };
  },

  removeCouponsFromCart(_: unknown, { input }: Input<SeveralCoupons>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
    if (!removeCoupons(cart, codesIn(input), asker.settings.collation)) {
      throw failure("Cart does not contain products.", "graphql-no-such-entity");
    }
    return { cart: cartFields(cart, asker) };
  },
};

function codesIn(input: SeveralCoupons | null | undefined): readonly string[] {
  return (input?.coupon_codes ?? []).filter((code) => code !== null);
}

/** PHP's `empty` takes "0" for nothing. */
function requireText(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "" && value !== "0") return value;
  throw failure(`Required parameter "${name}" is missing`, "graphql-input");
}

function refuseUnless(answer: CouponAnswer): void {
  switch (answer.kind) {
    case "applied":
      return;
    case "empty-cart":
      throw failure("Cart does not contain products.", "graphql-no-such-entity");
    case "already-applied":
      throw failure(
        "A coupon is already applied to the cart. Please remove it to apply another",
        "graphql-input",
      );
    case "too-many":
      throw failure("Maximum allowed number of applied coupons was exceeded.", "graphql-input");
    case "unknown-code":
      throw failure("The coupon code isn't valid. Verify the code and try again.", "graphql-no-such-entity");
  }
}
