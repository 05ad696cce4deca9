/** The benchmark's jobs: what is asked of whom, what has to come back before it is timed, and what it is compared with. */

import { parseAudienceId } from "../../src/core/audience.ts";
import { markOf } from "../../src/core/banner-mark.ts";
import { digestAudiences } from "../../src/edge/digest.ts";
import { signMembership } from "../../src/edge/membership.ts";
import { ownCookieName } from "../../src/edge/own-cookie.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { type EntryName, SECRET } from "./entries.ts";
import { lumaPage, SIZES, type Size, VARIANT, VIP, withVariant } from "./page.ts";

/** What is asked, and what has to come back before it is timed. */
export interface Job {
  /** `<group>: <what>` */
  readonly name: string;
  readonly entry: EntryName;
  /** `[<id>]` is another one in each request, in the body too. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isRight: (text: string) => boolean;
  /** The job that its ratios are made to. */
  readonly baseline: string;
}

const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";
const cookie = { cookie: `PHPSESSID=abc; aep-segments-membership=${VIP}; form_key=xyz` };

const plain = new Map(SIZES.map((kb) => [kb, lumaPage(kb * 1000)]));
const pageOf = (kb: Size) => plain.get(kb) ?? "";
export const page = pageOf(100);
/** What ours puts says so, for analytics. */
const MARK = markOf("main", "hero", { id: "vip", publicName: null });
export const personalized = withVariant(page, MARK);

/** The job itself is done; how a DOM is written out again is the peer's own. */
const HERO = new RegExp(`<section id="hero"[^>]*>${VARIANT}</section>`);
const isEdited = (kb: Size) => {
  const last = pageOf(kb).match(/product-\d+\.html(?![\s\S]*product-\d+\.html)/)?.[0] ?? "";
  return (text: string) => HERO.test(text) && text.includes(last) && text.endsWith("</html>");
};

type Coding = "identity" | "gzip";

/** Jobs of a page, of which one size and coding is a group. */
function pageJobs(kb: Size, coding: Coding): Job[] {
  const group = `page ${kb === 1000 ? "1 MB" : `${kb} KB`}${coding === "gzip" ? ", gzip" : ""}`;
  const prefix = coding === "gzip" ? "/gzip" : "";
  const text = pageOf(kb);
  const edited = withVariant(text, MARK);
  const least = withVariant(text);
  const isPlain = (answer: string) => answer === text;
  const isLeast = (answer: string) => answer === least;
  const isExact = (answer: string) => answer === edited;
  /** As the origin marks a page that is another one each time. */
  const isChanged = (answer: string) => answer.replace(/<!--\d{8}-->/, "") === edited;
  const job = (
    what: string,
    entry: EntryName,
    isRight: Job["isRight"],
    other: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Job => ({
    name: `${group}: ${what}`,
    entry,
    path: other.path ?? `${prefix}/${kb}`,
    headers: { "user-agent": AGENT, "accept-encoding": coding, ...(other.headers ?? cookie) },
    isRight,
    baseline: `${group}: passthrough`,
  });
  const all = [
    job("passthrough", "passthrough", isPlain),
    job("minimal HTMLRewriter", "minimal", isLeast),
    job("ours, no banner there", "ours", isPlain, { path: `/plain${prefix}/${kb}` }),
    job("ours, place not known", "ours", isChanged, { path: `/changing${prefix}/${kb}` }),
    job("ours, place known", "ours", isExact),
    job("Optimizely, snippetless", "optimizely", isEdited(kb)),
    job("GrowthBook, no injection", "growthbook", isEdited(kb)),
  ];
  if (kb !== 100 || coding !== "identity") return all;
  return [
    ...all,
    job("ours, a new address each time", "ours", isExact, { path: `/new/[<id>]/${kb}` }),
    job("ours, a banner and a guest", "ours", isPlain, { headers: {} }),
    {
      ...job("ours, place known, signed", "signed", isExact, { headers: signed }),
      baseline: `${group}: ours, place known`,
    },
    job("Optimizely, untargeted", "optimizely", isPlain, { headers: {} }),
    job("GrowthBook, untargeted", "growthbook", isPlain, { headers: {} }),
  ];
}

const query = JSON.stringify({ query: 'query Q { products(search: "a") { items { sku name } } }' });
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

function graphqlJob(name: string, entry: EntryName, body: string, expected: string, baseline: string): Job {
  const headers = { ...cookie, "content-type": "application/json", "accept-encoding": "identity" };
  return { name, entry, path: "/graphql", headers, body, isRight: (text) => text === expected, baseline };
}

const found = '{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}';
const ASKED = "graphql: passthrough";
const BOUGHT = "cart: passthrough";
const signed = await signedCookies();

export const jobs: readonly Job[] = [
  ...SIZES.flatMap((kb) => [...pageJobs(kb, "identity"), ...pageJobs(kb, "gzip")]),
  graphqlJob(ASKED, "passthrough", query, found, ASKED),
  graphqlJob("graphql: ours, header only", "ours", query, found, ASKED),
  graphqlJob("graphql: ours, remembered document", "offers", query, found, ASKED),
  graphqlJob(BOUGHT, "passthrough", mutation, cart(720), BOUGHT),
  graphqlJob("cart: ours, an offer appended", "offers", mutation, cart(576), BOUGHT),
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
