/** Resolves what changes a cart, places an order, and signs in. */

import { addToCart, type Cart, createCart, findCart, setQuantity } from "../cart.ts";
import { findProduct } from "../catalog.ts";
import { applyCoupon, placeOrder as place } from "../order.ts";
import { cartOfCustomer, checkPassword } from "../session.ts";
import { type Asker, failure, issueToken, revokeToken } from "./asker.ts";
import { cartFields, cartOf } from "./cart-fields.ts";
import { money } from "./money.ts";

interface Input<T> {
  readonly input?: T | null;
}

interface CartItemsUpdate {
  readonly cart_id: string;
  readonly cart_items: readonly {
    cart_item_id?: number | null;
    cart_item_uid?: string | null;
    quantity?: number | null;
  }[];
}

export const cartMutations = {
  createEmptyCart: (_: unknown, __: unknown, asker: Asker) => newCart(asker).id,

  /** A client may bring an id of its own, as long as it looks like one of Commerce's. */
  createGuestCart(_: unknown, { input }: Input<{ cart_uid?: string | null }>, asker: Asker) {
    const id = input?.cart_uid ?? undefined;
    if (id !== undefined && !/^[A-Za-z0-9]{32}$/.test(id)) {
      throw failure("Cart ID length should be 32 characters.", "graphql-input");
    }
    if (id !== undefined && findCart(id) !== null) {
      throw failure(`Cart with ID "${id}" already exists.`, "graphql-input");
    }
    return { cart: cartFields(createCart(id), asker) };
  },

  addProductsToCart(
    _: unknown,
    asked: { cartId: string; cartItems: readonly { sku: string; quantity: number }[] },
    asker: Asker,
  ) {
    const cart = cartOf(asked.cartId);
    const user_errors: { __typename: string; code: string; message: string }[] = [];
    for (const { sku, quantity } of asked.cartItems) {
      const product = findProduct({ sku });
      if (product !== null && quantity > 0) addToCart(cart, product, quantity);
      else user_errors.push(product === null ? noSuchProduct(sku) : wrongQuantity());
    }
    return { cart: cartFields(cart, asker), user_errors };
  },

  applyCouponToCart(_: unknown, { input }: Input<{ cart_id: string; coupon_code: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id);
    const answer = applyCoupon(cart, input?.coupon_code ?? "", asker.audiences);
    switch (answer.kind) {
      case "applied":
        return { cart: cartFields(cart, asker) };
      case "empty-cart":
        throw failure("Cart does not contain products.", "graphql-input");
      case "already-applied":
        throw failure(
          "A coupon is already applied to the cart. Please remove it to apply another",
          "graphql-input",
        );
      case "unknown-code":
        throw failure(
          "The coupon code isn't valid. Verify the code and try again.",
          "graphql-no-such-entity",
        );
    }
  },

  removeCouponFromCart(_: unknown, { input }: Input<{ cart_id: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id);
    cart.coupon = null;
    return { cart: cartFields(cart, asker) };
  },

  updateCartItems(_: unknown, { input }: Input<CartItemsUpdate>, asker: Asker) {
    const cart = cartOf(input?.cart_id);
    for (const item of input?.cart_items ?? []) {
      const id = lineIdOf(item);
      if (setQuantity(cart, id, item.quantity ?? 1)) continue;
      throw failure(
        `Could not find cart item with id: ${item.cart_item_uid ?? id}.`,
        "graphql-no-such-entity",
      );
    }
    return { cart: cartFields(cart, asker) };
  },

  removeItemFromCart(
    _: unknown,
    { input }: Input<{ cart_id: string; cart_item_id?: number | null; cart_item_uid?: string | null }>,
    asker: Asker,
  ) {
    const cart = cartOf(input?.cart_id);
    if (!setQuantity(cart, lineIdOf(input ?? {}), 0)) {
      throw failure("The cart doesn't contain the item", "graphql-no-such-entity");
    }
    return { cart: cartFields(cart, asker) };
  },

  setGuestEmailOnCart(_: unknown, { input }: Input<{ cart_id: string; email: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id);
    if (!/^\S+@\S+\.\S+$/.test(input?.email ?? "")) throw failure("Invalid email format", "graphql-input");
    cart.email = input?.email ?? null;
    return { cart: cartFields(cart, asker) };
  },

  /** Needs no address and no payment method: nobody delivers from here. */
  placeOrder(_: unknown, { input }: Input<{ cart_id: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id);
    if (cart.lines.length === 0)
      return orderFailure("UNABLE_TO_PLACE_ORDER", "Unable to place order: Cart is empty");
    if (cart.email === null) return orderFailure("GUEST_EMAIL_MISSING", "Guest email for cart is missing.");
    const { number, totals } = place(cart, asker.audiences);
    const total = { grand_total: money(totals.grandTotalCents) };
    return { errors: [], order: { order_number: number }, orderV2: { number, total } };
  },

  generateCustomerToken(
    _: unknown,
    asked: { readonly email: string; readonly password: string },
    asker: Asker,
  ) {
    const customer = checkPassword(asked.email, asked.password);
    if (customer !== null) return { token: issueToken(customer, asker.visit.nowMs) };
    throw failure(
      "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.",
      "graphql-authentication",
    );
  },

  revokeCustomerToken(_: unknown, __: unknown, asker: Asker) {
    if (asker.customer === null)
      throw failure("The current customer isn't authorized.", "graphql-authorization");
    revokeToken(asker.visit);
    return { result: true };
  },
};

function newCart(asker: Asker): Cart {
  return asker.customer === null ? createCart() : cartOfCustomer(asker.customer);
}

function lineIdOf(item: { cart_item_id?: number | null; cart_item_uid?: string | null }): number {
  if (item.cart_item_id != null) return item.cart_item_id;
  try {
    return Number(atob(item.cart_item_uid ?? ""));
  } catch {
    return Number.NaN;
  }
}

function noSuchProduct(sku: string) {
  const message = `Could not find a product with SKU "${sku}"`;
  return { __typename: "CartUserInputError", code: "PRODUCT_NOT_FOUND", message };
}

function wrongQuantity() {
  const message = "The product quantity should be greater than 0";
  return { __typename: "CartUserInputError", code: "INVALID_PARAMETER_VALUE", message };
}

function orderFailure(code: string, message: string) {
  return { errors: [{ code, message }], order: null, orderV2: null };
}
