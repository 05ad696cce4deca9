/** Commerce answers GraphQL at more addresses than one, and an exclusive code is worth nothing at any of them. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    website: { storeViews: ["fr"] },
    offers: [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "verified", exclusive: true }],
    answer: (_request, response) =>
      void response.writeHead(200, { "content-type": "application/json" }).end('{"data":{}}'),
  });
});
afterAll(() => shop.stop());

const typed = (code: string) =>
  JSON.stringify({
    query: `mutation { applyCouponToCart(input: {cart_id: "c", coupon_code: "${code}"}) { cart { id } } }`,
  });

async function heard(path: string, code: string): Promise<string | undefined> {
  const before = shop.origin.seen.length;
  await shop.edge.send(path, {
    method: "POST",
    headers: [["content-type", "application/json"]],
    body: typed(code),
  });
  return shop.origin.seen[before]?.body.toString();
}

test.each([
  "/graphql",
  "/graphql/",
  "/graphql/anything/below",
  "/index.php/graphql",
  "/fr/graphql",
  "/index.php/fr/graphql",
  "//graphql",
  `${"/".repeat(40)}graphql`,
  "/%67raphql/x",
  "/graphql/%ff",
])("an exclusive code is none at %s", async (path) => {
  // Commerce refuses it as a code that does not exist.
  expect(await heard(path, "VIP20")).toBe(typed("VIP20."));
  expect(await heard(path, "SPRING")).toBe(typed("SPRING"));
});
