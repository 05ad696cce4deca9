/** A cart of the pretend Commerce over GraphQL, from the first product to the order, a guest's and a customer's. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import { type Client, JACKET, openClient } from "./client.ts";

let store: RunningStore;
let shop: Client;
beforeAll(async () => {
  store = await startStore();
  shop = openClient(store);
});
afterAll(() => store.stop());

async function data(document: string, variables: object = {}, headers = {}) {
  const { json } = await shop.graphql(document, variables, headers);
  expect(json.errors).toBeUndefined();
  return json.data;
}

async function refusal(document: string, variables: object = {}, headers = {}) {
  const [{ message, extensions }] = (await shop.graphql(document, variables, headers)).json.errors;
  return [message, extensions.category];
}

/** As a customer: the header that says so. */
async function signIn(email: string) {
  const document = `mutation ($email: String!) {
    generateCustomerToken(email: $email, password: "Trailhead-42") { token } }`;
  return { authorization: `Bearer ${(await data(document, { email })).generateCustomerToken.token}` };
}

const ADA = "ada@tarnfell.example";
const BEN = "ben@tarnfell.example";
const applied = `mutation ($id: String!, $code: String!) {
  applyCouponToCart(input: { cart_id: $id, coupon_code: $code }) { cart { id } } }`;
const add = `mutation ($id: String!, $items: [CartItemInput!]!) {
  addProductsToCart(cartId: $id, cartItems: $items) { cart { total_quantity } user_errors { code message } } }`;

describe("a guest", () => {
  it("makes a cart with an id of Commerce's or of their own", async () => {
    const made = await data("mutation { createGuestCart { cart { id total_quantity } } }");
    expect(made.createGuestCart.cart).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      total_quantity: 0,
    });
    const own = "mutation ($id: ID!) { createGuestCart(input: { cart_uid: $id }) { cart { id } } }";
    const id = "Abcdefghijklmnopqrstuvwxyz012345";
    expect((await data(own, { id })).createGuestCart.cart.id).toBe(id);
    expect(await refusal(own, { id })).toEqual([`Cart with ID "${id}" already exists.`, "graphql-input"]);
    expect(await refusal(own, { id: "short" })).toEqual([
      "Cart ID length should be 32 characters.",
      "graphql-input",
    ]);
  });

  it("puts in what there is; what there is not stands in user_errors, not in errors", async () => {
    const id = await shop.cart(0);
    const items = [
      { sku: JACKET.sku, quantity: 2 },
      { sku: "NO", quantity: 1 },
    ];
    expect((await data(add, { id, items })).addProductsToCart).toEqual({
      cart: { total_quantity: 2 },
      user_errors: [{ code: "PRODUCT_NOT_FOUND", message: 'Could not find a product with SKU "NO"' }],
    });
  });

  it("changes how many, and takes one out", async () => {
    const id = await shop.cart(2);
    const items =
      "query ($id: String!) { cart(cart_id: $id) { itemsV2 { items { uid quantity } total_count } } }";
    const [{ uid }] = (await data(items, { id })).cart.itemsV2.items;
    const update = `mutation ($id: String!, $uid: ID!, $quantity: Float!) {
      updateCartItems(input: { cart_id: $id, cart_items: [{ cart_item_uid: $uid, quantity: $quantity }] }) {
        cart { total_quantity prices { grand_total { value } } } } }`;
    expect((await data(update, { id, uid, quantity: 5 })).updateCartItems.cart).toEqual({
      total_quantity: 5,
      prices: { grand_total: { value: 1200 } },
    });
    expect(await refusal(update, { id, uid: btoa("99999"), quantity: 1 })).toEqual([
      `Could not find cart item with id: ${btoa("99999")}.`,
      "graphql-no-such-entity",
    ]);
    const out = `mutation ($id: String!, $uid: ID!) {
      removeItemFromCart(input: { cart_id: $id, cart_item_uid: $uid }) { cart { itemsV2 { total_count } } } }`;
    expect((await data(out, { id, uid })).removeItemFromCart.cart.itemsV2.total_count).toBe(0);
    expect(await refusal(out, { id, uid })).toEqual([
      "The cart doesn't contain the item",
      "graphql-no-such-entity",
    ]);
  });

  it("goes from the address to the order, and pays what the cart said", async () => {
    const id = await shop.cart();
    await data(applied, { id, code: "THREEFOR2" });
    const order = `mutation ($id: String!) { placeOrder(input: { cart_id: $id }) {
      errors { code message } order { order_number } orderV2 { number total { grand_total { value } } } } }`;
    expect((await data(order, { id })).placeOrder).toEqual({
      errors: [{ code: "GUEST_EMAIL_MISSING", message: "Guest email for cart is missing." }],
      order: null,
      orderV2: null,
    });
    const email = `mutation ($id: String!, $email: String!) {
      setGuestEmailOnCart(input: { cart_id: $id, email: $email }) { cart { email } } }`;
    expect(await refusal(email, { id, email: "nobody" })).toEqual(["Invalid email format", "graphql-input"]);
    expect((await data(email, { id, email: "a@b.example" })).setGuestEmailOnCart.cart.email).toBe(
      "a@b.example",
    );
    const pay = `mutation ($id: String!, $code: String!) {
      setPaymentMethodOnCart(input: { cart_id: $id, payment_method: { code: $code } }) {
        cart { selected_payment_method { code title } available_payment_methods { code } } } }`;
    expect(await refusal(pay, { id, code: "gold" })).toEqual([
      "The requested Payment Method is not available.",
      "graphql-input",
    ]);
    expect((await data(pay, { id, code: "checkmo" })).setPaymentMethodOnCart.cart).toEqual({
      selected_payment_method: { code: "checkmo", title: "Check / Money order" },
      available_payment_methods: [{ code: "checkmo" }, { code: "free" }],
    });
    const { placeOrder } = await data(order, { id });
    expect(placeOrder.errors).toEqual([]);
    expect(placeOrder.order.order_number).toMatch(/^\d{9}$/);
    expect(placeOrder.orderV2.total.grand_total.value).toBe(480);
    expect(await refusal(order, { id })).toEqual([
      `Could not find a cart with ID "${id}"`,
      "graphql-no-such-entity",
    ]);
  });

  it("gives one address, and not two", async () => {
    const id = await shop.cart();
    const ship = `mutation ($id: String!, $to: [ShippingAddressInput]!) {
      setShippingAddressesOnCart(input: { cart_id: $id, shipping_addresses: $to }) {
        cart { shipping_addresses { firstname street country { code } } } } }`;
    const address = {
      firstname: "Ada",
      lastname: "Thwaite",
      street: ["1 Fell Road"],
      city: "Keswick",
      country_code: "gb",
      telephone: "1",
    };
    expect((await data(ship, { id, to: [{ address }] })).setShippingAddressesOnCart.cart).toEqual({
      shipping_addresses: [{ firstname: "Ada", street: ["1 Fell Road"], country: { code: "GB" } }],
    });
    expect(await refusal(ship, { id, to: [{ address }, { address }] })).toEqual([
      "You cannot specify multiple shipping addresses.",
      "graphql-input",
    ]);
    expect((await refusal(ship, { id, to: [{}] }))[1]).toBe("graphql-input");
  });

  it("is told that customers' things are customers'", async () => {
    expect(await refusal("{ customerCart { id } }")).toEqual([
      "The request is allowed for logged in customer",
      "graphql-authorization",
    ]);
    const notSignedIn = ["The current customer isn't authorized.", "graphql-authorization"];
    const id = await shop.cart();
    expect(await refusal("mutation { revokeCustomerToken { result } }")).toEqual(notSignedIn);
    const merge = "mutation ($id: String!) { mergeCarts(source_cart_id: $id) { id } }";
    expect(await refusal(merge, { id })).toEqual(notSignedIn);
    const assign = "mutation ($id: String!) { assignCustomerToGuestCart(cart_id: $id) { id } }";
    expect(await refusal(assign, { id })).toEqual(notSignedIn);
  });
});

describe("a customer", () => {
  it("brings the guest's cart along, its coupon too, and the guest's is gone", async () => {
    const ada = await signIn(ADA);
    const { id } = (await data("{ customerCart { id } }", {}, ada)).customerCart;
    await data(add, { id, items: [{ sku: JACKET.sku, quantity: 1 }] }, ada);
    const guest = await shop.cart(2);
    await data(applied, { id: guest, code: "VIP20" });
    const merge = `mutation ($from: String!, $to: String) {
      mergeCarts(source_cart_id: $from, destination_cart_id: $to) {
        id total_quantity applied_coupons { code } prices { grand_total { value } } } }`;
    expect((await data(merge, { from: guest, to: id }, ada)).mergeCarts).toEqual({
      id,
      total_quantity: 3,
      applied_coupons: [{ code: "VIP20" }],
      prices: { grand_total: { value: 576 } },
    });
    expect(await refusal("query ($id: String!) { cart(cart_id: $id) { id } }", { id: guest })).toEqual([
      `Could not find a cart with ID "${guest}"`,
      "graphql-no-such-entity",
    ]);
  });

  it("can take a guest's cart for their own, and then nobody else can use it", async () => {
    const ben = await signIn(BEN);
    const guest = await shop.cart(3);
    const assign =
      "mutation ($id: String!) { assignCustomerToGuestCart(cart_id: $id) { id email total_quantity } }";
    expect((await data(assign, { id: guest }, ben)).assignCustomerToGuestCart).toEqual({
      id: guest,
      email: BEN,
      total_quantity: 3,
    });
    expect((await data("{ customerCart { id } }", {}, ben)).customerCart.id).toBe(guest);
    const foreign = [
      `The current user cannot perform operations on cart "${guest}"`,
      "graphql-authorization",
    ];
    expect(await refusal(applied, { id: guest, code: "VIP20" })).toEqual(foreign);
    expect(await refusal(applied, { id: guest, code: "VIP20" }, await signIn(ADA))).toEqual(foreign);
    expect((await shop.rest("PUT", `/rest/V1/guest-carts/${guest}/coupons/VIP20`)).status).toBe(404);
    expect((await data(applied, { id: guest, code: "VIP20" }, ben)).applyCouponToCart.cart.id).toBe(guest);
  });

  it("is nobody with a wrong password or a token that was given back", async () => {
    const wrong = `mutation { generateCustomerToken(email: "${ADA}", password: "guess") { token } }`;
    expect((await refusal(wrong))[1]).toBe("graphql-authentication");
    const ada = await signIn(ADA);
    expect((await data("mutation { revokeCustomerToken { result } }", {}, ada)).revokeCustomerToken).toEqual({
      result: true,
    });
    expect((await refusal("{ customer { email } }", {}, ada))[1]).toBe("graphql-authorization");
  });
});
