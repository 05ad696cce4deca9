/** Private content: what a cached page asks for after it has loaded. */

import { answer } from "./answer.ts";
import { imagePath } from "./catalog.ts";
import { encodeJson } from "./escaper.ts";
import { totalsOf } from "./price-rule.ts";
import { sessionCart } from "./session.ts";
import { formatPrice } from "./store-view.ts";
import { link, mediaLink, type Visit } from "./visit.ts";

export function serveSections(visit: Visit): Promise<Response> {
  const names = (visit.url.searchParams.get("sections") ?? "").split(",").filter((name) => name !== "");
  const data_id = Math.floor(visit.nowMs / 1000);
  const sections: Record<string, unknown> = {};
  for (const name of names) {
    if (name === "cart") sections["cart"] = { ...cartSection(visit), data_id };
    else if (name === "customer") sections["customer"] = { ...customerSection(visit), data_id };
    else if (name === "messages") sections["messages"] = { messages: [], data_id };
    else sections[name] = { data_id };
  }
  return answer(visit, {
    type: "application/json",
    body: encodeJson(sections),
    caching: { kind: "private" },
  });
}

/** `grand_total` and `discounts` are this shop's own addition: Luma's mini cart knows only the subtotal. */
function cartSection(visit: Visit) {
  const cart = sessionCart(visit.session);
  const totals = cart === null ? null : totalsOf(cart, visit.audiences);
  const subtotal = markedPrice(visit, totals?.subtotalCents ?? 0);
  return {
    summary_count: totals?.quantity ?? 0,
    subtotalAmount: totals === null ? null : (totals.subtotalCents / 100).toFixed(4),
    subtotal,
    possible_onepage_checkout: true,
    items: (cart?.lines ?? []).map((line) => ({
      item_id: String(line.id),
      product_id: String(line.product.id),
      product_name: line.product.name,
      product_sku: line.product.sku,
      product_url: link(visit, `${line.product.key}.html`),
      product_price: markedPrice(visit, line.product.cents),
      product_price_value: line.product.cents / 100,
      product_image: { src: mediaLink(visit, imagePath(line.product.sku)), alt: line.product.name },
      qty: line.quantity,
    })),
    extra_actions: "",
    isGuestCheckoutAllowed: true,
    website_id: "1",
    storeId: visit.view.id,
    subtotal_incl_tax: subtotal,
    subtotal_excl_tax: subtotal,
    grand_total: markedPrice(visit, totals?.grandTotalCents ?? 0),
    grandTotalAmount: (totals?.grandTotalCents ?? 0) / 100,
    discounts: (totals?.discounts ?? []).map((one) => ({ label: one.label, amount: one.cents / 100 })),
  };
}

function customerSection(visit: Visit) {
  const { customer } = visit.session;
  if (customer === null) return {};
  return {
    fullname: `${customer.firstname} ${customer.lastname}`,
    firstname: customer.firstname,
    websiteId: "1",
  };
}

function markedPrice(visit: Visit, cents: number): string {
  return `<span class="price">${formatPrice(cents, visit.view)}</span>`;
}
