/** What the forms of the shop do: put into the cart, change it, take out, apply a coupon. */

import { jsonAnswer, redirect } from "./answer.ts";
import { addToCart, setQuantity } from "./cart.ts";
import { findProduct } from "./catalog.ts";
import { trimAsPhp } from "./collation.ts";
import { readCoupon } from "./coupon.ts";
import { decodeAddress } from "./escaper.ts";
import { paramOf } from "./php-form.ts";
import { openCart, sessionCart } from "./session.ts";
import { link, readForm, say, type Visit } from "./visit.ts";

const invalidFormKey = "Invalid Form Key. Please refresh the page.";

/** `/checkout/cart/add/uenc/…/product/…/`, by a form or by a script. */
export async function addFromForm(visit: Visit): Promise<Response> {
  const { form, trusted } = await readForm(visit);
  if (!trusted) return refuse(visit);
  const product = findProduct({
    id: Number(form.get("product") ?? /\/product\/(\d+)/.exec(visit.path)?.[1]),
  });
  const quantity = Number(form.get("qty") ?? 1);
  if (product === null || !Number.isInteger(quantity) || quantity < 1 || quantity > 10_000) {
    say(visit, "error", "We can't add this item to your shopping cart right now.");
    return goBack(visit);
  }
  addToCart(openCart(visit.session), product, quantity);
  say(visit, "success", visit.view.texts.added.replace("%1", product.name));
  return goBack(visit);
}

export async function removeFromForm(visit: Visit): Promise<Response> {
  const { form, trusted } = await readForm(visit);
  if (!trusted) return refuse(visit);
  const cart = sessionCart(visit.session);
  const removed = cart !== null && setQuantity(cart, Number(form.get("id")), 0);
  if (!removed) say(visit, "error", "We can't remove the item.");
  return redirect(visit, link(visit, "checkout/cart/"));
}

export async function updateFromForm(visit: Visit): Promise<Response> {
  const { form, trusted } = await readForm(visit);
  if (!trusted) return refuse(visit);
  const cart = sessionCart(visit.session);
  for (const [name, value] of form) {
    const lineId = /^cart\[(\d+)\]\[qty\]$/.exec(name)?.[1];
    const quantity = Number(value);
    if (cart === null || lineId === undefined || !Number.isInteger(quantity) || quantity < 0) continue;
    setQuantity(cart, Number(lineId), Math.min(quantity, 10_000));
  }
  return redirect(visit, link(visit, "checkout/cart/"));
}

/**
 * One form for both: with `remove=1` the coupon goes. Its fields may stand in the path and in the query too,
 * and an empty cart keeps a good code for what will be put into it.
 */
export async function couponFromForm(visit: Visit): Promise<Response> {
  const { form, trusted } = await readForm(visit);
  if (!trusted) return refuse(visit);
  const action = "/checkout/cart/couponPost";
  const cart = openCart(visit.session);
  const code = trimAsPhp(paramOf(visit, { form, action, name: "coupon_code" }) ?? "");
  const done = redirect.bind(null, visit, link(visit, "checkout/cart/"));
  if (Number(paramOf(visit, { form, action, name: "remove" })) === 1 || code === "") {
    if (code === "" && cart.coupons.length === 0) return done();
    cart.coupons = [];
    say(visit, "success", "You canceled the coupon code.");
    return done();
  }
  const found = readCoupon(code, visit);
  cart.coupons = found === null ? [] : [found];
  if (found === null) say(visit, "error", `The coupon code "${code}" is not valid.`);
  else say(visit, "success", `You used coupon code "${found.code}".`);
  return done();
}

/** A script gets an empty list as in Magento; a form goes back to where it stood. */
function goBack(visit: Visit): Promise<Response> {
  if (visit.request.headers.get("x-requested-with") === "XMLHttpRequest") return jsonAnswer(visit, []);
  return redirect(visit, whence(visit));
}

function refuse(visit: Visit): Promise<Response> {
  say(visit, "error", invalidFormKey);
  return redirect(visit, whence(visit));
}

/** Only addresses of this shop: a link in a mail must not send a shopper elsewhere. */
function whence(visit: Visit): string {
  const uenc = /\/uenc\/([^/]+)/.exec(visit.path)?.[1];
  const candidates = [uenc === undefined ? null : decodeAddress(uenc), visit.request.headers.get("referer")];
  return candidates.find((address) => address?.startsWith(visit.base)) ?? link(visit, "checkout/cart/");
}
