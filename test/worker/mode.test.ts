/** A safe way to start and to stop: off, watch, on, a share of visitors, and the switch in KV. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, send } from "./edge.ts";
import { lumaPage } from "./luma.ts";
import { RIG, rig } from "./rig.ts";
import {
  comparable,
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
const personalized = page.withHero(VIP_HTML);
const personalizedThere = page.withHero(VIP_HTML, { website: "third" });
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    script: RIG,
    banners: [heroOn(["/"])],
    website: { maxBodyBytes: 1024 },
    websites: {
      off: { hosts: ["off.test"], mode: "off", maxBodyBytes: 1024 },
      watch: { hosts: ["watch.test"], mode: "watch", maxBodyBytes: 1024 },
      outside: { hosts: ["outside.test"], rollout: 0, maxBodyBytes: 1024 },
      third: { hosts: ["third.test"], rollout: 30 },
    },
    answer(_, response) {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "max-age=86400, public",
        etag: '"1"',
      });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

/** What the hop to Commerce adds or changes by itself. */
const ofTheHop = /^(host|cf-worker|edge-audiences-loop|x-forwarded-host|connection)$/;

const lastHeaders = () => {
  const headers = shop.origin.seen.at(-1)?.headers.filter(([name]) => !ofTheHop.test(name)) ?? [];
  return headers.map(([name, value]) => `${name}: ${value}`).sort();
};

test("off, watch, outside of the rollout: Commerce is asked and answers as if without us", async () => {
  const headers = [
    ["cookie", `a=1;aep-segments-membership=${VIP} ,; b=2`],
    ["aep-segments-membership", "anything"],
    ["accept-encoding", "zstd"],
    ["if-none-match", '"1"'],
  ] as const;
  for (const host of ["off.test", "watch.test", "outside.test"]) {
    for (const [path, method] of [
      ["/", "GET"],
      ["/checkout", "GET"],
      ["/graphql", "POST"],
    ] as const) {
      const body = method === "POST" ? "x".repeat(2000) : "";
      const request = { method, headers, ...(body ? { body } : {}) };
      const direct = await send(shop.origin.port, path, request);
      const askedDirectly = lastHeaders();
      const answer = await shop.edge.send(path, { ...request, host });
      expect(comparable(answer)).toEqual(comparable(direct));
      expect(answer.text()).toBe(page.html);
      expect(lastHeaders()).toEqual(askedDirectly);
      expect(shop.origin.seen.at(-1)?.body.toString()).toBe(body);
    }
  }
});

test("watch makes and logs the plan that on would carry out", async () => {
  const from = shop.edge.logs.length;
  const answer = await shop.edge.send("/", explained({ host: "watch.test", headers: [memberOf(VIP)] }));
  const planned = {
    website: "watch",
    mode: "watch",
    plan: "personalize",
    reason: "mode-watch",
    membership: { kind: "member", count: 1 },
    banners: [{ banner: "home-hero", variant: "vip", reason: "condition-holds" }],
  };
  expect(planOf(answer)).toMatchObject(planned);
  expect(await shop.edge.logged(({ event }) => event === "request", from)).toMatchObject(planned);

  const tooLong = { method: "POST", body: "x".repeat(2000), headers: [["content-length", "2000"]] } as const;
  const graphql = await shop.edge.send("/graphql", explained({ host: "watch.test", ...tooLong }));
  expect(graphql.status).toBe(200);
  expect(planOf(graphql)).toMatchObject({ plan: "refuse", reason: "body-too-long" });
});

test("off makes no plan, and says that it is off", async () => {
  const answer = await shop.edge.send("/", explained({ host: "off.test", headers: [memberOf(VIP)] }));
  expect(planOf(answer)).toMatchObject({ mode: "off", plan: "pass", reason: "mode-off", banners: [] });
  expect(answer.header("server-timing")).toMatch(/^edge;desc="pass mode-off";dur=\d+, origin;dur=\d+$/);
});

test("outside of the rollout the plan is made and its reason told, for GraphQL too", async () => {
  const request = explained({ host: "outside.test", headers: [memberOf(VIP)] });
  const outside = { mode: "on", inRollout: false, reason: "outside-rollout" };
  expect(planOf(await shop.edge.send("/", request))).toMatchObject({ ...outside, plan: "personalize" });
  const post = { ...request, method: "POST", body: "{}" };
  expect(planOf(await shop.edge.send("/graphql", post))).toMatchObject({ ...outside, plan: "forward" });
});

test("a share of the visitors is stable for each of them, and grows without losing anybody", async () => {
  const visitors = Array.from({ length: 120 }, (_, n) => n);
  const see = async (n: number) => {
    const cookie = `kndctr_0123_AdobeOrg_identity=CiY${n}; aep-segments-membership=${VIP}`;
    return (
      (await shop.edge.send("/", { host: "third.test", headers: [["cookie", cookie]] })).text() ===
      personalizedThere
    );
  };
  const seeAll = async () => {
    const inside = await Promise.all(visitors.map(see));
    return visitors.filter((n) => inside[n]);
  };
  const first = await seeAll();
  expect(await seeAll()).toEqual(first);
  expect(first.length).toBeGreaterThan(18);
  expect(first.length).toBeLessThan(56);

  const grown = { hosts: ["third.test"], origin: shop.origin.url, rollout: 60 };
  await rig(shop.edge, { cold: true, vars: { WEBSITES: { third: grown } } });
  const more = await seeAll();
  await rig(shop.edge, { cold: true, vars: {} });
  expect(first.filter((n) => !more.includes(n))).toEqual([]);
  expect(more.length).toBeGreaterThan(first.length);
});

test("visitors without Adobe's identity are told apart by the address that Cloudflare saw", async () => {
  const see = async (address: string) => {
    const headers = [memberOf(VIP), ["cf-connecting-ip", address]] as const;
    return (await shop.edge.send("/", { host: "third.test", headers })).text() === personalizedThere;
  };
  const addresses = Array.from({ length: 40 }, (_, n) => `203.0.113.${n}`);
  const inside = await Promise.all(addresses.map(see));
  expect(new Set(inside)).toEqual(new Set([true, false]));
  expect(await Promise.all(addresses.map(see))).toEqual(inside);
});

test("the switch in KV turns a website off and on again, ten seconds after it is read again", async () => {
  const kv = await shop.edge.miniflare.getKVNamespace("KV");
  const see = (host = "shop.test"): Promise<Answer> =>
    shop.edge.send("/", { host, headers: [memberOf(VIP)] });
  expect((await see()).text()).toBe(personalized);

  await kv.put("switch", JSON.stringify({ main: "off", off: "on" }));
  expect((await see()).text()).toBe(personalized);
  await rig(shop.edge, { aheadMs: 10_001 });
  await see();
  await expect.poll(async () => (await see()).text(), { interval: 5, timeout: 10_000 }).toBe(page.html);
  expect((await see("off.test")).text()).toBe(page.withHero(VIP_HTML, { website: "off" }));
  expect((await see()).header("cache-control")).toBe("max-age=86400, public");

  // Another isolate meets the switch on its first request.
  await rig(shop.edge, { cold: true });
  expect((await see()).text()).toBe(page.html);

  await kv.delete("switch");
  await rig(shop.edge, { aheadMs: 10_001 });
  await expect.poll(async () => (await see()).text(), { interval: 5, timeout: 10_000 }).toBe(personalized);
  expect((await see("off.test")).text()).toBe(page.html);
});

test("a switch that can't be read leaves every website as it was", async () => {
  const kv = await shop.edge.miniflare.getKVNamespace("KV");
  const from = shop.edge.logs.length;
  await kv.put("switch", '{"main":"of"}');
  await rig(shop.edge, { aheadMs: 10_001 });
  await shop.edge.send("/");
  const warning = await shop.edge.logged(({ key }) => key === "switch", from);
  expect(warning).toMatchObject({ reason: "a mode is off, watch or on" });
  expect((await shop.edge.send("/", { headers: [memberOf(VIP)] })).text()).toBe(personalized);
  await kv.delete("switch");
});
