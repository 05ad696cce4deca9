/** Cart price rules: what comes off a cart for an audience and for a coupon, as Commerce works it out. */

import type { Cart, CartLine } from "./cart.ts";

/** The two audiences that this shop's rules look at. */
export const vipAudience = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
export const bargainAudience = "c81f0e52-3a47-4d9b-b6f0-92e4d7a1c863";

export interface Discount {
  readonly label: string;
  readonly cents: number;
  /** The code as it was typed. */
  readonly coupon: string | null;
}

export interface Totals {
  readonly quantity: number;
  readonly subtotalCents: number;
  readonly discounts: readonly Discount[];
  /** What comes off each line of the cart, in their order. */
  readonly lineDiscountsCents: readonly number[];
  readonly delivery: "standard" | "express";
  readonly grandTotalCents: number;
}

interface PriceRule {
  readonly label: string;
  readonly audience: string | null;
  readonly coupon: string | null;
  readonly off: (line: CartLine) => number;
}

const priceRules: readonly PriceRule[] = [
  { label: "VIP 20% off", audience: vipAudience, coupon: null, off: percent(20) },
  { label: "Buy 2 get 1 free", audience: bargainAudience, coupon: null, off: everyThirdFree },
  { label: "Welcome 10% off", audience: null, coupon: "WELCOME10", off: percent(10) },
  // For regulars only, and so it is worth nothing to whom the code has leaked.
  {
    label: "Lantern night 30% off",
    audience: vipAudience,
    coupon: "LANTERN30",
    off: percent(30),
  },
  // Of these the store knows no audience: whoever types the code has the discount.
  { label: "20% off for regulars", audience: null, coupon: "VIP20", off: percent(20) },
  { label: "Three for two", audience: null, coupon: "THREEFOR2", off: everyThirdFree },
  { label: "Free express delivery", audience: null, coupon: "FREESHIP", off: () => 0 },
];

/** The rules that a code reaches. */
export const couponRules = priceRules.flatMap(({ coupon, audience }) =>
  coupon === null ? [] : [{ coupon, audience }],
);

/** The totals are worked out anew for each request: who leaves an audience loses its rule at once. */
export function totalsOf(cart: Cart, audiences: readonly string[]): Totals {
  const subtotalCents = cart.lines.reduce((sum, line) => sum + line.product.cents * line.quantity, 0);
  const discounts: Discount[] = [];
  const taken = cart.lines.map(() => 0);
  for (const rule of priceRules) {
    if (rule.audience !== null && !audiences.includes(rule.audience)) continue;
    const coupon = cart.coupons.find((one) => one.rule === rule.coupon) ?? null;
    if (rule.coupon !== null && coupon === null) continue;
    let cents = 0;
    cart.lines.forEach((line, index) => {
      const before = taken[index] ?? 0;
      const off = Math.min(line.product.cents * line.quantity - before, rule.off(line));
      taken[index] = before + off;
      cents += off;
    });
    if (cents <= 0) continue;
    discounts.push({ label: rule.label, cents, coupon: coupon?.code ?? null });
  }
  return {
    quantity: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
    subtotalCents,
    discounts,
    lineDiscountsCents: taken,
    delivery: cart.coupons.some(({ rule }) => rule === "FREESHIP") ? "express" : "standard",
    grandTotalCents: discounts.reduce((left, { cents }) => left - cents, subtotalCents),
  };
}

function percent(rate: number) {
  return ({ product, quantity }: CartLine) => Math.round((product.cents * quantity * rate) / 100);
}

/** Commerce counts "buy X get Y free" within one line: three of the same, not three of anything. */
function everyThirdFree({ product, quantity }: CartLine): number {
  return Math.floor(quantity / 3) * product.cents;
}
