/** Preview links: the page as others will see it, for whoever was given the link, and worth nothing else. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Banner } from "../../src/core/banner.ts";
import { type Preview, previewMembership } from "../../src/core/preview.ts";
import { findVisitor } from "../../src/core/preview-split.ts";
import { digestDraft, draftKey } from "../../src/edge/draft.ts";
import { signPreview } from "../../src/edge/preview-token.ts";
import { openSigner } from "../../src/edge/signing.ts";
import type { Answer, SentRequest } from "./edge.ts";
import { ecidNumber } from "./edge-network.ts";
import { rig } from "./rig.ts";
import { audienceIds, BARGAIN, BARGAIN_HTML, compile, heroOn, memberOf, VIP, VIP_HTML } from "./shop.ts";
import {
  EXPLAIN,
  type Header,
  openVerifiedShop,
  SECRET,
  SIGNED,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const COOKIE = "__Host-edge-audiences-preview-main";
const ENTRY = "/_audience/preview";
const PAGE = '<!doctype html><html><body class="cms-index-index"><div id="hero">Own</div></body></html>';
const DAY = 86_400;
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { dynamicBlocks: "edge" },
    websites: {
      other: { hosts: ["other.test"], datastreamId: "7e1c0c5a-2f1b-4d0a-9c4e-00000000000f" },
    },
    banners: [{ ...heroOn(["/", "/café"]), trust: "verified" }],
    offers: [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", exclusive: true }],
    answer(request, response) {
      const type = request.url === "/picture" ? "image/png" : "text/html; charset=utf-8";
      response.writeHead(200, { "content-type": type, "cache-control": "public, max-age=3600", etag: '"1"' });
      response.end(PAGE);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => shop.beginAnew());

const nowSeconds = () => Math.floor(Date.now() / 1000);

function makeToken(over: Partial<Preview> = {}, website = "main", secret = SECRET): Promise<string> {
  return signPreview(openSigner([secret], "preview"), website, {
    path: "/",
    audiences: audienceIds(VIP),
    names: ["vip"],
    atMs: null,
    campaigns: null,
    split: null,
    expiresSeconds: nowSeconds() + DAY,
    ...over,
  });
}

const open = (token: string, request: SentRequest = {}) => shop.edge.send(`${ENTRY}?link=${token}`, request);
const previewing = async (over: Partial<Preview> = {}): Promise<Header> => [
  "cookie",
  `${COOKIE}=${await makeToken(over)}`,
];
const get = (path: string, ...headers: readonly Header[]) => shop.edge.send(path, { headers });
const isPreviewed = (answer: Answer) => answer.text().includes("edge-audiences-preview");

test("a link sets a cookie that no script reads, and leads to its page without the link", async () => {
  const token = await makeToken({ path: "/caf%C3%A9?p=2" });
  const answer = await open(token);
  expect([answer.status, answer.header("location")]).toEqual([303, "/caf%C3%A9?p=2"]);
  const [cookie = ""] = answer.all("set-cookie");
  expect(cookie).toMatch(
    /^__Host-edge-audiences-preview-main=\S+; Path=\/; Max-Age=86\d{3}; Secure; HttpOnly; /,
  );
  expect(answer.header("cache-control")).toBe("private, no-store");
  expect(answer.header("referrer-policy")).toBe("no-referrer");
  const page = await get("/caf%C3%A9?p=2", ["cookie", cookie.split(";")[0] ?? ""]);
  expect(page.text()).toContain(`<div id="hero">${VIP_HTML}</div>`);
});

test("the page is as those audiences see it, with a bar at its foot, and nobody keeps it", async () => {
  const answer = await get("/", await previewing());
  expect(answer.text()).toContain(`<div id="hero">${VIP_HTML}</div>`);
  expect(answer.text()).toContain("<li><code>home-hero</code> <b>vip</b>, condition holds</li>");
  expect(answer.text()).toContain('action="/_audience/preview?leave=%2F"');
  expect([answer.header("cache-control"), answer.header("etag")]).toEqual(["private, no-store", null]);
  const elsewhere = await get("/elsewhere", await previewing(), ["if-none-match", '"1"']);
  expect(elsewhere.text()).toContain("No banner stands on this page.");
  expect(elsewhere.header("cache-control")).toBe("private, no-store");
  expect(shop.origin.seen.at(-1)?.header("if-none-match")).toBeNull();
  expect((await get("/_audience/preview.css")).header("content-type")).toBe("text/css; charset=utf-8");
});

test("the shop's machinery, fragments and pictures have no bar, and are as they came", async () => {
  const cookie = await previewing();
  for (const [path, ...headers] of [
    ["/checkout/"],
    ["/customer/section/load/"],
    ["/picture"],
    ["/elsewhere", ["sec-fetch-dest", "empty"]],
  ] as const satisfies (readonly [string, ...Header[]])[]) {
    expect([path, (await get(path, cookie, ...headers)).text()]).toEqual([path, PAGE]);
  }
});

test("it shows what is not on yet: in watch, outside of the rollout, to who is signed in to Commerce's admin", async () => {
  for (const main of [{ mode: "watch" }, { rollout: 0 }]) {
    await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });
    const [name, cookie] = await previewing();
    const answer = await get("/", [name, `${cookie}; admin=x`]);
    expect([main, answer.text().includes(VIP_HTML), isPreviewed(answer)]).toEqual([main, true, true]);
    expect(await get("/", memberOf(VIP)).then((own) => own.text())).toBe(PAGE);
  }
});

test("turned off, nothing is previewed, and a link says so", async () => {
  await rig(shop.edge, {
    cold: true,
    vars: { WEBSITES: { main: { ...shop.website, mode: "off" } } },
  });
  expect((await get("/", await previewing())).text()).toBe(PAGE);
  const answer = await open(await makeToken());
  expect([answer.status, answer.all("set-cookie")]).toEqual([409, []]);
});

test("a draft is shown to who has its link, and the live campaigns to everybody else", async () => {
  const text = await compile([{ ...heroOn(["/draft"]), variants: [heroOn([]).variants[1]] }]);
  const campaigns = await digestDraft(text);
  await shop.edge.miniflare.getKVNamespace("KV").then((kv) => kv.put(draftKey(campaigns), text));
  const cookie = await previewing({ campaigns, names: ["bargain"], audiences: audienceIds(BARGAIN) });
  const draft = await get("/draft", cookie);
  expect(draft.text()).toContain(`<div id="hero">${BARGAIN_HTML}</div>`);
  expect(draft.text()).toContain("unpublished campaigns");
  expect((await get("/draft")).text()).toBe(PAGE);
  expect((await get("/", cookie)).text()).toContain("No banner stands on this page.");
});

test("a draft that is gone, or is not what was signed, is said to be gone, and the page is the store's", async () => {
  const campaigns = "0123456789abcdef0123456789abcdef";
  const cookie = await previewing({ campaigns });
  const other = await compile([heroOn(["/"])]);
  for (const text of [null, other, "rubbish"]) {
    if (text !== null)
      await shop.edge.miniflare.getKVNamespace("KV").then((kv) => kv.put(draftKey(campaigns), text));
    const answer = await get("/", cookie);
    expect(answer.text()).toContain("are no longer kept");
    expect(answer.text()).toContain('<div id="hero">Own</div>');
  }
});

test("leaving takes the cookie away and stays in the shop", async () => {
  for (const [leave, location] of [
    ["/women.html?p=2", "/women.html?p=2"],
    ["//evil.test/", "/"],
    ["/\\evil.test/", "/"],
    ["https://evil.test/", "/"],
    ["", "/"],
  ]) {
    const answer = await shop.edge.send(`${ENTRY}?leave=${encodeURIComponent(leave ?? "")}`, {
      method: "POST",
      headers: [await previewing()],
    });
    expect([answer.status, answer.header("location")]).toEqual([303, location]);
    expect(answer.all("set-cookie")).toEqual([expect.stringMatching(`^${COOKIE}=; Path=/; Max-Age=0; `)]);
  }
});

test("altered, of another website, another secret or another purpose, a link is worth nothing", async () => {
  const member = ecidNumber(700);
  shop.adobe.members.set(member, [VIP]);
  const token = await makeToken();
  const [kid, payload = "", signature = ""] = token.split(".");
  const said = JSON.parse(Buffer.from(payload, "base64url").toString());
  const longer = Buffer.from(JSON.stringify({ ...said, expiresSeconds: said.expiresSeconds + DAY }));
  const worthless = [
    "",
    "x",
    `${kid}.${payload}.${signature.slice(0, -2)}AA`,
    `${kid}.${longer.toString("base64url")}.${signature}`,
    `${kid}.${payload}=.${signature}`,
    await makeToken({}, "other"),
    await makeToken({}, "main", "another secret of the tests, long enough"),
    await makeToken({ path: "//evil.test/" }),
    (await signFor(shop, member)).slice(SIGNED.length + 1),
    await openSigner([SECRET], "device").sign(new TextEncoder().encode(JSON.stringify(said)), "main"),
    "a".repeat(20_000),
  ];
  for (const one of worthless) {
    const answer = await open(one);
    expect([one.slice(0, 20), answer.status, answer.all("set-cookie")]).toEqual([one.slice(0, 20), 403, []]);
    const page = await get("/", ["cookie", `${COOKIE}=${one}`]);
    expect([one.slice(0, 20), page.text()]).toEqual([one.slice(0, 20), PAGE]);
  }
  expect((await open(await makeToken(), { host: "other.test" })).status).toBe(403);
});

test("after its end neither link nor cookie is worth anything", async () => {
  const token = await makeToken({ expiresSeconds: nowSeconds() + 60 });
  expect(isPreviewed(await get("/", ["cookie", `${COOKIE}=${token}`]))).toBe(true);
  await rig(shop.edge, { aheadMs: 61_000 });
  const [page, link] = [await get("/", ["cookie", `${COOKIE}=${token}`]), await open(token)];
  await rig(shop.edge, { aheadMs: -61_000 });
  expect([page.text(), link.status, link.text()]).toEqual([
    PAGE,
    410,
    "This preview has ended: ask for a new link.\n",
  ]);
});

test("it tells Commerce and Adobe nothing: no audience goes upstream, nobody is asked", async () => {
  const cookie = await previewing();
  for (const path of ["/", "/checkout/cart/", "/rest/V1/carts/mine", "/banner/ajax/load/"]) {
    await get(path, cookie);
    const sent = shop.origin.seen.at(-1);
    expect([path, sent?.header("aep-segments-membership"), sent?.header("cookie")]).toEqual([
      path,
      null,
      null,
    ]);
  }
  const graphql = { method: "POST", headers: [cookie, ["content-type", "application/json"]] as Header[] };
  await shop.edge.send("/graphql", { ...graphql, body: '{"query":"{ cart(cart_id: \\"a\\") { id } }"}' });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  expect(JSON.stringify(shop.origin.seen.at(-1))).not.toContain("preview");
  expect(shop.adobe.seen).toEqual([]);
});

test("a preview link is no discount link: an exclusive code stays closed, and no offer is applied", async () => {
  const cookie = await previewing();
  const code = "VIP20";
  await shop.edge.send(`/rest/V1/carts/mine/coupons/${code}`, { method: "PUT", headers: [cookie] });
  // What goes on is a code that does not exist.
  expect(shop.origin.seen.map(({ url }) => url)).toEqual(["/rest/V1/carts/mine/coupons/VIP20."]);
  const query = `mutation { applyCouponToCart(input: { cart_id: "a", coupon_code: "${code}" }) { cart { id } } }`;
  const body = JSON.stringify({ query });
  const headers: Header[] = [cookie, ["content-type", "application/json"], EXPLAIN];
  await shop.edge.send("/graphql", { method: "POST", headers, body });
  expect(shop.origin.seen.map((sent) => sent.body.toString()).join()).not.toMatch(/VIP20(?!\.)/);
  const asked = await shop.edge.send("/_audience/membership", {
    headers: [cookie, ["edge-audiences-backend", "a backend secret of the tests, long enough"]],
  });
  expect(JSON.parse(asked.text())).toMatchObject({ audiences: [], trust: "claimed" });
});

test("who previews keeps their own membership for all else", async () => {
  const ecid = ecidNumber(701);
  shop.adobe.members.set(ecid, [VIP]);
  const [, own] = visitor(ecid, await signFor(shop, ecid));
  const [, cookie] = await previewing({ audiences: [], names: [] });
  const page = await get("/", ["cookie", `${own}; ${cookie}`]);
  expect(page.text()).toContain('<div id="hero">Own</div>');
  await get("/checkout/cart/", ["cookie", `${own}; ${cookie}`]);
  expect(shop.origin.seen.at(-1)?.header("cookie")).toContain(VIP);
});

test("a storefront that renders itself gets the previewed banners too", async () => {
  const answer = await get("/_audience/banners?path=/", await previewing());
  expect(JSON.parse(answer.text())).toEqual({ banners: [{ banner: "home-hero", html: VIP_HTML }] });
});

test("dynamic blocks follow the preview, also one of a draft and of a split", async () => {
  const uid = btoa("7");
  const [vipVariant] = heroOn([]).variants;
  const banner = {
    id: "block",
    dynamicBlock: uid,
    variants: [
      { ...vipVariant, id: "b", share: 50, put: { content: "<b>B</b>" } },
      { ...vipVariant, id: "a", put: { content: "<b>A</b>" } },
    ],
  };
  const text = await compile([banner]);
  const campaigns = await digestDraft(text);
  await shop.edge.miniflare.getKVNamespace("KV").then((kv) => kv.put(draftKey(campaigns), text));
  const query = `{ dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: ["${uid}"] }) { items { content { html } } } }`;
  const ask = async (...headers: Header[]) => {
    const answer = await shop.edge.send("/graphql", {
      method: "POST",
      headers: [["content-type", "application/json"], ...headers],
      body: JSON.stringify({ query }),
    });
    return answer.text();
  };
  const banners = (JSON.parse(text) as { banners: Banner[] }).banners;
  const blockBanner = banners[0];
  if (blockBanner === undefined) throw new Error("the draft has one");
  for (const variant of ["a", "b"]) {
    const audiences = audienceIds(VIP);
    const visitor = findVisitor([{ banner: blockBanner, variant }], {
      membership: previewMembership({ audiences }),
      nowMs: Date.now(),
    });
    const split = { visitor: visitor ?? "", words: [`block ${variant}`] };
    const html = `<b>${variant.toUpperCase()}</b>`;
    expect(JSON.parse(await ask(await previewing({ campaigns, split })))).toEqual({
      data: { dynamicBlocks: { items: [{ content: { html } }] } },
    });
  }
  expect(await ask(memberOf(VIP))).toBe(PAGE);
});

test("the bar says what the type of the page decided", async () => {
  const typed = (pageType: string) => ({ ...heroOn(["/draft"]), pageTypes: [pageType] });
  for (const [pageType, told] of [
    ["cms-index-index", "<b>vip</b>, condition holds"],
    ["catalog-product-view", "the store's own, other page type"],
  ] as const) {
    const text = await compile([typed(pageType)]);
    const campaigns = await digestDraft(text);
    await shop.edge.miniflare.getKVNamespace("KV").then((kv) => kv.put(draftKey(campaigns), text));
    expect((await get("/draft", await previewing({ campaigns }))).text()).toContain(told);
  }
});

test("the log says that it was a preview, and nobody's audience", async () => {
  const from = shop.edge.logs.length;
  await get("/", await previewing());
  const line = await shop.edge.logged(({ kind }) => kind === "page", from);
  expect(line).toMatchObject({ reason: "preview", membership: { kind: "none" } });
  expect(shop.edge.logs.slice(from).join()).not.toContain(VIP);
});

test("without a secret to sign with, it says so in words", async () => {
  await rig(shop.edge, { cold: true, vars: { SIGNING_SECRET: "" } });
  const answer = await open(await makeToken());
  expect([answer.status, answer.text()]).toEqual([503, expect.stringContaining("SIGNING_SECRET is not set")]);
  expect((await get("/", await previewing())).text()).toBe(PAGE);
});

test("other methods are a problem, and the rest of the path is the shop's", async () => {
  const answer = await shop.edge.send(ENTRY, { method: "PUT" });
  expect([answer.status, answer.header("allow")]).toEqual([405, "GET, POST"]);
  expect((await get(`${ENTRY}/x`)).text()).toBe(PAGE);
});
