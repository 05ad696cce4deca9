/** The Web SDK at the shop's own host: from its call to a personalized page, and what each side is told of it. */

import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answer as answerWith, DATASTREAM, ecidNumber, identity, issue, pull } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { explained, planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  openVerifiedShop,
  SIGNED,
  sdkCall,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
const ecid = ecidNumber(1);
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "never" },
    answer: page.answer,
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
  shop.adobe.recover();
});

test("what Adobe answers to the Web SDK is signed, and the next page and GraphQL know the shopper", async () => {
  const answer = await callSdk(shop, { headers: [visitor(ecid), EXPLAIN] });
  expect(answer.status).toBe(200);
  expect(planOf(answer)).toMatchObject({ kind: "web-sdk", endpoint: "interact", signed: true, reason: null });
  expect(answer.all("set-cookie")).toEqual([
    expect.stringMatching(
      /^__Host-edge-audiences-main=[\w-]{6}\.[\w-]+\.[\w-]{43}; Path=\/; Max-Age=1800; Secure; HttpOnly; SameSite=Lax$/,
    ),
  ]);
  const headers = [visitor(ecid, signedCookieOf(answer), "PHPSESSID=abc")];
  const home = await shop.edge.send("/", explained({ headers }));
  expect(home.text()).toBe(page.withHero(VIP_HTML));
  expect(planOf(home)["membership"]).toMatchObject({ source: "signed-cookie", trust: "verified", count: 1 });
  await shop.edge.send("/graphql", { headers, method: "POST", body: "{}" });
  const [pageSeen, graphqlSeen] = shop.origin.seen;
  expect(pageSeen?.header("aep-segments-membership")).toBeNull();
  expect(graphqlSeen?.header("aep-segments-membership")).toBe(VIP);
  for (const seen of shop.origin.seen) expect(seen.header("cookie")).not.toContain(SIGNED);
});

test("the call and the answer are byte for byte what the Web SDK and Adobe wrote", async () => {
  const wire = `{"handle" : [ ${JSON.stringify(identity(ecid))},\r\n${JSON.stringify(pull([VIP]))} ], "é":"☃"} `;
  shop.adobe.behave((_, response) => {
    response.writeHead(200, { "content-type": "application/json;charset=utf-8", "x-adobe-edge": "IRL1;6" });
    response.end(wire);
  });
  const body = `{ "events":[ {"xdm":{"é":"☃ \\u0041"}} ]}\r\n`;
  const call = sdkCall({
    path: "/ee/irl1/v1/interact",
    body,
    query: `configId=${DATASTREAM}&requestId=a%2Fb`,
  });
  const answer = await shop.edge.send(call.path, {
    ...call,
    headers: [...(call.headers ?? []), visitor(ecid)],
  });
  expect(answer.text()).toBe(wire);
  expect(answer.header("content-type")).toBe("application/json;charset=utf-8");
  expect(answer.header("x-adobe-edge")).toBe("IRL1;6");
  expect(signedCookieOf(answer)).not.toBeNull();
  expect(shop.adobe.seen[0]?.url).toBe(`/ee/irl1/v1/interact?configId=${DATASTREAM}&requestId=a%2Fb`);
  expect(shop.adobe.seen[0]?.body.toString()).toBe(body);
  expect(shop.origin.seen).toEqual([]);
});

test("an answer that Adobe compressed is read, and still whole when the Web SDK gets it", async () => {
  const wire = JSON.stringify({ handle: [identity(ecid), pull([VIP])] });
  shop.adobe.behave((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(gzipSync(wire));
  });
  const answer = await callSdk(shop, { headers: [visitor(ecid), ["accept-encoding", "gzip"]] });
  expect(signedCookieOf(answer)).not.toBeNull();
  const zipped = answer.header("content-encoding") === "gzip";
  expect((zipped ? gunzipSync(answer.body) : answer.body).toString()).toBe(wire);
});

test("Adobe is told of Adobe's cookies and of nothing else that is the shop's or ours", async () => {
  const cookies = ["PHPSESSID=abc", `${SIGNED}=x.y.z`, "mbox=session#1", "kndctr_OTHER_AdobeOrg_identity=x"];
  const headers = [
    visitor(ecid, ...cookies, "kndctr_ABC_AdobeOrg_cluster=irl1", `aep-segments-membership=${VIP}`),
    ["authorization", "Bearer customer"],
    ["edge-audiences-backend", "secret"],
    ["edge-audiences-explain", "secret"],
    ["aep-segments-membership", VIP],
    ["x-forwarded-for", "6.6.6.6"],
    ["cf-connecting-ip", "198.51.100.7"],
    ["user-agent", "Firefox"],
    ["referer", "http://shop.test/women.html"],
  ] as const;
  await callSdk(shop, { headers });
  const [seen] = shop.adobe.seen;
  const told = Object.fromEntries(
    seen?.headers.filter(([name]) => !/^(host|cf-|connection)/.test(name)) ?? [],
  );
  expect(told["cookie"]?.split("; ").map((pair) => pair.split("=")[0])).toEqual([
    "kndctr_ABC_AdobeOrg_identity",
    "mbox",
    "kndctr_ABC_AdobeOrg_cluster",
  ]);
  const names = [
    "authorization",
    "edge-audiences-backend",
    "edge-audiences-explain",
    "aep-segments-membership",
  ];
  for (const name of names) expect(told).not.toHaveProperty(name);
  expect(told["user-agent"]).toBe("Firefox");
  expect(told["referer"]).toBe("http://shop.test/women.html");
  expect(JSON.stringify(seen?.headers)).not.toContain("6.6.6.6");
});

test("Adobe's cookies reach the browser in order, for the shop's host alone, and no others do", async () => {
  shop.adobe.behave((_, response) =>
    answerWith(response, [identity(ecid), pull([VIP])], {
      headers: {
        "set-cookie": [
          "kndctr_ABC_AdobeOrg_cluster=irl1; Max-Age=1800; Path=/; Domain=adobedc.net; Secure; SameSite=None",
          "PHPSESSID=fixed; Path=/",
          `${SIGNED}=forged; Path=/; Secure`,
          "kndctr_ABC_AdobeOrg_identity=abc; Domain=shop.test; Secure",
          "kndctr_OTHER_AdobeOrg_identity=abc",
          "mbox=1; domain = .demdex.net ;HttpOnly",
        ],
      },
    }),
  );
  const answer = await callSdk(shop, { headers: [visitor(ecid)] });
  expect(answer.all("set-cookie")).toEqual([
    "kndctr_ABC_AdobeOrg_cluster=irl1; Max-Age=1800; Path=/; Secure; SameSite=None",
    "kndctr_ABC_AdobeOrg_identity=abc; Domain=shop.test; Secure",
    "mbox=1; HttpOnly",
    expect.stringContaining(`${SIGNED}=`),
  ]);
});

test("what Adobe says of its own host is not said of the shop's", async () => {
  const foreign = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-security-policy": "default-src 'none'",
    "clear-site-data": '"cookies"',
    "alt-svc": 'h3=":443"',
    nel: "{}",
    refresh: "0; url=https://evil.test/",
  };
  const own = { "retry-after": "3", "access-control-allow-origin": "http://shop.test", vary: "Origin" };
  shop.adobe.behave((_, response) => answerWith(response, [], { headers: { ...foreign, ...own } }));
  const answer = await callSdk(shop);
  for (const name of Object.keys(foreign)) expect([name, answer.header(name)]).toEqual([name, null]);
  for (const [name, value] of Object.entries(own)) expect(answer.header(name)).toBe(value);
});

test("a visitor whom this very answer gives an identity is known from the next page on", async () => {
  const fresh = ecidNumber(2);
  shop.adobe.behave((_, response) => answerWith(response, [identity(fresh), issue(fresh), pull([VIP])]));
  const signed = signedCookieOf(await callSdk(shop));
  const home = await shop.edge.send("/", { headers: [visitor(fresh, signed)] });
  expect(home.text()).toBe(page.withHero(VIP_HTML));
});

test("the SDK's other calls pass to Adobe unsigned, and a location hint is a part of the path", async () => {
  for (const path of [
    "/ee/v1/collect",
    "/ee/v2/collect",
    "/ee/v1/identity/acquire",
    "/ee/va6/v1/privacy/set-consent",
    "/ee/irl1/v2/collect",
  ]) {
    const answer = await callSdk(shop, { path, headers: [visitor(ecid)] });
    expect([path, answer.status]).toEqual([path, path.endsWith("collect") ? 204 : 200]);
    expect(signedCookieOf(answer)).toBeNull();
    expect(answer.header("server-timing")).toContain("unsigned not-interact");
    expect(shop.adobe.seen.at(-1)?.url).toBe(`${path}?configId=${DATASTREAM}`);
  }
  expect(shop.origin.seen).toEqual([]);
});

test("Estonia's shoppers keep their shop: only the SDK's exact paths, and only by POST, are Adobe's", async () => {
  for (const path of [
    "/ee/",
    "/ee/women.html",
    "/ee/checkout/cart/add/",
    "/ee/v1/interact/",
    "/ee/v3/interact",
    "/EE/v1/interact",
    "/ee/v1/Interact",
    "/ee/v1/interact%2f",
    "/%65e/v1/interact",
    "//ee/v1/interact",
    "/ee/evil.test/v1/interact",
    "/ee/evil.test%2f/v1/interact",
    "/ee/@evil.test/v1/interact",
    "/ee/irl1/irl1/v1/interact",
    "/ee/localhost/v1/interact",
    "/fr/ee/v1/interact",
    "/ee/v1/identity/../interact/x",
  ]) {
    await callSdk(shop, { path });
    expect([path, shop.origin.seen.length, shop.adobe.seen.length]).toEqual([path, 1, 0]);
    shop.origin.seen.length = 0;
  }
  for (const method of ["GET", "HEAD", "PUT", "OPTIONS"]) {
    await shop.edge.send(`/ee/v1/interact?configId=${DATASTREAM}`, { method });
    expect([method, shop.origin.seen.at(-1)?.method]).toEqual([method, method]);
  }
  expect(shop.adobe.seen).toEqual([]);
});
