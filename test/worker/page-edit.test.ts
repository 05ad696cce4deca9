/** A banner's place is edited for the shopper in its audience, and outside of it not one byte differs. */

import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lumaPage } from "./luma.ts";
import { startSocketOrigin } from "./origin.ts";
import {
  BARGAIN,
  BARGAIN_HTML,
  explained,
  heroOn,
  markAs,
  memberOf,
  openShop,
  planOf,
  ROUTE,
  type Shop,
  STRANGER,
  VIP,
  VIP_HTML,
} from "./shop.ts";

const page = lumaPage();
const ELEMENT = '<aside id="vip-hero">Only for you</aside>';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [
      heroOn(["/", "/café.html", "/gzip", "/br", "/latin1", "/unlabelled"]),
      heroOn(["/missing"], "#not-in-this-page", "missing"),
      heroOn(["/two"], "#hero", "two-hero"),
      heroOn(["/two"], "ul li.item:first-child > a", "two-none"),
      heroOn(["/two"], ".product > span[class='price']", "two-price"),
      {
        ...heroOn(["/element"], "#hero", "element"),
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { element: ELEMENT } }],
      },
    ],
    websites: ROUTE,
    answer(request, response) {
      const type = request.url === "/unlabelled" ? "text/html" : "text/html; charset=UTF-8";
      if (request.url === "/gzip") {
        response.writeHead(200, { "content-type": type, "content-encoding": "gzip" });
        return void response.end(gzipSync(page.html));
      }
      if (request.url === "/br") {
        response.writeHead(200, { "content-type": type, "content-encoding": "br" });
        return void response.end(brotliCompressSync(page.html));
      }
      if (request.url === "/latin1") {
        response.writeHead(200, { "content-type": "text/html; charset=iso-8859-1" });
        return void response.end(
          Buffer.from("<p>\xe9</p><section id=hero>\xe8</section><p>\xff</p>", "latin1"),
        );
      }
      response.writeHead(200, { "content-type": type });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());

test("each shopper sees the hero of their audience, all others Commerce's own", async () => {
  const see = async (...audiences: string[]) =>
    (await shop.edge.send("/", audiences.length > 0 ? { headers: [memberOf(...audiences)] } : {})).text();
  expect(await see(VIP)).toBe(page.withHero(VIP_HTML));
  expect(await see(BARGAIN)).toBe(page.withHero(BARGAIN_HTML));
  expect(await see(BARGAIN, VIP)).toBe(page.withHero(VIP_HTML));
  expect(await see(STRANGER)).toBe(page.html);
  expect(await see()).toBe(page.html);
});

test("a header says it as well as a cookie, and the first page view counts", async () => {
  const answer = await shop.edge.send("/", {
    headers: [["aep-segments-membership", `${VIP}%2C${STRANGER}`]],
  });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
});

test("a path is the same in every spelling that Commerce reads as one", async () => {
  for (const path of ["/caf%C3%A9.html", "/caf%c3%a9.html?utm_source=mail", "/%63af%C3%A9.html"]) {
    const answer = await shop.edge.send(path, { headers: [memberOf(VIP)] });
    expect(answer.text()).toBe(page.withHero(VIP_HTML));
  }
});

test("gzip and br pages are edited, and stay in their coding", async () => {
  for (const [path, decode] of [
    ["/gzip", gunzipSync],
    ["/br", brotliDecompressSync],
  ] as const) {
    const vip = await shop.edge.send(path, { headers: [memberOf(VIP), ["accept-encoding", "gzip, br"]] });
    expect(vip.header("content-encoding")).toBe(path.slice(1));
    expect(decode(vip.body).toString()).toBe(page.withHero(VIP_HTML));
    const guest = await shop.edge.send(path, { headers: [["accept-encoding", "gzip, br"]] });
    expect(guest.header("content-encoding")).toBe(path.slice(1));
    expect(decode(guest.body).toString()).toBe(page.html);
  }
});

test("characters cut in two by the network arrive whole", async () => {
  const bytes = Buffer.from(page.html);
  const expected = Buffer.from(page.withHero(VIP_HTML, { website: "route" }));
  // A prime number of bytes a chunk, so that the cuts fall everywhere, also into the hero's own tag.
  const origin = await startSocketOrigin(async (socket) => {
    socket.setNoDelay(true);
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n\r\n");
    for (let at = 0; at < bytes.length; at += 37) {
      await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + 37), () => resolve()));
    }
    socket.end();
  });
  const answer = await shop.edge.send("/", { host: `127.0.0.1:${origin.port}`, headers: [memberOf(VIP)] });
  expect(answer.body.equals(expected)).toBe(true);
  await origin.stop();
});

test("a page in ISO-8859-1 stays in it; bytes that are no text stay the bytes that they are", async () => {
  const latin = await shop.edge.send("/latin1", { headers: [memberOf(BARGAIN)] });
  expect(latin.body.toString("latin1")).toBe(
    `<p>\xe9</p><section id=hero${markAs({ variant: "bargain" })}>${BARGAIN_HTML}</section><p>\xff</p>`,
  );

  const stray = Buffer.from("<p>\xff\xfe\x00</p><section id=hero>x</section><p>\xc3</p>", "latin1");
  const origin = await startSocketOrigin((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n");
    socket.end(stray);
  });
  const answer = await shop.edge.send("/", {
    host: `127.0.0.1:${origin.port}`,
    headers: [memberOf(BARGAIN)],
  });
  expect(answer.body.toString("latin1")).toBe(
    `<p>\xff\xfe\x00</p><section id=hero${markAs({ website: "route", variant: "bargain" })}>${BARGAIN_HTML}</section><p>\xc3</p>`,
  );
  await origin.stop();
});

test("an element can be replaced as a whole", async () => {
  const answer = await shop.edge.send("/element", { headers: [memberOf(VIP)] });
  expect(answer.text()).toBe(
    page.withoutHero(ELEMENT.replace("<aside", `<aside${markAs({ banner: "element" })}`)),
  );
});

test("several banners of a page are edited each in the first place that its selector finds", async () => {
  const answer = await shop.edge.send("/two", explained({ headers: [memberOf(BARGAIN)] }));
  const price = markAs({ banner: "two-price", variant: "bargain" });
  const expected = page
    .withHero(BARGAIN_HTML, { banner: "two-hero" })
    .replace('<span class="price">€ 0,–</span >', `<span class="price"${price}>${BARGAIN_HTML}</span >`);
  expect(answer.text()).not.toBe(page.withHero(BARGAIN_HTML, { banner: "two-hero" }));
  expect(answer.text()).toBe(expected);
  expect(planOf(answer)["banners"]).toEqual(
    ["two-hero", "two-none", "two-price"].map((banner) => ({
      banner,
      variant: "bargain",
      reason: "condition-holds",
      passed: [{ variant: "vip", reason: "condition-fails" }],
    })),
  );
});

test("a place that is not in the page leaves it whole, and the operator reads which one", async () => {
  const answer = await shop.edge.send("/missing", { headers: [memberOf(VIP)] });
  expect(answer.text()).toBe(page.html);
  const warning = await shop.edge.logged(({ banners }) => String(banners) === "missing");
  expect(warning).toMatchObject({ website: "main", path: "/missing" });
});

test("the operator reads why each shopper sees what they see", async () => {
  const plan = async (...headers: (readonly [string, string])[]) =>
    planOf(await shop.edge.send("/", explained({ headers })));
  expect(await plan(memberOf(VIP))).toMatchObject({
    website: "main",
    kind: "page",
    mode: "on",
    plan: "personalize",
    reason: null,
    left: null,
    membership: { kind: "member", source: "cookie", trust: "claimed", count: 1, unknown: null, lost: [] },
    banners: [{ banner: "home-hero", variant: "vip", reason: "condition-holds" }],
    campaigns: { rung: "memory" },
  });
  expect(await plan(memberOf(STRANGER))).toMatchObject({
    plan: "default",
    banners: [{ banner: "home-hero", variant: null, reason: "no-condition-holds" }],
  });
  expect(await plan()).toMatchObject({
    plan: "default",
    membership: { kind: "none", reason: "absent" },
    banners: [{ banner: "home-hero", variant: null, reason: "no-membership" }],
  });
});
