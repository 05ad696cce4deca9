/** Where a banner stands no browser and no cache keeps a page, for any shopper; elsewhere nothing changes. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, send } from "./edge.ts";
import { lumaPage } from "./luma.ts";
import { comparable, heroOn, memberOf, openShop, type Shop, VIP, VIP_HTML } from "./shop.ts";

const page = lumaPage();
const json = "application/json";

/** As Magento sends it to an edge that is meant to do the caching, and what CDNs and frameworks add. */
const cacheable = [
  ["date", "Mon, 23 Nov 2026 06:22:31 GMT"],
  ["content-type", "text/html; charset=UTF-8"],
  ["set-cookie", "PHPSESSID=1; path=/; HttpOnly"],
  ["set-cookie", "X-Magento-Vary=9bf9a599123e6402b85cde67144717a08b817412; path=/; HttpOnly"],
  ["cache-control", "max-age=86400, public, s-maxage=86400"],
  ["pragma", "cache"],
  ["expires", "Tue, 24 Nov 2026 06:22:31 GMT"],
  ["etag", 'W/"5c5f-abc"'],
  ["last-modified", "Mon, 23 Nov 2026 06:22:31 GMT"],
  ["age", "12"],
  ["accept-ranges", "bytes"],
  ["cdn-cache-control", "max-age=600"],
  ["cloudflare-cdn-cache-control", "max-age=600"],
  ["surrogate-control", "max-age=600"],
  ["vary", "Accept-Encoding"],
  ["x-magento-tags", "cms_p_2,cat_p"],
  ["content-security-policy-report-only", "default-src 'self'"],
  ["x-frame-options", "SAMEORIGIN"],
] as const;

const keeping = [
  "etag",
  "last-modified",
  "expires",
  "pragma",
  "age",
  "accept-ranges",
  "cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "surrogate-control",
];

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/", "/302", "/404", "/304", "/204", "/json", "/gone/*"])],
    answer(request, response) {
      const path = request.url.split("?")[0] ?? "";
      const status = Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 200);
      const gzip = /gzip/.test(request.header("accept-encoding") ?? "");
      const body = gzip ? gzipSync(page.html) : Buffer.from(page.html);
      const hasBody = status === 200 || status === 404;
      response.writeHead(status, [
        ...cacheable.flatMap(([name, value]) => [
          name,
          path === "/json" ? value.replace("text/html", json) : value,
        ]),
        ...(status === 302 ? ["location", "/women.html"] : []),
        ...(gzip ? ["content-encoding", "gzip"] : []),
        ...(hasBody ? ["content-length", String(body.length)] : []),
      ]);
      response.end(body);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

const vip = memberOf(VIP);

function expectNotKept(answer: Answer): void {
  expect(answer.all("cache-control")).toEqual(["private, no-store"]);
  for (const name of keeping) {
    expect({ name, value: answer.header(name) }).toEqual({ name, value: null });
  }
}

test("on a banner's path page, redirect, error and HEAD are private, for guest and VIP", async () => {
  for (const headers of [[], [vip]]) {
    for (const path of ["/", "/302", "/404", "/304", "/204", "/json", "/gone/for/good"]) {
      const answer = await shop.edge.send(path, { headers });
      expect(answer.status).toBe(Number(/\d{3}/.exec(path)?.[0] ?? 200));
      expectNotKept(answer);
      // workerd itself tells the length of a body that it passes on whole; of an edited one nobody knows it.
      const length = answer.header("content-length");
      if (length !== null) expect(Number(length)).toBe(answer.body.length);
      const head = await shop.edge.send(path, { headers, method: "HEAD" });
      expectNotKept(head);
      expect(head.body).toHaveLength(0);
      expect(head.header("content-length")).toBeNull();
    }
  }
});

test("the rest of a banner page's headers stays as Commerce wrote it, each cookie in its place", async () => {
  const answer = await shop.edge.send("/", { headers: [vip] });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  const { "cache-control": _, ...rest } = comparable(answer);
  const kept = cacheable.filter(([name]) => name !== "cache-control" && !keeping.includes(name));
  expect(rest["content-length"]).toBeUndefined();
  expect(rest).toEqual(comparable({ headers: kept }));
});

test("off a banner's path every header is Commerce's own, for the VIP too", async () => {
  for (const method of ["GET", "HEAD"]) {
    const direct = await send(shop.origin.port, "/women.html", { method });
    const answer = await shop.edge.send("/women.html", { method, headers: [vip] });
    expect(comparable(answer)).toEqual(comparable(direct));
    expect(answer.text()).toBe(direct.text());
  }
});

test("a form that is posted to a banner's path gets Commerce's own answer, headers and all", async () => {
  const direct = await send(shop.origin.port, "/", { method: "POST" });
  const answer = await shop.edge.send("/", { method: "POST", headers: [vip] });
  expect(comparable(answer)).toEqual(comparable(direct));
  expect(answer.text()).toBe(page.html);
});

test("a returning visitor's conditions and ranges do not empty a banner page", async () => {
  const conditions = [
    ["if-none-match", 'W/"5c5f-abc"'],
    ["if-modified-since", "Mon, 23 Nov 2026 06:22:31 GMT"],
    ["if-match", '"x"'],
    ["if-unmodified-since", "Mon, 23 Nov 2026 06:22:31 GMT"],
    ["if-range", '"x"'],
    ["range", "bytes=0-99"],
  ] as const;
  const answer = await shop.edge.send("/", { headers: [...conditions, vip] });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  const asked = shop.origin.seen[0]?.headers.map(([name]) => name);
  for (const [name] of conditions) expect(asked).not.toContain(name);
});

test("on a banner's path Commerce is asked for those of the shopper's codings that we can read", async () => {
  const asked = {
    "gzip, deflate, br, zstd": "gzip, br",
    "gzip, deflate": "gzip",
    br: "br",
    "zstd, deflate": "identity",
    "*": "gzip, br",
    "gzip;q=0, br;q=0.5": "br",
    "gzip;q=0.000, *": "br",
    "identity;q=0, *;q=0": "identity",
    "GZIP;Q=0.8": "gzip",
    "": "identity",
  };
  for (const [accepted, expected] of Object.entries(asked)) {
    const headers = accepted === "" ? [] : [["accept-encoding", accepted] as const];
    for (const membership of [[], [vip]]) {
      await shop.edge.send("/", { headers: [...headers, ...membership] });
      const sent = shop.origin.seen.at(-1)?.header("accept-encoding");
      expect({ accepted, sent }).toEqual({ accepted, sent: expected });
    }
  }
});

test("Commerce is asked the very same for guest and VIP, so that a cache keeps one page", async () => {
  const headers = [
    ["user-agent", "Mozilla/5.0"],
    ["accept", "text/html"],
    ["accept-encoding", "gzip, br, zstd"],
  ] as const;
  for (const path of ["/", "/women.html", "/?utm_source=mail"]) {
    shop.origin.seen.length = 0;
    await shop.edge.send(path, { headers });
    await shop.edge.send(path, { headers: [...headers, vip] });
    await shop.edge.send(path, { headers: [...headers, ["aep-segments-membership", VIP]] });
    const [guest, ...members] = shop.origin.seen.map(({ url, headers }) => ({ url, headers }));
    expect(members).toEqual([guest, guest]);
  }
});
