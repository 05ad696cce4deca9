/** Cart mutations: which part of a document changes a cart and shows it, and which must be left alone. */

import { isIncluded, resolveValue, type Variables } from "./graphql-document/value.ts";
import type { Field, GraphqlDocument } from "./graphql-document.ts";

/** The root field whose cart is the last that the client is shown. */
export interface CartMutation {
  readonly cartId: string;
  readonly root: Field;
  /** Response keys from the answer's `data` to the cart. */
  readonly path: readonly string[];
  /** Where the client writes its selection of the cart; more than once where it is merged. */
  readonly carts: readonly Field[];
}

/** What the document does with coupons itself. */
export interface CouponRoots {
  readonly applies: readonly Field[];
  readonly removes: readonly Field[];
}

export type CartReading =
  | { readonly kind: "cart"; readonly mutation: CartMutation; readonly coupons: CouponRoots }
  | { readonly kind: "none"; readonly reason: "not-a-mutation" | "no-cart" | "charges" };

/** Commerce returns the cart itself there; everywhere else it is a field named `cart`. */
const returnsCart: ReadonlySet<string> = new Set(["mergeCarts", "assignCustomerToGuestCart"]);

/** Nobody is charged a total that they never saw: `placeOrder`, `setPaymentMethodOnCart`, PayPal's own. */
const CHARGES = /order|payment|paypal|braintree|payflow/i;

export function readCartMutation(document: GraphqlDocument, variables: Variables): CartReading {
  if (document.operation !== "mutation") return { kind: "none", reason: "not-a-mutation" };
  const roots = document.roots.filter((root) => isIncluded(root, document, variables));
  if (roots.some(({ name }) => CHARGES.test(name))) return { kind: "none", reason: "charges" };
  const mutation = roots.map((root) => readRoot(root, document, variables)).findLast((one) => one !== null);
  if (mutation === undefined) return { kind: "none", reason: "no-cart" };
  const named = (pattern: RegExp) => roots.filter(({ name }) => pattern.test(name));
  return {
    kind: "cart",
    mutation,
    coupons: { applies: named(/^applyCoupons?ToCart$/), removes: named(/^removeCoupons?FromCart$/) },
  };
}

function readRoot(root: Field, document: GraphqlDocument, variables: Variables): CartMutation | null {
  const cartId = readCartId(root, document, variables);
  if (cartId === null || root.selection === null) return null;
  if (returnsCart.has(root.name)) return { cartId, root, path: [root.key], carts: [root] };
  const shown = root.selection.fields.filter(
    (field) => field.name === "cart" && field.selection !== null && isIncluded(field, document, variables),
  );
  const [first] = shown;
  if (first === undefined) return null;
  // Of two carts under two keys the first is brought up to date; the second is as Commerce gave it.
  const carts = shown.filter(({ key }) => key === first.key);
  return { cartId, root, path: [root.key, first.key], carts };
}

/** `cartId: …`, `cart_id: …` or `destination_cart_id: …`, beside the other arguments or in `input`. */
function readCartId(root: Field, document: GraphqlDocument, variables: Variables): string | null {
  const given = new Map<string, unknown>();
  for (const [name, { value }] of root.arguments) {
    const resolved = resolveValue(value, document, variables);
    given.set(name, resolved);
    if (name !== "input" || typeof resolved !== "object" || resolved === null) continue;
    for (const [inner, innerValue] of Object.entries(resolved)) given.set(inner, innerValue);
  }
  const found = ["cart_id", "cartId", "destination_cart_id"].map((name) => given.get(name));
  const id = found.find((one) => typeof one === "string" && one !== "");
  return typeof id === "string" ? id : null;
}

/** As Commerce counts complexity: each field 1, those of fragments each time. */
export function countFields(fields: readonly Field[]): number {
  return fields.reduce((sum, { selection }) => sum + 1 + countFields(selection?.fields ?? []), 0);
}
