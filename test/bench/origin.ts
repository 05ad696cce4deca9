/** The benchmark's origin, a process of its own: pages by their size, one answer for GraphQL, one that is slow. */

import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { lumaPage, SIZES } from "./page.ts";

/** What a slow page sends at once, and how long the rest of it takes. */
const SLOW_HEAD_BYTES = 12_000;
export const SLOW_MS = 300;

const pages = new Map([2, ...SIZES].map((kb) => [kb, Buffer.from(lumaPage(kb * 1000))]));
const zipped = new Map([...pages].map(([kb, page]) => [kb, gzipSync(page)]));
const cart = (total: number) => ({
  cart: { id: "c", total_quantity: 3, prices: { grand_total: { value: total } } },
});
/** What was added, and where the document applies a coupon, that too: the cart as each root leaves it. */
const added = Buffer.from(JSON.stringify({ data: { addProductsToCart: cart(720) } }));
const discounted = Buffer.from(
  JSON.stringify({
    data: {
      addProductsToCart: { cart: { ...cart(720).cart, applied_coupons: null } },
      applyCouponsToCart: cart(576),
    },
  }),
);
const answer = Buffer.from('{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}');

function answerTo(asked: Buffer): Buffer {
  if (!asked.includes("addProductsToCart")) return answer;
  return asked.includes("applyCouponsToCart") ? discounted : added;
}

const common = {
  "cache-control": "max-age=86400, public, s-maxage=86400",
  "set-cookie": "PHPSESSID=x; path=/; HttpOnly",
};

function sendGraphql(asked: Buffer, response: ServerResponse): void {
  const body = answerTo(asked);
  response.writeHead(200, {
    ...common,
    "content-type": "application/json",
    "content-length": body.length,
  });
  response.end(body);
}

let serial = 10_000_000;

/** Another one each time, before the place of its banner. */
function another(page: Buffer, gzip: boolean): Buffer {
  serial += 1;
  const at = page.indexOf("</head>");
  const body = Buffer.concat([page.subarray(0, at), Buffer.from(`<!--${serial}-->`), page.subarray(at)]);
  return gzip ? gzipSync(body, { level: 1 }) : body;
}

/** `/100`, `/gzip/100`, `/plain/gzip/100`, `/slow/100`: the last segment is the size, the others say how. */
function sendPage(path: string, encodings: string, response: ServerResponse): void {
  const kb = Number(path.slice(path.lastIndexOf("/") + 1));
  const gzip = path.includes("/gzip/") && encodings.includes("gzip");
  const page = pages.get(kb) ?? Buffer.from("<p>no such page</p>");
  const same = (gzip ? zipped.get(kb) : undefined) ?? page;
  const body = path.startsWith("/changing/") ? another(page, gzip) : same;
  response.writeHead(200, {
    ...common,
    "content-type": "text/html; charset=UTF-8",
    ...(gzip ? { "content-encoding": "gzip", vary: "Accept-Encoding" } : {}),
    ...(path.startsWith("/slow/") ? {} : { "content-length": body.length }),
  });
  if (!path.startsWith("/slow/")) return void response.end(body);
  response.write(body.subarray(0, SLOW_HEAD_BYTES));
  setTimeout(() => response.end(body.subarray(SLOW_HEAD_BYTES)), SLOW_MS);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (path === "/graphql") return sendGraphql(Buffer.concat(chunks), response);
    sendPage(path, request.headers["accept-encoding"] ?? "", response);
  });
});

if (import.meta.main) {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" && address ? address.port : 0);
  });
}
