/** Offers before a stock Commerce, by the demo's real GraphQL: applied, taken away, respected, and never leaked. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoKeys } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { type Client, openClient, VIP } from "../demo/client.ts";
import { BUNDLE } from "./edge.ts";

const BACKEND = "a backend secret of the tests, long enough";
/** As a backend of the merchant's says it; who sends nothing of it is a guest of whom nobody knows anything. */
const says = (...audiences: string[]) => ({
  "edge-audiences-backend": BACKEND,
  "aep-segments-membership": audiences.join(","),
});
const vip = says(VIP);
const inNone = says("");
const explain = { "edge-audiences-explain": "demo-operator-key" };

const add = `mutation Add($id: String!, $items: [CartItemInput!]!) {
  addProductsToCart(cartId: $id, cartItems: $items) {
    cart { id total_quantity prices { grand_total { value } } }
    user_errors { code }
  }
}`;
const change = (n: number) => [{ sku: "TF-101", quantity: n }];

describe.each([
  ["Magento Open Source", "opensource"],
  ["Adobe Commerce without the extension", "commerce"],
] as const)("before %s", (_, edition) => {
  let demo: RunningDemo;
  let shop: Client;
  let store: Client;
  let operatorKey = "";

  beforeAll(async () => {
    operatorKey = demoKeys.OPERATOR_KEY;
    demo = await startDemo({
      edgeScript: readFileSync(BUNDLE, "utf8"),
      trust: "verified",
      store: { edition, maxAliases: 10 },
      bindings: { BACKEND_SECRET: BACKEND },
    });
    shop = openClient(demo);
    store = openClient({ url: demo.storeUrl });
  });
  afterAll(() => demo?.stop());

  const buy = (id: string, headers: Record<string, string>, quantity = 3) =>
    shop.graphql(add, { id, items: change(quantity) }, headers);
  const totalOf = (reply: { json: { data: { addProductsToCart: { cart: object } } } }) => reply.json;

  it("a VIP adds three and sees the offer at once, in one request to Commerce", async () => {
    const id = await shop.cart(0);
    const reply = await buy(id, { ...vip, ...explain, "edge-audiences-explain": operatorKey });
    expect(totalOf(reply)).toEqual({
      data: {
        addProductsToCart: {
          cart: { id, total_quantity: 3, prices: { grand_total: { value: 576 } } },
          user_errors: [],
        },
      },
    });
    expect(await store.look(id)).toMatchObject({ coupons: ["VIP20"], total: 576 });
    const plan = JSON.parse(reply.headers.get("edge-audiences-plan") ?? "{}");
    expect(plan.offer).toMatchObject({ kind: "cart", offer: "regulars-20", applied: "regulars-20" });
  });

  it("a guest pays the full price, and the cart of nobody knows whom is left alone", async () => {
    const id = await shop.cart(0);
    expect((await buy(id, {})).json.data.addProductsToCart.cart.prices.grand_total.value).toBe(720);
    expect((await store.look(id)).coupons).toEqual([]);
  });

  it("who leaves the audience sees the full price with the next change, and not before", async () => {
    const id = await shop.cart(0);
    await buy(id, vip, 1);
    expect((await buy(id, {}, 1)).json.data.addProductsToCart.cart.prices.grand_total.value).toBe(384);
    expect((await buy(id, inNone, 1)).json).toEqual({
      data: {
        addProductsToCart: {
          cart: { id, total_quantity: 3, prices: { grand_total: { value: 720 } } },
          user_errors: [],
        },
      },
    });
    expect((await store.look(id)).coupons).toEqual([]);
  });

  it("nothing is taken away where the order is placed", async () => {
    const id = await shop.cart(0);
    await buy(id, vip, 1);
    const placing = `mutation { setPaymentMethodOnCart(input: {cart_id: "${id}", payment_method: {code: "checkmo"}}) { cart { prices { grand_total { value } } } } }`;
    const reply = await shop.graphql(placing, undefined, inNone);
    expect(reply.json.data.setPaymentMethodOnCart.cart.prices.grand_total.value).toBe(192);
    expect((await store.look(id)).coupons).toEqual(["VIP20"]);
  });

  it("a shopper's own coupon takes the offer's place in one document; a wrong one leaves it", async () => {
    const id = await shop.cart(0);
    await buy(id, vip);
    const apply = (code: string) =>
      shop.graphql(
        `mutation { applyCouponToCart(input: {cart_id: "${id}", coupon_code: "${code}"}) { cart { applied_coupons { code } } } }`,
        undefined,
        vip,
      );
    const wrong = await apply("WRONG");
    expect(wrong.json.errors).toMatchObject([
      { path: ["applyCouponToCart"], locations: [{ line: 1, column: 12 }] },
    ]);
    expect((await store.look(id)).coupons).toEqual(["VIP20"]);
    const own = await apply("WELCOME10");
    expect(own.json).toEqual({
      data: { applyCouponToCart: { cart: { applied_coupons: [{ code: "WELCOME10" }] } } },
    });
    await buy(id, vip, 1);
    expect((await store.look(id)).coupons).toEqual(["WELCOME10"]);
  });

  it("an offer that a shopper takes out stays out of that cart", async () => {
    const id = await shop.cart(0);
    await buy(id, vip, 1);
    const remove = `mutation { removeCouponFromCart(input: {cart_id: "${id}"}) { cart { applied_coupons { code } } } }`;
    expect((await shop.graphql(remove, undefined, vip)).json).toEqual({
      data: { removeCouponFromCart: { cart: { applied_coupons: null } } },
    });
    await buy(id, vip, 1);
    expect((await store.look(id)).coupons).toEqual([]);
  });

  it("a leaked code typed by hand is refused in Commerce's own words; a VIP's own hand is not", async () => {
    const id = await shop.cart(3);
    const typed = `mutation C($c: String!) { applyCouponToCart(input: {cart_id: "${id}", coupon_code: $c}) { cart { id } } }`;
    const refused = await shop.graphql(typed, { c: "vip20" }, { "aep-segments-membership": VIP });
    const invalid = await store.graphql(typed, { c: "NO-SUCH-CODE" });
    expect(refused.json).toEqual(invalid.json);
    expect((await store.look(id)).coupons).toEqual([]);
    expect((await shop.graphql(typed, { c: "vip20" }, vip)).json.errors).toBeUndefined();
  });

  it("a body that can't be read is refused while a code could hide in it", async () => {
    const long = `mutation { a: __typename # ${"x".repeat(70_000)}\n}`;
    expect((await shop.graphql(long)).status).toBe(400);
    expect((await shop.graphql(long, undefined, vip)).status).not.toBe(400);
    const batch = await shop.ask("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ query: "{ __typename }" }]),
    });
    expect(batch.status).toBe(400);
  });

  it("a preflight and a HEAD are Commerce's own to answer, guarded or not", async () => {
    for (const method of ["OPTIONS", "HEAD"]) {
      const through = await fetch(`${demo.url}/graphql`, { method });
      const direct = await fetch(`${demo.storeUrl}/graphql`, { method });
      expect([method, through.status, await through.text()]).toEqual([
        method,
        direct.status,
        await direct.text(),
      ]);
    }
  });

  it("nobody turns the offer off for others, by wrong variables in the document that all send", async () => {
    const id = await shop.cart(0);
    const wrong = await shop.graphql(add, { id, items: "none" }, vip);
    expect(wrong.json).toEqual((await store.graphql(add, { id, items: "none" })).json);
    expect((await buy(id, vip)).json.data.addProductsToCart.cart.prices.grand_total.value).toBe(576);
  });

  const noise = fc.constantFrom("", "\u0301", "\u200b", "\u00ad", "\u2060", "\u0336");
  const spelling = fc
    .tuple(
      ...[..."VIP20"].map((character) =>
        fc.tuple(
          fc.constantFrom(
            character,
            character.toLowerCase(),
            String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
          ),
          noise,
        ),
      ),
      fc.constantFrom("", " ", "\t", "  "),
    )
    .map((parts) => parts.flat().join(""));
  const escaped = (text: string) =>
    [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

  it("no spelling of an exclusive code passes at any door", async () => {
    const id = await shop.cart(1);
    const encode = (text: string) => encodeURIComponent(text);
    const json = { "content-type": "application/json" };
    const doors: Record<string, (code: string) => Promise<unknown>> = {
      literal: (code) =>
        shop.graphql(
          `mutation { x: applyCouponToCart(input: {cart_id: "${id}", coupon_code: ${JSON.stringify(code)}}) { cart { id } } }`,
        ),
      block: (code) =>
        shop.graphql(
          `mutation { applyCouponToCart(input: {coupon_code: """${code}""", cart_id: "${id}"}) { cart { id } } }`,
        ),
      escapedVariable: (code) =>
        shop.ask("/graphql", {
          method: "POST",
          headers: json,
          body: `{"query":"mutation($i: ApplyCouponToCartInput){applyCouponToCart(input:$i){cart{id}}}","variables":{"i":{"cart_id":"${id}","coupon_code":"${escaped(code)}"}}}`,
        }),
      fragment: (code) =>
        shop.graphql(
          `mutation M($c: String! = ${JSON.stringify(code)}) { ...F } fragment F on Mutation { applyCouponToCart(input: {cart_id: "${id}", coupon_code: $c}) { cart { id } } }`,
        ),
      rest: (code) => shop.rest("PUT", `/rest/V1/guest-carts/${id}/coupons/${encode(code)}`),
      async: (code) => shop.rest("PUT", `/rest/default/async/V1/guest-carts/${id}/coupons/${encode(code)}`),
      bulk: (code) =>
        shop.rest("PUT", "/rest/async/bulk/V1/guest-carts/byCartId/coupons/byCouponCode", {
          body: [{ cartId: id, couponCode: code }],
        }),
      soap: (code) =>
        shop.soap(
          "/soap/default?services=quoteGuestCouponManagementV1",
          `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><quoteGuestCouponManagementV1SetRequest><cartId>${id}</cartId><couponCode>${[...code].map((one) => `&#${one.codePointAt(0)};`).join("")}</couponCode></quoteGuestCouponManagementV1SetRequest></e:Body></e:Envelope>`,
        ),
    };
    // The doors lead somewhere: a code that is nobody's gets in by each.
    for (const [name, door] of Object.entries(doors)) {
      await store.graphql(`mutation { removeCouponFromCart(input: {cart_id: "${id}"}) { cart { id } } }`);
      await door("WELCOME10");
      expect([name, (await store.look(id)).coupons]).toEqual([name, ["WELCOME10"]]);
    }
    await store.graphql(`mutation { removeCouponFromCart(input: {cart_id: "${id}"}) { cart { id } } }`);
    await fc.assert(
      fc.asyncProperty(spelling, fc.constantFrom(...Object.keys(doors)), async (code, name) => {
        await doors[name]?.(code);
        expect([name, (await store.look(id)).coupons]).toEqual([name, []]);
      }),
      { numRuns: 120 },
    );
  }, 60_000);
});

it("where Commerce takes several coupons, the offer stands beside the shopper's own, and leaves alone", async () => {
  const demo = await startDemo({
    edgeScript: readFileSync(BUNDLE, "utf8"),
    trust: "verified",
    store: { edition: "commerce", couponsPerCart: 2 },
    bindings: { BACKEND_SECRET: BACKEND },
  });
  const shop = openClient(demo);
  const store = openClient({ url: demo.storeUrl });
  const id = await shop.cart(1);
  const own = `mutation { applyCouponToCart(input: {cart_id: "${id}", coupon_code: "WELCOME10"}) { cart { id } } }`;
  expect((await shop.graphql(own, undefined, vip)).json.errors).toBeUndefined();
  await shop.graphql(add, { id, items: change(2) }, vip);
  expect((await store.look(id)).coupons).toEqual(["WELCOME10", "VIP20"]);
  const left = await shop.graphql(add, { id, items: change(1) }, inNone);
  expect(left.json.errors).toBeUndefined();
  expect((await store.look(id)).coupons).toEqual(["WELCOME10"]);
  await demo.stop();
});
