/** What the lobby asks of a shopper's own host: become a member, fill the cart, start over, tell. */

import type { Ask, DemoEnv } from "./ask.ts";
import { faults } from "./faults.ts";
import { tryTricks } from "./forger.ts";
import { explainPlan } from "./reason.ts";
import { formRequest, planOf, shopRequest } from "./shop-request.ts";
import { obtainMembership, type Wish } from "./verified.ts";

interface CartSection {
  readonly summary_count: number;
  readonly subtotal: string;
  readonly grand_total: string;
  readonly discounts: readonly { readonly label: string; readonly amount: number }[];
}

/** The shop's cookies that starting over takes back. */
const shopCookies = [
  "PHPSESSID",
  "form_key",
  "private_content_version",
  "mage-messages",
  "X-Magento-Vary",
  "store",
  "mage-cache-sessid",
  "section_data_ids",
  "section_data_clean",
];

/** What the lobby does behind the page's back, Luma's script hears of on the next page. */
const reloadSections = "section_data_clean=lobby; path=/; max-age=900; samesite=lax";

export async function serveShopper(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const url = new URL(request.url);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /demo/become":
      return become(request, env, ask);
    case "GET /demo/status":
      return forLobby(request, await status(request, env, ask));
    case "POST /demo/tricks":
      return isLobby(request) ? forLobby(request, await tryTricks(request, env, ask)) : refused();
    case "POST /demo/cart":
      return isLobby(request) ? forLobby(request, await fillCart(request, ask)) : refused();
    case "POST /demo/reset":
      return isLobby(request) ? forLobby(request, await startOver(request, env, ask)) : refused();
    default:
      return new Response("The demo has no such control.\n", { status: 404 });
  }
}

async function become(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const to = searchParams.get("to") ?? "/";
  const wish = readWish(request);
  if (wish === null) return new Response("audiences: ids and commas\n", { status: 400 });
  if (!/^\/(?![/\\])/.test(to)) return new Response("to: a path of this shop\n", { status: 400 });
  const headers = new Headers({ location: to, "cache-control": "no-store" });
  for (const line of await obtainMembership(wish, env, ask)) headers.append("set-cookie", line);
  headers.append("set-cookie", reloadSections);
  return new Response(null, { status: 302, headers });
}

function readWish(request: Request): Wish | null {
  const url = new URL(request.url);
  const audiences = url.searchParams.get("audiences") ?? "";
  if (!/^[\w.=,%-]*$/.test(audiences)) return null;
  const by = url.searchParams.get("by") === "hand" ? "hand" : "adobe";
  return { url, cookies: request.headers.get("cookie") ?? "", audiences, by };
}

/** Asks for the home page and the cart as this shopper's browser would, and says why in one sentence. */
async function status(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const cookie = request.headers.get("cookie") ?? "";
  const explain = { "edge-audiences-explain": env.OPERATOR_KEY ?? "" };
  const page = await ask(shopRequest(request, "/", { headers: { cookie, ...explain } }));
  const plan = planOf(page);
  const html = await page.text();
  const sections = await ask(
    shopRequest(request, "/customer/section/load/?sections=cart", { headers: { cookie } }),
  );
  const { cart } = await sections.json<{ cart?: CartSection }>();
  return Response.json(
    {
      hero: plainText(/<h2[^>]*class="hero-title"[^>]*>(.*?)<\/h2>/s.exec(html)?.[1] ?? ""),
      cartCount: cart?.summary_count ?? 0,
      cartTotal: plainText(cart?.grand_total ?? ""),
      cartSubtotal: plainText(cart?.subtotal ?? ""),
      discounts: cart?.discounts ?? [],
      why: explainPlan(plan, faults.worker),
      plan,
    },
    { headers: { "cache-control": "no-store" } },
  );
}

/** Puts products into the cart by the shop's own form, and hands the session's cookies to the browser. */
async function fillCart(request: Request, ask: Ask): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const product = params.get("product") ?? "101";
  const fields = { product, qty: params.get("qty") ?? "1" };
  const added = await ask(formRequest(request, `/checkout/cart/add/product/${product}/`, fields));
  const headers = new Headers({ "cache-control": "no-store" });
  for (const line of added.headers.getSetCookie()) {
    if (!line.startsWith("mage-messages=")) headers.append("set-cookie", line);
  }
  headers.append("set-cookie", reloadSections);
  return new Response(null, { status: added.ok ? 204 : 502, headers });
}

async function startOver(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const wish = readWish(request);
  if (wish === null) return new Response("audiences: ids and commas\n", { status: 400 });
  const headers = new Headers({ "cache-control": "no-store" });
  for (const name of shopCookies) {
    const gone = `${name}=; path=/; max-age=0`;
    headers.append("set-cookie", gone);
    headers.append("set-cookie", `${gone}; domain=${wish.url.hostname}`);
  }
  for (const line of await obtainMembership(wish, env, ask)) headers.append("set-cookie", line);
  return new Response(null, { status: 204, headers });
}

function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#0?39|nbsp);/g, (entity) => entities[entity] ?? entity)
    .trim();
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#039;": "'",
  "&nbsp;": " ",
};

/** The lobby of this very demo, on the same port. */
function isLobby(request: Request): boolean {
  return request.headers.get("origin") === lobbyOrigin(request);
}

function lobbyOrigin(request: Request): string {
  const { port } = new URL(request.url);
  return `http://demo.localhost${port === "" ? "" : `:${port}`}`;
}

function forLobby(request: Request, response: Response): Response {
  if (!isLobby(request)) return response;
  const shared = new Response(response.body, response);
  shared.headers.set("access-control-allow-origin", lobbyOrigin(request));
  shared.headers.set("access-control-allow-credentials", "true");
  shared.headers.append("vary", "Origin");
  return shared;
}

function refused(): Response {
  return new Response("Only the lobby of this demo may ask for that.\n", { status: 403 });
}
