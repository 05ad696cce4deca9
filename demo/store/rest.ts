/** The few REST calls that clients make of a cart: totals, coupons, placing the order. */

import { jsonAnswer } from "./answer.ts";
import { type Cart, findCart } from "./cart.ts";
import { placeOrder } from "./order.ts";
import { totalsOf } from "./price-rule.ts";
import { type RestAddress, readRestAddress } from "./rest/address.ts";
import { accepted, dropCoupons, setCoupon, showCoupon, tell } from "./rest/coupon.ts";
import { saveSession, sessionCart } from "./session.ts";
import { withoutScript } from "./store-view.ts";
import type { Visit } from "./visit.ts";

/** Not a secret: opens every cart of this shop, as the token of a merchant's own backend does. */
export const integrationToken = "demo-integration-token";

export async function serveRest(visit: Visit): Promise<Response> {
  const address = readRestAddress(withoutScript(visit.url.pathname));
  if (address === null) return noSuchRoute(visit);
  if (!mayAsk(visit, address)) {
    const parameters = { resources: address.owner === "mine" ? "self" : "Magento_Cart::manage" };
    const message = "The consumer isn't authorized to access %resources.";
    return jsonAnswer(visit, { message, parameters }, 401);
  }
  if (address.manner === "bulk") return serveBulk(visit, address);
  const cart = cartAt(visit, address);
  if (cart === null) return noSuchCart(visit, address.cartId ?? "");
  if (address.action === "coupons") return serveCoupons(visit, address, cart);
  if (address.manner !== "sync" || address.value !== null) return noSuchRoute(visit);
  const { method } = visit.request;
  if (address.action === "totals" && method === "GET") return jsonAnswer(visit, totals(visit, cart));
  if (address.action === "payment-information" && method === "POST") return order(visit, cart);
  return noSuchRoute(visit);
}

function serveCoupons(visit: Visit, { manner, value }: RestAddress, cart: Cart): Promise<Response> {
  const { method } = visit.request;
  if (method === "GET" && value === null && manner === "sync") return showCoupon(visit, cart);
  const setting = (method === "PUT" || method === "POST") && value !== null;
  if (!setting && !(method === "DELETE" && value === null)) return noSuchRoute(visit);
  const outcome = setting ? setCoupon(visit, cart, value) : dropCoupons(visit, cart);
  return manner === "async" ? accepted(visit, 1) : tell(visit, outcome);
}

/** A list of calls. Each is accepted, and what becomes of it the client does not hear. */
async function serveBulk(visit: Visit, address: RestAddress): Promise<Response> {
  const { owner, cartId, action, value } = address;
  const named = owner === "mine" || cartId === "byCartId";
  if (action !== "coupons" || !named || value !== "byCouponCode") return noSuchRoute(visit);
  const calls: unknown = await visit.request.json().catch(() => null);
  if (!Array.isArray(calls)) return jsonAnswer(visit, { message: "Decoding error." }, 400);
  for (const call of calls) {
    const code = textIn(call, ["couponCode", "coupon_code"]);
    const id = textIn(call, ["cartId", "cart_id"]);
    const cart = owner === "mine" ? sessionCart(visit.session) : findCart(id ?? "");
    if (cart !== null && code !== null && maySee(address, cart)) setCoupon(visit, cart, code);
  }
  return accepted(visit, calls.length);
}

/** Commerce takes the names of a parameter in both of its spellings. */
function textIn(call: unknown, names: readonly string[]): string | null {
  const values = new Map(typeof call === "object" && call !== null ? Object.entries(call) : []);
  const found = names.map((name) => values.get(name)).find((value) => value !== undefined);
  return typeof found === "string" ? found : null;
}

function mayAsk(visit: Visit, { owner }: RestAddress): boolean {
  if (owner === "guest") return true;
  if (owner === "mine") return visit.session.customer !== null;
  return visit.request.headers.get("authorization") === `Bearer ${integrationToken}`;
}

function cartAt(visit: Visit, address: RestAddress): Cart | null {
  const { owner, cartId } = address;
  const cart = owner === "mine" ? sessionCart(visit.session) : findCart(cartId ?? "");
  return cart !== null && maySee(address, cart) ? cart : null;
}

/** A customer's cart is not found among the guests'. */
function maySee({ owner }: RestAddress, cart: Cart): boolean {
  return owner !== "guest" || cart.owner === null;
}

async function order(visit: Visit, cart: Cart): Promise<Response> {
  const body: unknown = await visit.request.json().catch(() => null);
  const email = typeof body === "object" && body !== null && "email" in body ? body.email : null;
  if (typeof email === "string") cart.email = email;
  if (cart.lines.length === 0) {
    return jsonAnswer(visit, { message: "The shopping cart is empty and can't be ordered." }, 400);
  }
  if (cart.email === null) {
    const message = '"%fieldName" is required. Enter and try again.';
    return jsonAnswer(visit, { message, parameters: { fieldName: "email" } }, 400);
  }
  const placed = placeOrder(cart, visit.audiences);
  visit.session.lastOrder = placed.number;
  visit.session.cartId = null;
  saveSession(visit.session);
  return jsonAnswer(visit, placed.number);
}

function totals(visit: Visit, cart: Cart) {
  const sums = totalsOf(cart, visit.audiences);
  const discount = -sums.discounts.reduce((sum, one) => sum + one.cents, 0) / 100;
  const labels = sums.discounts.map((one) => one.label).join(", ");
  const subtotal = sums.subtotalCents / 100;
  const grand_total = sums.grandTotalCents / 100;
  const segments = [
    { code: "subtotal", title: "Subtotal", value: subtotal },
    ...(discount === 0 ? [] : [{ code: "discount", title: `Discount (${labels})`, value: discount }]),
    { code: "shipping", title: `Shipping & Handling (${sums.delivery})`, value: 0 },
    { code: "grand_total", title: "Grand Total", value: grand_total, area: "footer" },
  ];
  return {
    grand_total,
    base_grand_total: grand_total,
    subtotal,
    base_subtotal: subtotal,
    discount_amount: discount,
    base_discount_amount: discount,
    subtotal_with_discount: grand_total,
    shipping_amount: 0,
    tax_amount: 0,
    base_currency_code: "USD",
    quote_currency_code: "USD",
    ...(cart.coupons[0] === undefined ? {} : { coupon_code: cart.coupons[0].code }),
    items_qty: sums.quantity,
    items: cart.lines.map((line) => ({
      item_id: line.id,
      name: line.product.name,
      price: line.product.cents / 100,
      qty: line.quantity,
      row_total: (line.product.cents * line.quantity) / 100,
    })),
    total_segments: segments,
  };
}

function noSuchRoute(visit: Visit): Promise<Response> {
  return jsonAnswer(visit, { message: "Request does not match any route." }, 404);
}

function noSuchCart(visit: Visit, id: string): Promise<Response> {
  const parameters = { fieldName: "cartId", fieldValue: id };
  return jsonAnswer(visit, { message: "No such entity with %fieldName = %fieldValue", parameters }, 404);
}
