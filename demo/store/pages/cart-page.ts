/** The cart page: lines, the discounts with their rules' names, totals and the coupon form. */

import type { Caching } from "../answer.ts";
import type { Cart, CartLine } from "../cart.ts";
import { imagePath } from "../catalog.ts";
import { encodeJson, escapeAttribute, escapeHtml } from "../escaper.ts";
import { type Totals, totalsOf } from "../price-rule.ts";
import { sessionCart } from "../session.ts";
import { formatPrice } from "../store-view.ts";
import { link, mediaLink, type Visit } from "../visit.ts";
import { magentoInit } from "./init-script.ts";
import { sendPage } from "./layout.ts";

const caching: Caching = { kind: "private" };

export function serveCart(visit: Visit): Promise<Response> {
  const cart = sessionCart(visit.session);
  const { texts } = visit.view;
  return sendPage(visit, {
    title: texts.cart,
    bodyClass: "checkout-cart-index",
    heading: texts.cart,
    route: { route: "checkout", controller: "cart", action: "index" },
    main: cart === null || cart.lines.length === 0 ? empty(visit) : filled(visit, cart),
    caching,
  });
}

/** The rows of a totals table, the same on the cart, the checkout and the receipt. */
export function totalsRows(visit: Visit, totals: Totals): string {
  const { texts } = visit.view;
  const row = (kind: string, mark: string, cents: number | string) => `<tr class="totals ${kind}">
<th class="mark" scope="row">${mark}</th>
<td class="amount"><span
   class="price">${typeof cents === "string" ? cents : formatPrice(cents, visit.view)}</span></td></tr>`;
  const discounts = totals.discounts.map((discount) =>
    row(
      "discount",
      `${escapeHtml(texts.discount)} <span class="rule">(${escapeHtml(discount.label)})</span>`,
      -discount.cents,
    ),
  );
  const delivery = totals.delivery === "express" ? texts.deliveryExpress : texts.deliveryStandard;
  return [
    row("sub", escapeHtml(texts.subtotal), totals.subtotalCents),
    ...discounts,
    row("shipping excl", escapeHtml(texts.delivery), escapeHtml(delivery)),
    row("grand", `<strong>${escapeHtml(texts.orderTotal)}</strong>`, totals.grandTotalCents),
  ].join("\n");
}

function empty(visit: Visit): string {
  const { texts } = visit.view;
  return `<div class="cart-empty">
<p>${escapeHtml(texts.emptyCart)}</p>
<p><a class="action primary"
   href="${link(visit, "")}"><span>${escapeHtml(texts.continueShopping)}</span></a></p>
</div>`;
}

function filled(visit: Visit, cart: Cart): string {
  const { texts } = visit.view;
  const totals = totalsOf(cart, visit.audiences);
  const formKey = `<input name="form_key" type="hidden" value="${visit.session.formKey}" />`;
  const config = {
    totalsData: {
      grand_total: totals.grandTotalCents / 100,
      items_qty: totals.quantity,
      coupon_code: cart.coupons[0]?.code ?? null,
    },
    quoteData: { entity_id: cart.id, store_id: visit.view.id },
  };
  return `<div class="cart-container"><div class="cart-summary"><h2
     class="summary title">${escapeHtml(texts.summary)}</h2>
<div id="cart-totals" class="cart-totals" data-bind="scope:'block-totals'">
    <!-- ko template: getTemplate() --><!-- /ko -->
<table class="data table totals" aria-label="${escapeAttribute(texts.summary)}"><tbody>
${totalsRows(visit, totals)}
</tbody></table></div>
<script>window.checkoutConfig = ${encodeJson(config)};</script>
<ul class="checkout methods items checkout-methods-items">
    <li class="item">    <a href="${link(visit, "checkout/")}"
            class="action primary checkout">
        <span>${escapeHtml(texts.checkout)}</span>
    </a>
</li></ul>
${couponForm(visit, cart, formKey)}
</div><form action="${link(visit, "checkout/cart/updatePost/")}"
          method="post"
          id="form-validate"
          data-mage-init='{"Magento_Checkout/js/action/update-shopping-cart":{"validationURL" : "\\/checkout\\/cart\\/updateItemQty\\/"}}'
          class="form form-cart">
    ${formKey}<div class="cart table-wrapper">
        <table id="shopping-cart-table"
               class="cart items data table">
            <caption class="table-caption">${escapeHtml(texts.cart)}</caption>
            <thead>
                <tr>
                    <th class="col item" scope="col"><span>${escapeHtml(texts.item)}</span></th>
                    <th class="col price" scope="col"><span>${escapeHtml(texts.price)}</span></th>
                    <th class="col qty" scope="col"><span>${escapeHtml(texts.quantity)}</span></th>
                    <th class="col subtotal" scope="col"><span>${escapeHtml(texts.subtotal)}</span></th>
                </tr>
            </thead>
${cart.lines.map((line) => row(visit, line)).join("\n")}
                    </table>
    </div>
    <div class="cart main actions">
        <button type="submit"
                name="update_cart_action"
                data-cart-item-update=""
                value="update_qty"
                class="action update">
            <span>${escapeHtml(texts.update)}</span>
        </button>
    </div>
</form>
${cart.lines.map((line) => removeForm(visit, line, formKey)).join("")}</div>`;
}

function row(visit: Visit, line: CartLine): string {
  const { product } = line;
  const { texts } = visit.view;
  const page = link(visit, `${product.key}.html`);
  return `<tbody class="cart item">
    <tr class="item-info">
        <td data-th="${escapeAttribute(texts.item)}" class="col item">
                            <a href="${page}" class="product-item-photo" tabindex="-1">
<img class="product-image-photo" src="${mediaLink(visit, imagePath(product.sku))}" loading="lazy" width="96"
   height="120" alt="${escapeAttribute(product.name)}"/></a>
            <div class="product-item-details">
                <strong class="product-item-name"><a href="${page}">${escapeHtml(product.name)}</a></strong>
                <span class="product-item-sku">${escapeHtml(product.colors.name)}, ${product.sku}</span>
                <button type="submit" form="remove-${line.id}"
                   class="action action-delete"><span>${escapeHtml(texts.remove)}</span></button>
            </div>
        </td>
        <td class="col price" data-th="${escapeAttribute(texts.price)}"><span
           class="price">${formatPrice(product.cents, visit.view)}</span></td>
        <td class="col qty" data-th="${escapeAttribute(texts.quantity)}">
            <input id="cart-${line.id}-qty"
                   name="cart[${line.id}][qty]"
                   data-cart-item-id="${escapeAttribute(product.sku)}"
                   value="${line.quantity}"
                   type="number"
                   min="0"
                   aria-label="${escapeHtml(`${texts.quantity}: ${product.name}`)}"
                   class="input-text qty"
                   data-role="cart-item-qty"/>
        </td>
        <td class="col subtotal" data-th="${escapeAttribute(texts.subtotal)}"><span
           class="price">${formatPrice(product.cents * line.quantity, visit.view)}</span></td>
    </tr>
</tbody>`;
}

function removeForm(visit: Visit, line: CartLine, formKey: string): string {
  return `<form id="remove-${line.id}" action="${link(visit, "checkout/cart/delete/")}" method="post"
     hidden>${formKey}<input type="hidden" name="id" value="${line.id}"/></form>`;
}

function couponForm(visit: Visit, cart: Cart, formKey: string): string {
  const { texts } = visit.view;
  const applied = cart.coupons.length > 0;
  return `<div class="block discount"
     id="block-discount"
     data-mage-init='{"collapsible":{"active": ${applied}, "openedState": "active", "saveState": false}}'>
    <div class="content" data-role="content">
        <form id="discount-coupon-form"
              action="${link(visit, "checkout/cart/couponPost/")}"
              method="post">
            ${formKey}<input type="hidden" name="remove" id="remove-coupon" value="${applied ? "1" : "0"}" />
                <label for="coupon_code" class="label">${escapeHtml(texts.coupon)}</label>
                <div class="coupon-row">
                    <input type="text"
                           class="input-text"
                           id="coupon_code"
                           name="coupon_code"
                           value="${escapeHtml(cart.coupons[0]?.code ?? "")}"
                           placeholder="${escapeAttribute(texts.couponHint)}"${applied ? "\n                           readonly" : ""} />
                <button class="action ${applied ? "cancel" : "apply"}" type="submit"
                   value="${escapeAttribute(texts.apply)}">
                    <span>${escapeHtml(applied ? texts.cancelCoupon : texts.apply)}</span>
                </button>
                </div>
                ${magentoInit("#discount-coupon-form", { discountCode: { couponCodeSelector: "#coupon_code", removeCouponSelector: "#remove-coupon" } })}
        </form>
    </div>
</div>`;
}
