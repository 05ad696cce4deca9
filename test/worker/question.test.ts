/** The server-side question: a visitor whom Adobe knows is personalized on the very page, and no page ever waits for Adobe. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  answer as answerWith,
  DATASTREAM,
  ecidNumber,
  identity,
  identityValue,
  issue,
  pull,
} from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { BARGAIN, BARGAIN_HTML, heroOn, memberOf, planOf, VIP, VIP_HTML } from "./shop.ts";
import { expectWithin } from "./stopwatch.ts";
import {
  EXPLAIN,
  type Header,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
let shop: VerifiedShop;
let originHolds: Promise<void> = Promise.resolve();

beforeAll(async () => {
  shop = await openVerifiedShop({
    banners: [{ ...heroOn(["/"]), trust: "verified" }],
    async answer(_, response) {
      await originHolds;
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "public, max-age=86400",
        "set-cookie": "PHPSESSID=1",
      });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await restart({});
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
  shop.adobe.recover();
  originHolds = Promise.resolve();
});

const home = (...headers: Header[]) => shop.edge.send("/", { headers: [...headers, EXPLAIN] });
const post = (path: string, ...headers: Header[]) =>
  shop.edge.send(path, { headers: [...headers, EXPLAIN], method: "POST", body: "{}" });
const restart = (main: object) =>
  rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });

test("who comes with Adobe's identity alone gets this very page personalized, and a signed cookie", async () => {
  const ecid = shop.newMember(VIP);
  const answer = await home(visitor(ecid, "PHPSESSID=1", "kndctr_ABC_AdobeOrg_cluster=irl1"), [
    "user-agent",
    "Firefox",
  ]);
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  expect(planOf(answer)["membership"]).toMatchObject({ source: "edge-network", trust: "verified", count: 1 });
  expect(answer.header("cache-control")).toBe("private, no-store");
  expect(answer.all("set-cookie")).toEqual(["PHPSESSID=1", expect.stringContaining(`${SIGNED}=`)]);
  const again = await home(visitor(ecid, signedCookieOf(answer)));
  expect(planOf(again)["membership"]).toMatchObject({ source: "signed-cookie" });
  expect(shop.adobe.seen).toHaveLength(1);
  const [asked] = shop.adobe.seen;
  expect([asked?.method, asked?.url]).toEqual(["POST", `/ee/irl1/v2/interact?datastreamId=${DATASTREAM}`]);
  expect([asked?.header("cookie"), asked?.header("user-agent")]).toEqual([null, "Firefox"]);
  const body = JSON.parse(asked?.body.toString() ?? "");
  expect(body.event.xdm.identityMap.ECID).toEqual([
    { id: ecid, primary: true, authenticatedState: "ambiguous" },
  ]);
  expect(body.meta.state.entries).toEqual([
    { key: "kndctr_ABC_AdobeOrg_identity", value: identityValue(ecid) },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/PHPSESSID|webPageDetails|eventType/);
});

test("a page and the question about its visitor are asked for at once: neither waits for the other", async () => {
  let releaseOrigin: () => void = () => undefined;
  originHolds = new Promise((resolve) => {
    releaseOrigin = resolve;
  });
  const releaseAdobe = shop.adobe.hold();
  const answering = home(visitor(shop.newMember(VIP)));
  // Both have been asked while neither has answered.
  await Promise.all([shop.adobe.asked(1), expect.poll(() => shop.origin.seen.length).toBe(1)]);
  releaseOrigin();
  releaseAdobe();
  expect((await answering).text()).toBe(page.withHero(VIP_HTML));
});

test("an origin and an Adobe of 300 ms each make a page of 300 ms, not of 600", async () => {
  const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  await expectWithin(500, async () => {
    originHolds = later(300);
    const release = shop.adobe.hold();
    setTimeout(release, 300);
    const answer = await home(visitor(shop.newMember(VIP)));
    expect(answer.text()).toBe(page.withHero(VIP_HTML));
  });
});

test("when Adobe is slow the page is on time and the default one, and the late answer counts from the next", async () => {
  await restart({ budgetMs: 150 });
  const ecid = shop.newMember(VIP);
  const release = shop.adobe.hold();
  const startedAt = performance.now();
  const answer = await home(visitor(ecid));
  const ms = performance.now() - startedAt;
  expect(answer.text()).toBe(page.html);
  expect(signedCookieOf(answer)).toBeNull();
  expect(ms).toBeGreaterThan(100);
  // While it is still out, nobody waits for it a second time, and Adobe is not asked a second time.
  await expectWithin(100, async () => {
    expect((await home(visitor(ecid))).text()).toBe(page.html);
  });
  release();
  await expect.poll(async () => (await home(visitor(ecid))).text()).toBe(page.withHero(VIP_HTML));
  expect(signedCookieOf(await home(visitor(ecid)))).not.toBeNull();
  expect(shop.adobe.seen).toHaveLength(1);
});

test("a page that finds Adobe slow is there as soon as the budget is spent", async () => {
  const release = shop.adobe.hold();
  await expectWithin(1000, async () => {
    // An isolate that has often waited in vain would not ask at all.
    await restart({ budgetMs: 150 });
    expect((await home(visitor(shop.newMember(VIP)))).text()).toBe(page.html);
  });
  release();
});

test("a budget of nothing never waits, and still learns", async () => {
  await restart({ budgetMs: 0 });
  const ecid = shop.newMember(VIP);
  const release = shop.adobe.hold();
  expect((await home(visitor(ecid))).text()).toBe(page.html);
  release();
  await expect.poll(async () => (await home(visitor(ecid))).text()).toBe(page.withHero(VIP_HTML));
});

test("what tells Commerce of a membership asks first, and tells it", async () => {
  for (const path of ["/graphql", "/checkout/cart/add/", "/rest/V1/carts/mine"]) {
    const answer = await post(path, visitor(shop.newMember(VIP)));
    const seen = shop.origin.seen.at(-1);
    expect([path, `${seen?.header("cookie")} ${seen?.header("aep-segments-membership")}`]).toEqual([
      path,
      expect.stringContaining(VIP),
    ]);
    expect([path, signedCookieOf(answer)]).toEqual([path, expect.stringContaining(SIGNED)]);
  }
  const cart = await shop.edge.send("/checkout/cart", { headers: [visitor(shop.newMember(VIP))] });
  expect(shop.origin.seen.at(-1)?.header("cookie")).toContain(VIP);
  expect(signedCookieOf(cart)).not.toBeNull();
});

test("late there means that Commerce is told nothing, and not that the cart is late", async () => {
  const release = shop.adobe.hold();
  await expectWithin(1000, async () => {
    await restart({ budgetMs: 150 });
    const answer = await post("/graphql", visitor(shop.newMember(VIP)), memberOf(BARGAIN));
    expect(planOf(answer)["upstream"]).toMatchObject({ kind: "none" });
    expect(JSON.stringify(shop.origin.seen.at(-1)?.headers)).not.toMatch(/6f1c0d3e|b3d7a9c2/);
    expect(signedCookieOf(answer)).toBeNull();
  });
  release();
});

test("a page that no banner names is asked about nobody, and stays as cacheable as it was", async () => {
  const ecid = shop.newMember(VIP);
  for (const path of [
    "/women.html",
    "/media/a.png",
    "/static/x.js",
    "/graphql?query={storeConfig{store_code}}",
  ]) {
    const answer = await shop.edge.send(path, { headers: [visitor(ecid)] });
    expect([answer.header("cache-control"), answer.all("set-cookie")]).toEqual([
      "public, max-age=86400",
      ["PHPSESSID=1"],
    ]);
  }
  expect(shop.adobe.seen).toEqual([]);
});

test("prefetches, HEAD, crawlers and strangers are asked about nobody", async () => {
  const ecid = shop.newMember(VIP);
  await home(visitor(ecid), ["sec-purpose", "prefetch;prerender"]);
  await home(visitor(ecid), ["purpose", "prefetch"]);
  await shop.edge.send("/", { method: "HEAD", headers: [visitor(ecid)] });
  await shop.edge.send("/graphql", { method: "OPTIONS", headers: [visitor(ecid)] });
  await home(["user-agent", "Googlebot/2.1"]);
  await home(visitor(null, "kndctr_ABC_AdobeOrg_identity=rubbish"));
  await home(visitor(null, `kndctr_OTHER_AdobeOrg_identity=${identityValue(ecid)}`));
  expect(shop.adobe.seen).toEqual([]);
});

test("not known yet is not in none: the claim that lost nothing still stands where a claim is enough", async () => {
  await restart({ trust: "claimed" });
  const ecid = shop.newMember();
  shop.adobe.behave((_, response) => answerWith(response, [identity(ecid), pull(null)]));
  const answer = await post("/graphql", visitor(ecid), ["aep-segments-membership", BARGAIN]);
  expect(planOf(answer)["membership"]).toMatchObject({ kind: "member", source: "header" });
  expect(signedCookieOf(answer)).toBeNull();
  shop.adobe.recover();
  const none = await post("/graphql", visitor(ecid), ["aep-segments-membership", BARGAIN]);
  expect(planOf(none)["membership"]).toMatchObject({ kind: "none", reason: "empty", trust: "verified" });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  expect(signedCookieOf(none)).not.toBeNull();
});

test("Adobe's own cookies of a known visitor are kept, on the answer that is private, and in time", async () => {
  const ecid = shop.newMember(VIP);
  const payload = [{ key: "kndctr_ABC_AdobeOrg_cluster", value: "va6", maxAge: 1800 }];
  const store = { type: "state:store", payload };
  shop.adobe.behave((_, response) => answerWith(response, [identity(ecid), store, pull([VIP])]));
  const answer = await home(visitor(ecid));
  expect(answer.all("set-cookie")).toEqual([
    "PHPSESSID=1",
    "kndctr_ABC_AdobeOrg_cluster=va6; Path=/; Max-Age=1800; Secure; Domain=shop.test",
    expect.stringContaining(`${SIGNED}=`),
  ]);
  expect(answer.header("cache-control")).toBe("private, no-store");
  const other = ecidNumber(1);
  const stolen = { type: "state:store", payload: [{ ...(issue(other).payload[0] as object) }] };
  shop.adobe.behave((_, response) => answerWith(response, [stolen, pull([VIP])]));
  expect((await home(visitor(shop.newMember()))).all("set-cookie")).toEqual(["PHPSESSID=1"]);
});

test("Adobe's Retry-After is obeyed: nobody is asked about until then, and pages don't wait", async () => {
  shop.adobe.behave((_, response) => {
    response.writeHead(429, { "retry-after": "20" });
    response.end();
  });
  expect((await home(visitor(shop.newMember(VIP)))).text()).toBe(page.html);
  shop.adobe.recover();
  await rig(shop.edge, { aheadMs: 15_000 });
  expect((await home(visitor(shop.newMember(VIP)))).text()).toBe(page.html);
  expect(shop.adobe.seen).toHaveLength(1);
  await rig(shop.edge, { aheadMs: 5_001 });
  expect((await home(visitor(shop.newMember(VIP)))).text()).toBe(page.withHero(VIP_HTML));
});

test("an answer about somebody else is nobody's", async () => {
  const ecid = shop.newMember(VIP);
  shop.adobe.behave((_, response) => answerWith(response, [identity(ecidNumber(1)), pull([VIP])]));
  const answer = await home(visitor(ecid));
  expect([answer.text() === page.html, signedCookieOf(answer)]).toEqual([true, null]);
});

test("a hundred visitors at once, each in another audience than the next, never mix", async () => {
  await rig(shop.edge, { aheadMs: 5_000 });
  // One isolate asks at most 50 times a second; the other visitors come with what was signed before.
  const members = Array.from({ length: 100 }, (_, n) => ({
    ecid: shop.newMember(n % 2 ? VIP : BARGAIN),
    html: n % 2 ? VIP_HTML : BARGAIN_HTML,
  }));
  const signed = new Map<string, string>();
  for (const { ecid } of members.slice(40)) signed.set(ecid, await signFor(shop, ecid));
  shop.adobe.seen.length = 0;
  const release = shop.adobe.hold();
  const pages = members.map(({ ecid }) => home(visitor(ecid, signed.get(ecid) ?? null)));
  await shop.adobe.asked(40);
  release();
  const answers = await Promise.all(pages);
  for (const [n, { html, ecid }] of members.entries()) {
    expect([n, answers[n]?.text() === page.withHero(html)]).toEqual([n, true]);
    const cookie = answers[n] && signedCookieOf(answers[n]);
    expect([n, cookie !== null]).toEqual([n, n < 40]);
    const next = await home(visitor(ecid, signed.get(ecid) ?? cookie ?? null));
    expect([n, next.text() === page.withHero(html)]).toEqual([n, true]);
  }
});
