/** Resolves the cart and the customer. */

import { type Cart, findCart } from "../cart.ts";
import { totalsOf } from "../price-rule.ts";
import { cartOfCustomer, findCustomer } from "../session.ts";
import { type Asker, failure } from "./asker.ts";
import { productFields } from "./catalog-fields.ts";
import { checkoutFields } from "./checkout-fields.ts";
import { money } from "./money.ts";

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
  const item = (line: Cart["lines"][number]) => ({
    __typename: "SimpleCartItem",
    id: String(line.id),
    uid: btoa(String(line.id)),
    quantity: line.quantity,
    product: productFields(line.product, asker),
    prices: {
      price: money(line.product.cents),
      row_total: money(line.product.cents * line.quantity),
      row_total_including_tax: money(line.product.cents * line.quantity),
    },
  });
  // Evaluated when asked for: the first of two mutations shows the cart as it was between them.
  const items = cart.lines.map(item);
  const totals = totalsOf(cart, asker.audiences);
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
    itemsV2: {
      items,
      total_count: items.length,
      page_info: { current_page: 1, page_size: 20, total_pages: 1 },
    },
    applied_coupons: coupons,
    applied_coupon: coupons?.[0] ?? null,
    total_quantity: totals.quantity,
    is_virtual: false,
    prices: {
      grand_total: money(totals.grandTotalCents),
      subtotal_excluding_tax: money(totals.subtotalCents),
      subtotal_including_tax: money(totals.subtotalCents),
      subtotal_with_discount_excluding_tax: money(totals.grandTotalCents),
      discounts: discounts.length === 0 ? null : discounts,
    },
    ...checkoutFields(cart, totals),
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
