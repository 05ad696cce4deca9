/** Resolves the cart and the customer. */

import { type Cart, type CartLine, findCart } from "../cart.ts";
import { totalsOf } from "../price-rule.ts";
import { cartOfCustomer, findCustomer } from "../session.ts";
import { type Asker, failure } from "./asker.ts";
import { productFields } from "./catalog-fields.ts";
import { checkoutFields } from "./checkout-fields.ts";
import { paginate } from "./list.ts";
import { type Money, money } from "./money.ts";

/** A field that may never be cached vetoes it only by succeeding: a Commerce trap that an edge must know. */
export function queryCart(_: unknown, asked: { readonly cart_id: string }, asker: Asker) {
  const fields = cartFields(cartOf(asked.cart_id, asker), asker);
  asker.caching.vetoed = true;
  return fields;
}

export function queryCustomerCart(_: unknown, __: unknown, asker: Asker) {
  if (asker.customer === null)
    throw failure("The request is allowed for logged in customer", "graphql-authorization");
  asker.caching.vetoed = true;
  return cartFields(cartOfCustomer(asker.customer), asker);
}

export function queryCustomer(_: unknown, __: unknown, asker: Asker) {
  if (asker.customer === null)
    throw failure("The current customer isn't authorized.", "graphql-authorization");
  asker.caching.vetoed = true;
  return asker.customer;
}

export function queryEmail(_: unknown, asked: { readonly email: string }) {
  return { is_email_available: findCustomer(asked.email) === null };
}

export function cartFields(cart: Cart, asker: Asker) {
  const totals = totalsOf(cart, asker.audiences);
  const item = (line: CartLine, index: number) => ({
    __typename: "SimpleCartItem",
    id: String(line.id),
    uid: btoa(String(line.id)),
    quantity: line.quantity,
    product: productFields(line.product, asker),
    prices: linePrices(line, totals.lineDiscountsCents[index] ?? 0),
    // Nothing here is ever sold out.
    is_available: true,
    customizable_options: [],
    available_gift_wrapping: [],
  });
  // Evaluated when asked for: the first of two mutations shows the cart as it was between them.
  const items = cart.lines.map(item);
  const coupons = cart.coupons.length === 0 ? null : cart.coupons.map(({ code }) => ({ code }));
  const discounts = totals.discounts.map((one) => ({
    label: one.label,
    amount: money(one.cents),
    applied_to: "ITEM",
    coupon: one.coupon === null ? null : { code: one.coupon },
  }));
  return {
    id: cart.id,
    email: cart.email,
    items,
    itemsV2: (asked: ItemsArguments) => paginate(sortItems(items, asked.sort), asked),
    applied_coupons: coupons,
    applied_coupon: coupons?.[0] ?? null,
    total_quantity: totals.quantity,
    is_virtual: false,
    prices: {
      grand_total: money(totals.grandTotalCents),
      subtotal_excluding_tax: money(totals.subtotalCents),
      subtotal_including_tax: money(totals.subtotalCents),
      subtotal_with_discount_excluding_tax: money(totals.grandTotalCents),
      grand_total_excluding_tax: money(totals.grandTotalCents),
      discounts: discounts.length === 0 ? null : discounts,
      applied_taxes: [],
      gift_options: giftPrices,
    },
    ...noGifts,
    ...checkoutFields(cart, totals),
  };
}

const noGifts = {
  applied_gift_cards: [],
  available_gift_wrappings: [],
  gift_receipt_included: false,
  printed_card_included: false,
} as const;

const giftPrices = {
  gift_wrapping_for_items: money(0),
  gift_wrapping_for_items_incl_tax: money(0),
  gift_wrapping_for_order: money(0),
  gift_wrapping_for_order_incl_tax: money(0),
  printed_card: money(0),
  printed_card_incl_tax: money(0),
} as const;

interface ItemsArguments {
  readonly pageSize: number;
  readonly currentPage: number;
  readonly sort?: { readonly field: string; readonly order: "ASC" | "DESC" } | null;
}

interface Sortable {
  readonly id: string;
  readonly quantity: number;
  readonly product: { readonly sku: string; readonly name: string; readonly id: number };
  readonly prices: { readonly price: Money };
}

/** By anything else than these, as they were put in. */
function sortItems<T extends Sortable>(items: readonly T[], sort: ItemsArguments["sort"]): readonly T[] {
  if (sort == null) return items;
  const compare = (one: T, other: T): number => {
    switch (sort.field) {
      case "SKU":
        return one.product.sku.localeCompare(other.product.sku);
      case "NAME":
        return one.product.name.localeCompare(other.product.name);
      case "PRODUCT_ID":
        return one.product.id - other.product.id;
      case "QTY":
        return one.quantity - other.quantity;
      case "PRICE":
        return one.prices.price.value - other.prices.price.value;
      default:
        return Number(one.id) - Number(other.id);
    }
  };
  return items.toSorted((one, other) => compare(one, other) * (sort.order === "DESC" ? -1 : 1));
}

/** There is no tax on anything. */
function linePrices({ product, quantity }: CartLine, discountCents: number) {
  const [price, row] = [money(product.cents), money(product.cents * quantity)];
  return {
    price,
    price_including_tax: price,
    original_item_price: price,
    row_total: row,
    row_total_including_tax: row,
    original_row_total: row,
    total_item_discount: money(discountCents),
    fixed_product_taxes: [],
  };
}

/** Throws as Commerce does where there is no such cart, and where it is somebody else's. */
export function cartOf(id: string | undefined, { customer }: Pick<Asker, "customer">): Cart {
  if (!id) throw failure('Required parameter "cart_id" is missing', "graphql-input");
  const cart = findCart(id);
  if (cart === null) throw failure(`Could not find a cart with ID "${id}"`, "graphql-no-such-entity");
  if (cart.owner === null || cart.owner === customer?.email) return cart;
  throw failure(`The current user cannot perform operations on cart "${id}"`, "graphql-authorization");
}
