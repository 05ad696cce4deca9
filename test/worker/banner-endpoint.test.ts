/** A storefront that renders itself asks for its shopper's banners: content alone, and nothing that tells who they are. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer, SentRequest } from "./edge.ts";
import { type Json, mismatches } from "./openapi.ts";
import { rig } from "./rig.ts";
import { BARGAIN, BARGAIN_HTML, comparable, heroHtml, heroOn, memberOf, VIP, VIP_HTML } from "./shop.ts";
import {
  EXPLAIN,
  FRENCH,
  type Header,
  noSuchPage,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const PATH = "/_audience/banners";
const STOREFRONT = "https://pwa.test";
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { corsOrigins: [STOREFRONT] },
    websites: { fr: FRENCH },
    banners: [
      { ...heroOn(["/", "/café", "/sale/*", "/fr/"]), trust: "verified" },
      { ...heroOn(["/"], "#strip", "strip"), websites: ["main"] },
      heroOn(["/elsewhere"], "#hero", "elsewhere"),
    ],
    answer: noSuchPage,
  });
});
afterAll(() => shop.stop());
beforeEach(() => shop.beginAnew());

const ask = (query: string, request: SentRequest = {}, path = PATH) =>
  shop.edge.send(`${path}${query}`, request);
const bannersOf = (answer: Answer) => JSON.parse(answer.text()).banners;
const hero = (html: string) => ({ banner: "home-hero", html: heroHtml(html) });
const vip = async (): Promise<Header> => {
  const ecid = shop.newMember(VIP);
  return visitor(ecid, await signFor(shop, ecid));
};

test("it is told the content of the banners of that page, as a page would show them", async () => {
  const headers = [await vip()];
  const all = await ask("?path=/", { headers });
  expect([all.status, all.header("content-type")]).toEqual([200, "application/json"]);
  expect(all.header("cache-control")).toBe("private, no-store");
  expect(bannersOf(all)).toEqual([hero(VIP_HTML), { banner: "strip", html: heroHtml(VIP_HTML, "strip") }]);
  for (const path of ["/caf%C3%A9", "/café", "/sale/shirts?colour=red", "/sale/../"]) {
    const one = await ask(`?path=${encodeURIComponent(path)}&banner=home-hero`, { headers });
    expect([path, bannersOf(one)]).toEqual([path, [hero(VIP_HTML)]]);
  }
  expect(shop.origin.seen).toEqual([]);
});

test("a visitor whom Adobe may know is asked about within the budget, and what is signed is kept", async () => {
  const ecid = shop.newMember(BARGAIN);
  const first = await ask("?path=/&banner=home-hero", { headers: [visitor(ecid)] });
  expect(bannersOf(first)).toEqual([hero(BARGAIN_HTML)]);
  expect(signedCookieOf(first)).toMatch(`${SIGNED}=`);
  const again = await ask("?path=/", { headers: [visitor(ecid, signedCookieOf(first))] });
  expect(bannersOf(again)).toHaveLength(2);
  expect([again.all("set-cookie"), shop.adobe.seen.length]).toEqual([[], 1]);
});

test("Adobe slow costs the budget, and the answer is an empty list", async () => {
  await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, budgetMs: 150 } } } });
  const release = shop.adobe.hold();
  const answer = await ask("?path=/", { headers: [visitor(shop.newMember(VIP))] });
  release();
  expect([answer.status, bannersOf(answer)]).toEqual([200, []]);
});

test("of a page without a banner nobody is asked", async () => {
  expect(bannersOf(await ask("?path=/none", { headers: [visitor(shop.newMember(VIP))] }))).toEqual([]);
  expect(shop.adobe.seen).toEqual([]);
});

test("what is for others, elsewhere or nowhere looks alike, in every header too", async () => {
  const ecid = shop.newMember();
  const headers = [visitor(ecid, await signFor(shop, ecid))];
  const answers = [];
  for (const banner of ["home-hero", "elsewhere", "no-such-banner"]) {
    const answer = await ask(`?path=/&banner=${banner}`, { headers });
    const { date: _, ...rest } = comparable(answer);
    const timing = answer.header("server-timing")?.replace(/\d+/g, "");
    answers.push({ text: answer.text(), ...rest, timing });
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[1]);
});

test("no audience, variant or reason is in any answer", async () => {
  const member = await ask("?path=/", { headers: [await vip()] });
  const claimed = await ask("?path=/&banner=home-hero", { headers: [memberOf(VIP)] });
  for (const answer of [member, claimed]) {
    const told = JSON.stringify(answer.headers.filter(([name]) => name !== "set-cookie")) + answer.text();
    expect(told).not.toMatch(/6f1c0d3e|variant|bargain|verified|condition|reason/);
  }
  expect(bannersOf(claimed)).toEqual([]);
});

test("after a no to consent the list is empty, Adobe is not asked, and what was signed ends", async () => {
  const ecid = shop.newMember(VIP);
  const signed = await signFor(shop, ecid);
  shop.adobe.seen.length = 0;
  const answer = await ask("?path=/", { headers: [visitor(ecid, signed, "mg_dnt=1")] });
  expect(bannersOf(answer)).toEqual([]);
  expect(answer.all("set-cookie")).toEqual([expect.stringMatching(`^${SIGNED}=; .*Max-Age=0`)]);
  expect(shop.adobe.seen).toEqual([]);
});

test("where nothing is done for a visitor, the list is empty and the storefront shows its own", async () => {
  const headers = [await vip()];
  for (const main of [{ mode: "off" }, { mode: "watch" }, { rollout: 0 }]) {
    await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });
    const answer = await ask("?path=/", { headers });
    expect([main, answer.status, bannersOf(answer), answer.all("set-cookie")]).toEqual([main, 200, [], []]);
  }
});

test("who works in Commerce's admin sees what is really there", async () => {
  const [name, cookies] = await vip();
  expect(bannersOf(await ask("?path=/", { headers: [[name, `${cookies}; admin=x`]] }))).toEqual([]);
});

test("a listed origin reads it with the shopper's cookies, no other does", async () => {
  const headers = [await vip()];
  const listed = await ask("?path=/", { headers: [...headers, ["origin", STOREFRONT]] });
  expect(listed.header("access-control-allow-origin")).toBe(STOREFRONT);
  expect(listed.header("access-control-allow-credentials")).toBe("true");
  const other = await ask("?path=/", { headers: [...headers, ["origin", "https://evil.test"]] });
  expect(other.header("access-control-allow-origin")).toBeNull();
  for (const answer of [listed, other]) expect(answer.header("vary")).toBe("Origin");
  const preflight = await ask("?path=/", {
    method: "OPTIONS",
    headers: [
      ["origin", STOREFRONT],
      ["access-control-request-method", "GET"],
    ],
  });
  expect([preflight.status, preflight.header("access-control-allow-origin")]).toEqual([204, STOREFRONT]);
});

test("HEAD is GET without a body or a question, OPTIONS says what there is, anything else is a problem", async () => {
  const headers = [visitor(shop.newMember(VIP))];
  const head = await ask("?path=/", { method: "HEAD", headers });
  expect([head.status, head.text(), head.header("cache-control")]).toEqual([200, "", "private, no-store"]);
  const options = await ask("?path=/", { method: "OPTIONS" });
  expect([options.status, options.header("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  for (const method of ["POST", "PUT", "DELETE"]) {
    const answer = await ask("?path=/", { method, headers });
    expect([answer.status, answer.header("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    expect(answer.header("content-type")).toBe("application/problem+json");
  }
  expect([shop.adobe.seen, shop.origin.seen]).toEqual([[], []]);
});

test("what can't be meant is a problem that says so and repeats nothing", async () => {
  for (const query of [
    "",
    "?path=x-y-z",
    "?path=/&path=/x-y-z",
    "?path=/&banner=",
    "?path=/x-y-z&banner=a&banner=b",
  ]) {
    const answer = await ask(query);
    expect([query, answer.status, answer.header("content-type")]).toEqual([
      query,
      400,
      "application/problem+json",
    ]);
    expect(JSON.parse(answer.text())).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: expect.stringMatching(/\.$|address\.$/),
    });
    expect(answer.text()).not.toContain("x-y-z");
    expect(answer.header("cache-control")).toBe("no-store");
  }
});

test("paths that nobody can mean are pages without banners", async () => {
  for (const path of ["//evil.test/", "/%", "/%00", "/\\evil.test", "/checkout/", "/../../"]) {
    const answer = await ask(`?path=${encodeURIComponent(path)}&banner=none`, { headers: [await vip()] });
    expect([path, answer.status, bannersOf(answer)]).toEqual([path, 200, []]);
  }
});

test("below a prefix it is the website that has it, and beside it the path is the shop's", async () => {
  const headers = [await vip()];
  await ask("?path=/fr/", { headers: [EXPLAIN, ...headers] }, `/fr${PATH}`).then((answer) => {
    expect(JSON.parse(answer.header("edge-audiences-plan") ?? "{}")).toMatchObject({ website: "fr" });
  });
  for (const path of ["/_audience/", "/_audience/banner", "/_audience/banners/x", "/x/_audience/banners"]) {
    const answer = await ask("?path=/", { headers }, path);
    expect([answer.status, answer.text()]).toEqual([404, "Commerce: no such page"]);
  }
});

test("the log has the choices, and no audience", async () => {
  const headers = [await vip()];
  const from = shop.edge.logs.length;
  await ask("?path=/&banner=strip", { headers });
  const line = await shop.edge.logged(({ kind }) => kind === "banners", from);
  expect(line["banners"]).toEqual([
    { banner: "strip", variant: "vip", reason: "condition-holds", passed: [] },
  ]);
  expect(shop.edge.logs.slice(from).join()).not.toContain(VIP);
});

test("the module is at most 1 KB gzipped, the same for everybody, and not sent twice", async () => {
  const first = await ask("", {}, `${PATH}.js`);
  expect([first.status, first.header("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  expect(gzipSync(first.body).length).toBeLessThanOrEqual(1024);
  expect(first.text()).not.toMatch(/\beval\b|Function\(|https?:/);
  expect([first.header("access-control-allow-origin"), first.all("set-cookie")]).toEqual(["*", []]);
  const etag = first.header("etag") ?? "";
  const again = await ask("", { headers: [["if-none-match", `W/${etag}`]] }, `${PATH}.js`);
  expect([again.status, again.text(), again.header("etag")]).toEqual([304, "", etag]);
  const head = await ask("", { method: "HEAD" }, `${PATH}.js`);
  expect([head.status, head.text()]).toEqual([200, ""]);
  expect((await ask("", { method: "POST" }, `${PATH}.js`)).status).toBe(405);
  expect((await ask("", {}, `/fr${PATH}.js`)).text()).toBe(first.text());
});

test("docs/openapi.json describes what is really answered", async () => {
  const document: Json = JSON.parse(
    readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"),
  );
  const member = [await vip()];
  const calls: readonly [string, string, SentRequest?][] = [
    ["/_audience/banners", "?path=/", { headers: member }],
    ["/_audience/banners", "?path=/&banner=none"],
    ["/_audience/banners", "?path=/", { method: "HEAD" }],
    ["/_audience/banners", "?path=/", { method: "OPTIONS" }],
    ["/_audience/banners", ""],
    ["/_audience/banners", "?path=/", { method: "POST" }],
    ["/_audience/banners.js", ""],
    ["/_audience/banners.js", "", { method: "POST" }],
    [
      "/_audience/membership",
      "",
      { headers: [...member, ["edge-audiences-backend", "a backend secret of the tests, long enough"]] },
    ],
    [
      "/_audience/membership",
      "",
      { method: "POST", headers: [["edge-audiences-backend", "a backend secret of the tests, long enough"]] },
    ],
  ];
  const found = [];
  for (const [path, query, request] of calls) {
    const answer = await ask(query, request, path);
    found.push(...mismatches(document, { path, method: request?.method ?? "GET" }, answer));
  }
  expect(found).toEqual([]);
});
