/** Carts, kept in memory under their masked ids. */

import { openBoundedMap } from "./bounded-map.ts";
import type { Product } from "./catalog.ts";

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

const carts = openBoundedMap<Cart>(20_000);
let nextLineId = 1;

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

export function discardCart(cart: Cart): void {
  carts.delete(cart.id);
}

/** Letters and digits, as Commerce masks its ids. */
export function randomId(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
