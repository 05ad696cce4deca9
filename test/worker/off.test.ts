/** The off switch in KV: nothing of ours is done any more, and what was money's protection stands all the same. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { memberOf, planOf, VIP, VIP_HTML } from "./shop.ts";
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
const json: Header = ["content-type", "application/json"];
const claims: readonly Header[] = [
  ["aep-segments-membership", VIP],
  ["cookie", `a=1; aep-segments-membership=${VIP}; b=2`],
];
const typed = (code: string) =>
  JSON.stringify({
    query: 'mutation($c: String!){applyCouponToCart(input:{cart_id:"x",coupon_code:$c}){cart{id}}}',
    variables: { c: code },
  });

let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    offers: [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", exclusive: true }],
    website: { maxBodyBytes: 2048 },
    websites: {
      believing: { hosts: ["believing.test"], trust: "claimed" },
      watching: { hosts: ["watching.test"], mode: "watch", trust: "verified" },
      never: { hosts: ["never.test"], mode: "off", trust: "verified" },
      outside: { hosts: ["outside.test"], rollout: 0, trust: "verified" },
    },
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "public" });
      response.end(page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await turn("off");
  shop.origin.seen.length = 0;
});

/** The switch, as an isolate finds it that starts now. */
async function turn(mode: "off" | "watch" | "on"): Promise<void> {
  const kv = await shop.edge.miniflare.getKVNamespace("KV");
  await kv.put("switch", JSON.stringify({ main: mode, believing: mode, outside: mode }));
  await rig(shop.edge, { cold: true });
}

const told = () => shop.origin.seen.at(-1);
const post = (path: string, headers: readonly Header[], body: string, host = "shop.test") =>
  shop.edge.send(path, {
    host,
    method: "POST",
    headers: [...headers, EXPLAIN, ["content-length", String(Buffer.byteLength(body))]],
    body,
  });

test("on, then off: the page, its headers and what Adobe is asked are as if we were not there", async () => {
  const ecid = ecidNumber(1);
  shop.adobe.members.set(ecid, [VIP]);
  await turn("on");
  const headers = [visitor(ecid, await signFor(shop, ecid))];
  expect((await shop.edge.send("/", { headers })).text()).toBe(page.withHero(VIP_HTML));
  await turn("off");
  const asked = shop.adobe.seen.length;
  const off = await shop.edge.send("/", { headers: [...headers, EXPLAIN] });
  expect(off.text()).toBe(page.html);
  expect(off.header("cache-control")).toBe("public");
  expect(off.all("set-cookie")).toEqual([]);
  expect(planOf(off)).toMatchObject({ mode: "off", plan: "pass", banners: [] });
  expect(shop.adobe.seen.length).toBe(asked);
});

test("off or set to watching, a live website tells Commerce no claim, on no path", async () => {
  for (const mode of ["off", "watch"] as const) {
    await turn(mode);
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/checkout/cart"],
      ["POST", "/checkout/cart/add"],
      ["POST", "/graphql"],
      ["GET", "/graphql?query={__typename}"],
    ] as const) {
      await shop.edge.send(path, { method, headers: claims, ...(method === "POST" && { body: "{}" }) });
      expect([mode, path, told()?.header("aep-segments-membership"), told()?.header("cookie")]).toEqual([
        mode,
        path,
        null,
        "a=1; b=2",
      ]);
    }
  }
});

test("off: a backend that shows its secret is believed as ever", async () => {
  const headers: Header[] = [
    ["aep-segments-membership", VIP],
    ["edge-audiences-backend", BACKEND_SECRET],
  ];
  await post("/graphql", headers, "{}");
  expect(told()?.header("aep-segments-membership")).toBe(VIP);
  expect(told()?.header("edge-audiences-backend")).toBeNull();
});

test("off leaves a claim alone where Commerce believed claims all the time, or where we never were live", async () => {
  for (const host of ["believing.test", "watching.test", "never.test", "outside.test"]) {
    await shop.edge.send("/graphql", {
      host,
      method: "POST",
      headers: [json, ...claims],
      body: typed("WELCOME"),
    });
    expect([host, told()?.header("aep-segments-membership")]).toEqual([host, VIP]);
    expect(told()?.header("cookie")).toContain(`aep-segments-membership=${VIP}`);
  }
});

test("off and watch: an exclusive code is none to who is not in its audience, at every door", async () => {
  for (const [mode, host] of [
    ["off", "shop.test"],
    ["off", "believing.test"],
    ["off", "outside.test"],
    ["off", "watching.test"],
    ["watch", "shop.test"],
  ] as const) {
    await turn(mode);
    await post("/graphql", [json, memberOf(VIP)], typed("vip20"), host);
    expect([host, JSON.parse(String(told()?.body)).variables]).toEqual([host, { c: "vip20." }]);
    await post("/rest/V1/guest-carts/abc/coupons/VIP20", [json], "", host);
    expect([host, told()?.url]).toEqual([host, "/rest/V1/guest-carts/abc/coupons/VIP20."]);
    const form: Header = ["content-type", "application/x-www-form-urlencoded"];
    const answer = await post("/checkout/cart/couponPost", [form], "coupon_code=VIP20", host);
    expect(String(told()?.body)).toBe("coupon_code=VIP20.");
    expect(planOf(answer)).toMatchObject({ guard: "coupon-locked" });
    await post("/graphql", [json], typed("WELCOME"), host);
    expect(String(told()?.body)).toBe(typed("WELCOME"));
  }
});

test("off: a member's own hand may type it still, and Adobe is asked where nothing is signed", async () => {
  const ecid = ecidNumber(3);
  shop.adobe.members.set(ecid, [VIP]);
  await post("/graphql", [json, visitor(ecid)], typed("VIP20"));
  expect(String(told()?.body)).toBe(typed("VIP20"));
  const other = ecidNumber(4);
  shop.adobe.members.set(other, [VIP]);
  await post("/rest/V1/carts/mine/coupons/VIP20", [json, visitor(other)], "");
  expect(told()?.url).toBe("/rest/V1/carts/mine/coupons/VIP20");
});

test("off: what a code could hide in is refused, and a member's long body of unknown length is not lost", async () => {
  const long = `{"query":"{ __typename }","padding":"${"x".repeat(3000)}"}`;
  const chunked = { method: "POST", body: long } as const;
  expect((await shop.edge.send("/graphql", { ...chunked, headers: [json] })).status).toBe(413);
  expect((await post("/graphql", [json], "not json")).status).toBe(400);
  const vouched: Header[] = [
    json,
    ["aep-segments-membership", VIP],
    ["edge-audiences-backend", BACKEND_SECRET],
  ];
  expect((await post("/graphql", vouched, long)).status).toBe(200);
  expect(String(told()?.body)).toBe(long);
  // Read to the bound already: refused, and not sent without its body.
  const before = shop.origin.seen.length;
  expect((await shop.edge.send("/graphql", { ...chunked, headers: vouched })).status).toBe(413);
  expect(shop.origin.seen.length).toBe(before);
});

test("a website whose settings say off is as if we were not there, its codes too", async () => {
  await post("/graphql", [json], typed("VIP20"), "never.test");
  expect(String(told()?.body)).toBe(typed("VIP20"));
});
