/** Offers in a cart, in the same round trip: the coupon's mutation behind the client's own, and its cart shown. */

import { type CartMutation, countFields, readCartMutation } from "./cart-mutation.ts";
import { foldCoupon } from "./coupon-code.ts";
import type { Splice } from "./graphql-document/splice.ts";
import type { Variables } from "./graphql-document/value.ts";
import type { Field, GraphqlDocument } from "./graphql-document.ts";
import type { Membership } from "./membership.ts";
import { chooseOffer, judgeOffer, type Offer, type OfferIndex, type OfferReason } from "./offer.ts";
import type { GraphqlLimits } from "./website.ts";

/** What we remember of a cart. Offers are named by their ids. */
export interface CartNote {
  /** In the cart because of us. */
  readonly applied: string | null;
  /** Taken out by the shopper: never applied to that cart again. */
  readonly declined: readonly string[];
}

export interface CartOfferQuestion {
  readonly document: GraphqlDocument;
  readonly variables: Variables;
  readonly offers: OfferIndex;
  readonly membership: Membership;
  /** Whether the membership is verified, and not older than the website renews it. */
  readonly fresh: boolean;
  readonly note: (cartId: string) => CartNote | null;
  /** Whether this Commerce may take several coupons a cart; ours then stands beside the shopper's own. */
  readonly several: boolean;
  /** What would exceed them is left alone. */
  readonly limits: GraphqlLimits;
  readonly nowMs: number;
}

export type CartOfferPlan =
  | {
      readonly kind: "none";
      readonly reason:
        | OfferReason
        | "not-a-mutation"
        | "no-cart"
        | "charges"
        | "own-coupon"
        | "already-applied"
        | "declined"
        | "over-limits"
        | "unwritable";
    }
  /** The shopper takes a coupon out: of these offers, none is put into that cart again. */
  | { readonly kind: "decline"; readonly cartId: string; readonly offers: readonly string[] }
  /** The shopper types a coupon of their own: ours makes room, and comes back if theirs is refused. */
  | {
      readonly kind: "swap";
      readonly cartId: string;
      readonly offer: Offer;
      readonly splices: readonly Splice[];
    }
  | {
      readonly kind: "cart";
      readonly mutation: CartMutation;
      /** To be put in; null: none. */
      readonly apply: Offer | null;
      /** To be taken out where the cart has them: their audience was left. */
      readonly remove: readonly Offer[];
      readonly splices: readonly Splice[];
      readonly look: Look;
      readonly several: boolean;
    };

/** What we ask of the cart, beside what the client asks: which coupons are in it. */
export interface Look {
  /** What of it the client asked for too, and so stays in the answer. */
  readonly asked: "nothing" | "coupons" | "codes";
}

/** The key under which our coupon comes back after a swap; root mutations run in order. */
export const RESTORED = "edgeAudiencesOffer";

export function planCartOffer(question: CartOfferQuestion): CartOfferPlan {
  const { document, variables, offers, membership, nowMs } = question;
  if (offers.offers.length === 0) return { kind: "none", reason: "no-offers" };
  const reading = readCartMutation(document, variables);
  if (reading.kind === "none") return reading;
  const { mutation, coupons } = reading;
  const { cartId } = mutation;
  const note = question.note(cartId);
  const choice = chooseOffer(offers, membership, nowMs);
  if (coupons.removes.length > 0) {
    const ours = [note?.applied, choice.offer?.id].filter((id) => typeof id === "string");
    return ours.length > 0
      ? { kind: "decline", cartId, offers: ours }
      : { kind: "none", reason: "own-coupon" };
  }
  if (coupons.applies.length > 0) {
    const offer = offers.offers.find(({ id }) => id === note?.applied);
    return offer ? planSwap(question, mutation, offer) : { kind: "none", reason: "own-coupon" };
  }
  const apply = choice.offer !== null && mayApply(choice.offer, note) ? choice.offer : null;
  const remove = question.fresh ? offers.offers.filter((offer) => isLeft(offer, question, note)) : [];
  if (apply === null && remove.length === 0) return { kind: "none", reason: whyNothing(choice, note) };
  return planCart(question, mutation, apply, remove);
}

function mayApply({ id }: Offer, note: CartNote | null): boolean {
  return note === null || (note.applied !== id && !note.declined.includes(id));
}

function whyNothing({ offer, reason }: ReturnType<typeof chooseOffer>, note: CartNote | null) {
  if (offer === null) return reason;
  return note?.applied === offer.id ? "already-applied" : "declined";
}

/** A code that anybody may type is taken out only where it was us who put it in. */
function isLeft(offer: Offer, { membership, nowMs }: CartOfferQuestion, note: CartNote | null): boolean {
  if (membership.trust !== "verified" || !(offer.exclusive || note?.applied === offer.id)) return false;
  return judgeOffer(offer, membership, nowMs) !== "condition-holds";
}

function planCart(
  { document, limits, several }: CartOfferQuestion,
  mutation: CartMutation,
  apply: Offer | null,
  remove: readonly Offer[],
): CartOfferPlan {
  const { root, carts, cartId, path } = mutation;
  const inside = carts.flatMap(({ selection }) => selection?.fields ?? []);
  const look = planLook(inside);
  // What stands in a fragment may serve another place, whose answer would then change too.
  if (look === null || root.shared || root.selection === null) return { kind: "none", reason: "unwritable" };
  const cart = path.length === 1 ? null : (carts[0] ?? null);
  const added = apply === null ? 0 : 2 + countFields(inside);
  const aliases = countAliases(inside) + (cart !== null && cart.key !== cart.name ? 1 : 0);
  const fits =
    document.complexity + added + 3 <= limits.complexity &&
    document.depth + (cart === null ? 1 : 0) <= limits.depth &&
    document.aliases + aliases <= limits.aliases;
  if (!fits) return { kind: "none", reason: "over-limits" };
  const coupons = "applied_coupons { code }";
  const shown = cart === null ? coupons : `${writeKey(cart)}cart { ${coupons} }`;
  const { end } = root.selection.span;
  const splices: Splice[] = [{ span: { start: end, end }, insert: ` ${shown} ` }];
  if (apply !== null) {
    const at = document.body.end;
    const insert = ` ${writeApply(cartId, apply.coupon, { selection: selectionOf(document, mutation), several })} `;
    splices.push({ span: { start: at, end: at }, insert });
  }
  return { kind: "cart", mutation, apply, remove, splices, look, several };
}

/** null: the client's own names stand in the way. */
function planLook(inside: readonly Field[]): Look | null {
  const same = inside.filter(({ key }) => key === "applied_coupons");
  if (same.some(({ name, conditions }) => name !== "applied_coupons" || conditions.length > 0)) return null;
  const codes = same.flatMap(({ selection }) => selection?.fields ?? []).filter(({ key }) => key === "code");
  if (codes.some(({ name, conditions }) => name !== "code" || conditions.length > 0)) return null;
  if (same.length === 0) return { asked: "nothing" };
  return { asked: codes.length === 0 ? "coupons" : "codes" };
}

function writeKey({ key, name }: Field): string {
  return key === name ? "" : `${key}: `;
}

function countAliases(fields: readonly Field[]): number {
  return fields.reduce((sum, { key, name, shared, selection }) => {
    return sum + (key !== name && !shared ? 1 : 0) + countAliases(selection?.fields ?? []);
  }, 0);
}

/** The client's own selection of the cart, as it is written. */
export function selectionOf(document: GraphqlDocument, { carts }: CartMutation): string {
  const texts = carts.map(({ selection }) =>
    selection === null ? "" : document.text.slice(selection.span.start, selection.span.end),
  );
  return texts.join(" ");
}

/** JSON's strings are GraphQL's, too. */
export function writeApply(cartId: string, coupon: string, { selection, several }: Written): string {
  const cart = `cart_id: ${JSON.stringify(cartId)}`;
  const code = JSON.stringify(coupon);
  const input = several ? `coupon_codes: [${code}], type: APPEND` : `coupon_code: ${code}`;
  return `${applyName(several)}(input: {${cart}, ${input}}) { cart { ${selection} } }`;
}

export function writeRemove(cartId: string, coupon: string, { selection, several }: Written): string {
  const codes = several ? `, coupon_codes: [${JSON.stringify(coupon)}]` : "";
  return `${removeName(several)}(input: {cart_id: ${JSON.stringify(cartId)}${codes}}) { cart { ${selection} } }`;
}

interface Written {
  /** Of the cart. */
  readonly selection: string;
  readonly several: boolean;
}

export function applyName(several: boolean): string {
  return several ? "applyCouponsToCart" : "applyCouponToCart";
}

export function removeName(several: boolean): string {
  return several ? "removeCouponsFromCart" : "removeCouponFromCart";
}

function planSwap(
  { document, limits }: CartOfferQuestion,
  { cartId }: CartMutation,
  offer: Offer,
): CartOfferPlan {
  const typed = document.complexity + 6 <= limits.complexity && document.aliases + 1 <= limits.aliases;
  if (!typed) return { kind: "none", reason: "over-limits" };
  const { start, end } = document.body;
  // One coupon a cart: who types one where several fit has no need of it.
  const minimal = { selection: "__typename", several: false };
  return {
    kind: "swap",
    cartId,
    offer,
    splices: [
      { span: { start, end: start }, insert: ` ${writeRemove(cartId, offer.coupon, minimal)} ` },
      { span: { start: end, end }, insert: ` ${RESTORED}: ${writeApply(cartId, offer.coupon, minimal)} ` },
    ],
  };
}

export function isOfferIn(codes: readonly string[], { coupon }: Offer): boolean {
  const folded = foldCoupon(coupon);
  return codes.some((code) => foldCoupon(code) === folded);
}
