/** Three storefronts in small, none of them on GraphQL's host: a PWA, a static page, a server that renders. */

import { readFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { stopperOf } from "../../cli/dev/relay.ts";
import type { WebSdk } from "../../demo/web-sdk.ts";

export interface Storefront {
  readonly port: number;
  stop(): Promise<void>;
}

declare global {
  /** What the scripts of these pages leave there. */
  interface Window {
    readonly viewed: Promise<unknown>;
    readDiscounts(): Promise<readonly string[]>;
    readCacheId(): Promise<string | null>;
    /** Adobe's Web SDK. */
    alloy(command: "getIdentity"): Promise<{ readonly identity: { readonly ECID: string } }>;
    alloy(command: string, options: object): Promise<unknown>;
  }
}

/** In the pages: a cart with one thing in it, and what GraphQL takes off. */
const shopping = (graphql: string) => `
async function ask(query, variables) {
  const response = await fetch(${JSON.stringify(graphql)}, {
    method: "POST",
    credentials: "include",
    headers: { "Content-Type": "application/json", Store: "default" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return { data, cacheId: response.headers.get("X-Magento-Cache-Id") };
}
window.readCacheId = async () => (await ask("{ storeConfig { store_code } }")).cacheId;
window.readDiscounts = async () => {
  const [product] = (await ask("{ products(filter: {}, pageSize: 1) { items { sku } } }")).data.products.items;
  const id = (await ask("mutation { createEmptyCart }")).data.createEmptyCart;
  const { data } = await ask(
    \`mutation ($id: String!, $sku: String!) {
      addProductsToCart(cartId: $id, cartItems: [{ sku: $sku, quantity: 1 }]) {
        cart { prices { discounts { label } } } } }\`,
    { id, sku: product.sku },
  );
  return (data.addProductsToCart.cart.prices.discounts ?? []).map(({ label }) => label);
};
`;

/** A single page with Adobe's own Web SDK, which calls the host of GraphQL too. */
export function startPwa(api: string, webSdk: WebSdk): Promise<Storefront> {
  const file = fileURLToPath(new URL("../../node_modules/@adobe/alloy/dist/alloy.min.js", import.meta.url));
  const sdk = readFileSync(file);
  const settings = {
    datastreamId: webSdk.datastreamId,
    orgId: webSdk.organizationId,
    edgeDomain: api,
    thirdPartyCookiesEnabled: false,
  };
  const page = `<!doctype html><title>PWA</title><link rel="icon" href="data:,"><div id="root"></div>
<script>
  const queue = [];
  window.__alloyNS = ["alloy"];
  window.alloy = Object.assign((...command) => new Promise((...settle) => queue.push([...settle, command])), { q: queue });
  alloy("configure", ${JSON.stringify(settings)});
  window.viewed = alloy("sendEvent", { type: "web.webpagedetails.pageViews", xdm: {} });
  ${shopping(`https://${api}/graphql`)}
</script>
<script src="/alloy.js" async></script>`;
  return start((incoming, response) => {
    if (incoming.url !== "/alloy.js") return answerPage(response, page);
    response.writeHead(200, { "content-type": "text/javascript" });
    response.end(sdk);
  });
}

/** As Edge Delivery serves them: the same bytes for everybody, and a script that asks GraphQL. */
export function startStaticPage(api: string): Promise<Storefront> {
  const page = `<!doctype html><title>Static</title><link rel="icon" href="data:,"><main></main>
<script>${shopping(`https://${api}/graphql`)}</script>`;
  return start((_, response) => answerPage(response, page));
}

export interface Backend {
  /** The Worker's host, and where it is on this machine. */
  readonly api: string;
  readonly port: number;
  readonly secret: string;
  readonly audience: string;
}

/** Relays the shopper's cookies with its secret, and what is signed back to the shopper. */
export function startRenderer({ api, port, secret, audience }: Backend): Promise<Storefront> {
  return start(async (incoming, response) => {
    const asked = await askWorker(port, `https://${api}/_audience/membership`, {
      host: api,
      "edge-audiences-backend": secret,
      cookie: incoming.headers.cookie ?? "",
    });
    const { audiences } = JSON.parse(asked.text) as { readonly audiences: readonly string[] };
    const hero = audiences.includes(audience) ? "Rendered for a VIP" : "Rendered for everybody";
    response.setHeader("set-cookie", asked.setCookie);
    response.setHeader("cache-control", "private, no-store");
    answerPage(response, `<!doctype html><title>SSR</title><link rel="icon" href="data:,"><h1>${hero}</h1>`);
  });
}

function askWorker(port: number, path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly text: string; readonly setCookie: readonly string[] }>((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, headers, setHost: false, agent: false });
    outgoing.on("error", reject);
    outgoing.on("response", async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ text, setCookie: answer.headers["set-cookie"] ?? [] });
    });
    outgoing.end();
  });
}

function answerPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(html);
}

async function start(
  handler: (incoming: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Storefront> {
  const server = createServer((incoming, response) => {
    // A storefront that fails shows it: the test waits for its page.
    Promise.resolve(handler(incoming, response)).catch((error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  const stop = stopperOf(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, stop };
}
