/** A banner is where, when and for whom its merchandiser wrote; who is in a split is known again, and nobody else is numbered. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "./edge.ts";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { heroOn, memberOf, planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  type Header,
  openVerifiedShop,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const DEVICE = "__Host-edge-audiences-device-main";
const NAVIGATE: readonly Header[] = [
  ["sec-fetch-mode", "navigate"],
  ["sec-fetch-dest", "document"],
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
];
const HOUR_MS = 3_600_000;
const [vipVariant] = heroOn(["/"]).variants;
const soon = new Date(Date.now() + HOUR_MS).toISOString().slice(0, 19);
const later = new Date(Date.now() + 2 * HOUR_MS).toISOString().slice(0, 19);

const page = lumaPage();
let shop: VerifiedShop;

beforeAll(async () => {
  const hero = (id: string, path: string, change: object) => ({ ...heroOn([path], "#hero", id), ...change });
  shop = await openVerifiedShop({
    website: { storeViews: ["fr"], dynamicBlocks: "edge" },
    banners: [
      hero("split", "/split.html", {
        variants: [
          { ...vipVariant, id: "b", share: 50, put: { content: "B" } },
          { ...vipVariant, id: "a", put: { content: "A" } },
        ],
      }),
      hero("plain", "/plain.html", {}),
      hero("typed", "/typed/*", { pageTypes: ["catalog-product-view", "cms-index-index"] }),
      hero("mistyped", "/mistyped/*", { pageTypes: ["catalog-product-view", "cms"] }),
      hero("french", "/*/sale-*.html", { storeViews: ["fr"] }),
      {
        ...hero("texts", "/texts.html", { dynamicBlock: "MQ==" }),
        variants: [{ ...vipVariant, put: { content: { default: "Hello", fr: "Bonjour" } } }],
      },
      hero("mobile", "/mobile.html", { device: "mobile" }),
      hero("planned", "/planned.html", {
        schedule: { from: `${soon}Z`, until: `${later}Z` },
        variants: [vipVariant, { ...vipVariant, id: "all", for: "everyone", put: { content: "ALL" } }],
      }),
    ],
    answer(request, response) {
      const status = request.url?.includes("gone") ? 404 : 200;
      response.writeHead(status, { "content-type": "text/html", "cache-control": "public, max-age=86400" });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.adobe.seen.length = 0;
});

const open = (path: string, ...headers: Header[]) =>
  shop.edge.send(path, { headers: [...NAVIGATE, EXPLAIN, ...headers] });
const vip = (...cookies: string[]): Header => ["cookie", [...cookies, memberOf(VIP)[1]].join("; ")];
const split = (variant: string) => page.withHero(variant.toUpperCase(), { banner: "split", variant });
const deviceOf = (answer: Answer) => signedCookieOf(answer, DEVICE);

describe("a split", () => {
  test("numbers a new shopper with the very page, knows them again, and tells Adobe nothing of it", async () => {
    const seen = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const first = await open("/split.html", vip());
      const cookie = deviceOf(first);
      expect(cookie).not.toBeNull();
      expect(first.header("cache-control")).toBe("private, no-store");
      const again = await open("/split.html", vip(cookie ?? ""));
      expect(again.text()).toBe(first.text());
      expect(again.all("set-cookie")).toEqual([]);
      seen.add(first.text());
    }
    expect(seen).toEqual(new Set([split("a"), split("b")]));
    expect(shop.adobe.seen).toEqual([]);
  });

  test("the reason says which variant, and why not the one before", async () => {
    const told = planOf(await open("/split.html", vip()))["banners"];
    expect([
      [{ banner: "split", variant: "b", reason: "condition-holds", passed: [] }],
      [
        {
          banner: "split",
          variant: "a",
          reason: "condition-holds",
          passed: [{ variant: "b", reason: "other-share" }],
        },
      ],
    ]).toContainEqual(told);
    const line = await shop.edge.logged(({ event, plan }) => event === "request" && plan === "personalize");
    expect(JSON.stringify(line)).not.toContain("passed");
  });

  test("an id that was made for it never reaches Adobe with the Web SDK's calls, nor Commerce", async () => {
    const cookie = deviceOf(await open("/split.html", vip())) ?? "";
    shop.origin.seen.length = 0;
    await callSdk(shop, { headers: [["cookie", cookie]] });
    await open("/split.html", vip(cookie));
    expect(shop.adobe.seen).toHaveLength(1);
    const told = JSON.stringify([shop.adobe.seen, shop.origin.seen].flat().map(({ headers }) => headers));
    expect(told).not.toMatch(/FPID|edge-audiences-device/i);
    expect(shop.adobe.seen[0]?.body.toString()).not.toContain("FPID");
  });

  test("whom Adobe has an id for is known by that, and gets none of ours", async () => {
    const known = visitor(ecidNumber(7), memberOf(VIP)[1]);
    const first = await open("/split.html", known);
    expect(deviceOf(first)).toBeNull();
    expect((await open("/split.html", known)).text()).toBe(first.text());
  });

  test.each<[string, string, Header[]]>([
    ["on a page without a split", "/plain.html", [vip()]],
    ["who is in no audience of it", "/split.html", []],
    ["after a no", "/split.html", [vip("mg_dnt=1")]],
    ["on a page that is not there", "/split.html?gone", [vip()]],
  ])("numbers nobody %s", async (_, path, headers) => {
    expect(deviceOf(await open(path, ...headers))).toBeNull();
  });

  test("numbers no prefetch, no HEAD and no bot: they see what is for the rest", async () => {
    const prefetch = await open("/split.html", vip(), ["sec-purpose", "prefetch"]);
    expect([deviceOf(prefetch), prefetch.text()]).toEqual([null, split("a")]);
    const head = await shop.edge.send("/split.html", { method: "HEAD", headers: [...NAVIGATE, vip()] });
    expect(deviceOf(head)).toBeNull();
    const bot = await shop.edge.send("/split.html", { headers: [["user-agent", "Googlebot/2.1"], vip()] });
    expect(deviceOf(bot)).toBeNull();
  });
});

describe("where", () => {
  test("the class of <body> says what a page is, by whole words", async () => {
    expect((await open("/typed/x.html", vip())).text()).toBe(page.withHero(VIP_HTML, { banner: "typed" }));
    expect((await open("/mistyped/x.html", vip())).text()).toBe(page.html);
  });

  test("a store view is known by path, query and cookie", async () => {
    const see = async (path: string, ...cookies: string[]) => (await open(path, vip(...cookies))).text();
    expect(await see("/fr/sale-red.html")).toBe(page.withHero(VIP_HTML, { banner: "french" }));
    expect(await see("/women/sale-red.html?___store=fr")).toBe(page.withHero(VIP_HTML, { banner: "french" }));
    expect(await see("/women/sale-red.html", "store=fr")).toBe(page.withHero(VIP_HTML, { banner: "french" }));
    expect(await see("/women/sale-red.html")).toBe(page.html);
    expect(await see("/women/sale-red.html?___from_store=fr", "store=xx")).toBe(page.html);
    expect(planOf(await open("/women/sale-red.html", vip()))["banners"]).toMatchObject([
      { reason: "other-store-view" },
    ]);
  });

  test("a text is the store view's own: on a page, for a storefront that renders, and in a dynamic block", async () => {
    const see = async (...cookies: string[]) => (await open("/texts.html", vip(...cookies))).text();
    expect(await see("store=fr")).toBe(page.withHero("Bonjour", { banner: "texts" }));
    expect(await see()).toBe(page.withHero("Hello", { banner: "texts" }));
    const ask = async (...headers: Header[]) =>
      JSON.parse((await open("/_audience/banners?path=/texts.html", vip(), ...headers)).text()).banners[0]
        .html;
    expect(await ask(["store", "fr"])).toBe("Bonjour");
    expect(await ask()).toBe("Hello");
    const query = '{dynamicBlocks(input:{type:SPECIFIED,dynamic_block_uids:["MQ=="]}){items{content{html}}}}';
    const block = async (...headers: Header[]) => {
      const answer = await shop.edge.send("/graphql", {
        method: "POST",
        headers: [["content-type", "application/json"], vip(), ...headers],
        body: JSON.stringify({ query }),
      });
      return JSON.parse(answer.text()).data.dynamicBlocks.items[0].content.html;
    };
    expect(await block(["store", "fr"])).toBe("Bonjour");
    expect(await block()).toBe("Hello");
  });

  test("a phone is one by its hint, else by its name", async () => {
    const see = async (...headers: Header[]) => (await open("/mobile.html", vip(), ...headers)).text();
    expect(await see()).toBe(page.html);
    expect(await see(["sec-ch-ua-mobile", "?1"])).toBe(page.withHero(VIP_HTML, { banner: "mobile" }));
  });

  test("a staging preview of Commerce's is passed byte for byte, headers too", async () => {
    for (const [path, ...headers] of [
      ["/plain.html?___version=1764590400&___signature=x"],
      ["/plain.html", ["preview-version", "1764590400"] as const],
    ] as const) {
      const answer = await open(path, vip(), ...headers);
      expect(answer.text()).toBe(page.html);
      expect(answer.header("cache-control")).toBe("public, max-age=86400");
      expect(planOf(answer)).toMatchObject({ plan: "pass", reason: "staging-preview" });
    }
  });
});

test("a banner begins and ends when it is written to; who nobody knows sees what is for everyone", async () => {
  expect((await open("/planned.html", vip())).text()).toBe(page.html);
  await rig(shop.edge, { aheadMs: HOUR_MS + 2000 });
  expect((await open("/planned.html", vip())).text()).toBe(page.withHero(VIP_HTML, { banner: "planned" }));
  expect((await open("/planned.html")).text()).toBe(
    page.withHero("ALL", { banner: "planned", variant: "all" }),
  );
  await rig(shop.edge, { aheadMs: HOUR_MS });
  const over = await open("/planned.html", vip());
  expect([over.text(), over.header("cache-control")]).toEqual([page.html, "public, max-age=86400"]);
  await rig(shop.edge, { aheadMs: -2 * HOUR_MS - 2000 });
});
