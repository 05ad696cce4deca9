/** When KV fails: the isolate's copy, else the embedded campaigns, else the untouched page; no error. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BUNDLE } from "./edge.ts";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { type KvTrouble, RIG, rig } from "./rig.ts";
import { compile, explained, heroOn, memberOf, openShop, planOf, type Shop, VIP, VIP_HTML } from "./shop.ts";
import { expectWithin } from "./stopwatch.ts";
import { EXPLAIN, openVerifiedShop, signFor, visitor } from "./verified-shop.ts";

const page = lumaPage();
const personalized = page.withHero(VIP_HTML);
/** Longer than any pause and any freshness of a replica. */
const LATER_MS = 61_000;

let shop: Shop;
let campaigns: string;

beforeAll(async () => {
  campaigns = await compile([heroOn(["/"])]);
  shop = await openShop({
    script: RIG,
    websites: { listed: { hosts: ["listed.test"], adobe: { organizationId: "0123ABCD@AdobeOrg" } } },
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "public" });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());

const kv = () => shop.edge.miniflare.getKVNamespace("KV");
const ask = (host = "shop.test") => shop.edge.send("/", explained({ host, headers: [memberOf(VIP)] }));
const see = async () => (await ask()).text();

/** An isolate that has just started, with that trouble, and later than all that was before. */
const startCold = (trouble: KvTrouble) => rig(shop.edge, { trouble, cold: true, aheadMs: LATER_MS });

/** Warm and well: the campaigns are in memory. */
beforeEach(async () => {
  await (await kv()).put("campaigns", campaigns);
  await startCold("none");
  expect(await see()).toBe(personalized);
});

test("without KV, or with a broken or empty one, a cold isolate serves the untouched shop", async () => {
  for (const trouble of ["unbound", "throws", "empty", "rubbish"] as const) {
    await startCold(trouble);
    const answer = await ask();
    expect({ trouble, status: answer.status, text: answer.text() === page.html }).toEqual({
      trouble,
      status: 200,
      text: true,
    });
    expect(answer.header("cache-control")).toBe("public");
    expect(planOf(answer)["campaigns"]).toEqual({ version: "none", rung: "embedded" });
  }
});

test("a slow KV delays a cold isolate by its budget at most, and counts once it has answered", async () => {
  const from = shop.edge.logs.length;
  // It would answer after a second.
  await expectWithin(800, async () => {
    await startCold("slow");
    expect(await see()).toBe(page.html);
  });
  expect(await shop.edge.logged(({ event }) => event === "kv-slow", from)).toMatchObject({
    budgetMs: 100,
  });
  await expect.poll(see, { timeout: 10_000 }).toBe(personalized);
});

test("who may type an exclusive code waits for a slow KV: on a cold isolate, too, it is worth nothing", async () => {
  const offer = { id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "verified", exclusive: true };
  await (await kv()).put("campaigns", await compile([heroOn(["/"])], null, [offer]));
  const mutation =
    'mutation { applyCouponToCart(input: {cart_id: "c", coupon_code: "VIP20"}) { cart { id } } }';
  const body = JSON.stringify({ query: mutation });
  const json = ["content-type", "application/json"] as const;
  const type = [
    () => shop.edge.send("/graphql", { method: "POST", headers: [json], body }),
    () =>
      shop.edge.send("/rest/V1/guest-carts/x/coupons/VIP20", { method: "PUT", headers: [json], body: "{}" }),
  ];
  for (const typeCode of type) {
    // The second time behind a page that did not wait.
    for (const before of [null, see]) {
      await startCold("slow");
      if (before !== null) expect(await before()).toBe(page.html);
      shop.origin.seen.length = 0;
      await typeCode();
      const [got] = shop.origin.seen;
      expect(`${got?.url} ${got?.body}`).toMatch(/VIP20\./);
    }
  }
});

test("a warm isolate keeps its last good campaigns through every trouble of KV", async () => {
  for (const trouble of ["throws", "slow", "rubbish", "empty"] as const) {
    await rig(shop.edge, { trouble, aheadMs: LATER_MS });
    for (let round = 0; round < 3; round += 1) {
      // It never waits for KV: that is asked in the background.
      await expectWithin(800, async () => {
        expect({ trouble, text: (await see()) === personalized }).toEqual({ trouble, text: true });
      });
      await rig(shop.edge, { aheadMs: LATER_MS });
    }
  }
  await rig(shop.edge, { trouble: "none", aheadMs: LATER_MS });
  await (await kv()).put("campaigns", await compile([]));
  await see();
  await expect.poll(see, { timeout: 10_000 }).toBe(page.html);
});

test("campaigns that can't be used never replace those that can, and the operator reads why", async () => {
  const stored = JSON.parse(campaigns);
  for (const [value, reason] of [
    [campaigns.slice(0, -5), "not the compiled form of a campaigns file"],
    ["null", "not the compiled form of a campaigns file"],
    [JSON.stringify({ ...stored, schema: 3 }), "schema 3 is not known here"],
    [JSON.stringify({ ...stored, banners: {} }), "not the compiled form of a campaigns file"],
  ] as const) {
    const from = shop.edge.logs.length;
    await (await kv()).put("campaigns", value);
    await rig(shop.edge, { aheadMs: LATER_MS });
    expect(await see()).toBe(personalized);
    const warning = await shop.edge.logged(({ key }) => key === "campaigns", from);
    expect(warning).toEqual({ event: "kv-unusable", key: "campaigns", reason });
    expect(await see()).toBe(personalized);
  }
});

test("a KV that is down is one log line a minute, and is not asked for every shopper", async () => {
  await startCold("throws");
  const from = shop.edge.logs.length;
  const before = await rig(shop.edge, {});
  await see();
  const reads = (await rig(shop.edge, {})) - before;
  for (let shopper = 0; shopper < 20; shopper += 1) await see();
  expect(await rig(shop.edge, {})).toBe(before + reads);

  // Five seconds later it is asked again; the next line comes a minute later.
  await rig(shop.edge, { aheadMs: 5_001 });
  await see();
  expect(await rig(shop.edge, {})).toBe(before + 2 * reads);
  await rig(shop.edge, { aheadMs: LATER_MS });
  await see();
  const warnings = () =>
    shop.edge.logs.slice(from).filter((line) => line.includes('"kv-unreadable","key":"campaigns"'));
  await expect.poll(warnings, { timeout: 10_000 }).toHaveLength(2);
  expect(warnings()[0]).toContain("503 Service Unavailable");
});

test("while the isolate's copies are fresh no request reads KV", async () => {
  await ask("listed.test");
  const before = await rig(shop.edge, {});
  for (let shopper = 0; shopper < 20; shopper += 1) {
    await see();
    await ask("listed.test");
  }
  expect(await rig(shop.edge, {})).toBe(before);
});

test("where the audience list can't be read, nobody loses a membership over it", async () => {
  for (const trouble of ["throws", "slow", "rubbish", "empty"] as const) {
    await startCold(trouble);
    const plan = planOf(await ask("listed.test"));
    expect(plan["membership"]).toMatchObject({ kind: "member", count: 1, unknown: null });
  }
});

/** The bundle of who deploys these campaigns with it. */
function bundleWith(file: string): string {
  const bundle = readFileSync(BUNDLE, "utf8");
  // The whole of src/campaigns.embedded.json, which has no banners, however the bundle writes it.
  const embedded = bundle.replace(/\{\s*schema:\s*1,\s*version:\s*"none"[^}]*\}/, () => file);
  expect(embedded).not.toBe(bundle);
  return embedded;
}

test("who is signed keeps their own on the last rung too, where the list of audiences is as lost as KV", async () => {
  const deployed = await openVerifiedShop({
    bundle: bundleWith(campaigns),
    kv: { campaigns },
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(page.html);
    },
  });
  const ecid = ecidNumber(1);
  deployed.adobe.members.set(ecid, [VIP]);
  const headers = [visitor(ecid, await signFor(deployed, ecid)), EXPLAIN];
  await rig(deployed.edge, { trouble: "throws", cold: true });
  for (let n = 0; n < 2; n += 1) {
    const answer = await deployed.edge.send("/", { headers });
    expect(answer.text()).toBe(personalized);
    expect(planOf(answer)).toMatchObject({
      campaigns: { rung: "embedded" },
      membership: { source: "signed-cookie" },
    });
  }
  await deployed.stop();
});

test("the campaigns embedded at deploy are the last rung", async () => {
  const deployed = await openShop({
    bundle: bundleWith(campaigns),
    script: RIG,
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(page.html);
    },
  });
  const seeDeployed = () => deployed.edge.send("/", explained({ headers: [memberOf(VIP)] }));
  for (const trouble of ["unbound", "throws", "rubbish", "empty"] as const) {
    await rig(deployed.edge, { trouble, cold: true, aheadMs: LATER_MS });
    const answer = await seeDeployed();
    expect(answer.text()).toBe(personalized);
    expect(planOf(answer)["campaigns"]).toMatchObject({ rung: "embedded" });
  }
  await (await deployed.edge.miniflare.getKVNamespace("KV")).put("campaigns", await compile([]));
  await rig(deployed.edge, { trouble: "none", cold: true, aheadMs: LATER_MS });
  const live = await seeDeployed();
  expect(live.text()).toBe(page.html);
  expect(planOf(live)["campaigns"]).toMatchObject({ rung: "kv" });
  await deployed.stop();
});

test("the plan says which rung served it", async () => {
  const rungOf = async () => (planOf(await ask())["campaigns"] as { rung: string }).rung;
  await startCold("none");
  expect(await rungOf()).toBe("kv");
  expect(await rungOf()).toBe("memory");
  await rig(shop.edge, { trouble: "throws", aheadMs: LATER_MS });
  expect(await rungOf()).toBe("memory");
  await startCold("throws");
  // The deployed file has no campaigns.
  expect(await rungOf()).toBe("embedded");
});
