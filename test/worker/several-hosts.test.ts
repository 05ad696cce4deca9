/** A website on several hosts: what one host signs counts on the others, and listed origins may ask with cookies. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer } from "./edge.ts";
import { ecidNumber } from "./edge-network.ts";
import { rig } from "./rig.ts";
import { comparable, planOf, VIP } from "./shop.ts";
import {
  EXPLAIN,
  type Header,
  openVerifiedShop,
  sdkCall,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const WWW = "www.shop.test";
const API = "api.shop.test";
const PAGE = "https://www.shop.test";
const EVIL = "https://evil.test";
const DOMAIN_COOKIE = "__Secure-edge-audiences-main";
const ecid = ecidNumber(1);
const commerce: Record<string, string> = { "content-type": "application/json", "x-magento-cache-id": "abc" };
let ownHeaders: Record<string, string> = {};
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { hosts: [WWW, API], cookieDomain: "shop.test", corsOrigins: [PAGE], pull: "never" },
    websites: { closed: { hosts: ["closed.test"], trust: "verified" } },
    // As Magento does, to whom OPTIONS is an error.
    answer({ method }, response) {
      response.writeHead(method === "OPTIONS" ? 500 : 200, { ...commerce, ...ownHeaders });
      response.end("{}");
    },
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  ownHeaders = {};
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
});

const graphql = (host: string, ...headers: Header[]) =>
  shop.edge.send("/graphql", { host, method: "POST", headers: [...headers, EXPLAIN], body: "{}" });

const preflight = (path: string, origin: string, host = API, asked = "content-type,store") =>
  shop.edge.send(path, {
    host,
    method: "OPTIONS",
    headers: [
      ["origin", origin],
      ["access-control-request-method", "POST"],
      ["access-control-request-headers", asked],
    ],
  });

function callOn(host: string, over: Readonly<Record<string, string | null>>, ...headers: Header[]) {
  const { path, ...request } = sdkCall({ headers: [...headers, EXPLAIN], over });
  return shop.edge.send(path, { ...request, host });
}

/** Signed on www, by a page of www. */
const sign = () => callOn(WWW, { origin: `http://${WWW}` }, visitor(ecid));

const corsOf = (answer: Answer) => answer.headers.filter(([name]) => name.startsWith("access-control-"));

test("what is signed on www counts on api, and goes neither to Commerce nor to Adobe", async () => {
  const answer = await sign();
  const line = answer.all("set-cookie").find((one) => one.startsWith(DOMAIN_COOKIE));
  expect(line).toMatch(
    /^__Secure-edge-audiences-main=[\w.-]+; Path=\/; Domain=shop\.test; Max-Age=1800; Secure; HttpOnly; SameSite=Lax$/,
  );
  const signed = signedCookieOf(answer, DOMAIN_COOKIE);
  const asked = await graphql(API, visitor(ecid, signed, "PHPSESSID=1"));
  expect(planOf(asked)["membership"]).toMatchObject({ source: "signed-cookie", trust: "verified", count: 1 });
  expect(shop.origin.seen[0]?.header("aep-segments-membership")).toBe(VIP);
  expect(shop.origin.seen[0]?.header("cookie")).toBe(`${visitor(ecid)[1]}; PHPSESSID=1`);
  await callOn(API, { origin: `http://${API}` }, visitor(ecid, signed));
  expect(shop.adobe.seen.at(-1)?.header("cookie")).toBe(visitor(ecid)[1]);
});

test("both names are taken out, whichever of them the website uses now", async () => {
  const headers = visitor(ecid, "__Host-edge-audiences-main=old", "a=1", `${DOMAIN_COOKIE}=x`, "b=2");
  await graphql(API, headers);
  await shop.edge.send("/checkout/cart", { host: "closed.test", headers: [headers] });
  for (const { header } of shop.origin.seen) {
    expect(header("cookie")).toBe(`${visitor(ecid)[1]}; a=1; b=2`);
  }
  expect(shop.origin.seen).toHaveLength(2);
});

test("the host's own name is worth nothing here, nor is what a sibling host plants", async () => {
  const token = signedCookieOf(await sign(), DOMAIN_COOKIE)?.split("=")[1];
  for (const [cookies, reason] of [
    [visitor(ecid, `__Host-edge-audiences-main=${token}`), "absent"],
    [visitor(ecid, `${DOMAIN_COOKIE}=planted`), "unreadable"],
    [visitor(ecidNumber(2), `${DOMAIN_COOKIE}=${token}`), "unreadable"],
    [["cookie", `${DOMAIN_COOKIE}=${token}`] as const, "unreadable"],
  ] as const) {
    const answer = await graphql(API, cookies);
    expect(planOf(answer)["membership"]).toMatchObject({ kind: "none", reason });
    expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  }
});

test("after a no to consent it is taken away under the name and domain that it has", async () => {
  const signed = signedCookieOf(await sign(), DOMAIN_COOKIE);
  const answer = await graphql(API, visitor(ecid, signed, "mg_dnt=1"));
  expect(answer.all("set-cookie")).toEqual([
    `${DOMAIN_COOKIE}=; Path=/; Domain=shop.test; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
  ]);
});

test("a call from a page of another host of the website is signed; a stranger's is not, and can't be read", async () => {
  const own = [
    { origin: `http://${WWW}`, "sec-fetch-site": "same-site" },
    { origin: PAGE, "sec-fetch-site": "same-site" },
    { origin: PAGE, "sec-fetch-site": "cross-site" },
  ];
  for (const over of own) {
    expect([over, planOf(await callOn(API, over, visitor(ecid)))["signed"]]).toEqual([over, true]);
  }
  ownHeaders = {};
  shop.adobe.behave((question, response) => {
    response.writeHead(200, {
      "access-control-allow-origin": question.header("origin") ?? "",
      "access-control-allow-credentials": "true",
      "set-cookie": "kndctr_ABC_AdobeOrg_cluster=irl1; Path=/",
    });
    response.end("{}");
  });
  const listed = await callOn(API, { origin: PAGE, "sec-fetch-site": "cross-site" });
  expect(listed.all("access-control-allow-origin")).toEqual([PAGE]);
  expect(listed.all("access-control-allow-credentials")).toEqual(["true"]);
  expect(listed.all("set-cookie")).toHaveLength(1);
  for (const site of ["same-site", "cross-site"]) {
    const answer = await callOn(API, { origin: EVIL, "sec-fetch-site": site });
    expect([answer.status, planOf(answer)["reason"], corsOf(answer)]).toEqual([200, "cross-site", []]);
  }
  shop.adobe.recover();
});

test("a listed origin's preflight is answered here, and never asked of Commerce", async () => {
  for (const path of ["/graphql", "/graphql/", `/ee/v1/interact?configId=1`, "/_audience/membership"]) {
    const answer = await preflight(path, PAGE);
    expect([path, answer.status, answer.text()]).toEqual([path, 204, ""]);
    expect(Object.fromEntries(corsOf(answer))).toMatchObject({
      "access-control-allow-origin": PAGE,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, POST",
      "access-control-max-age": "7200",
    });
    const names = answer.header("access-control-allow-headers")?.split(", ");
    for (const name of ["content-type", "store", "authorization", "aep-segments-membership"]) {
      expect(names).toContain(name);
    }
    expect(answer.header("vary")).toContain("Origin");
  }
  expect(shop.origin.seen).toEqual([]);
});

test("anybody else's preflight, and one for a page, is Commerce's to answer, as it came", async () => {
  for (const [path, origin, host] of [
    ["/graphql", EVIL, API],
    ["/graphql", `${PAGE}.evil.test`, API],
    ["/graphql", "http://www.shop.test", API],
    // The website's other host is no origin that is listed.
    ["/graphql", `https://${API}`, WWW],
    ["/", PAGE, API],
    ["/graphql", PAGE, "closed.test"],
  ] as const) {
    const answer = await preflight(path, origin, host);
    expect([path, origin, answer.status, corsOf(answer)]).toEqual([path, origin, 500, []]);
    expect(shop.origin.seen.at(-1)?.header("access-control-request-headers")).toBe("content-type,store");
  }
  expect(shop.origin.seen).toHaveLength(6);
});

test("a listed origin may read the answer with cookies, Commerce's cache id included", async () => {
  const answer = await graphql(API, ["origin", PAGE]);
  expect(Object.fromEntries(corsOf(answer))).toEqual({
    "access-control-allow-origin": PAGE,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-Magento-Cache-Id",
  });
  expect(answer.header("vary")).toBe("Origin");
  expect(answer.header("x-magento-cache-id")).toBe("abc");
});

test("what Commerce says of origins itself is not doubled, and what it exposes stays exposed", async () => {
  ownHeaders = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "X-Own, x-magento-cache-id",
    vary: "Accept-Encoding",
  };
  const answer = await graphql(API, ["origin", PAGE]);
  expect(corsOf(answer)).toHaveLength(3);
  expect(answer.header("access-control-allow-origin")).toBe(PAGE);
  expect(answer.header("access-control-expose-headers")).toBe("X-Own, x-magento-cache-id");
  expect(answer.header("vary")).toBe("Accept-Encoding, Origin");
});

test("for others Commerce's answer stands, but a cache must not keep it for a listed origin", async () => {
  ownHeaders = { "access-control-allow-origin": "*" };
  for (const headers of [[["origin", EVIL]], []] as const satisfies Header[][]) {
    const answer = await shop.edge.send("/graphql?query={a}", { host: API, headers });
    const { vary, ...rest } = comparable(answer);
    expect(vary).toEqual(["Origin"]);
    expect(rest).toEqual(toLists({ ...commerce, ...ownHeaders }));
  }
  const untouched = await shop.edge.send("/graphql?query={a}", { host: "closed.test" });
  expect(comparable(untouched)).toEqual(toLists({ ...commerce, ...ownHeaders }));
});

test("off, watching and refusing, the storefront still gets at its shop", async () => {
  for (const main of [{ mode: "off" }, { mode: "watch" }, { maxBodyBytes: 1024 }]) {
    const WEBSITES = { main: { ...shop.website, ...main } };
    await rig(shop.edge, { cold: true, vars: { WEBSITES } });
    expect((await preflight("/graphql", PAGE)).status).toBe(204);
    const body = " ".repeat(2000);
    const headers: Header[] = [["origin", PAGE]];
    const answer = await shop.edge.send("/graphql", { host: API, method: "POST", headers, body });
    expect(answer.status).toBe("mode" in main ? 200 : 413);
    expect(answer.header("access-control-allow-origin")).toBe(PAGE);
  }
  await rig(shop.edge, { cold: true, vars: {} });
});

function toLists(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
