/** What Commerce is told of a shopper's audiences: where no cache keeps the answer, and nothing forged. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SentRequest, sendRaw } from "./edge.ts";
import type { SeenRequest } from "./origin.ts";
import { BARGAIN, explained, heroOn, memberOf, openShop, planOf, type Shop, STRANGER, VIP } from "./shop.ts";

let shop: Shop;

const adobe = (sandbox: string) => ({ organizationId: "0123ABCD@AdobeOrg", sandbox });
const listed = "aaaaaaaa-0000-4000-8000-000000000001";

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    website: { storeViews: ["fr", "de_ch"], membershipPaths: ["/onestepcheckout/*", "/quote"] },
    websites: {
      headless: { hosts: ["headless.test"], storefront: "headless", graphqlPath: "/api/graphql" },
      raw: { hosts: ["raw.test"], membershipEncoding: "raw" },
      narrow: { hosts: ["narrow.test"], maxUpstreamBytes: 80 },
      synced: { hosts: ["synced.test"], adobe: adobe("prod") },
      unsynced: { hosts: ["unsynced.test"], adobe: adobe("stage") },
    },
    kv: {
      "audiences:0123ABCD@AdobeOrg:prod": JSON.stringify({
        syncedAt: "2026-11-23T06:00:00.000Z",
        audiences: [{ id: listed, name: "Listed", origin: "Experience Platform", lastModified: null }],
      }),
    },
    answer: (_, response) => void response.end("ok"),
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

const told = { cookie: `aep-segments-membership=${VIP}`, header: null };
const toldByHeader = { cookie: null, header: VIP };
const nothing = { cookie: null, header: null };

/** What Commerce was told, in the cookie and in the header. */
async function tell(path: string, request: SentRequest = {}) {
  await shop.edge.send(path, { headers: [memberOf(VIP)], ...request });
  const seen = shop.origin.seen.at(-1);
  return { cookie: seen?.header("cookie") ?? null, header: seen?.header("aep-segments-membership") ?? null };
}

test("on Luma, Commerce is told by cookie where it does business, and nowhere else by GET", async () => {
  for (const path of [
    "/checkout",
    "/checkout/cart/?a=1",
    "/customer/section/load/?sections=cart",
    "/rest/V1/carts/mine",
    "/banner/ajax/load",
    "/index.php/checkout/cart",
    "/fr/checkout/cart",
    "/index.php/de_ch/customer/account",
    "//checkout//cart",
    "/%63heckout/cart",
    "/onestepcheckout/index",
    "/quote",
  ]) {
    expect({ path, told: await tell(path) }).toEqual({ path, told });
    expect({ path, told: await tell(path, { method: "HEAD", headers: [memberOf(VIP)] }) }).toEqual({
      path,
      told,
    });
  }
  for (const path of [
    "/",
    "/women.html",
    "/en/checkout/cart",
    "/checkout-tips.html",
    "/customer-service",
    "/catalog/checkout",
    "/onestepcheckout",
    "/quote/1",
    "/media/checkout/a.jpg",
    "/%zz/checkout",
    "/graphql?query={storeConfig{store_code}}",
  ]) {
    expect({ path, told: await tell(path) }).toEqual({ path, told: nothing });
  }
});

test("other methods than GET and HEAD carry it on every path, GraphQL by POST in the header", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    expect({ method, told: await tell("/women.html", { method, headers: [memberOf(VIP)] }) }).toEqual({
      method,
      told,
    });
  }
  for (const path of ["/graphql", "/graphql/", "/graphql?operationName=a", "/%67raphql", "/x/../graphql"]) {
    const post = { method: "POST", headers: [memberOf(VIP)], body: "{}" };
    expect({ path, told: await tell(path, post) }).toEqual({ path, told: toldByHeader });
  }
});

test("on a headless storefront Commerce is told in Adobe's header, on its own GraphQL path too", async () => {
  const host = "headless.test";
  const headers = [memberOf(VIP)];
  expect(await tell("/rest/V1/carts/mine", { host, headers })).toEqual(toldByHeader);
  expect(await tell("/api/graphql", { host, headers, method: "POST", body: "{}" })).toEqual(toldByHeader);
  expect(await tell("/api/graphql?query={storeConfig{store_code}}", { host, headers })).toEqual(nothing);
});

test("memberships are sent in one canonical form, percent-encoded or raw as the website says", async () => {
  const sorted = [BARGAIN, VIP].sort();
  const sent = [["cookie", `a=1; aep-segments-membership=,${VIP},,${BARGAIN}%2C${VIP},; b=2`]] as const;
  const encoded = `a=1; b=2; aep-segments-membership=${sorted.join("%2C")}`;
  expect((await tell("/checkout", { headers: sent })).cookie).toBe(encoded);
  const raw = `a=1; b=2; aep-segments-membership=${sorted.join(",")}`;
  expect((await tell("/checkout", { headers: sent, host: "raw.test" })).cookie).toBe(raw);
  const post = { method: "POST", headers: sent, body: "{}" };
  expect(await tell("/graphql", post)).toEqual({ cookie: "a=1; b=2", header: sorted.join("%2C") });
});

test("a shopper's own copies never reach Commerce, in whatever spelling PHP would read them", async () => {
  const forged = [
    "cookie: a=1; aep-segments-membership=forged[; b=2",
    "cookie: aep-segments-membership[0]=forged",
    "cookie: aep-segments-membership[k,l][]=forged;   aep-segments-membership =forged",
    "cookie: c=3;\taep-segments-membership=forged[",
    "aep-segments-membership: forged[",
    "AEP_Segments_Membership: forged",
    "aep_segments-membership: forged",
    "aep-segments_membership: forged",
  ];
  for (const target of ["GET /women.html", "GET /checkout", "POST /graphql", "POST /checkout", "GET /"]) {
    shop.origin.seen.length = 0;
    const lines = [`${target} HTTP/1.1`, "host: shop.test", "connection: close", ...forged];
    if (target.startsWith("POST")) lines.push("content-length: 0");
    await sendRaw(shop.edge.port, `${lines.join("\r\n")}\r\n\r\n`);
    const [seen] = shop.origin.seen as [SeenRequest];
    expect(seen.headers.filter(([, value]) => value.includes("forged"))).toEqual([]);
    expect(seen.headers.filter(([name]) => name.startsWith("aep"))).toEqual([]);
    expect(seen.header("cookie")).toBe("a=1; b=2; c=3");
  }
});

test("two lines of the header are one membership, and one line reaches Commerce", async () => {
  const headers = [
    ["aep-segments-membership", VIP],
    ["Aep-Segments-Membership", BARGAIN],
  ] as const;
  await shop.edge.send("/graphql", { method: "POST", headers, body: "{}" });
  const lines = shop.origin.seen[0]?.headers.filter(([name]) => name === "aep-segments-membership");
  expect(lines).toEqual([["aep-segments-membership", [BARGAIN, VIP].sort().join("%2C")]]);
});

test("a membership is cut to known audiences; where no list was ever synced, the plan says so", async () => {
  const headers = [memberOf(STRANGER, VIP, listed)];
  const post = { method: "POST", headers, body: "{}" };
  const synced = await shop.edge.send("/graphql", explained({ ...post, host: "synced.test" }));
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBe([VIP, listed].sort().join("%2C"));
  expect(planOf(synced)["membership"]).toMatchObject({ kind: "member", count: 2, unknown: 1 });

  for (const host of ["unsynced.test", "shop.test"]) {
    const unsynced = await shop.edge.send("/graphql", explained({ ...post, host }));
    expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toContain(STRANGER);
    expect(planOf(unsynced)["membership"]).toMatchObject({ kind: "member", count: 3, unknown: null });
  }

  const stranger = explained({ ...post, headers: [memberOf(STRANGER)], host: "synced.test" });
  expect(planOf(await shop.edge.send("/graphql", stranger))["membership"]).toMatchObject({
    kind: "none",
    reason: "unknown-only",
  });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
});

test("a membership too long for a header keeps what campaigns use, and says what it cut", async () => {
  const others = Array.from(
    { length: 20 },
    (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  );
  const headers = [memberOf(...others, VIP, BARGAIN)];
  const request = explained({ host: "narrow.test", method: "POST", headers, body: "{}" });
  const answer = await shop.edge.send("/graphql", request);
  expect(shop.origin.seen[0]?.header("aep-segments-membership")).toBe([VIP, BARGAIN].sort().join("%2C"));
  expect(planOf(answer)["upstream"]).toEqual({ kind: "header", sent: 2, cut: 20 });
});
