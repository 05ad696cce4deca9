/** Requests in disguise: no body, coding, method or spelling of the host carries a claim or an exclusive code past us. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memberOf, VIP } from "./shop.ts";
import { type Header, openVerifiedShop, type VerifiedShop } from "./verified-shop.ts";

let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    offers: [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", exclusive: true }],
    bindings: { ADMIN_HOST: "admin.test", ADMIN_TOKEN: "an admin token of the tests, long enough" },
    answer: (_, response) => void response.end("commerce"),
  });
});
afterAll(() => shop.stop());
beforeEach(() => void shop.origin.seen.splice(0));

const json: Header = ["content-type", "application/json"];
const query = 'mutation { applyCouponToCart(input: {cart_id: "c", coupon_code: "VIP20"}) { cart { id } } }';
const innocent = "{ __typename }";
const plain = JSON.stringify({ query });

function send(
  path: string,
  body: string | Buffer,
  headers: readonly Header[],
  method = "POST",
  host?: string,
) {
  const length: Header = ["content-length", String(Buffer.byteLength(body))];
  return shop.edge.send(path, { method, body, headers: [...headers, length], ...(host && { host }) });
}

describe("an exclusive code in GraphQL", () => {
  it.each<readonly [string, readonly Header[], string | Buffer]>([
    ["as a bare document", [["content-type", "application/graphql"]], query],
    [
      "in a form",
      [["content-type", "application/x-www-form-urlencoded"]],
      `query=${encodeURIComponent(query)}`,
    ],
    [
      "in a multipart form",
      [["content-type", "multipart/form-data; boundary=b"]],
      `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${plain}\r\n--b--\r\n`,
    ],
    ["as text", [["content-type", "text/plain"]], plain],
    ["of no type", [], plain],
    ["in a batch", [json], `[${plain}]`],
    ["packed", [json, ["content-encoding", "gzip"]], gzipSync(plain)],
    ["packed without a word", [json], gzipSync(plain)],
    ["behind a mark of byte order", [json], `\ufeff${plain}`],
    ["in UTF-16", [["content-type", "application/json; charset=utf-16"]], Buffer.from(plain, "utf16le")],
    ["behind another query", [json], `{"query":"${innocent}","query":${JSON.stringify(query)}}`],
    ["before another query", [json], `{"query":${JSON.stringify(query)},"query":"${innocent}"}`],
    ["under an escaped key", [json], `{"\\u0071uery":${JSON.stringify(query)}}`],
    ["in bytes that are no text", [json], Buffer.from(plain.replace("VIP20", "VIP20\xff"), "latin1")],
    ["behind an operation that is none", [json], JSON.stringify({ query: `query Q ${innocent} ${query}` })],
    ["in a body that PHP reads and we don't", [json], `${plain}garbage`],
  ])("%s never reaches Commerce", async (_, headers, body) => {
    const answer = await send("/graphql", body, headers);
    expect([answer.status, shop.origin.seen.length]).toEqual([400, 0]);
  });

  it("by another method, or two content types at once, never reaches Commerce either", async () => {
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect((await send("/graphql", plain, [json], method)).status).toBe(400);
    }
    await send("/graphql", plain, [json, ["content-type", "text/plain"]]);
    const got = shop.origin.seen.map(({ body }) => body.toString());
    expect(got.filter((body) => body.includes('VIP20\\"'))).toEqual([]);
  });
});

it("a host with a dot at its end, in upper case or with a port is the website's, with all that holds there", async () => {
  for (const host of ["shop.test.", "SHOP.test", "shop.test:8443", "Shop.Test.:80"]) {
    shop.origin.seen.length = 0;
    await send("/rest/V1/guest-carts/x/coupons/VIP20", "", [], "PUT", host);
    await shop.edge.send("/checkout/cart", {
      host,
      headers: [memberOf(VIP), ["aep-segments-membership", VIP]],
    });
    const [coupon, cart] = shop.origin.seen;
    expect([host, coupon?.url]).toEqual([host, "/rest/V1/guest-carts/x/coupons/VIP20."]);
    expect([cart?.header("cookie"), cart?.header("aep-segments-membership")]).toEqual([null, null]);
  }
});

it("a request that looks like a WebSocket's hides no code", async () => {
  const upgrade: readonly Header[] = [
    ["connection", "upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ];
  await send("/rest/V1/guest-carts/x/coupons/VIP20", "", upgrade, "PUT").catch(() => null);
  expect(shop.origin.seen.filter(({ url }) => url.endsWith("VIP20"))).toEqual([]);
});

it("no header makes the shop's host the dashboard's, or the dashboard's host the shop's", async () => {
  for (const name of ["x-forwarded-host", "x-host", "x-original-host", "forwarded"]) {
    const value = name === "forwarded" ? "host=admin.test" : "admin.test";
    expect((await shop.edge.send("/campaigns", { headers: [[name, value]] })).text()).toBe("commerce");
    const back = name === "forwarded" ? "host=shop.test" : "shop.test";
    const answer = await shop.edge.send("/women.html", { host: "admin.test", headers: [[name, back]] });
    expect([name, answer.text()]).not.toEqual([name, "commerce"]);
  }
});

it("who says that the request has been here before is refused, and asks nobody else's page away", async () => {
  expect((await shop.edge.send("/", { headers: [["edge-audiences-loop", "1"]] })).status).toBe(508);
  expect((await shop.edge.send("/")).status).toBe(200);
});
