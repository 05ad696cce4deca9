/** Carts and orders, kept in memory under their masked ids. */

import { openBoundedMap } from "./bounded-map.ts";
import type { Product } from "./catalog.ts";
import { findCoupon, type Totals, totalsOf } from "./price-rule.ts";

export interface CartLine {
  readonly id: number;
  readonly product: Product;
  quantity: number;
}

export interface Cart {
  readonly id: string;
  lines: CartLine[];
  coupon: string | null;
  email: string | null;
}

export interface Order {
  readonly number: string;
  readonly lines: readonly CartLine[];
  readonly totals: Totals;
}

export type CouponAnswer =
  | { readonly kind: "applied"; readonly code: string }
  | { readonly kind: "empty-cart" }
  | { readonly kind: "already-applied" }
  | { readonly kind: "unknown-code" };

const carts = openBoundedMap<Cart>(20_000);
const orders = openBoundedMap<Order>(2_000);
let nextLineId = 1;
let nextOrderNumber = 1;

export function createCart(id = randomId(32)): Cart {
  const cart: Cart = { id, lines: [], coupon: null, email: null };
  carts.set(cart.id, cart);
  return cart;
}

export function findCart(id: string): Cart | null {
  return carts.get(id) ?? null;
}

export function addToCart(cart: Cart, product: Product, quantity: number): void {
  const line = cart.lines.find((one) => one.product.id === product.id);
  if (line === undefined) {
    cart.lines.push({ id: nextLineId, product, quantity });
    nextLineId += 1;
  } else {
    line.quantity = Math.min(10_000, line.quantity + quantity);
  }
}

/** A quantity of zero takes the line out. False when the cart has no such line. */
export function setQuantity(cart: Cart, lineId: number, quantity: number): boolean {
  const line = cart.lines.find((one) => one.id === lineId);
  if (line === undefined) return false;
  line.quantity = quantity;
  if (quantity <= 0) cart.lines = cart.lines.filter((one) => one !== line);
  if (cart.lines.length === 0) cart.coupon = null;
  return true;
}

/** One coupon a cart, and the same one twice is refused too: applying is not idempotent in Commerce. */
export function applyCoupon(cart: Cart, code: string): CouponAnswer {
  if (cart.lines.length === 0) return { kind: "empty-cart" };
  if (cart.coupon !== null) return { kind: "already-applied" };
  const coupon = findCoupon(code);
  if (coupon === null) return { kind: "unknown-code" };
  cart.coupon = coupon;
  return { kind: "applied", code: coupon };
}

/** Turns a cart into an order with the totals of this very request, and empties it. */
export function placeOrder(cart: Cart, audiences: readonly string[]): Order {
  const number = String(nextOrderNumber).padStart(9, "0");
  nextOrderNumber += 1;
  const order = { number, lines: cart.lines, totals: totalsOf(cart, audiences) };
  orders.set(number, order);
  carts.delete(cart.id);
  return order;
}

export function findOrder(number: string): Order | null {
  return orders.get(number) ?? null;
}

/** Letters and digits, as Commerce masks its ids. */
export function randomId(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
