/** A client of the pretend Commerce: GraphQL, REST, SOAP and forms, with what it answers as plain values. */

import type { RunningStore } from "../../demo/run.ts";

export const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
export const BARGAIN = "c81f0e52-3a47-4d9b-b6f0-92e4d7a1c863";
/** A jacket for $240: three are $720, $480 with the third one free, $576 with 20 % off. */
export const JACKET = { sku: "TF-101", id: 101, price: 240 } as const;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a store says of itself; each test says what it expects
  readonly json: any;
}

type Fields = Readonly<Record<string, string>>;

export interface Client {
  ask(path: string, init?: RequestInit): Promise<Reply>;
  /** A POST; `variables` only where there are some. */
  graphql(query: string, variables?: object, headers?: Fields): Promise<Reply>;
  rest(method: string, path: string, init?: { body?: unknown; headers?: Fields }): Promise<Reply>;
  soap(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Reply>;
  /** A guest's cart with that many jackets, made by GraphQL; its id. */
  cart(jackets?: number): Promise<string>;
  /** As the store sees the cart now. */
  look(id: string, headers?: Fields): Promise<CartLook>;
}

export interface CartLook {
  readonly coupons: readonly string[];
  readonly total: number;
  readonly discounts: readonly { readonly label: string; readonly amount: number }[];
}

export function openClient({ url }: Pick<RunningStore, "url">): Client {
  const ask = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(url + path, { redirect: "manual", ...init });
    const text = await response.text();
    const json = /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, text, json };
  };
  const graphql = (query: string, variables?: object, headers: Fields = {}) =>
    ask("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, ...(variables && { variables }) }),
    });
  return {
    ask,
    graphql,
    rest: (method, path, { body, headers = {} } = {}) =>
      ask(path, {
        method,
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    soap: (path, body) =>
      ask(path, { method: "POST", headers: { "content-type": "application/soap+xml" }, body }),
    async cart(jackets = 3) {
      const id = (await graphql("mutation { createEmptyCart }")).json.data.createEmptyCart as string;
      if (jackets > 0) await graphql(addition, { id, items: [{ sku: JACKET.sku, quantity: jackets }] });
      return id;
    },
    async look(id, headers = {}) {
      const { cart } = (await graphql(lookup, { id }, headers)).json.data;
      return {
        coupons: (cart.applied_coupons ?? []).map(({ code }: { code: string }) => code),
        total: cart.prices.grand_total.value,
        discounts: (cart.prices.discounts ?? []).map((one: { label: string; amount: { value: number } }) => ({
          label: one.label,
          amount: one.amount.value,
        })),
      };
    },
  };
}

const addition = `mutation ($id: String!, $items: [CartItemInput!]!) {
  addProductsToCart(cartId: $id, cartItems: $items) { user_errors { code } } }`;
const lookup = `query ($id: String!) { cart(cart_id: $id) {
  applied_coupons { code } prices { grand_total { value } discounts { label amount { value } } } } }`;
