/** The few REST calls that Luma's checkout makes: totals, and placing the order. */

import { jsonAnswer } from "./answer.ts";
import { type Cart, findCart } from "./cart.ts";
import { placeOrder } from "./order.ts";
import { totalsOf } from "./price-rule.ts";
import { saveSession, sessionCart } from "./session.ts";
import type { Visit } from "./visit.ts";

/** `/rest/<store view>/V1/guest-carts/<masked id>/…`, or `carts/mine` for who is signed in. */
export async function serveRest(visit: Visit): Promise<Response> {
  const match = /^\/rest\/(?:[a-z_]+\/)?V1\/(guest-carts\/([A-Za-z0-9]+)|carts\/mine)\/([a-z-]+)\/?$/.exec(
    visit.path,
  );
  if (match === null) return jsonAnswer(visit, { message: "Request does not match any route." }, 404);
  const [, owner, id, action] = match;
  const cart = owner === "carts/mine" ? sessionCart(visit.session) : findCart(id ?? "");
  if (owner === "carts/mine" && visit.session.customer === null) {
    return jsonAnswer(visit, { message: "The consumer isn't authorized to access %resources." }, 401);
  }
  if (cart === null) return noSuchCart(visit, id ?? "");
  if (action === "totals" && visit.request.method === "GET") return jsonAnswer(visit, totals(visit, cart));
  if (action === "payment-information" && visit.request.method === "POST") return order(visit, cart);
  return jsonAnswer(visit, { message: "Request does not match any route." }, 404);
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
    ...(cart.coupon === null ? {} : { coupon_code: cart.coupon }),
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

function noSuchCart(visit: Visit, id: string): Promise<Response> {
  const parameters = { fieldName: "cartId", fieldValue: id };
  return jsonAnswer(visit, { message: "No such entity with %fieldName = %fieldValue", parameters }, 404);
}
