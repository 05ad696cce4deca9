/** PHP sessions and the customers who can sign in. */

import { openBoundedMap } from "./bounded-map.ts";
import { type Cart, createCart, findCart, mergeCarts, randomId } from "./cart.ts";

export interface Customer {
  readonly email: string;
  readonly password: string;
  readonly firstname: string;
  readonly lastname: string;
}

export interface Session {
  readonly id: string;
  formKey: string;
  cartId: string | null;
  customer: Customer | null;
  lastOrder: string | null;
}

/** Known to everybody: this shop sells nothing. */
export const customers: readonly Customer[] = [
  { email: "ada@tarnfell.example", password: "Trailhead-42", firstname: "Ada", lastname: "Thwaite" },
  { email: "ben@tarnfell.example", password: "Trailhead-42", firstname: "Ben", lastname: "Rigg" },
];

/** One for every new session, so that two visitors' pages are the same bytes and can be compared. */
const firstFormKey = "kV3mQ8xTz1LbYc5R";

const sessions = openBoundedMap<Session>(20_000);
const customerCarts = openBoundedMap<string>(100);

/** A session is stored only when something is put into it; until then it is only an id. */
export function openSession(cookie: string | undefined): Session {
  const id = cookie !== undefined && /^[A-Za-z0-9,-]{22,128}$/.test(cookie) ? cookie : newSessionId();
  const stored = sessions.get(id);
  return stored ?? { id, formKey: firstFormKey, cartId: null, customer: null, lastOrder: null };
}

export function saveSession(session: Session): void {
  sessions.set(session.id, session);
}

export function findCustomer(email: string): Customer | null {
  return customers.find((customer) => customer.email === email.trim().toLowerCase()) ?? null;
}

export function checkPassword(email: string, password: string): Customer | null {
  const customer = findCustomer(email);
  return customer !== null && customer.password === password ? customer : null;
}

/** Signing in gives a new session id, and what the guest had put into the cart comes along. */
export function signIn(session: Session, customer: Customer): Session {
  const guestCart = sessionCart(session);
  const cartId = customerCarts.get(customer.email) ?? null;
  const cart = (cartId === null ? null : findCart(cartId)) ?? guestCart ?? createCart();
  if (guestCart !== null && guestCart !== cart) {
    mergeCarts(guestCart, cart);
  }
  own(cart, customer);
  sessions.delete(session.id);
  const next: Session = { ...session, id: newSessionId(), customer, cartId: cart.id };
  saveSession(next);
  return next;
}

export function signOut(session: Session): Session {
  sessions.delete(session.id);
  const next: Session = { ...session, id: newSessionId(), customer: null, cartId: null };
  saveSession(next);
  return next;
}

export function sessionCart(session: Session): Cart | null {
  return session.cartId === null ? null : findCart(session.cartId);
}

export function cartOfCustomer(customer: Customer): Cart {
  const id = customerCarts.get(customer.email);
  const cart = (id === undefined ? null : findCart(id)) ?? createCart();
  own(cart, customer);
  return cart;
}

/** Makes a cart the customer's; the one before, if there was another, is nobody's any more. */
export function own(cart: Cart, customer: Customer): void {
  cart.email = customer.email;
  cart.owner = customer.email;
  customerCarts.set(customer.email, cart.id);
}

/** The session's cart, made if there is none. */
export function openCart(session: Session): Cart {
  const known =
    sessionCart(session) ?? (session.customer === null ? createCart() : cartOfCustomer(session.customer));
  session.cartId = known.id;
  saveSession(session);
  return known;
}

function newSessionId(): string {
  return randomId(26).toLowerCase();
}
