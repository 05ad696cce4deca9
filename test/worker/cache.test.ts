/** With a cache between the Worker and the store: nobody gets another's answer, and one page is kept. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { lumaPage } from "./luma.ts";
import { type CachingProxy, nginxIsMissing, startCachingProxy } from "./nginx.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { BARGAIN, BARGAIN_HTML, heroOn, openShop, ROUTE, type Shop, VIP, VIP_HTML } from "./shop.ts";

const page = lumaPage();
const cached = (title: string, body: () => Promise<void>) =>
  test(title, async (context) => {
    context.skip(nginxIsMissing, "nginx is not installed here");
    await body();
  });

let store: Origin;
let proxy: CachingProxy | undefined;
let shop: Shop;

beforeAll(async () => {
  if (nginxIsMissing) return;
  // A store that writes into each answer whom it believes to see, and calls it public where Magento does.
  store = await startOrigin((request, response) => {
    const isPrivate = request.method === "POST" || /^\/(checkout|customer)/.test(request.url);
    response.writeHead(200, {
      "content-type": request.url.startsWith("/graphql") ? "application/json" : "text/html; charset=utf-8",
      "cache-control": isPrivate ? "no-store, no-cache, must-revalidate, max-age=0" : "public, max-age=86400",
      "set-cookie": "PHPSESSID=of-the-first-visitor; path=/",
      vary: "Accept-Encoding",
    });
    const told = `${request.header("aep-segments-membership")} ${request.header("cookie")}`;
    const known = [VIP, BARGAIN].filter((audience) => told.includes(audience));
    response.end(/^\/(\?|$)/.test(request.url) ? page.html : JSON.stringify({ told: known }));
  });
  proxy = await startCachingProxy(store.port);
  shop = await openShop({
    banners: [heroOn(["/"])],
    websites: ROUTE,
    answer: (_, response) => void response.end(),
  });
});
afterAll(async () => {
  if (nginxIsMissing) return;
  await shop.stop();
  await proxy?.stop();
  await store.stop();
});
beforeEach(() => {
  if (!nginxIsMissing) store.seen.length = 0;
});

const shoppers = [[], [VIP], [BARGAIN], [VIP, BARGAIN]] as const;

function ask(path: string, audiences: readonly string[], method = "GET") {
  const membership = audiences.length > 0 ? `aep-segments-membership=${audiences.join(",")}; ` : "";
  return shop.edge.send(path, {
    method,
    host: `127.0.0.1:${proxy?.port}`,
    headers: [
      ["cookie", `${membership}form_key=abc`],
      ["accept-encoding", "gzip, br"],
    ],
    ...(method === "POST" ? { body: "{}" } : {}),
  });
}

function heroOf(audiences: readonly string[]): string {
  if (audiences.includes(VIP)) return page.withHero(VIP_HTML, { website: "route" });
  return audiences.includes(BARGAIN) ? page.withHero(BARGAIN_HTML, { website: "route" }) : page.html;
}

cached("the cache keeps one copy of a banner's page, and every shopper gets their own from it", async () => {
  const states: (string | null)[] = [];
  for (const audiences of [...shoppers, ...[...shoppers].reverse()]) {
    const answer = await ask("/", audiences);
    expect(answer.text()).toBe(heroOf(audiences));
    expect(answer.header("cache-control")).toBe("private, no-store");
    expect(answer.all("set-cookie")).toEqual([]);
    states.push(answer.header("x-cache"));
  }
  expect(states).toEqual(["MISS", ...Array.from({ length: 7 }, () => "HIT")]);
  expect(store.seen).toHaveLength(1);
});

cached("where a VIP fills the cache, the guest behind them gets the guest's page and answer", async () => {
  for (const path of ["/women.html", "/men.html?p=2", "/graphql?query={storeConfig{store_code}}"]) {
    const vip = await ask(path, [VIP]);
    const guest = await ask(path, []);
    expect([vip.header("x-cache"), guest.header("x-cache")]).toEqual(["MISS", "HIT"]);
    expect([vip.text(), guest.text()]).toEqual(['{"told":[]}', '{"told":[]}']);
  }
});

cached("carts and GraphQL by POST are told whom they are for, and nobody gets another's", async () => {
  for (const [path, method] of [
    ["/checkout/cart/", "GET"],
    ["/customer/section/load/?sections=cart", "GET"],
    ["/graphql", "POST"],
    ["/women.html", "POST"],
  ] as const) {
    for (const audiences of [...shoppers, ...shoppers]) {
      const answer = await ask(path, audiences, method);
      expect(JSON.parse(answer.text())).toEqual({ told: [...audiences] });
      expect(answer.header("x-cache")).not.toBe("HIT");
    }
  }
});

cached("many shoppers at once on a cold cache: one page is fetched, and each sees their own", async () => {
  const crowd = Array.from({ length: 60 }, (_, n) => shoppers[n % shoppers.length] ?? []);
  const answers = await Promise.all(crowd.map((audiences) => ask("/?utm_source=mail", audiences)));
  expect(answers.map((answer) => answer.text())).toEqual(crowd.map(heroOf));
  expect(store.seen.map(({ url }) => url)).toEqual(["/?utm_source=mail"]);
});
