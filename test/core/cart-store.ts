/** A toy of Commerce's carts over graphql-js: coupons are applied and refused as Commerce does it. */

import { buildSchema, GraphQLError, graphqlSync, parse, validate } from "graphql";

export const schema = buildSchema(`
  type Query { cart(cart_id: String!): Cart, storeConfig: String }
  type Mutation {
    addProductsToCart(cartId: String!, cartItems: [CartItemInput!]!): AddOutput
    updateCartItems(input: UpdateInput): UpdateOutput
    mergeCarts(source_cart_id: String!, destination_cart_id: String): Cart!
    applyCouponToCart(input: ApplyInput): ApplyOutput
    removeCouponFromCart(input: RemoveInput): ApplyOutput
    placeOrder(input: RemoveInput): ApplyOutput
    createEmptyCart: String
  }
  input CartItemInput { sku: String!, quantity: Float! }
  input UpdateInput { cart_id: String!, quantity: Int }
  input ApplyInput { cart_id: String!, coupon_code: String! }
  input RemoveInput { cart_id: String! }
  type AddOutput { cart: Cart!, user_errors: [String]! }
  type UpdateOutput { cart: Cart! }
  type ApplyOutput { cart: Cart! }
  type Cart { id: ID!, total: Float!, quantity: Int!, applied_coupons: [Coupon], items(first: Int): [Item] }
  type Coupon { code: String! }
  type Item { sku: String!, quantity: Float! }
`);

export interface ToyCart {
  quantity: number;
  coupon: string | null;
}

/** Coupons that the store has, in lower case, and what comes off. */
const coupons: Readonly<Record<string, number>> = { vip20: 0.2, own10: 0.1 };

export interface ToyStore {
  readonly carts: Map<string, ToyCart>;
  readonly asked: string[];
  run(query: string, variables?: Readonly<Record<string, unknown>> | null): string;
}

export function openToyStore(): ToyStore {
  const carts = new Map<string, ToyCart>();
  const asked: string[] = [];
  const find = (id: string): ToyCart => {
    const cart = carts.get(id) ?? { quantity: 0, coupon: null };
    carts.set(id, cart);
    return cart;
  };
  const show = (id: string) => {
    const cart = find(id);
    const { quantity, coupon } = cart;
    const off = coupon === null ? 0 : (coupons[coupon.toLowerCase()] ?? 0);
    return {
      id,
      quantity,
      total: Math.round(quantity * 1000 * (1 - off)) / 100,
      applied_coupons: coupon === null ? null : [{ code: coupon }],
      items: () => (quantity === 0 ? [] : [{ sku: "shirt", quantity }]),
    };
  };
  type Input<T> = { readonly input: T };
  const root = {
    cart: ({ cart_id }: { cart_id: string }) => show(cart_id),
    storeConfig: "default",
    addProductsToCart: (args: { cartId: string; cartItems: { quantity: number }[] }) => {
      for (const { quantity } of args.cartItems) find(args.cartId).quantity += quantity;
      return { cart: show(args.cartId), user_errors: [] };
    },
    updateCartItems: ({ input }: Input<{ cart_id: string; quantity: number }>) => {
      find(input.cart_id).quantity = input.quantity;
      return { cart: show(input.cart_id) };
    },
    mergeCarts: (args: { source_cart_id: string; destination_cart_id: string }) => {
      find(args.destination_cart_id).quantity += find(args.source_cart_id).quantity;
      return show(args.destination_cart_id);
    },
    applyCouponToCart: ({ input }: Input<{ cart_id: string; coupon_code: string }>) => {
      const cart = find(input.cart_id);
      if (cart.quantity === 0) throw new GraphQLError("Cart does not contain products.");
      if (cart.coupon !== null) throw new GraphQLError("A coupon is already applied to the cart.");
      if (!(input.coupon_code.toLowerCase() in coupons)) {
        throw new GraphQLError("The coupon code isn't valid. Verify the code and try again.");
      }
      cart.coupon = input.coupon_code;
      return { cart: show(input.cart_id) };
    },
    removeCouponFromCart: ({ input }: Input<{ cart_id: string }>) => {
      find(input.cart_id).coupon = null;
      return { cart: show(input.cart_id) };
    },
    placeOrder: ({ input }: Input<{ cart_id: string }>) => ({ cart: show(input.cart_id) }),
    createEmptyCart: "new",
  };
  return {
    carts,
    asked,
    run(query, variables = null) {
      asked.push(query);
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return JSON.stringify({ errors });
      return JSON.stringify(
        graphqlSync({ schema, source: query, rootValue: root, variableValues: variables }),
      );
    },
  };
}
