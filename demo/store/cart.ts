/** Carts, kept in memory under their masked ids. */

import { openBoundedMap } from "./bounded-map.ts";
import type { Product } from "./catalog.ts";

export interface CartLine {
  readonly id: number;
  readonly product: Product;
  quantity: number;
}

export interface AppliedCoupon {
  /** As it was typed. */
  readonly code: string;
  /** The code of the rule that it reaches. */
  readonly rule: string;
}

export interface Address {
  readonly firstname: string;
  readonly lastname: string;
  readonly company: string | null;
  readonly street: readonly string[];
  readonly city: string;
  /** As the buyer wrote it. */
  readonly region: string | null;
  readonly postcode: string | null;
  readonly country: string;
  readonly telephone: string;
}

export interface Cart {
  readonly id: string;
  lines: CartLine[];
  coupons: readonly AppliedCoupon[];
  email: string | null;
  /** The e-mail address of the customer whose cart it is; null for a guest's. */
  owner: string | null;
  shippingAddress: Address | null;
  paymentMethod: string | null;
}

const carts = openBoundedMap<Cart>(20_000);
let nextLineId = 1;

export function createCart(id = randomId(32)): Cart {
  const cart: Cart = {
    id,
    lines: [],
    coupons: [],
    email: null,
    owner: null,
    shippingAddress: null,
    paymentMethod: null,
  };
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
  if (cart.lines.length === 0) cart.coupons = [];
  return true;
}

/** The guest's coupon comes along and takes the place of the other's. */
export function mergeCarts(source: Cart, destination: Cart): void {
  for (const { product, quantity } of source.lines) addToCart(destination, product, quantity);
  if (source.coupons.length > 0) destination.coupons = source.coupons;
  discardCart(source);
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
