/** What came of an offer: the cart that the client is shown, what is remembered of it, and what is still to do. */

import { type CartMutation, countFields } from "./cart-mutation.ts";
import {
  applyName,
  type CartOfferPlan,
  isOfferIn,
  RESTORED,
  removeName,
  selectionOf,
  writeApply,
  writeRemove,
} from "./cart-offer.ts";
import { type GraphqlAnswer, type GraphqlError, setValueAt, takeOutRoot, valueAt } from "./graphql-answer.ts";
import { type Alone, buildAlone } from "./graphql-document/part.ts";
import type { GraphqlDocument } from "./graphql-document.ts";
import type { Offer } from "./offer.ts";
import { isRecord } from "./record.ts";
import type { GraphqlLimits } from "./website.ts";

export interface CartOutcome {
  /** In the cart now because of us; null: none is; undefined: as before. */
  readonly applied: Offer | null | undefined;
  /** Commerce's words, where it did not take ours and the cart has no other. */
  readonly refused: string | null;
  /** In the cart, and its audience was left: a second request takes it out. */
  readonly leaving: Offer | null;
}

type Cart = Extract<CartOfferPlan, { readonly kind: "cart" }>;
type Swap = Extract<CartOfferPlan, { readonly kind: "swap" }>;

/** Takes what we added out of the answer; where the coupon was taken, its cart is the truthful one. */
export function finishCart(plan: Cart, answer: GraphqlAnswer): CartOutcome {
  const { mutation, apply, remove, several } = plan;
  const codes = readCodes(plan, answer);
  const leaving = remove.find((offer) => isOfferIn(codes, offer)) ?? null;
  if (apply === null) return { applied: undefined, refused: null, leaving };
  const ours = takeOutRoot(answer, applyName(several));
  const cart = isRecord(ours.value) ? ours.value["cart"] : undefined;
  if (isRecord(cart) && isRecord(valueAt(answer, mutation.path))) {
    setValueAt(answer, mutation.path, cart);
    return { applied: apply, refused: null, leaving: null };
  }
  if (isOfferIn(codes, apply)) return { applied: apply, refused: null, leaving };
  return { applied: undefined, refused: codes.length > 0 ? null : messageOf(ours.errors), leaving };
}

/** The coupons in the cart before ours; the client's view of them is left as it asked for it. */
function readCodes({ mutation, look }: Cart, answer: GraphqlAnswer): readonly string[] {
  const cart = valueAt(answer, mutation.path);
  if (!isRecord(cart)) return [];
  const coupons = Array.isArray(cart["applied_coupons"]) ? cart["applied_coupons"].filter(isRecord) : [];
  const codes = coupons.map(({ code }) => code).filter((code) => typeof code === "string");
  if (look.asked === "nothing") delete cart["applied_coupons"];
  else if (look.asked === "coupons") for (const coupon of coupons) delete coupon["code"];
  return codes;
}

/** Whether ours came back: then theirs was refused, in Commerce's own words, and nothing is lost. */
export function finishSwap({ offer }: Swap, answer: GraphqlAnswer): CartOutcome {
  takeOutRoot(answer, "removeCouponFromCart");
  const restored = takeOutRoot(answer, RESTORED).value;
  return { applied: isRecord(restored) ? offer : null, refused: null, leaving: null };
}

function messageOf(errors: readonly GraphqlError[]): string | null {
  const message = errors[0]?.message;
  return typeof message === "string" ? message.slice(0, 200) : null;
}

/**
 * Takes the offer out that was left, puts in the one that is due, and shows the cart as the client asked for it.
 * null: Commerce would not take a document of that size.
 */
export function writeLeaving(
  document: GraphqlDocument,
  { mutation, apply, several }: Cart,
  leaving: Offer,
  limits: GraphqlLimits,
): Alone | null {
  const selection = selectionOf(document, mutation);
  const inside = mutation.carts.flatMap((cart) => cart.selection?.fields ?? []);
  const roots = apply === null ? 1 : 2;
  if (roots * (2 + countFields(inside)) > limits.complexity) return null;
  const written = { selection, several };
  const removed = writeRemove(mutation.cartId, leaving.coupon, written);
  const body = apply === null ? removed : `${removed} ${writeApply(mutation.cartId, apply.coupon, written)}`;
  return buildAlone(document, { operation: "mutation", body: ` ${body} `, uses: usesOf(mutation) });
}

function usesOf({ carts }: CartMutation) {
  return carts.flatMap(({ selection }) => (selection === null ? [] : [selection.span]));
}

/** The second answer's cart takes its place in the first. */
export function finishLeaving(plan: Cart, answer: GraphqlAnswer, second: GraphqlAnswer): CartOutcome {
  const { mutation, apply, several } = plan;
  const applied = valueAt(second, [applyName(several), "cart"]);
  const removed = valueAt(second, [removeName(several), "cart"]);
  const cart = isRecord(applied) ? applied : removed;
  if (isRecord(cart)) setValueAt(answer, mutation.path, cart);
  return {
    applied: isRecord(applied) ? apply : isRecord(removed) ? null : undefined,
    refused: null,
    leaving: null,
  };
}
