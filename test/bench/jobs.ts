/** The benchmark's jobs: what is asked of whom, what has to come back before it is timed, and what it is compared with. */

import { parseAudienceId } from "../../src/core/audience.ts";
import { MARK_ATTRIBUTE, markOf } from "../../src/core/banner-mark.ts";
import { digestAudiences } from "../../src/edge/digest.ts";
import { signMembership } from "../../src/edge/membership.ts";
import { ownCookieName } from "../../src/edge/own-cookie.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { VIP } from "./campaigns.ts";
import { lumaPage, VARIANT } from "./page.ts";

export const SECRET = "a secret of the benchmark, and of nothing else";
export const page = lumaPage(100_000);
const mark = markOf("main", "hero", { id: "vip", publicName: null });
export const minimal = page.replace(/(<section id="hero"[^>]*>).*?(<\/section>)/, `$1${VARIANT}$2`);
export const personalized = page.replace(
  /(<section id="hero"[^>]*)>.*?(<\/section>)/,
  `$1 ${MARK_ATTRIBUTE}="${mark}">${VARIANT}$2`,
);
const query = JSON.stringify({ query: 'query Q { products(search: "a") { items { sku name } } }' });

/** What is asked, and what has to come back before it is timed. */
export interface Job {
  readonly name: string;
  readonly contestant: "passthrough" | "minimal" | "ours" | "signed" | "offers";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `[<id>]` is another one in each request. */
  readonly body?: string;
  readonly expected: string;
  readonly baseline: string;
}

const cookie = { cookie: `PHPSESSID=abc; aep-segments-membership=${VIP}; form_key=xyz` };
const json = { "content-type": "application/json" };
/** As PWA Studio adds to a cart; another cart each time, so that nothing of it is remembered. */
const mutation = JSON.stringify({
  query: `mutation AddProductToCart($cartId: String!, $product: CartItemInput!) {
    addProductsToCart(cartId: $cartId, cartItems: [$product]) {
      cart { id ...CartTriggerFragment ...MiniCartFragment }
    }
  }
  fragment CartTriggerFragment on Cart { id total_quantity }
  fragment MiniCartFragment on Cart {
    id total_quantity
    prices { subtotal_excluding_tax { currency value } grand_total { currency value } }
    items { uid product { uid name url_key thumbnail { url } } prices { price { currency value } } quantity }
  }`,
  variables: { cartId: "cart-[<id>]", product: { sku: "a", quantity: 3 } },
});
const cart = (total: number) =>
  JSON.stringify({
    data: {
      addProductsToCart: { cart: { id: "c", total_quantity: 3, prices: { grand_total: { value: total } } } },
    },
  });
const graphql = '{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}';
export const jobs: readonly Job[] = [
  {
    name: "page: passthrough",
    contestant: "passthrough",
    path: "/",
    headers: cookie,
    expected: page,
    baseline: "page: passthrough",
  },
  {
    name: "page: minimal HTMLRewriter",
    contestant: "minimal",
    path: "/",
    headers: cookie,
    expected: minimal,
    baseline: "page: passthrough",
  },
  {
    name: "page: ours, no banner there",
    contestant: "ours",
    path: "/women.html",
    headers: cookie,
    expected: page,
    baseline: "page: passthrough",
  },
  {
    name: "page: ours, banner, guest",
    contestant: "ours",
    path: "/",
    headers: {},
    expected: page,
    baseline: "page: passthrough",
  },
  {
    name: "page: ours, personalized",
    contestant: "ours",
    path: "/",
    headers: cookie,
    expected: personalized,
    baseline: "page: passthrough",
  },
  {
    name: "page: ours, personalized, signed",
    contestant: "signed",
    path: "/",
    headers: await signedCookies(),
    expected: personalized,
    baseline: "page: ours, personalized",
  },
  {
    name: "graphql: passthrough",
    contestant: "passthrough",
    path: "/graphql",
    headers: { ...cookie, ...json },
    body: query,
    expected: graphql,
    baseline: "graphql: passthrough",
  },
  {
    name: "graphql: ours, membership header",
    contestant: "ours",
    path: "/graphql",
    headers: { ...cookie, ...json },
    body: query,
    expected: graphql,
    baseline: "graphql: passthrough",
  },
  {
    name: "graphql: ours, remembered document, nothing to rewrite",
    contestant: "offers",
    path: "/graphql",
    headers: { ...cookie, ...json },
    body: query,
    expected: graphql,
    baseline: "graphql: passthrough",
  },
  {
    name: "cart: passthrough",
    contestant: "passthrough",
    path: "/graphql",
    headers: { ...cookie, ...json },
    body: mutation,
    expected: cart(720),
    baseline: "cart: passthrough",
  },
  {
    name: "cart: ours, an offer appended",
    contestant: "offers",
    path: "/graphql",
    headers: { ...cookie, ...json },
    body: mutation,
    expected: cart(576),
    baseline: "cart: passthrough",
  },
];

/** What a browser sends once Adobe's answer was signed: its identity, and our cookie. */
async function signedCookies(): Promise<Record<string, string>> {
  const ecid = "29068398647607325310376254630528178721";
  const identity = Buffer.from([0x0a, ecid.length, ...Buffer.from(ecid)]).toString("base64url");
  const id = parseAudienceId(VIP);
  if (id === null) throw new Error("not an audience id");
  const token = await signMembership(openSigner([SECRET], "membership"), {
    website: { code: "main" },
    subject: ecid,
    audiences: new Set([id]),
    digests: [await digestAudiences([id])],
    nowMs: Date.now(),
  });
  const own = `${ownCookieName({ code: "main", cookieDomain: null }, "membership")}=${token}`;
  return { cookie: `PHPSESSID=abc; kndctr_BENCH_AdobeOrg_identity=${identity}; ${own}; form_key=xyz` };
}
