/** Offers in a cart: one round trip, the shape that the client asked for, and nobody charged what they never saw. */

import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { finishCart, finishLeaving, finishSwap, writeLeaving } from "../../src/core/cart-answer.ts";
import { type CartNote, type CartOfferPlan, planCartOffer } from "../../src/core/cart-offer.ts";
import { mapLocations, parseAnswer } from "../../src/core/graphql-answer.ts";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { applySplices, wayBack } from "../../src/core/graphql-document/splice.ts";
import type { Membership } from "../../src/core/membership.ts";
import { indexOffers, type Offer } from "../../src/core/offer.ts";
import { openToyStore, type ToyStore } from "./cart-store.ts";

const vip = "vip" as AudienceId;
const offer: Offer = {
  id: "vip-20",
  websites: null,
  for: { any: [vip], all: [], not: [] },
  coupon: "VIP20",
  trust: "verified",
  exclusive: true,
  schedule: null,
};
const member: Membership = {
  kind: "member",
  source: "signed-cookie",
  trust: "verified",
  audiences: new Set([vip]),
  unknown: null,
  lost: [],
};
const inNone: Membership = { kind: "none", reason: "empty", trust: "verified", lost: [] };
const unknown: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };
const limits = { complexity: 300, depth: 20, aliases: 10, pageSize: 300 };

interface Asked {
  readonly membership?: Membership;
  readonly fresh?: boolean;
  readonly note?: CartNote | null;
  readonly offers?: readonly Offer[];
  readonly limits?: typeof limits;
}

function plan(query: string, variables: Record<string, unknown> | null, asked: Asked = {}) {
  const document = parseDocument(query);
  if (!document.ok) throw new Error(document.error);
  const { membership = member, fresh = membership.trust === "verified", note = null } = asked;
  const planned = planCartOffer({
    document: document.value,
    variables,
    offers: indexOffers(asked.offers ?? [offer], "main"),
    membership,
    fresh,
    note: () => note,
    several: false,
    limits: asked.limits ?? limits,
    nowMs: 0,
  });
  return { document: document.value, planned };
}

const splicesOf = (planned: CartOfferPlan) => ("splices" in planned ? planned.splices : []);

/** As the edge does it. */
function exchange(
  store: ToyStore,
  query: string,
  variables: Record<string, unknown> | null,
  asked: Asked = {},
) {
  const { document, planned } = plan(query, variables, asked);
  const splices = splicesOf(planned);
  const answer = parseAnswer(store.run(applySplices(query, splices), variables));
  if (answer === null) throw new Error("no answer");
  mapLocations(answer, () => wayBack(query, splices));
  if (planned.kind === "swap") return { answer, outcome: finishSwap(planned, answer) };
  if (planned.kind !== "cart") return { answer, outcome: null };
  const outcome = finishCart(planned, answer);
  if (outcome.leaving === null) return { answer, outcome };
  const alone = writeLeaving(document, planned, outcome.leaving, limits);
  if (alone === null) throw new Error("too large");
  const kept = Object.fromEntries(alone.variables.map((name) => [name, variables?.[name]]));
  const second = parseAnswer(store.run(alone.text, kept));
  if (second === null) throw new Error("no second answer");
  return { answer, outcome: finishLeaving(planned, answer, second) };
}

const add = `mutation Add($id: String!, $n: Float!, $first: Int) {
  addProductsToCart(cartId: $id, cartItems: [{sku: "shirt", quantity: $n}]) {
    cart { id total quantity ...Lines }
    user_errors
  }
}
fragment Lines on Cart { items(first: $first) { sku } }`;
const variables = { id: "c1", n: 3, first: 5 };

describe("an offer", () => {
  let store: ToyStore;
  beforeEach(() => {
    store = openToyStore();
  });

  it("is in the cart with the first thing that a member adds, in one request, in the client's own shape", () => {
    const { answer, outcome } = exchange(store, add, variables);
    expect(answer).toEqual({
      data: {
        addProductsToCart: {
          cart: { id: "c1", total: 24, quantity: 3, items: [{ sku: "shirt" }] },
          user_errors: [],
        },
      },
    });
    expect(outcome).toEqual({ applied: offer, refused: null, leaving: null });
    expect(store.asked).toHaveLength(1);
  });

  it("is not asked for again where we know that it is in", () => {
    const { planned } = plan(add, variables, { note: { applied: "vip-20", declined: [] } });
    expect(planned).toEqual({ kind: "none", reason: "already-applied" });
  });

  it("that is in already is a success, and the client sees no error of ours", () => {
    store.carts.set("c1", { quantity: 1, coupon: "vip20" });
    const { answer, outcome } = exchange(store, add, variables);
    expect(answer).toMatchObject({ data: { addProductsToCart: { cart: { total: 32, quantity: 4 } } } });
    expect(answer).not.toHaveProperty("errors");
    expect(outcome?.applied).toBe(offer);
  });

  it("never takes the place of a shopper's own coupon", () => {
    store.carts.set("c1", { quantity: 1, coupon: "OWN10" });
    const { answer, outcome } = exchange(store, add, variables);
    expect(answer).toEqual({
      data: {
        addProductsToCart: {
          cart: { id: "c1", total: 36, quantity: 4, items: [{ sku: "shirt" }] },
          user_errors: [],
        },
      },
    });
    expect(outcome).toEqual({ applied: undefined, refused: null, leaving: null });
    expect(store.carts.get("c1")?.coupon).toBe("OWN10");
  });

  it("that Commerce refuses leaves the cart as it would have been, and Commerce's words are told", () => {
    const { answer, outcome } = exchange(store, add, variables, { offers: [{ ...offer, coupon: "GONE" }] });
    expect(answer).toMatchObject({ data: { addProductsToCart: { cart: { total: 30 } } } });
    expect(Object.keys(answer)).toEqual(["data"]);
    expect(outcome?.refused).toMatch(/^The coupon code isn't valid/);
  });

  it("leaves an empty cart alone", () => {
    const query = `mutation { updateCartItems(input: {cart_id: "c1", quantity: 0}) { cart { total } } }`;
    const { answer } = exchange(store, query, null);
    expect(answer).toEqual({ data: { updateCartItems: { cart: { total: 0 } } } });
  });

  it("makes room for a coupon that the shopper types, in the same request", () => {
    store.carts.set("c1", { quantity: 2, coupon: "VIP20" });
    const query = `mutation { applyCouponToCart(input: {cart_id: "c1", coupon_code: "OWN10"}) { cart { total } } }`;
    const { answer, outcome } = exchange(store, query, null, { note: { applied: "vip-20", declined: [] } });
    expect(answer).toEqual({ data: { applyCouponToCart: { cart: { total: 18 } } } });
    expect(outcome?.applied).toBeNull();
    expect(store.asked).toHaveLength(1);
  });

  it("comes back when the coupon that the shopper types is refused; the words are Commerce's, the place the client's", () => {
    store.carts.set("c1", { quantity: 2, coupon: "VIP20" });
    const query = `mutation {\n  applyCouponToCart(input: {cart_id: "c1", coupon_code: "WRONG"}) { cart { total } } }`;
    const { answer, outcome } = exchange(store, query, null, { note: { applied: "vip-20", declined: [] } });
    expect(answer).toEqual({
      data: { applyCouponToCart: null },
      errors: [
        {
          message: "The coupon code isn't valid. Verify the code and try again.",
          locations: [{ line: 2, column: 3 }],
          path: ["applyCouponToCart"],
        },
      ],
    });
    expect(outcome?.applied).toBe(offer);
    expect(store.carts.get("c1")?.coupon).toBe("VIP20");
  });

  it("that a shopper takes out is noted, and never put in again", () => {
    const query = `mutation { removeCouponFromCart(input: {cart_id: "c1"}) { cart { total } } }`;
    expect(plan(query, null).planned).toEqual({ kind: "decline", cartId: "c1", offers: ["vip-20"] });
    const note = { applied: null, declined: ["vip-20"] };
    expect(plan(add, variables, { note }).planned).toEqual({ kind: "none", reason: "declined" });
  });

  it("goes from the cart of who has left the audience, in a change whose answer shows the new total", () => {
    store.carts.set("c1", { quantity: 1, coupon: "VIP20" });
    const { answer, outcome } = exchange(store, add, variables, { membership: inNone });
    expect(answer).toEqual({
      data: {
        addProductsToCart: {
          cart: { id: "c1", total: 40, quantity: 4, items: [{ sku: "shirt" }] },
          user_errors: [],
        },
      },
    });
    expect(outcome?.applied).toBeNull();
    expect(store.carts.get("c1")?.coupon).toBeNull();
  });

  it("stays in the cart while nobody knows: no membership, or one that is getting old", () => {
    store.carts.set("c1", { quantity: 1, coupon: "VIP20" });
    for (const asked of [{ membership: unknown }, { membership: inNone, fresh: false }]) {
      exchange(store, add, variables, asked);
      expect(store.carts.get("c1")?.coupon).toBe("VIP20");
    }
  });

  it("that anybody may type goes only where it was us who put it in", () => {
    const open = { ...offer, exclusive: false };
    expect(plan(add, variables, { membership: inNone, offers: [open] }).planned.kind).toBe("none");
    const note = { applied: "vip-20", declined: [] };
    expect(plan(add, variables, { membership: inNone, offers: [open], note }).planned).toMatchObject({
      kind: "cart",
      apply: null,
      remove: [open],
    });
  });

  it.each([
    `mutation { placeOrder(input: {cart_id: "c1"}) { cart { total } } }`,
    `mutation { addProductsToCart(cartId: "c1", cartItems: []) { cart { id } } placeOrder(input: {cart_id: "c1"}) { cart { id } } }`,
  ])("is never touched where something charges: %s", (query) => {
    expect(plan(query, null).planned).toEqual({ kind: "none", reason: "charges" });
    expect(plan(query, null, { membership: inNone }).planned).toEqual({ kind: "none", reason: "charges" });
  });

  it("comes with the cart that Commerce returns itself, under any alias", () => {
    store.carts.set("old", { quantity: 2, coupon: null });
    const merge = `mutation M($to: String) { mine: mergeCarts(source_cart_id: "old", destination_cart_id: $to) { total } }`;
    expect(exchange(store, merge, { to: "c2" }).answer).toEqual({ data: { mine: { total: 16 } } });
    const aliased = `mutation { a: updateCartItems(input: {cart_id: "c3", quantity: 1}) { basket: cart { t: total applied_coupons { __typename } } } }`;
    expect(exchange(store, aliased, null).answer).toEqual({
      data: { a: { basket: { t: 8, applied_coupons: [{ __typename: "Coupon" }] } } },
    });
  });

  it.each([
    [`{ cart(cart_id: "c1") { total } }`, "not-a-mutation"],
    [`mutation { createEmptyCart }`, "no-cart"],
    [`mutation { addProductsToCart(cartId: "c1", cartItems: []) { user_errors } }`, "no-cart"],
    [
      `mutation { updateCartItems(input: {cart_id: "c1"}) { cart { applied_coupons: items { sku } } } }`,
      "unwritable",
    ],
  ])("leaves %s alone: %s", (query, reason) => {
    expect(plan(query, null).planned).toEqual({ kind: "none", reason });
  });

  it("never makes a document that Commerce would find too large", () => {
    const tight = { ...limits, complexity: 14 };
    expect(plan(add, variables, { limits: tight }).planned).toEqual({ kind: "none", reason: "over-limits" });
    const aliases = { ...limits, aliases: 1 };
    const query = `mutation { updateCartItems(input: {cart_id: "c1"}) { basket: cart { total } } }`;
    expect(plan(query, null, { limits: aliases }).planned).toEqual({ kind: "none", reason: "over-limits" });
  });

  it("whatever the cart was and whatever is asked: the client gets the keys that it asked for", () => {
    const coupon = fc.constantFrom(null, "VIP20", "vip20", "OWN10");
    const fields = fc.subarray(
      ["id", "total", "quantity", "applied_coupons { code }", "items { sku }", "t: total"],
      {
        minLength: 1,
      },
    );
    const membership = fc.constantFrom(member, inNone, unknown);
    const note = fc.constantFrom<CartNote | null>(
      null,
      { applied: null, declined: [] },
      { applied: null, declined: ["vip-20"] },
    );
    fc.assert(
      fc.property(coupon, fields, membership, note, fc.nat(3), (held, asked, who, noted, quantity) => {
        const query = `mutation { updateCartItems(input: {cart_id: "c", quantity: ${quantity}}) { cart { ${asked.join(" ")} } } }`;
        const plain = openToyStore();
        const ours = openToyStore();
        for (const one of [plain, ours]) one.carts.set("c", { quantity: 1, coupon: held });
        const expected = JSON.parse(plain.run(query)).data.updateCartItems.cart;
        const { answer } = exchange(ours, query, null, { membership: who, note: noted });
        const cart = (answer.data as { updateCartItems: { cart: object } }).updateCartItems.cart;
        expect(Object.keys(cart)).toEqual(Object.keys(expected));
        expect(answer).not.toHaveProperty("errors");
        // What is shown is what the cart is.
        const truth = JSON.parse(ours.run(`{ cart(cart_id: "c") { ${asked.join(" ")} } }`)).data.cart;
        expect(cart).toEqual(truth);
      }),
    );
  });
});
