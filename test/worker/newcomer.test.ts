/** `pull: always`: a new visitor is personalized on the very first page, is one visitor to Adobe, and was really there. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer } from "./edge.ts";
import {
  answer as answerWith,
  type Behaviour,
  ecidNumber,
  identity,
  identityValue,
  issue,
  pull,
} from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  type Header,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  type VerifiedShop,
} from "./verified-shop.ts";

const DEVICE = "__Host-edge-audiences-device-main";
const IDENTITY = "kndctr_ABC_AdobeOrg_identity";
const NAVIGATE: readonly Header[] = [
  ["sec-fetch-mode", "navigate"],
  ["sec-fetch-dest", "document"],
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
];
const ecid = ecidNumber(41);

const page = lumaPage();
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "always" },
    answer(_, response) {
      response.writeHead(200, {
        "content-type": "text/html",
        "cache-control": "public, max-age=86400",
        etag: '"1"',
      });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.adobe.seen.length = 0;
  shop.adobe.behave(answerNewcomer([VIP]));
});

const cluster = {
  type: "state:store",
  payload: [
    { key: "kndctr_ABC_AdobeOrg_cluster", value: "irl1", maxAge: 1800 },
    { key: "kndctr_OTHER_AdobeOrg_cluster", value: "irl1", maxAge: 1800 },
    { key: "PHPSESSID", value: "stolen", maxAge: 1800 },
  ],
};

/** Adobe's edge segmentation has decided, or not yet (null). */
function answerNewcomer(audiences: readonly string[] | null): Behaviour {
  return (_, response) => answerWith(response, [identity(ecid), issue(ecid), cluster, pull(audiences)]);
}

const open = (path: string, ...headers: Header[]) =>
  shop.edge.send(path, { headers: [...NAVIGATE, EXPLAIN, ...headers] });
const deviceOf = (answer: Answer) => signedCookieOf(answer, DEVICE);
const namesOf = (answer: Answer) => answer.all("set-cookie").map((line) => line.split("=", 1)[0]);
const restart = (main: object) =>
  rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });
const fpidOf = (body: Buffer) =>
  /"FPID":\[\{"id":"([0-9a-f-]{36})","primary":true/.exec(body.toString())?.[1];

test("a new visitor sees the VIP hero on the very first page, and goes on as the same visitor", async () => {
  const answer = await open("/", ["cookie", "PHPSESSID=1"]);
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  expect(planOf(answer)["membership"]).toMatchObject({ source: "edge-network", trust: "verified" });
  expect([answer.header("cache-control"), answer.header("etag")]).toEqual(["private, no-store", null]);
  const [asked] = shop.adobe.seen;
  expect(asked && fpidOf(asked.body)).toBeDefined();
  expect(asked?.body.toString()).not.toMatch(/ECID":\[\{|PHPSESSID|entries/);
  expect(JSON.parse(asked?.body.toString() ?? "").meta.state.domain).toBe("shop.test");
  // Adobe's own cookies as its Web SDK would write them, and none that is not Adobe's to set.
  expect(answer.all("set-cookie").slice(0, 2)).toEqual([
    `${IDENTITY}=${identityValue(ecid)}; Path=/; Max-Age=34128000; Secure; Domain=shop.test; SameSite=None`,
    "kndctr_ABC_AdobeOrg_cluster=irl1; Path=/; Max-Age=1800; Secure; Domain=shop.test",
  ]);
  expect(namesOf(answer).slice(2)).toEqual([SIGNED, DEVICE]);
  const cookies = answer
    .all("set-cookie")
    .map((line) => line.split(";")[0])
    .join("; ");
  const next = await open("/", ["cookie", cookies]);
  expect(planOf(next)["membership"]).toMatchObject({ source: "signed-cookie" });
  expect(next.all("set-cookie")).toEqual([]);
  expect(shop.adobe.seen).toHaveLength(1);
});

test("when Adobe is late the page is the default one, and the Web SDK's call still comes as that very visitor", async () => {
  await restart({ budgetMs: 0 });
  const release = shop.adobe.hold();
  const answer = await open("/");
  expect(answer.text()).toBe(page.html);
  expect(namesOf(answer)).toEqual([DEVICE]);
  const device = deviceOf(answer) ?? "";
  release();
  const call = await callSdk(shop, { headers: [["cookie", device]] });
  const [question, sdk] = shop.adobe.seen;
  expect(sdk?.header("cookie")).toBe(`FPID=${question && fpidOf(question.body)}`);
  expect([deviceOf(call), signedCookieOf(call)]).toEqual([null, expect.stringContaining(SIGNED)]);
  // With an ECID of its own the device id stays at home: Adobe would not look at it.
  await callSdk(shop, { headers: [["cookie", `${device}; ${IDENTITY}=${identityValue(ecid)}`]] });
  expect(shop.adobe.seen.at(-1)?.header("cookie")).toBe(`${IDENTITY}=${identityValue(ecid)}`);
  await restart({});
});

test("a visitor whom Adobe has not judged yet keeps what Adobe gave, and is asked about again", async () => {
  shop.adobe.behave(answerNewcomer(null));
  const answer = await open("/");
  expect(answer.text()).toBe(page.html);
  expect(namesOf(answer)).toEqual([IDENTITY, "kndctr_ABC_AdobeOrg_cluster", DEVICE]);
  shop.adobe.behave(answerNewcomer([VIP]));
  const next = await open("/", ["cookie", deviceOf(answer) ?? ""]);
  expect(next.text()).toBe(page.withHero(VIP_HTML));
  expect(deviceOf(next)).toBeNull();
  const [first, second] = shop.adobe.seen;
  expect(first && fpidOf(first.body)).toBe(second && fpidOf(second.body));
});

test("bots, prefetches, frames, background requests, HEAD and POST make no question and no device id", async () => {
  const send = (headers: readonly Header[], method = "GET") => shop.edge.send("/", { headers, method });
  const [mode, dest, agent] = NAVIGATE as readonly [Header, Header, Header];
  const answers = [
    await send([mode, dest, ["user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"]]),
    await send([mode, dest]),
    await send([dest, agent]),
    await send([["sec-fetch-mode", "cors"], agent]),
    await send([mode, ["sec-fetch-dest", "iframe"], agent]),
    await send([...NAVIGATE, ["sec-purpose", "prefetch"]]),
    await send([...NAVIGATE, ["purpose", "prefetch"]]),
    await send([...NAVIGATE, ["x-moz", "prefetch"]]),
    await send(NAVIGATE, "HEAD"),
    await send(NAVIGATE, "POST"),
    await shop.edge.send("/graphql", { headers: NAVIGATE, method: "POST", body: "{}" }),
    await open("/women.html"),
    await open("/media/a.png"),
  ];
  for (const [n, answer] of answers.entries()) expect([n, answer.all("set-cookie")]).toEqual([n, []]);
  expect(shop.adobe.seen).toEqual([]);
});

test("without consent, in another mode, or with pull known there is no question and no device id", async () => {
  for (const no of [
    ["cookie", "mg_dnt=1"],
    ["sec-gpc", "1"],
  ] as const) {
    expect([no, (await open("/", no)).all("set-cookie")]).toEqual([no, []]);
  }
  for (const main of [
    { consent: "required" },
    { mode: "watch" },
    { rollout: 0 },
    { pull: "known" },
    { pull: "never" },
  ]) {
    await restart(main);
    expect([main, (await open("/")).all("set-cookie")]).toEqual([main, []]);
  }
  expect(shop.adobe.seen).toEqual([]);
  await restart({ consent: "required" });
  expect(deviceOf(await open("/", ["cookie", "user_allowed_save_cookie=1"]))).not.toBeNull();
  await restart({});
});

test("an answer that carries a cookie is private, also where Commerce called it public", async () => {
  const cart = await open("/checkout/cart");
  expect(deviceOf(cart)).not.toBeNull();
  expect(shop.origin.seen.at(-1)?.header("cookie")).toBe(`aep-segments-membership=${VIP}`);
  expect([cart.header("cache-control"), cart.header("etag")]).toEqual(["private, no-store", null]);
  expect(cart.text()).toBe(page.html);
});

test("with identity fpid the first page is the same, and its membership is bound to the device id", async () => {
  await restart({ identity: "fpid" });
  const answer = await open("/");
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  const [device, signed] = [deviceOf(answer), signedCookieOf(answer)];
  await restart({ identity: "fpid", pull: "never" });
  const membership = async (cookies: string) => planOf(await open("/", ["cookie", cookies]))["membership"];
  expect(await membership(`${device}; ${signed}`)).toMatchObject({
    source: "signed-cookie",
    trust: "verified",
  });
  expect(await membership(`${IDENTITY}=${identityValue(ecid)}; ${signed}`)).toMatchObject({ kind: "none" });
  await restart({});
});

test("the domain of Adobe's cookies is the one that the website names", async () => {
  await restart({ hosts: ["www.shop.test", "shop.test"], cookieDomain: "shop.test" });
  const answer = await shop.edge.send("/", { host: "www.shop.test", headers: NAVIGATE });
  expect(answer.all("set-cookie")[0]).toContain("; Domain=shop.test;");
  await restart({});
});

test("when Adobe can't be reached the page is the default one, and after five times nobody is asked about", async () => {
  shop.adobe.behave((_, response) => {
    response.writeHead(503);
    response.end();
  });
  for (let n = 0; n < 5; n += 1) expect((await open("/")).text()).toBe(page.html);
  expect((await open("/")).all("set-cookie")).toEqual([]);
  expect(shop.adobe.seen).toHaveLength(5);
  await rig(shop.edge, { aheadMs: 10_001 });
  shop.adobe.behave(answerNewcomer([VIP]));
  expect((await open("/")).text()).toBe(page.withHero(VIP_HTML));
  expect((await open("/")).text()).toBe(page.withHero(VIP_HTML));
});
