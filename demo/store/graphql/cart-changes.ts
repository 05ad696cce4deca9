/** Resolves what makes a cart, fills it, and puts two into one. */

import { addToCart, type Cart, createCart, findCart, mergeCarts, setQuantity } from "../cart.ts";
import { findProduct } from "../catalog.ts";
import { cartOfCustomer, own } from "../session.ts";
import { type Asker, failure, notSignedIn } from "./asker.ts";
import { cartFields, cartOf } from "./cart-fields.ts";

/** Commerce lets each mutation be written without its input. */
export interface Input<T> {
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
    const cart = cartOf(asked.cartId, asker);
    const user_errors: { __typename: string; code: string; message: string }[] = [];
    for (const { sku, quantity } of asked.cartItems) {
      const product = findProduct({ sku });
      if (product !== null && quantity > 0) addToCart(cart, product, quantity);
      else user_errors.push(product === null ? noSuchProduct(sku) : wrongQuantity());
    }
    return { cart: cartFields(cart, asker), user_errors };
  },

  updateCartItems(_: unknown, { input }: Input<CartItemsUpdate>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
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
    const cart = cartOf(input?.cart_id, asker);
    if (!setQuantity(cart, lineIdOf(input ?? {}), 0)) {
      throw failure("The cart doesn't contain the item", "graphql-no-such-entity");
    }
    return { cart: cartFields(cart, asker) };
  },

  /** The guest's cart is the source, and is gone afterwards. Its coupon takes the place of the other's. */
  mergeCarts(
    _: unknown,
    asked: { readonly source_cart_id: string; readonly destination_cart_id?: string | null },
    asker: Asker,
  ) {
    if (asked.source_cart_id === "") {
      throw failure('Required parameter "source_cart_id" is missing', "graphql-input");
    }
    if (asked.destination_cart_id === "") {
      throw failure('The parameter "destination_cart_id" cannot be empty', "graphql-input");
    }
    const { customer } = asker;
    if (customer === null) throw notSignedIn();
    const source = cartOf(asked.source_cart_id, { ...asker, customer: null });
    const destination =
      asked.destination_cart_id == null ? cartOfCustomer(customer) : cartOf(asked.destination_cart_id, asker);
    if (source !== destination) mergeCarts(source, destination);
    return cartFields(destination, asker);
  },

  /** As `mergeCarts`, the other way about: the customer's former cart goes into the guest's, which stays. */
  assignCustomerToGuestCart(_: unknown, { cart_id }: { readonly cart_id: string }, asker: Asker) {
    const { customer } = asker;
    if (customer === null) throw notSignedIn();
    const cart = cartOf(cart_id, { ...asker, customer: null });
    const former = cartOfCustomer(customer);
    const { coupons } = cart;
    mergeCarts(former, cart);
    if (coupons.length > 0) cart.coupons = coupons;
    own(cart, customer);
    return cartFields(cart, asker);
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
