/** Orders: a cart with the totals of the request that placed it. */

import { openBoundedMap } from "./bounded-map.ts";
import { type Cart, type CartLine, discardCart } from "./cart.ts";
import { type Totals, totalsOf } from "./price-rule.ts";

export interface Order {
  readonly number: string;
  readonly lines: readonly CartLine[];
  readonly totals: Totals;
}

const orders = openBoundedMap<Order>(2_000);
let nextOrderNumber = 1;

/** Turns a cart into an order with the totals of this very request, and empties it. */
export function placeOrder(cart: Cart, audiences: readonly string[]): Order {
  const number = String(nextOrderNumber).padStart(9, "0");
  nextOrderNumber += 1;
  const order = { number, lines: cart.lines, totals: totalsOf(cart, audiences) };
  orders.set(number, order);
  discardCart(cart);
  return order;
}

export function findOrder(number: string): Order | null {
  return orders.get(number) ?? null;
}
