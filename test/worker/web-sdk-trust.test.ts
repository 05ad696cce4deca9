/** What of a Web SDK call is never signed: somebody else's datastream, identity or page, and what Adobe did not say. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  answer as answerWith,
  DATASTREAM,
  ecidNumber,
  type Handle,
  identity,
  identityValue,
  issue,
  pull,
} from "./edge-network.ts";
import { planOf, VIP } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  openVerifiedShop,
  type SdkCall,
  sdkCall,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const own = ecidNumber(1);
const other = ecidNumber(2);
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({ answer: (_, response) => void response.end("shop") });
  for (const ecid of [own, other]) shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.adobe.seen.length = 0;
  shop.adobe.recover();
});

/** Sends it as a visitor; it reaches Adobe as it is, its answer comes back, and nothing is signed. */
async function whyUnsigned(call: SdkCall, cookies = visitor(own)) {
  const { path, ...request } = sdkCall({ ...call, headers: [...(call.headers ?? []), cookies, EXPLAIN] });
  const answer = await shop.edge.send(path, request);
  expect(answer.status).toBe(200);
  expect(shop.adobe.seen.at(-1)?.url).toBe(path);
  expect(shop.adobe.seen.at(-1)?.body.equals(Buffer.from(request.body ?? ""))).toBe(true);
  expect(signedCookieOf(answer)).toBeNull();
  const { signed, reason } = planOf(answer);
  expect(signed).toBe(false);
  expect(answer.header("server-timing")).toContain(`unsigned ${reason}`);
  return reason;
}

test("a visitor's own plain call is signed, whichever of the spellings that Adobe documents it has", async () => {
  for (const call of [
    {},
    { path: "/ee/v2/interact", query: `datastreamId=${DATASTREAM}` },
    { query: `requestId=1&dataStreamId=${DATASTREAM}` },
    { over: { "sec-fetch-site": null } },
    { over: { origin: null } },
    { over: { "content-type": "application/json" } },
    { body: { xdm: { identityMap: { ECID: [{ id: own, primary: true }] } }, events: [{}] } },
  ] satisfies SdkCall[]) {
    const answer = await callSdk(shop, { ...call, headers: [visitor(own)] });
    expect([call, signedCookieOf(answer)]).toEqual([call, expect.stringContaining("=")]);
  }
});

test("an attacker's own datastream, or two of them in any spelling, prove nothing", async () => {
  const foreign = "00000000-1111-4222-8333-444444444444";
  for (const query of [`configId=${foreign}`, `configId=${DATASTREAM}x`, `configId=${DATASTREAM}%00`]) {
    expect([query, await whyUnsigned({ query })]).toEqual([query, "foreign-datastream"]);
  }
  expect(await whyUnsigned({ query: "requestId=1" })).toBe("no-datastream");
  for (const second of [
    "configId",
    "datastreamId",
    "dataStreamId",
    "CONFIGID",
    "configId[]",
    "config%49d",
    "conf%C4%B1gId",
    "%63onfigId",
    "config_id",
    "+configId",
  ]) {
    for (const query of [
      `configId=${DATASTREAM}&${second}=${foreign}`,
      `${second}=${foreign}&configId=${DATASTREAM}`,
      `configId=${DATASTREAM};${second}=${foreign}`,
    ]) {
      expect([query, await whyUnsigned({ query })]).toEqual([query, "several-datastreams"]);
    }
  }
});

test("a call that another site's page sends is not signed, and sets no cookie at all", async () => {
  const cookie = `kndctr_ABC_AdobeOrg_identity=${identityValue(other)}; Path=/`;
  shop.adobe.behave((_, response) =>
    answerWith(response, [identity(own), pull([VIP])], { headers: { "set-cookie": [cookie] } }),
  );
  for (const over of [
    { origin: "https://evil.test", "sec-fetch-site": "cross-site" },
    { origin: "https://evil.test", "sec-fetch-site": null },
    { origin: "null", "sec-fetch-site": null },
    { origin: "https://evil.test", "sec-fetch-site": "cross-site", "content-type": "text/plain" },
  ]) {
    expect([over, await whyUnsigned({ over })]).toEqual([over, "cross-site"]);
    const answer = await callSdk(shop, { over, headers: [visitor(own)] });
    expect([over, answer.all("set-cookie")]).toEqual([over, []]);
  }
  for (const over of [
    { origin: null, "sec-fetch-site": null },
    { origin: "http://www.shop.test", "sec-fetch-site": "same-site" },
    { origin: null, "sec-fetch-site": "none" },
    { origin: "http://shop.test.evil.test", "sec-fetch-site": null },
    { origin: "https://shop.test", "sec-fetch-site": "cross-site" },
  ]) {
    expect([over, await whyUnsigned({ over })]).toEqual([over, "cross-site"]);
  }
});

test("a body that Adobe could read in another way than we do is not signed", async () => {
  const two = `{"events":[{}],"events":[{"xdm":{}}]}`;
  for (const [call, reason] of [
    [{ body: two }, "duplicate-keys"],
    [{ body: `{"events":[],"\\u0065vents":[]}` }, "escaped-keys"],
    [{ body: "{'events':[]}" }, "not-json"],
    [{ body: "[]" }, "not-json"],
    [{ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, "not-utf-8"],
    [{ body: `{"a":${"[".repeat(100)}${"]".repeat(100)}}` }, "too-deep"],
    [{ body: gzipSync("{}"), over: { "content-encoding": "gzip" } }, "encoded"],
    [{ over: { "content-type": "application/x-jackson-smile" } }, "content-type"],
    [{ over: { "content-type": "text/plain; charset=utf-7" } }, "content-type"],
    [{ over: { "content-type": "application/x-www-form-urlencoded" } }, "content-type"],
    [{ over: { "content-type": null } }, "content-type"],
  ] satisfies [SdkCall, string][]) {
    expect([call, await whyUnsigned(call)]).toEqual([call, reason]);
  }
});

test("64 KB are judged, one byte more is passed on unread", async () => {
  const sized = (bytes: number) => JSON.stringify({ a: "x".repeat(bytes - 8) });
  expect(Buffer.byteLength(sized(65_536))).toBe(65_536);
  const answer = await callSdk(shop, { body: sized(65_536), headers: [visitor(own)] });
  expect(signedCookieOf(answer)).not.toBeNull();
  expect(await whyUnsigned({ body: sized(65_537) })).toBe("too-long");
  expect(await whyUnsigned({ body: sized(1_000_000) })).toBe("too-long");
});

test("a call about somebody else is theirs to ask of Adobe, and not signed for anybody", async () => {
  const map = (identityMap: unknown) => ({ body: { xdm: { identityMap }, events: [{}] } });
  const state = (key: string, value: string) => ({
    body: { meta: { state: { entries: [{ key, value }] } } },
  });
  const ownOne = { id: own, primary: true };
  for (const [call, reason] of [
    [map({ ECID: [{ id: other, primary: true }] }), "foreign-identity"],
    [{ body: { events: [{ xdm: { identityMap: { ECID: [{ id: other }] } } }] } }, "foreign-identity"],
    [map({ Email: [{ id: "vip@shop.test", primary: true }] }), "foreign-identity"],
    [map({ ECID: [ownOne], Email_LC_SHA256: [{ id: "0".repeat(64), primary: true }] }), "foreign-identity"],
    [map({ ECID: [ownOne, ownOne] }), "several-primaries"],
    [map({ ecid: [{ id: other, primary: true }] }), "foreign-identity"],
    [map({ FPID: [{ id: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", primary: true }] }), "foreign-device"],
    [map("x"), "malformed-identity"],
    [state("kndctr_ABC_AdobeOrg_identity", identityValue(other)), "foreign-state"],
    [{ body: { meta: { configOverrides: { datastreamId: "x" } }, events: [{}] } }, "config-overrides"],
    [{ body: { meta: { CONFIGOVERRIDES: {} } } }, "config-overrides"],
    [{ body: { data: { anything: other } } }, "foreign-identity"],
  ] satisfies [SdkCall, string][]) {
    expect([call, await whyUnsigned(call)]).toEqual([call, reason]);
  }
});

test("an answer about another visitor, or about nobody, is not signed", async () => {
  const answered = async (handle: readonly Handle[], cookies = visitor(own)) => {
    shop.adobe.behave((_, response) => answerWith(response, handle));
    return whyUnsigned({}, cookies);
  };
  expect(await answered([identity(other), pull([VIP])])).toBe("other-identity");
  expect(await answered([identity(own), identity(other), pull([VIP])])).toBe("several-identities");
  expect(await answered([identity(own), issue(other), pull([VIP])])).toBe("several-identities");
  expect(await answered([issue(other), pull([VIP])])).toBe("other-identity");
  expect(await answered([identity(other), pull([VIP])], visitor(null, "a=1"))).toBe("no-identity");
  expect(await answered([pull([VIP])], visitor(null, "a=1"))).toBe("no-identity");
  expect(await answered([identity(own), pull(null)])).toBe("not-known-yet");
  expect(await answered([identity(own)])).toBe("not-known-yet");
  expect(await answered([identity(own), pull(["../../x"])])).toBe("malformed");
});
