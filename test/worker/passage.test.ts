/** What nothing of ours stands on takes the short way, whose request and answer are those of the long one. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { SentRequest } from "./edge.ts";
import type { SeenRequest } from "./origin.ts";
import { heroOn, memberOf, openShop, type Shop, VIP } from "./shop.ts";

let shop: Shop;
let refusing: Shop;
const asked: { readonly method: string; readonly url: string; readonly headers: SeenRequest["headers"] }[] =
  [];

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    website: { logSamplingRate: 0 },
    answer(request, response) {
      asked.push({ method: request.method, url: request.url, headers: request.headers });
      response.writeHead(request.url.startsWith("/down") ? 503 : 200, {
        "content-type": "text/html; charset=UTF-8",
        "cache-control": "max-age=86400, public",
        "set-cookie": ["a=1; path=/", `b=2; domain=${new URL(shop.origin.url).hostname}`],
        etag: '"x"',
        date: "Mon, 23 Nov 2026 12:00:00 GMT",
      });
      response.end("<h1>A page</h1>");
    },
  });
  refusing = await openShop({
    banners: [heroOn(["/"])],
    website: { mode: "watch", logSamplingRate: 0 },
    answer: (_request, response) => void response.end("x"),
  });
});

afterAll(async () => {
  await shop.stop();
  await refusing.stop();
});

const member = memberOf(VIP);
const own: readonly [string, string] = [
  "cookie",
  `PHPSESSID=a; __Host-edge-audiences-main=forged; aep-segments-membership=${VIP}; b=2`,
];
const requests: Readonly<Record<string, SentRequest>> = {
  "a picture": {},
  "a HEAD": { method: "HEAD" },
  "a member": { headers: [member] },
  "a member by header, in two spellings": {
    headers: [
      ["aep-segments-membership", VIP],
      ["aep_segments_membership", VIP],
    ],
  },
  "cookies of ours": { headers: [own] },
  "two cookie lines": { headers: [member, ["cookie", "x=1"]] },
  "a part": {
    headers: [
      ["range", "bytes=0-2"],
      ["if-none-match", '"x"'],
    ],
  },
  "what proxies write": {
    headers: [
      ["x-forwarded-host", "evil.test"],
      ["connection", "x-secret"],
      ["x-secret", "1"],
    ],
  },
  "no consent": { headers: [["cookie", "mg_dnt=1; aep-segments-membership=1"]] },
  "a consent to nothing": { headers: [["sec-gpc", "1"], own] },
};

/** The operator's header makes a request take the long way, and goes no further. */
const longWay = ["edge-audiences-explain", "the wrong key"] as const;

test.each(Object.entries(requests))("%s: both ways ask and answer the same", async (_, request) => {
  const ways = [request, { ...request, headers: [...(request.headers ?? []), longWay] }];
  const [short, long] = await Promise.all(
    ways.map(async (one, way) => {
      const path = `/women.html?way=${way}`;
      const { status, headers, body } = await shop.edge.send(path, one);
      const seen = asked.find(({ url }) => url === path);
      asked.splice(0, asked.length, ...asked.filter((other) => other !== seen));
      const told = headers.filter(([name]) => name !== "server-timing");
      return { status, told, body: body.toString(), seen: { ...seen, url: null } };
    }),
  );
  expect(short?.status).toBe(200);
  expect(short?.seen.method).toBe(request.method ?? "GET");
  expect(short?.seen.headers?.length).toBeGreaterThan(2);
  expect(short).toEqual(long);
});

test("a request that went well is not in the log, and one that went wrong is", async () => {
  const from = shop.edge.logs.length;
  await shop.edge.send("/women.html");
  await shop.edge.send("/");
  await shop.edge.send("/down");
  const line = await shop.edge.logged(({ event }) => event === "request", from);
  expect(line).toMatchObject({ status: 503, plan: "pass", reason: "no-banner-here" });
  // The short way asked nobody who the shopper is.
  expect(line).toMatchObject({ membership: { kind: "none", reason: "undecided" } });
});

test("while a website only watches, each request is in the log", async () => {
  await refusing.edge.send("/women.html");
  const line = await refusing.edge.logged(({ event }) => event === "request");
  expect(line).toMatchObject({ mode: "watch", plan: "pass" });
});
