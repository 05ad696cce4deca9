/** Resolves the way from a cart to an order. */

import { placeOrder as place } from "../order.ts";
import { type Asker, failure } from "./asker.ts";
import type { Input } from "./cart-changes.ts";
import { cartFields, cartOf } from "./cart-fields.ts";
import { paymentMethods } from "./checkout-fields.ts";
import { money } from "./money.ts";

interface AddressInput {
  readonly firstname: string;
  readonly lastname: string;
  readonly street: readonly (string | null)[];
  readonly city: string;
  readonly company?: string | null;
  readonly region?: string | null;
  readonly postcode?: string | null;
  readonly country_code: string;
  readonly telephone?: string | null;
}

interface ShippingAddresses {
  readonly cart_id: string;
  readonly shipping_addresses: readonly ({ readonly address?: AddressInput | null } | null)[];
}

export const checkoutMutations = {
  setGuestEmailOnCart(_: unknown, { input }: Input<{ cart_id: string; email: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
    if (asker.customer !== null) {
      throw failure("The request is not allowed for logged in customers", "graphql-no-such-entity");
    }
    if (!/^\S+@\S+\.\S+$/.test(input?.email ?? "")) throw failure("Invalid email format", "graphql-input");
    cart.email = input?.email ?? null;
    return { cart: cartFields(cart, asker) };
  },

  setShippingAddressesOnCart(_: unknown, { input }: Input<ShippingAddresses>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
    const addresses = input?.shipping_addresses ?? [];
    if (addresses.length > 1) {
      throw failure("You cannot specify multiple shipping addresses.", "graphql-input");
    }
    const address = addresses[0]?.address;
    if (address == null) {
      throw failure(
        'The shipping address must contain either "customer_address_id", "customer_address_uid", or "address".',
        "graphql-input",
      );
    }
    cart.shippingAddress = {
      firstname: address.firstname,
      lastname: address.lastname,
      company: address.company ?? null,
      street: address.street.filter((line) => line !== null),
      city: address.city,
      region: address.region ?? null,
      postcode: address.postcode ?? null,
      country: address.country_code.toUpperCase(),
      telephone: address.telephone ?? "",
    };
    return { cart: cartFields(cart, asker) };
  },

  setPaymentMethodOnCart(
    _: unknown,
    { input }: Input<{ cart_id: string; payment_method: { readonly code: string } }>,
    asker: Asker,
  ) {
    const cart = cartOf(input?.cart_id, asker);
    const method = paymentMethods.find(({ code }) => code === input?.payment_method.code);
    if (method === undefined) {
      throw failure("The requested Payment Method is not available.", "graphql-input");
    }
    cart.paymentMethod = method.code;
    return { cart: cartFields(cart, asker) };
  },

  /** Needs no address and no payment method: nobody delivers from here. */
  placeOrder(_: unknown, { input }: Input<{ cart_id: string }>, asker: Asker) {
    const cart = cartOf(input?.cart_id, asker);
    if (cart.lines.length === 0)
      return orderFailure("UNABLE_TO_PLACE_ORDER", "Unable to place order: Cart is empty");
    if (cart.email === null) return orderFailure("GUEST_EMAIL_MISSING", "Guest email for cart is missing.");
    const { number, totals } = place(cart, asker.audiences);
    const total = { grand_total: money(totals.grandTotalCents) };
    return { errors: [], order: { order_number: number }, orderV2: { number, total } };
  },
};

function orderFailure(code: string, message: string) {
  return { errors: [{ code, message }], order: null, orderV2: null };
}
