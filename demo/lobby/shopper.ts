/** What the lobby asks of a shopper's own host: become a member, fill the cart, start over, tell. */

import { membershipName } from "../store/membership.ts";
import type { Ask, DemoEnv } from "./ask.ts";
import { faults } from "./faults.ts";
import { explainPlan, type ToldPlan } from "./reason.ts";

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
];

/** Any well-formed key will do, as long as cookie and form agree: that is what the check is. */
const formKey = "Dem0Dem0Dem0Dem0";

export async function serveShopper(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const url = new URL(request.url);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /demo/become":
      return become(url);
    case "GET /demo/status":
      return forLobby(request, await status(request, env, ask));
    case "POST /demo/cart":
      return isLobby(request) ? forLobby(request, await fillCart(request, ask)) : refused();
    case "POST /demo/reset":
      return isLobby(request) ? forLobby(request, startOver(url)) : refused();
    default:
      return new Response("The demo has no such control.\n", { status: 404 });
  }
}

/** Writes the cookie raw and for the session, exactly as Adobe's event collector does. */
function become(url: URL): Response {
  const audiences = url.searchParams.get("audiences") ?? "";
  const to = url.searchParams.get("to") ?? "/";
  if (!/^[\w.=,%-]*$/.test(audiences)) return new Response("audiences: ids and commas\n", { status: 400 });
  if (!/^\/(?![/\\])/.test(to)) return new Response("to: a path of this shop\n", { status: 400 });
  const headers = new Headers({ location: to, "cache-control": "no-store" });
  headers.append("set-cookie", membershipCookie(audiences));
  return new Response(null, { status: 302, headers });
}

function membershipCookie(audiences: string): string {
  if (audiences === "") return `${membershipName}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`;
  return `${membershipName}=${audiences}; path=/`;
}

/** Asks for the home page and the cart as this shopper's browser would, and says why in one sentence. */
async function status(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const cookie = request.headers.get("cookie") ?? "";
  const explain = { "edge-audiences-explain": env.OPERATOR_KEY ?? "" };
  const page = await ask(shopRequest(request, "/", { headers: { cookie, ...explain } }));
  const plan = readPlan(page.headers.get("edge-audiences-plan"));
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
  const cookie = withCookie(request.headers.get("cookie") ?? "", "form_key", formKey);
  const key = /(?:^|;\s*)form_key=([^;]+)/.exec(cookie)?.[1] ?? formKey;
  const added = await ask(
    shopRequest(request, `/checkout/cart/add/product/${product}/`, {
      method: "POST",
      headers: { cookie, "x-requested-with": "XMLHttpRequest" },
      body: new URLSearchParams({ product, qty: params.get("qty") ?? "1", form_key: key }),
    }),
  );
  const headers = new Headers({ "cache-control": "no-store" });
  for (const line of added.headers.getSetCookie()) {
    if (!line.startsWith("mage-messages=")) headers.append("set-cookie", line);
  }
  return new Response(null, { status: added.ok ? 204 : 502, headers });
}

function startOver(url: URL): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const name of shopCookies) {
    const gone = `${name}=; path=/; max-age=0`;
    headers.append("set-cookie", gone);
    headers.append("set-cookie", `${gone}; domain=${url.hostname}`);
  }
  headers.append("set-cookie", membershipCookie(url.searchParams.get("audiences") ?? ""));
  return new Response(null, { status: 204, headers });
}

function shopRequest(request: Request, path: string, init: RequestInit): Request {
  return new Request(new URL(path, request.url), init);
}

function withCookie(cookies: string, name: string, value: string): string {
  if (new RegExp(`(?:^|;\\s*)${name}=`).test(cookies)) return cookies;
  return cookies === "" ? `${name}=${value}` : `${cookies}; ${name}=${value}`;
}

function readPlan(header: string | null): ToldPlan | null {
  if (header === null) return null;
  try {
    return JSON.parse(header) as ToldPlan;
  } catch {
    return null;
  }
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
