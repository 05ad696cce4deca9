/** Where the Worker stands: a route on the shop's own zone, in front of another host, or in a circle. */

import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSocketOrigin } from "./origin.ts";
import { openShop, ROUTE, type Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    websites: ROUTE,
    answer(request, response) {
      const self = `http://${request.header("host")}`;
      response.writeHead(302, [
        ...["location", decodeURIComponent(request.url.slice(1)).replace("SELF", self)],
        ...["set-cookie", "PHPSESSID=1; path=/; domain=127.0.0.1; HttpOnly"],
        ...["set-cookie", "store=fr; Domain=.127.0.0.1; path=/"],
        ...["set-cookie", "other=1; domain=cdn.test; path=/"],
        ...["set-cookie", "domain=127.0.0.1"],
      ]);
      response.end();
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

const redirectTo = (target: string, host = "shop.test") =>
  shop.edge.send(`/${encodeURIComponent(target)}`, { host });

test("a redirect to the origin's own host becomes one to the shop's; all others stay", async () => {
  const mapped = {
    "SELF/checkout/cart/?a=%20": "http://shop.test/checkout/cart/?a=%20",
    SELF: "http://shop.test",
    "SELF?a=1": "http://shop.test?a=1",
    "/women.html": "/women.html",
    "https://pay.test/a": "https://pay.test/a",
    "//cdn.test/x": "//cdn.test/x",
    "SELF.evil.test/x": `http://127.0.0.1:${shop.origin.port}.evil.test/x`,
    "SELF@evil.test/x": `http://127.0.0.1:${shop.origin.port}@evil.test/x`,
  };
  for (const [target, location] of Object.entries(mapped)) {
    const answer = await redirectTo(target);
    expect({ target, location: answer.header("location") }).toEqual({ target, location });
  }
});

test("a shop on a port of its own keeps it in redirects", async () => {
  const answer = await redirectTo("SELF/cart", "shop.test:8443");
  expect(answer.header("location")).toBe("http://shop.test:8443/cart");
  expect(shop.origin.seen[0]?.header("x-forwarded-host")).toBe("shop.test:8443");
});

test("a cookie for the origin's own host becomes the shop's; all others stay, in order", async () => {
  const answer = await redirectTo("/");
  expect(answer.all("set-cookie")).toEqual([
    "PHPSESSID=1; path=/; HttpOnly",
    "store=fr; path=/",
    "other=1; domain=cdn.test; path=/",
    "domain=127.0.0.1",
  ]);
});

test("as a route on the shop's own zone nothing is mapped: origin and shop are one host", async () => {
  const answer = await redirectTo("SELF/cart", `127.0.0.1:${shop.origin.port}`);
  expect(answer.header("location")).toBe(`http://127.0.0.1:${shop.origin.port}/cart`);
  expect(answer.all("set-cookie")[0]).toBe("PHPSESSID=1; path=/; domain=127.0.0.1; HttpOnly");
});

test("an origin that leads back to us is refused at the second turn, not asked for ever", async () => {
  const itself = await shop.edge.send("/", { host: `127.0.0.1:${shop.edge.port}` });
  expect(itself.status).toBe(508);
  expect(itself.text()).toContain("the origin leads back to it");

  // As through a DNS name or a load balancer that ends here again.
  const roundabout = await startSocketOrigin((socket, head, rest) => {
    const back = connect(shop.edge.port, "127.0.0.1");
    back.write(`${head}\r\n\r\n`);
    back.write(rest);
    socket.pipe(back).pipe(socket);
  });
  const answer = await shop.edge.send("/", { host: `127.0.0.1:${roundabout.port}` });
  expect(answer.status).toBe(508);
  expect(roundabout.heads).toHaveLength(1);
  await roundabout.stop();
});
