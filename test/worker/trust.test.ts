/** Who may say that a shopper is in an audience: not the shopper. Backends that prove themselves may. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { BARGAIN, BARGAIN_HTML, heroOn, planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  BACKEND_SECRET,
  EXPLAIN,
  type Header,
  openVerifiedShop,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
const ecid = ecidNumber(1);
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    banners: [{ ...heroOn(["/"]), trust: "verified" }, heroOn(["/claimed.html"], "#hero", "claimed-hero")],
    website: { membershipPaths: ["/offers/*"] },
    websites: { headless: { hosts: ["headless.test"], storefront: "headless", trust: "verified" } },
    answer: page.answer,
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

const claim = (value: string): Header => ["aep-segments-membership", value];
const backend = (secret = BACKEND_SECRET): Header => ["edge-audiences-backend", secret];
const graphql = (headers: readonly Header[], host = "shop.test") =>
  shop.edge.send("/graphql", { host, headers: [...headers, EXPLAIN], method: "POST", body: "{}" });

test("a claim in any spelling never reaches Commerce, whatever the path and method", async () => {
  const headers: Header[] = [
    claim(VIP),
    ["aep_segments_membership", VIP],
    ["AEP-Segments_Membership", VIP],
    ["aep_segments-membership", VIP],
    claim(BARGAIN),
    ["cookie", `a=1; aep-segments-membership=${VIP}; aep-segments-membership[0]=${VIP}; b=2`],
    ["cookie", `aep-segments-membership=${BARGAIN}`],
  ];
  for (const host of ["shop.test", "headless.test"]) {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/claimed.html"],
      ["GET", "/checkout/cart"],
      ["GET", "/customer/section/load/"],
      ["GET", "/offers/today.html"],
      ["GET", "/rest/V1/carts/mine"],
      ["GET", "/media/a.png"],
      ["POST", "/checkout/cart/add/"],
      ["PUT", "/rest/V1/carts/mine"],
      ["POST", "/graphql"],
      ["POST", "/graphql/"],
      ["GET", "/graphql?query={__typename}"],
      ["OPTIONS", "/graphql"],
    ] as const) {
      await shop.edge.send(path, { host, method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
      const told = shop.origin.seen.at(-1)?.headers ?? [];
      expect([method, path, told.filter(([, value]) => /6f1c0d3e|b3d7a9c2/.test(value))]).toEqual([
        method,
        path,
        [],
      ]);
      expect(told.find(([name]) => name === "cookie")?.[1]).toBe("a=1; b=2");
    }
  }
});

test("a claim is shown what demands no more than a claim, and not what demands Adobe's word", async () => {
  const home = await shop.edge.send("/", { headers: [claim(VIP), EXPLAIN] });
  expect(home.text()).toBe(page.html);
  expect(planOf(home)["banners"]).toEqual([
    { banner: "home-hero", variant: null, reason: "not-verified", passed: [] },
  ]);
  const claimed = await shop.edge.send("/claimed.html", { headers: [claim(VIP)] });
  expect(claimed.text()).toBe(page.withHero(VIP_HTML, { banner: "claimed-hero" }));
  expect(planOf(await graphql([claim(VIP)]))["upstream"]).toEqual({ kind: "none", reason: "not-verified" });
});

test("Adobe's word stands over a claim beside it, also when it says in none", async () => {
  const claims = [claim(BARGAIN), ["cookie", `aep-segments-membership=${BARGAIN}`]] as const;
  const signed = await signFor(shop, ecid);
  const answer = await graphql([visitor(ecid, signed), ...claims]);
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBe(VIP);
  expect(planOf(answer)["membership"]).toMatchObject({
    source: "signed-cookie",
    lost: [
      { source: "header", reason: "verified-wins", bytes: BARGAIN.length },
      { source: "cookie", reason: "verified-wins", bytes: BARGAIN.length },
    ],
  });
  const none = ecidNumber(2);
  shop.adobe.members.set(none, []);
  const empty = await graphql([visitor(none, await signFor(shop, none)), ...claims]);
  expect(planOf(empty)["membership"]).toMatchObject({ kind: "none", reason: "empty", trust: "verified" });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  const page_ = await shop.edge.send("/claimed.html", {
    headers: [visitor(none, await signFor(shop, none)), ...claims],
  });
  expect(page_.text()).toBe(page.html);
});

test("a backend that shows its secret is believed, over Adobe's word too, and the secret stays here", async () => {
  const signed = await signFor(shop, ecid);
  const answer = await graphql([visitor(ecid, signed), claim(BARGAIN), backend()]);
  expect(planOf(answer)["membership"]).toMatchObject({ source: "backend", trust: "verified" });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBe(BARGAIN);
  const home = await shop.edge.send("/", { headers: [claim(BARGAIN), backend()] });
  expect(home.text()).toBe(page.withHero(BARGAIN_HTML));
  for (const seen of shop.origin.seen) expect(seen.header("edge-audiences-backend")).toBeNull();
});

test("a backend that says in none is believed, and Adobe is not asked about its visitor", async () => {
  const asked = shop.adobe.seen.length;
  const answer = await graphql([visitor(ecid), claim(""), backend()]);
  expect(planOf(answer)["membership"]).toMatchObject({ kind: "none", reason: "empty", trust: "verified" });
  expect(shop.adobe.seen.length).toBe(asked);
});

test("a wrong secret, two of them, or one without a membership prove nothing and go no further", async () => {
  for (const headers of [
    [claim(VIP), backend("")],
    [claim(VIP), backend(`${BACKEND_SECRET}x`)],
    [claim(VIP), backend(BACKEND_SECRET.slice(0, -1))],
    [claim(VIP), backend(), backend()],
    [claim(VIP), backend("x"), backend()],
    [claim(VIP), backend(`${BACKEND_SECRET}, ${BACKEND_SECRET}`)],
    [backend(), ["cookie", `aep-segments-membership=${VIP}`]],
  ] satisfies Header[][]) {
    await graphql(headers);
    const told = JSON.stringify(shop.origin.seen.at(-1)?.headers);
    expect([headers, told.includes(VIP), told.includes("backend")]).toEqual([headers, false, false]);
  }
});

test("a second membership line that came along under the secret is not the backend's, and none counts", async () => {
  const answer = await graphql([claim(VIP), claim(BARGAIN), backend()]);
  expect(planOf(answer)["membership"]).not.toMatchObject({ trust: "verified" });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
});

test("a backend's new secret and its previous one are valid at once", async () => {
  const second = "another backend secret, long enough for it";
  const WEBSITES = { main: shop.website };
  const vars = { WEBSITES, BACKEND_SECRET: second, BACKEND_SECRET_PREVIOUS: BACKEND_SECRET };
  await rig(shop.edge, { cold: true, vars });
  for (const secret of [second, BACKEND_SECRET]) {
    await graphql([claim(VIP), backend(secret)]);
    expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBe(VIP);
  }
  await rig(shop.edge, { cold: true, vars: { WEBSITES, BACKEND_SECRET: "" } });
  await graphql([claim(VIP), backend()]);
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  await rig(shop.edge, { cold: true, vars: {} });
});
