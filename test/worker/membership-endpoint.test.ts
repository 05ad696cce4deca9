/** A server of the merchant's asks about its shopper: with its secret it is told, without it there is nothing here. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rig } from "./rig.ts";
import { BARGAIN, comparable, memberOf, planOf, VIP } from "./shop.ts";
import {
  BACKEND_SECRET,
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

const PATH = "/_audience/membership";
const SECRET_LINE: Header = ["edge-audiences-backend", BACKEND_SECRET];
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    websites: { fr: FRENCH },
    answer: noSuchPage,
  });
});
afterAll(() => shop.stop());
beforeEach(() => shop.beginAnew());

const ask = (headers: readonly Header[], { path = PATH, method = "GET" } = {}) =>
  shop.edge.send(path, { method, headers: [EXPLAIN, ...headers] });
const told = async (...headers: Header[]) => JSON.parse((await ask([SECRET_LINE, ...headers])).text());

test("it is told what Adobe said of the shopper whose cookies it relays, and relays what is signed", async () => {
  const ecid = shop.newMember(VIP);
  const first = await ask([SECRET_LINE, visitor(ecid)]);
  expect([first.status, first.header("content-type")]).toEqual([200, "application/json"]);
  expect(first.header("cache-control")).toBe("private, no-store");
  expect(JSON.parse(first.text())).toEqual({
    website: "main",
    audiences: [VIP],
    trust: "verified",
    source: "edge-network",
    ageSeconds: expect.any(Number),
    reason: null,
  });
  const again = await ask([SECRET_LINE, visitor(ecid, signedCookieOf(first))]);
  expect(JSON.parse(again.text())).toMatchObject({ audiences: [VIP], source: "signed-cookie" });
  expect(again.all("set-cookie")).toEqual([]);
  expect([shop.adobe.seen.length, shop.origin.seen.length]).toEqual([1, 0]);
});

test("how old Adobe's word is, it is told too", async () => {
  const cookies = visitor(shop.newMember(), await signFor(shop, shop.newMember(VIP)));
  expect(await told(cookies)).toMatchObject({ audiences: [] });
  const ecid = shop.newMember(VIP);
  const own = visitor(ecid, await signFor(shop, ecid));
  await rig(shop.edge, { aheadMs: 120_000 });
  const { ageSeconds } = await told(own);
  expect(ageSeconds).toBeGreaterThanOrEqual(120);
  await rig(shop.edge, { aheadMs: -120_000 });
});

test("without the secret, or with a wrong one, it is the shop's own path, and tells nothing", async () => {
  const ecid = shop.newMember(VIP);
  const cookies = visitor(ecid, await signFor(shop, ecid));
  const elsewhere = await ask([cookies], { path: "/no-such-page" });
  for (const [method, ...headers] of [
    ["GET"],
    ["POST"],
    ["GET", ["edge-audiences-backend", ""]],
    ["GET", ["edge-audiences-backend", `${BACKEND_SECRET}x`]],
    ["GET", ["edge-audiences-backend", BACKEND_SECRET.slice(1)]],
    ["GET", SECRET_LINE, SECRET_LINE],
  ] as const satisfies (readonly [string, ...Header[]])[]) {
    const answer = await ask([cookies, ...headers], { method });
    expect([answer.status, answer.text()]).toEqual([404, "Commerce: no such page"]);
    if (method === "GET") expect(withoutPlan(answer)).toEqual(withoutPlan(elsewhere));
    expect(shop.origin.seen.at(-1)?.url).toBe(PATH);
    expect(shop.origin.seen.at(-1)?.header("edge-audiences-backend")).toBeNull();
  }
});

test("what a browser claims is no membership, though the backend relays it with its own secret", async () => {
  const claims: Header[] = [["aep-segments-membership", VIP], memberOf(BARGAIN)];
  expect(await told(...claims)).toMatchObject({
    audiences: [],
    trust: "claimed",
    source: "cookie",
    reason: "not-verified",
  });
  const twice = await ask([SECRET_LINE, ["aep-segments-membership", VIP], ["aep-segments-membership", VIP]]);
  expect([twice.status, twice.text()]).toEqual([404, "Commerce: no such page"]);
});

test("any other method is refused, as a problem that a server can read", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await ask([SECRET_LINE], { method });
    expect([answer.status, answer.header("allow")]).toEqual([405, "GET"]);
    expect(answer.header("content-type")).toBe("application/problem+json");
    expect(JSON.parse(answer.text())).toMatchObject({ type: "about:blank", status: 405 });
  }
  expect(shop.origin.seen).toEqual([]);
});

test("after a no to consent it is told nothing, Adobe is not asked, and what was signed ends", async () => {
  const ecid = shop.newMember(VIP);
  const signed = await signFor(shop, ecid);
  shop.adobe.seen.length = 0;
  const answer = await ask([SECRET_LINE, visitor(ecid, signed, "mg_dnt=1")]);
  expect(JSON.parse(answer.text())).toMatchObject({ audiences: [], source: null, reason: "no-consent" });
  expect(answer.all("set-cookie")).toEqual([expect.stringMatching(`^${SIGNED}=; .*Max-Age=0`)]);
  expect(shop.adobe.seen).toEqual([]);
});

test("of a shopper for whom nothing is done it is told so", async () => {
  const ecid = shop.newMember(VIP);
  const cookies = visitor(ecid, await signFor(shop, ecid));
  for (const [main, reason] of [
    [{ mode: "off" }, "mode-off"],
    [{ mode: "watch" }, "mode-watch"],
    [{ rollout: 0 }, "outside-rollout"],
  ] as const) {
    await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });
    expect(await told(cookies)).toMatchObject({ audiences: [], reason });
  }
  expect(await told(cookies)).not.toHaveProperty("audiences", [VIP]);
});

test("Adobe slow or down costs the budget and no more: it is told nothing of a shopper it does not know", async () => {
  await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, budgetMs: 150 } } } });
  const release = shop.adobe.hold();
  const answer = await ask([SECRET_LINE, visitor(shop.newMember(VIP))]);
  release();
  expect([answer.status, JSON.parse(answer.text())]).toEqual([
    200,
    expect.objectContaining({ audiences: [], source: null, reason: "absent" }),
  ]);
});

test("below a prefix it is the question of the website that has it", async () => {
  const ecid = shop.newMember(VIP);
  const cookies = visitor(ecid, await signFor(shop, ecid));
  const answer = await ask([SECRET_LINE, cookies], { path: `/fr${PATH}` });
  expect(JSON.parse(answer.text())).toMatchObject({ website: "fr" });
  expect(planOf(answer)["website"]).toBe("fr");
});

test("the log counts audiences and names none", async () => {
  const ecid = shop.newMember(VIP);
  const from = shop.edge.logs.length;
  await ask([SECRET_LINE, visitor(ecid)]);
  const line = await shop.edge.logged(({ kind }) => kind === "membership", from);
  expect(line).toMatchObject({ event: "request", status: 200, membership: { count: 1, trust: "verified" } });
  expect(shop.edge.logs.slice(from).join()).not.toContain(VIP);
});

function withoutPlan(answer: Parameters<typeof comparable>[0]) {
  const { "edge-audiences-plan": _, ...rest } = comparable(answer);
  return rest;
}
