/** The benchmark's origin, a process of its own: one page under every path, one answer for GraphQL. */

import { createServer } from "node:http";
import { lumaPage } from "./page.ts";

const page = Buffer.from(lumaPage(100_000));
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

const server = createServer((request, response) => {
  const graphql = request.url === "/graphql";
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const asked = Buffer.concat(chunks);
    const body = graphql ? answerTo(asked) : page;
    response.writeHead(200, {
      "content-type": graphql ? "application/json" : "text/html; charset=UTF-8",
      "content-length": body.length,
      "cache-control": "max-age=86400, public, s-maxage=86400",
      "set-cookie": "PHPSESSID=x; path=/; HttpOnly",
    });
    response.end(body);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address ? address.port : 0);
});
