/** The checkout and the receipt. The checkout's policy is enforced: a changed script would not run. */

import { answer, redirect, sha256 } from "../answer.ts";
import { encodeJson, escapeHtml } from "../escaper.ts";
import { findOrder } from "../order.ts";
import { totalsOf } from "../price-rule.ts";
import { sessionCart } from "../session.ts";
import { link, theme, type Visit } from "../visit.ts";
import { totalsRows } from "./cart-page.ts";
import { layOut, type Page, sendPage } from "./layout.ts";

export async function serveCheckout(visit: Visit): Promise<Response> {
  const cart = sessionCart(visit.session);
  if (cart === null || cart.lines.length === 0) return redirect(visit, link(visit, "checkout/cart/"));
  const { texts } = visit.view;
  const signedIn = visit.session.customer !== null;
  const owner = signedIn ? "carts/mine" : `guest-carts/${cart.id}`;
  const lines = cart.lines.map(({ quantity, product }) => {
    return `<li><span>${quantity} &times; ${escapeHtml(product.name)}</span></li>`;
  });
  const config = {
    quoteData: { entity_id: cart.id },
    isCustomerLoggedIn: signedIn,
    restUrl: `${visit.base}rest/${visit.view.code}/V1/${owner}/payment-information`,
    successUrl: link(visit, "checkout/onepage/success/"),
  };
  const script = `window.checkoutConfig = ${encodeJson(config)};`;
  const nonce = (await sha256(`${visit.session.id} ${cart.id} ${visit.nowMs}`)).slice(0, 22);
  const page: Page = {
    title: "Checkout",
    bodyClass: "checkout-index-index",
    heading: "Checkout",
    route: { route: "checkout", controller: "index", action: "index" },
    caching: { kind: "private" },
    main: `<div id="checkout" data-bind="scope:'checkout'" class="checkout-container">
    <!-- ko template: getTemplate() --><!-- /ko -->
<script nonce="${nonce}">${script}</script>
<form id="checkout-form" class="form checkout-form" action="#" method="post">
<fieldset class="fieldset"><legend class="legend"><span>Where should it go?</span></legend>
<div class="field"><label class="label" for="email">Email Address</label><input class="input-text" id="email"
   name="email" type="email" autocomplete="email" required
   value="${escapeHtml(cart.email ?? "guest@tarnfell.example")}"/></div>
<div class="field"><label class="label" for="name">Name</label><input class="input-text" id="name" name="name"
   autocomplete="name" required value="Robin Howe"/></div>
<div class="field"><label class="label" for="street">Street and town</label><input class="input-text"
   id="street" name="street" autocomplete="street-address" required value="4 Mill Lane, Ravenbeck"/></div>
</fieldset>
<p class="checkout-note">Payment: check or money order. Nothing is charged and nothing is sent.</p>
<button type="submit" class="action primary checkout"><span>Place Order</span></button>
<p class="checkout-error" data-role="checkout-error" role="alert"></p>
</form>
<aside class="opc-summary cart-summary"><h2 class="summary title">${escapeHtml(texts.summary)}</h2>
<ul class="summary-lines">${lines.join("")}</ul>
<table class="data table totals"><tbody>
${totalsRows(visit, totalsOf(cart, visit.audiences))}
</tbody></table></aside>
</div><script nonce="${nonce}" src="${theme(visit, "js/checkout.js")}" defer></script>`,
  };
  return answer(visit, {
    type: "text/html; charset=UTF-8",
    body: withNonce(layOut(visit, page), nonce),
    caching: page.caching,
    headers: { "content-security-policy": enforcedPolicy(nonce) },
  });
}

/** Who placed an order sees it once, in the session that placed it. */
export async function serveReceipt(visit: Visit): Promise<Response> {
  const number = visit.session.lastOrder;
  const order = number === null ? null : findOrder(number);
  if (order === null) return redirect(visit, link(visit, "checkout/cart/"));
  return sendPage(visit, {
    title: "Success Page",
    bodyClass: "checkout-onepage-success",
    heading: "Thank you for your purchase!",
    route: { route: "checkout", controller: "onepage", action: "success" },
    caching: { kind: "private" },
    main: `<div class="checkout-success"><p>Your order number is: <strong
       class="order-number">${order.number}</strong>.</p>
<table class="data table totals"><tbody>
${totalsRows(visit, order.totals)}
</tbody></table>
<p><a class="action primary continue"
   href="${link(visit, "")}"><span>${escapeHtml(visit.view.texts.continueShopping)}</span></a></p></div>`,
  });
}

/** Commerce gives each script of the checkout its nonce. */
function withNonce(html: string, nonce: string): string {
  return html
    .replace(/<script(?![^>]*nonce=)/g, `<script nonce="${nonce}"`)
    .replace(/<style(?![^>]*nonce=)/g, `<style nonce="${nonce}"`);
}

function enforcedPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
    "base-uri 'self'",
  ].join("; ");
}
