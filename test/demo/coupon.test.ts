/** A coupon of the pretend Commerce: in which words it is taken and refused, and in which spellings it is one. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import type { StoreSettings } from "../../demo/store/settings.ts";
import { type Client, openClient, VIP } from "./client.ts";

const apply = `mutation ($id: String!, $code: String!) {
  applyCouponToCart(input: { cart_id: $id, coupon_code: $code }) { cart { applied_coupons { code } } } }`;
const remove = `mutation ($id: String!) {
  removeCouponFromCart(input: { cart_id: $id }) { cart { applied_coupons { code } } } }`;
const applySeveral = `mutation ($id: String!, $codes: [String]!, $type: ApplyCouponsStrategy) {
  applyCouponsToCart(input: { cart_id: $id, coupon_codes: $codes, type: $type }) {
    cart { applied_coupons { code } } } }`;
const removeSeveral = `mutation ($id: String!, $codes: [String]!) {
  removeCouponsFromCart(input: { cart_id: $id, coupon_codes: $codes }) { cart { applied_coupons { code } } } }`;

const stores: RunningStore[] = [];
async function open(settings: Partial<StoreSettings> = {}): Promise<Client> {
  const store = await startStore({ settings });
  stores.push(store);
  return openClient(store);
}

let shop: Client;
beforeAll(async () => {
  shop = await open();
});
afterAll(() => Promise.all(stores.map((store) => store.stop())));

/** The one error of an answer: what a client reads. */
async function refusal(client: Client, document: string, variables: object) {
  const { status, json } = await client.graphql(document, variables);
  const [{ message, path, extensions }] = json.errors;
  return { status, message, path, category: extensions.category };
}

describe("a coupon over GraphQL", () => {
  it.each([
    ["VIP20", 576, "20% off for regulars"],
    ["THREEFOR2", 480, "Three for two"],
  ])("%s is anybody's who types it: the store knows no audience for it", async (code, total, label) => {
    const id = await shop.cart();
    expect((await shop.graphql(apply, { id, code })).json.errors).toBeUndefined();
    expect(await shop.look(id)).toEqual({
      coupons: [code],
      total,
      discounts: [{ label, amount: 720 - total }],
    });
  });

  it("FREESHIP takes nothing off, and makes express delivery free and the cart's own", async () => {
    const id = await shop.cart();
    const address = `mutation ($id: String!) { setShippingAddressesOnCart(input: { cart_id: $id,
      shipping_addresses: [{ address: { firstname: "Ada", lastname: "Thwaite", street: ["1 Fell Rd"],
        city: "Keswick", postcode: "CA12", country_code: "GB", telephone: "1" } }] }) {
      cart { shipping_addresses { city selected_shipping_method { method_code }
        available_shipping_methods { method_code amount { value } } } } } }`;
    const before = await shop.graphql(address, { id });
    expect(before.json.data.setShippingAddressesOnCart.cart.shipping_addresses).toEqual([
      {
        city: "Keswick",
        selected_shipping_method: { method_code: "standard" },
        available_shipping_methods: [
          { method_code: "standard", amount: { value: 0 } },
          { method_code: "express", amount: { value: 12 } },
        ],
      },
    ]);
    await shop.graphql(apply, { id, code: "FREESHIP" });
    const [after] = (await shop.graphql(address, { id })).json.data.setShippingAddressesOnCart.cart
      .shipping_addresses;
    expect(after.selected_shipping_method).toEqual({ method_code: "express" });
    expect(after.available_shipping_methods[1].amount).toEqual({ value: 0 });
    expect((await shop.look(id)).total).toBe(720);
  });

  it("tells of a discount what it is, what it applies to and by which coupon", async () => {
    const id = await shop.cart();
    await shop.graphql(apply, { id, code: "vip20" });
    const cart = `query ($id: String!) { cart(cart_id: $id) { applied_coupon { code } prices {
      subtotal_excluding_tax { value currency }
      discounts { label amount { value currency } applied_to coupon { code } } } } }`;
    expect((await shop.graphql(cart, { id })).json.data.cart).toEqual({
      // As it was typed: Commerce does not correct it.
      applied_coupon: { code: "vip20" },
      prices: {
        subtotal_excluding_tax: { value: 720, currency: "USD" },
        discounts: [
          {
            label: "20% off for regulars",
            amount: { value: 144, currency: "USD" },
            applied_to: "ITEM",
            coupon: { code: "vip20" },
          },
        ],
      },
    });
  });

  it("is refused in Commerce's words: twice, bad, in an empty cart, without a code, in no cart", async () => {
    const id = await shop.cart();
    await shop.graphql(apply, { id, code: "VIP20" });
    const path = ["applyCouponToCart"];
    const twice = "A coupon is already applied to the cart. Please remove it to apply another";
    const bad = "The coupon code isn't valid. Verify the code and try again.";
    const again = { status: 200, message: twice, path, category: "graphql-input" };
    expect(await refusal(shop, apply, { id, code: "VIP20" })).toEqual(again);
    expect(await refusal(shop, apply, { id, code: "THREEFOR2" })).toEqual(again);
    const other = await shop.cart();
    const unknown = { status: 200, message: bad, path, category: "graphql-no-such-entity" };
    expect(await refusal(shop, apply, { id: other, code: "VIP2O" })).toEqual(unknown);
    expect(await refusal(shop, apply, { id: other, code: "VIP20." })).toEqual(unknown);
    expect(await refusal(shop, apply, { id: await shop.cart(0), code: "VIP20" })).toEqual({
      ...unknown,
      message: "Cart does not contain products.",
    });
    expect(await refusal(shop, apply, { id: other, code: "" })).toEqual({
      ...again,
      message: 'Required parameter "coupon_code" is missing',
    });
    expect(await refusal(shop, apply, { id: "nope", code: "VIP20" })).toEqual({
      ...unknown,
      message: 'Could not find a cart with ID "nope"',
    });
  });

  it("goes when it is taken out, or when the last product is; an empty cart has none to take", async () => {
    const id = await shop.cart();
    await shop.graphql(apply, { id, code: "VIP20" });
    const removed = await shop.graphql(remove, { id });
    expect(removed.json.data.removeCouponFromCart.cart.applied_coupons).toBeNull();
    await shop.graphql(apply, { id, code: "VIP20" });
    const cart = `query ($id: String!) { cart(cart_id: $id) { items { uid } } }`;
    const [{ uid }] = (await shop.graphql(cart, { id })).json.data.cart.items;
    await shop.graphql(
      `mutation ($id: String!, $uid: ID!) { removeItemFromCart(input: { cart_id: $id, cart_item_uid: $uid }) {
        cart { total_quantity } } }`,
      { id, uid },
    );
    expect((await shop.look(id)).coupons).toEqual([]);
    expect(await refusal(shop, remove, { id })).toEqual({
      status: 200,
      message: "Cart does not contain products",
      path: ["removeCouponFromCart"],
      category: "graphql-no-such-entity",
    });
  });

  it("of an audience's own rule still asks for the audience", async () => {
    const id = await shop.cart();
    expect((await refusal(shop, apply, { id, code: "LANTERN30" })).category).toBe("graphql-no-such-entity");
    const asked = { "aep-segments-membership": VIP };
    expect((await shop.graphql(apply, { id, code: "LANTERN30" }, asked)).json.errors).toBeUndefined();
    expect((await shop.look(id, asked)).discounts.map(({ label }) => label)).toContain(
      "Lantern night 30% off",
    );
  });
});

describe("several coupons", () => {
  it("Open Source has no mutation for them, and says so", async () => {
    const open_ = await open({ edition: "opensource" });
    const { status, json } = await open_.graphql(applySeveral, { id: "x", codes: ["VIP20"] });
    expect(status).toBe(200);
    expect(json.errors.map(({ message }: { message: string }) => message)).toContain(
      'Cannot query field "applyCouponsToCart" on type "Mutation".',
    );
  });

  it("Adobe Commerce takes one a cart unless it is told otherwise", async () => {
    const id = await shop.cart();
    const codes = ["VIP20", "THREEFOR2"];
    expect((await refusal(shop, applySeveral, { id, codes })).category).toBe("graphql-input");
    expect((await shop.look(id)).coupons).toEqual([]);
    expect((await shop.graphql(applySeveral, { id, codes: ["vip20"] })).json.errors).toBeUndefined();
    expect((await shop.look(id)).coupons).toEqual(["vip20"]);
  });

  it("are appended and replaced, taken out by name or all at once", async () => {
    const generous = await open({ couponsPerCart: 3 });
    const id = await generous.cart();
    await generous.graphql(applySeveral, { id, codes: ["VIP20"], type: "APPEND" });
    await generous.graphql(applySeveral, { id, codes: ["threefor2"] });
    expect(await generous.look(id)).toMatchObject({ coupons: ["VIP20", "threefor2"], total: 336 });
    expect((await refusal(generous, applySeveral, { id, codes: ["NOPE"] })).category).toBe(
      "graphql-no-such-entity",
    );
    expect((await generous.look(id)).coupons).toEqual(["VIP20", "threefor2"]);
    await generous.graphql(removeSeveral, { id, codes: ["Vip20"] });
    expect((await generous.look(id)).coupons).toEqual(["threefor2"]);
    await generous.graphql(applySeveral, { id, codes: ["WELCOME10"], type: "REPLACE" });
    expect((await generous.look(id)).coupons).toEqual(["WELCOME10"]);
    await generous.graphql(removeSeveral, { id, codes: [] });
    expect((await generous.look(id)).coupons).toEqual([]);
  });
});

describe("a code's spellings are the database's business", () => {
  /** Which of these reach VIP20, in each collation. */
  const spellings: readonly (readonly [why: string, typed: string, general: boolean, unicode: boolean])[] = [
    ["lower case", "vip20", true, true],
    ["spaces around", " VIP20\t ", true, true],
    ["an accent", "VÍP20", true, true],
    ["an accent as a mark of its own", "VI\u0301P20", false, true],
    ["full width", "ＶＩＰ２０", false, true],
    ["the digits of another script", "VIP٢٠", false, true],
    ["an invisible character", "VIP\u200B20", false, true],
    ["another code", "VIP21", false, false],
    ["a space inside", "VIP 20", false, false],
  ];

  it.each([
    ["utf8mb4_general_ci", 2],
    ["utf8mb4_unicode_ci", 3],
    ["utf8mb4_0900_ai_ci", 3],
    ["any", 3],
  ] as const)("%s", async (collation, column) => {
    const client = await open({ collation });
    const found: string[] = [];
    for (const [why, typed] of spellings) {
      const id = await client.cart(1);
      await client.graphql(apply, { id, code: typed });
      if ((await client.look(id)).coupons.length > 0) found.push(why);
    }
    expect(found).toEqual(spellings.filter((one) => one[column]).map(([why]) => why));
  });
});

const folder = join(process.env["EDGE_RECORDINGS"] ?? "", "magento");

describe.skipIf(!existsSync(join(folder, "graphql-coupon-bad.json")))("beside the recordings", () => {
  const recorded = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  // Where in the document the error stands, is a matter of the document.
  const compare = (json: { errors?: { locations?: unknown }[] }) => ({
    ...json,
    errors: json.errors?.map(({ locations: _, ...error }) => error),
  });

  it("a bad coupon leaves the rest of the document as it is, word for word", async () => {
    const id = await shop.cart();
    const document = `mutation ($id: String!) {
      removeCouponFromCart(input: { cart_id: $id }) { cart { applied_coupons { code } } }
      applyCouponToCart(input: { cart_id: $id, coupon_code: "NOPE" }) { cart { applied_coupons { code } } } }`;
    const { json } = await shop.graphql(document, { id });
    expect(compare(json)).toEqual(compare(recorded("graphql-coupon-bad")));
  });

  it("a coupon that is applied twice is refused, word for word", async () => {
    const id = await shop.cart();
    await shop.graphql(apply, { id, code: "VIP20" });
    const { json } = await shop.graphql(apply, { id, code: "VIP20" });
    expect(compare(json)).toEqual(compare(recorded("graphql-coupon-twice")));
  });

  it("of two mutations the first shows the cart as it was between them", async () => {
    const id = await shop.cart();
    const cart = `cart { total_quantity applied_coupons { code } prices { grand_total { value currency }`;
    const document = `mutation ($id: String!) {
      addProductsToCart(cartId: $id, cartItems: [{ sku: "TF-101", quantity: 1 }]) { ${cart} } }
        user_errors { code } }
      applyCouponToCart(input: { cart_id: $id, coupon_code: "THREEFOR2" }) {
        ${cart} discounts { label amount { value } } } } } }`;
    const { data } = (await shop.graphql(document, { id })).json;
    const other = recorded("graphql-add-then-coupon").data;
    expect(shapeOf(data)).toEqual(shapeOf(other));
    expect(data.addProductsToCart.cart.applied_coupons).toBeNull();
    expect(data.addProductsToCart.cart.prices.grand_total.value).toBe(960);
    expect(data.applyCouponToCart.cart.prices.grand_total.value).toBe(720);
  });
});

/** Keys in their order, and the kinds of values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
}
