/** A pretend Adobe Commerce: Luma pages, private content, REST and GraphQL, as one Worker. */

import { openAccount, signInFromForm, signOutFromLink, switchStoreView } from "./account-action.ts";
import { answer, redirect } from "./answer.ts";
import { serveAsset } from "./asset.ts";
import { addFromForm, couponFromForm, removeFromForm, updateFromForm } from "./cart-action.ts";
import { findCategory, findProduct } from "./catalog.ts";
import { serveGraphql } from "./graphql.ts";
import { serveBackOffice, serveNotFound, serveSignedOut, serveSignIn } from "./pages/account-page.ts";
import { serveCart } from "./pages/cart-page.ts";
import { serveCategory, serveProduct, serveSearch } from "./pages/catalog-page.ts";
import { serveCheckout, serveReceipt } from "./pages/checkout-page.ts";
import { serveHeadless } from "./pages/headless-page.ts";
import { serveHome } from "./pages/home.ts";
import { serveRest } from "./rest.ts";
import { serveBannerSection } from "./rotator.ts";
import { serveSections } from "./section.ts";
import { serveSoap } from "./soap.ts";
import { withoutScript } from "./store-view.ts";
import { addressUnderBase, openVisit, type StoreEnv, type Visit } from "./visit.ts";

type Handler = (visit: Visit) => Promise<Response>;

interface Route {
  readonly method: "GET" | "POST";
  /** Ends in `*` for everything below it; a slash at the end may be left out. */
  readonly path: string;
  readonly handler: Handler;
}

const routes: readonly Route[] = [
  { method: "GET", path: "/", handler: serveHome },
  { method: "GET", path: "/catalogsearch/result/", handler: serveSearch },
  { method: "GET", path: "/checkout/cart/", handler: serveCart },
  { method: "POST", path: "/checkout/cart/add/*", handler: addFromForm },
  { method: "POST", path: "/checkout/cart/delete/", handler: removeFromForm },
  { method: "POST", path: "/checkout/cart/updatePost/", handler: updateFromForm },
  { method: "POST", path: "/checkout/cart/couponPost/*", handler: couponFromForm },
  { method: "GET", path: "/checkout/", handler: serveCheckout },
  { method: "GET", path: "/checkout/onepage/success/", handler: serveReceipt },
  { method: "GET", path: "/customer/account/", handler: openAccount },
  { method: "GET", path: "/customer/account/login/*", handler: serveSignIn },
  { method: "POST", path: "/customer/account/loginPost/*", handler: signInFromForm },
  { method: "GET", path: "/customer/account/logout/", handler: signOutFromLink },
  { method: "GET", path: "/customer/account/logoutSuccess/", handler: serveSignedOut },
  { method: "GET", path: "/customer/section/load/", handler: serveSections },
  { method: "GET", path: "/banner/ajax/load/", handler: serveBannerSection },
  { method: "GET", path: "/stores/store/redirect/*", handler: switchStoreView },
  { method: "GET", path: "/headless/", handler: serveHeadless },
  { method: "GET", path: "/backoffice/*", handler: serveBackOffice },
  { method: "GET", path: "/robots.txt", handler: serveRobots },
  { method: "GET", path: "/about-us", handler: (visit) => redirect(visit, visit.base) },
];

export default {
  async fetch(request: Request, env: StoreEnv): Promise<Response> {
    const nowMs = Date.now();
    const visit = openVisit(request, env, nowMs);
    const pathname = visit.url.pathname;
    if (pathname.startsWith("/static/") || pathname.startsWith("/media/")) {
      return (
        serveAsset(request, { pathname, nowMs, env }) ?? new Response("File not found\n", { status: 404 })
      );
    }
    const door = withoutScript(pathname);
    if (door === "/graphql" || door === "/graphql/") return serveGraphql(visit);
    if (door.startsWith("/rest/")) return serveRest(visit);
    if (/^\/soap(\/|$)/.test(door)) return serveSoap(visit);
    const elsewhere = addressUnderBase(visit, env);
    if (elsewhere !== null) return redirect(visit, elsewhere);
    return handlerOf(visit)(visit);
  },
};

function handlerOf(visit: Visit): Handler {
  const method = visit.request.method === "POST" ? "POST" : "GET";
  const route = routes.find((one) => one.method === method && matches(one.path, visit.path));
  if (route !== undefined) return route.handler;
  const key = /^\/([a-z0-9-]+)\.html$/.exec(visit.path)?.[1];
  if (key === undefined || method === "POST") return serveNotFound;
  const category = findCategory(key);
  if (category !== null) return (one) => serveCategory(one, category);
  const product = findProduct({ key });
  if (product !== null) return (one) => serveProduct(one, product);
  return serveNotFound;
}

/** Magento reads the front name as it is written, and what comes behind it without regard to case. */
function matches(pattern: string, written: string): boolean {
  const path = written.replace(/(?<=^\/\w+\/).*/, (rest) => rest.toLowerCase());
  const wanted = pattern.toLowerCase();
  if (wanted.endsWith("*")) return `${path}/`.startsWith(wanted.slice(0, -1));
  return path === wanted || `${path}/` === wanted;
}

function serveRobots(visit: Visit): Promise<Response> {
  const body = "User-agent: *\nDisallow: /checkout/\nDisallow: /customer/\n";
  const caching = { kind: "public", tags: ["robots"], maxAgeSeconds: 86_400 } as const;
  return answer(visit, { type: "text/plain; charset=UTF-8", body, caching });
}
