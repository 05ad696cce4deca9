/** What can't be edited, or must not be, is left alone, and the operator reads why. */

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer, SentRequest } from "./edge.ts";
import { lumaPage } from "./luma.ts";
import { RIG, rig } from "./rig.ts";
import {
  ADMIN_PATH,
  explained,
  heroOn,
  memberOf,
  openShop,
  planOf,
  type Shop,
  VIP,
  VIP_HTML,
} from "./shop.ts";

const page = lumaPage();
const html = Buffer.from(page.html);
const short = Buffer.from("<section id=hero>x</section>");

interface Reply {
  readonly left: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly body?: Buffer;
}

const replies: Readonly<Record<string, Reply>> = {
  "/p/deflate": { left: "coding", headers: { "content-encoding": "deflate" }, body: deflateSync(html) },
  "/p/zstd": { left: "coding", headers: { "content-encoding": "zstd" }, body: zstdCompressSync(html) },
  "/p/twice": {
    left: "coding",
    headers: { "content-encoding": "br, gzip" },
    body: gzipSync(brotliCompressSync(html)),
  },
  "/p/charset": { left: "charset", headers: { "content-type": "text/html; charset=x-unknown" } },
  "/p/utf16": {
    left: "charset",
    headers: { "content-type": "text/html; charset=utf-16" },
    body: Buffer.from(page.html, "utf16le"),
  },
  "/p/long": { left: "too-long", headers: { "content-length": String(html.length) } },
  "/p/attachment": { left: "download", headers: { "content-disposition": "Attachment; filename=a.html" } },
  "/p/json": { left: "not-html", headers: { "content-type": "application/json" } },
  "/p/xhtml": { left: "not-html", headers: { "content-type": "application/xhtml+xml" } },
  "/p/untyped": { left: "not-html", headers: { "content-type": "" } },
  "/p/302": { left: "status", headers: { location: "/x" }, status: 302 },
  "/p/404": { left: "status", headers: {}, status: 404 },
  "/p/500": { left: "status", headers: {}, status: 500 },
  "/p/206": { left: "status", headers: { "content-range": "bytes 0-1/2" }, status: 206 },
  "/p/203": { left: "status", headers: {}, status: 203 },
  "/p/html": { left: null, headers: { "content-type": "TEXT/HTML;charset=utf-8" } },
  "/p/inline": { left: null, headers: { "content-disposition": "inline" }, body: short },
};

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    script: RIG,
    banners: [heroOn(["/", "/p/*"], "#hero", "hero"), heroOn(["/*"], "section#hero", "everywhere")],
    website: { maxPageBytes: html.length - 1, storeViews: ["fr"] },
    answer(request, response) {
      const reply = replies[request.url];
      const type = reply ? {} : { "x-path": request.url };
      response.writeHead(reply?.status ?? 200, {
        "content-type": "text/html; charset=UTF-8",
        ...type,
        ...reply?.headers,
      });
      response.end(reply?.body ?? html);
    },
  });
});
afterAll(() => shop.stop());

const vip = memberOf(VIP);
const asVip = (path: string, request: SentRequest = {}): Promise<Answer> =>
  shop.edge.send(path, explained({ ...request, headers: [vip, ...(request.headers ?? [])] }));

test("an answer that is no whole page in a text that we can read arrives as it came", async () => {
  for (const [path, { left, status, body }] of Object.entries(replies)) {
    const answer = await asVip(path, { headers: [["accept-encoding", "gzip, deflate, br, zstd"]] });
    const untouched = answer.body.equals(body ?? html);
    expect({ path, status: answer.status, untouched }).toEqual({
      path,
      status: status ?? 200,
      untouched: left !== null,
    });
    expect(planOf(answer)).toMatchObject({ plan: "personalize", left });
    expect(answer.header("cache-control")).toBe("private, no-store");
  }
});

test("HEAD has the page's headers and no body; a POST is never edited", async () => {
  const head = await asVip("/", { method: "HEAD" });
  expect(head.body).toHaveLength(0);
  expect(planOf(head)).toMatchObject({ plan: "personalize", left: "method" });
  const post = await asVip("/", { method: "POST", body: "a=1" });
  expect(post.body.equals(html)).toBe(true);
  expect(planOf(post)).toMatchObject({ plan: "pass", reason: "method" });
});

test("who is signed in to Commerce's admin sees what is really there", async () => {
  const answer = await asVip("/", { headers: [["cookie", "admin=0123456789abcdef"]] });
  expect(answer.body.equals(html)).toBe(true);
  expect(planOf(answer)).toMatchObject({
    plan: "default",
    banners: [
      { banner: "hero", variant: null, reason: "admin-signed-in" },
      { banner: "everywhere", variant: null, reason: "admin-signed-in" },
    ],
  });
});

test("a banner on every page never reaches checkout, account, admin, APIs and files", async () => {
  for (const path of [
    "/checkout/cart/",
    "/checkout",
    "/customer/account/login/",
    "/rest/V1/guest-carts",
    "/soap/default",
    "/static/version1/frame.html",
    "/media/catalog/a.html",
    "/banner/ajax/load",
    "/page_cache/block/esi",
    `/${ADMIN_PATH}/dashboard`,
    `/index.php/${ADMIN_PATH}/dashboard`,
    "/fr/checkout/",
    "/index.php/checkout/cart",
    "/index.php/fr/customer/account",
    "//checkout//cart",
    "/%63heckout/cart",
    "/CHECKOUT/cart",
    "/index.php/%63ustomer%2faccount",
    "/fr/%72est/V1",
    `/%62ackoffice_x7/dashboard`,
    "/women/../checkout/cart",
  ]) {
    const answer = await asVip(path);
    expect({ path, untouched: answer.body.equals(html) }).toEqual({ path, untouched: true });
    expect(planOf(answer)).toMatchObject({ plan: "pass", reason: "reserved-path" });
    expect(answer.header("cache-control")).toBeNull();
  }
});

test("a banner on every page reaches every other page", async () => {
  for (const path of ["/women.html", "/fr/", "/customer-service", "/check-out.html", "/blog/2026/11/rest"]) {
    const answer = await asVip(path);
    expect({ path, text: answer.text().includes(VIP_HTML) }).toEqual({ path, text: true });
  }
});

test("a banner on every page stands nowhere while the admin's path is not known", async () => {
  await rig(shop.edge, { cold: true, vars: { COMMERCE_ADMIN_PATH: "" } });
  expect(planOf(await asVip("/women.html"))).toMatchObject({ plan: "pass", reason: "no-banner-here" });
  expect(planOf(await asVip(`/${ADMIN_PATH}/dashboard`))).toMatchObject({ plan: "pass" });
  expect(planOf(await asVip("/p/html"))).toMatchObject({ banners: [{ banner: "hero", variant: "vip" }] });
  await rig(shop.edge, { cold: true, vars: {} });
});
