/** An offer that Commerce does not take: the shopper has the cart that they asked for, and the operator reads why. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoKeys } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { publishCampaigns } from "../../src/edge/publish.ts";
import { type Client, openClient, VIP } from "../demo/client.ts";
import { BUNDLE } from "./edge.ts";

const BACKEND = "a backend secret of the tests, long enough";
const vip = {
  "edge-audiences-backend": BACKEND,
  "aep-segments-membership": VIP,
  "edge-audiences-explain": demoKeys.OPERATOR_KEY,
};

let demo: RunningDemo;
let shop: Client;
let store: Client;

beforeAll(async () => {
  demo = await startDemo({
    edgeScript: readFileSync(BUNDLE, "utf8"),
    trust: "verified",
    store: { edition: "opensource" },
    bindings: { BACKEND_SECRET: BACKEND },
  });
  // A coupon that has ended, or was never made: Commerce says the same of both.
  const offers = [{ id: "vip-gone", for: { any: ["vip"] }, coupon: "GONE20" }];
  const file = JSON.stringify({ audiences: { vip: VIP }, banners: [], offers });
  const kv = await demo.miniflare.getKVNamespace("KV", "edge");
  const context = { websites: null, adminPath: null };
  expect((await publishCampaigns(kv, file, context, "2026-11-01T00:00:00.000Z")).ok).toBe(true);
  shop = openClient(demo);
  store = openClient({ url: demo.storeUrl });
});
afterAll(() => demo?.stop());

const add = `mutation Add($id: String!, $n: Float!) {
  addProductsToCart(cartId: $id, cartItems: [{ sku: "TF-101", quantity: $n }]) {
    cart { total_quantity prices { grand_total { value } } }
    user_errors { code }
  }
}`;

const offerOf = (headers: Headers) =>
  (JSON.parse(headers.get("edge-audiences-plan") ?? "{}") as { offer: unknown }).offer;

test("an expired coupon: the answer is what Commerce gives who asks without us, with no word of it", async () => {
  const direct = await store.graphql(add, { id: await store.cart(0), n: 3 });
  const id = await shop.cart(0);
  const through = await shop.graphql(add, { id, n: 3 }, vip);
  expect(through.status).toBe(direct.status);
  expect(through.json).toEqual(direct.json);
  expect(await store.look(id)).toMatchObject({ coupons: [], total: 720 });
  expect(offerOf(through.headers)).toMatchObject({
    offer: "vip-gone",
    applied: null,
    refused: expect.stringMatching(/^The coupon code isn't valid/),
  });
});

test("a shopper's own coupon stays where the offer's is refused, under load too", async () => {
  const buy = async () => {
    const id = await shop.cart(1);
    const own = `mutation { applyCouponToCart(input: {cart_id: "${id}", coupon_code: "WELCOME10"}) { cart { id } } }`;
    expect((await shop.graphql(own, undefined, vip)).json.errors).toBeUndefined();
    const more = await shop.graphql(add, { id, n: 2 }, vip);
    expect(more.json.errors).toBeUndefined();
    return (await store.look(id)).coupons;
  };
  const carts = await Promise.all(Array.from({ length: 20 }, buy));
  expect(carts).toEqual(Array(20).fill(["WELCOME10"]));
});
