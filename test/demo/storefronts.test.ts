/** What the storefronts that people really use ask of Commerce, the pretend one answers, with what the shop has. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import { type Client, JACKET, openClient, VIP } from "./client.ts";

const women = btoa("3");
let store: RunningStore;
let shop: Client;
beforeAll(async () => {
  store = await startStore();
  shop = openClient(store);
});
afterAll(() => store.stop());

async function read(query: string, variables: object = {}, headers = {}) {
  const { json } = await shop.graphql(query, variables, headers);
  expect(json.errors).toBeUndefined();
  return json.data;
}

describe("a list of products", () => {
  const list = `query ($filter: ProductAttributeFilterInput, $search: String, $size: Int = 2) {
    products(filter: $filter, search: $search, pageSize: $size) {
      items {
        sku rating_summary canonical_url only_x_left_in_stock
        price { regularPrice { amount { value currency } } }
        price_range { maximum_price { final_price { value } discount { amount_off percent_off } } }
        ... on ConfigurableProduct { variants { product { sku } } }
      }
      total_count
      aggregations { attribute_code label count options { label value count } }
      sort_fields { default options { label value } }
    } }`;

  it("has each price in the old and in the new shape, and nothing taken off", async () => {
    const { items } = (await read(list, { filter: { sku: { eq: JACKET.sku } } })).products;
    expect(items).toEqual([
      {
        sku: JACKET.sku,
        rating_summary: 0,
        canonical_url: null,
        only_x_left_in_stock: null,
        price: { regularPrice: { amount: { value: JACKET.price, currency: "USD" } } },
        price_range: {
          maximum_price: {
            final_price: { value: JACKET.price },
            discount: { amount_off: 0, percent_off: 0 },
          },
        },
      },
    ]);
  });

  it("can be narrowed by category: what is counted is all that was found, and asking for it finds as many", async () => {
    const { items, total_count, aggregations } = (await read(list, { search: "women" })).products;
    expect(items.length).toBeLessThan(total_count);
    const [byCategory] = aggregations;
    expect(byCategory).toMatchObject({ attribute_code: "category_uid", count: byCategory.options.length });
    for (const { value, count } of byCategory.options) {
      const narrowed = await read(list, { search: "women", filter: { category_uid: { eq: value } } });
      expect([value, narrowed.products.total_count]).toEqual([value, count]);
    }
    expect((await read(list, { search: "umbrella" })).products.aggregations).toEqual([]);
  });

  it("says by what it can be sorted, and a search by what fits", async () => {
    const { sort_fields: found } = (await read(list, { search: "jacket" })).products;
    expect(found).toMatchObject({ default: "relevance" });
    const { sort_fields: listed } = (await read(list, { filter: { category_uid: { eq: women } } })).products;
    expect(listed.options.map(({ value }: { value: string }) => value)).toEqual([
      "position",
      "name",
      "price",
    ]);
  });
});

it("the menu is the root's children, and a category is found by its uid", async () => {
  const { categoryList } = await read(
    "{ categoryList { name children { uid name url_key url_path position include_in_menu children { uid } } } }",
  );
  expect(categoryList).toHaveLength(1);
  expect(categoryList[0].children).toHaveLength(3);
  expect(categoryList[0].children[0]).toEqual({
    uid: women,
    name: "Women",
    url_key: "women",
    url_path: "women",
    position: 1,
    include_in_menu: 1,
    children: [],
  });
  const { categories } = await read(
    `query ($uid: String!) { categories(filters: { category_uid: { in: [$uid] } }) {
      items { url_path meta_title } total_count } }`,
    { uid: women },
  );
  expect(categories).toEqual({ items: [{ url_path: "women", meta_title: null }], total_count: 1 });
  const { headers } = await shop.ask(
    `/graphql?query=${encodeURIComponent("{ categories { items { uid } } }")}`,
  );
  expect(headers.get("x-magento-tags")).toContain("cat_c_2");
});

describe("a cart", () => {
  const prices = `price { value } price_including_tax { value } row_total { value } original_row_total { value }
    total_item_discount { value } fixed_product_taxes { label }`;
  const items = "items { uid quantity product { sku } errors { code message }";

  it("tells what comes off each line, and the lines' discounts are the cart's", async () => {
    const id = await shop.cart(2);
    const add = `mutation ($id: String!) { addProductsToCart(cartId: $id, cartItems: [{ sku: "TF-301", quantity: 1 }]) {
      user_errors { code } } }`;
    await read(add, { id });
    const query = `query ($id: String!) { cart(cart_id: $id) { ${items} prices { ${prices} } }
      prices { discounts { amount { value } } grand_total { value } grand_total_excluding_tax { value }
        applied_taxes { label } } } }`;
    const { cart } = await read(query, { id }, { "aep-segments-membership": VIP });
    expect(cart.items.map((item: { prices: object }) => item.prices)).toEqual([
      {
        price: { value: 240 },
        price_including_tax: { value: 240 },
        row_total: { value: 480 },
        original_row_total: { value: 480 },
        total_item_discount: { value: 96 },
        fixed_product_taxes: [],
      },
      expect.objectContaining({ row_total: { value: 85 }, total_item_discount: { value: 17 } }),
    ]);
    expect(cart.items[0].errors).toBeNull();
    expect(cart.prices).toEqual({
      discounts: [{ amount: { value: 113 } }],
      grand_total: { value: 452 },
      grand_total_excluding_tax: { value: 452 },
      applied_taxes: [],
    });
  });

  it("gives its lines in pages and in the order asked for", async () => {
    const id = await shop.cart(1);
    const add = `mutation ($id: String!) { addProductsToCart(cartId: $id, cartItems: [{ sku: "TF-301", quantity: 3 }]) {
      user_errors { code } } }`;
    await read(add, { id });
    const query = `query ($id: String!, $sort: QuoteItemsSortInput, $page: Int = 1, $size: Int = 100) {
      cart(cart_id: $id) { itemsV2(pageSize: $size, currentPage: $page, sort: $sort) {
        items { product { sku } } total_count page_info { total_pages } } } }`;
    const skus = async (variables: object) =>
      (await read(query, { id, ...variables })).cart.itemsV2.items.map(
        ({ product }: { product: { sku: string } }) => product.sku,
      );
    expect(await skus({})).toEqual([JACKET.sku, "TF-301"]);
    expect(await skus({ sort: { field: "CREATED_AT", order: "DESC" } })).toEqual(["TF-301", JACKET.sku]);
    expect(await skus({ sort: { field: "PRICE", order: "ASC" } })).toEqual(["TF-301", JACKET.sku]);
    expect(await skus({ size: 1, page: 2 })).toEqual(["TF-301"]);
    expect((await read(query, { id, size: 1 })).cart.itemsV2).toMatchObject({
      total_count: 2,
      page_info: { total_pages: 2 },
    });
  });

  it("keeps the company and the region of an address, and has no other to bill", async () => {
    const id = await shop.cart(1);
    const set = `mutation ($id: String!, $address: CartAddressInput!) {
      setShippingAddressesOnCart(input: { cart_id: $id, shipping_addresses: [{ address: $address }] }) {
        cart { shipping_addresses { company region { code label region_id } } billing_address { city } } } }`;
    const address = {
      firstname: "Ada",
      lastname: "Lind",
      company: "Lind & Co",
      street: ["1 Quay"],
      city: "Portland",
      region: "ME",
      country_code: "US",
    };
    const { cart } = (await read(set, { id, address })).setShippingAddressesOnCart;
    expect(cart).toEqual({
      shipping_addresses: [{ company: "Lind & Co", region: { code: "ME", label: "ME", region_id: null } }],
      billing_address: null,
    });
  });

  it("has no gifts in it, and only Adobe Commerce knows what they are", async () => {
    const query = `query ($id: String!) { cart(cart_id: $id) {
      applied_gift_cards { code } gift_message { message } gift_receipt_included available_gift_wrappings { uid }
      items { ... on SimpleCartItem { gift_wrapping { uid } available_gift_wrapping { uid }
        customizable_options { label } } product { gift_message_available } }
      prices { gift_options { printed_card { value } } } } }`;
    expect((await read(query, { id: await shop.cart(1) })).cart).toEqual({
      applied_gift_cards: [],
      gift_message: null,
      gift_receipt_included: false,
      available_gift_wrappings: [],
      items: [
        {
          gift_wrapping: null,
          available_gift_wrapping: [],
          customizable_options: [],
          product: { gift_message_available: false },
        },
      ],
      prices: { gift_options: { printed_card: { value: 0 } } },
    });
    const open = await startStore({ settings: { edition: "opensource" } });
    const { json } = await openClient(open).graphql(query, { id: "x" });
    expect(json.errors[0].message).toContain('Cannot query field "applied_gift_cards" on type "Cart"');
    await open.stop();
  });
});

it("the configuration says what is switched off", async () => {
  const { storeConfig } = await read(
    "{ storeConfig { grid_per_page minicart_display allow_order magento_wishlist_general_is_enabled contact_enabled } }",
  );
  expect(storeConfig).toEqual({
    grid_per_page: 12,
    minicart_display: true,
    allow_order: "0",
    magento_wishlist_general_is_enabled: "0",
    contact_enabled: false,
  });
});

it("a Commerce whose limit was raised takes the longer documents of storefronts", async () => {
  const raised = await startStore({ settings: { maxComplexity: 400 } });
  const { json } = await openClient(raised).graphql(`{ storeConfig { ${"store_code ".repeat(399)} } }`);
  expect(json.errors).toBeUndefined();
  await raised.stop();
});
