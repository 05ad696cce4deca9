/** An exclusive code is worth nothing to a shopper outside of its audience, at each door that is not GraphQL. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SentRequest } from "./edge.ts";
import { memberOf, planOf, VIP } from "./shop.ts";
import { BACKEND_SECRET, EXPLAIN, openVerifiedShop, type VerifiedShop, visitor } from "./verified-shop.ts";

const ECID = "11111111111111111111111111111111111111";
const backend = [
  ["edge-audiences-backend", BACKEND_SECRET],
  ["aep-segments-membership", VIP],
] as const;
const json = ["content-type", "application/json"] as const;
const form = ["content-type", "application/x-www-form-urlencoded"] as const;

describe("an exclusive code", () => {
  let shop: VerifiedShop;
  const got: { path: string; body: string; length: string | null }[] = [];

  beforeAll(async () => {
    shop = await openVerifiedShop({
      answer: (request, response) => {
        const length = request.header("content-length");
        got.push({ path: request.url, body: request.body.toString(), length });
        response.end("ok");
      },
      offers: [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", exclusive: true }],
      website: { maxBodyBytes: 2048 },
    });
  });
  afterAll(() => shop?.stop());
  beforeEach(() => void got.splice(0));

  async function ask(path: string, request: SentRequest) {
    const body = request.body ?? "";
    const length = ["content-length", String(Buffer.byteLength(body))] as const;
    return shop.edge.send(path, {
      method: "POST",
      ...request,
      headers: [...(request.headers ?? []), length],
    });
  }

  it("typed by a guest reaches Commerce as one that is none, and the plan says so", async () => {
    const answer = await ask("/checkout/cart/couponPost?x=1", {
      headers: [form, EXPLAIN],
      body: "form_key=abc&coupon_code=vip20&remove=0",
    });
    expect(got).toEqual([
      {
        path: "/checkout/cart/couponPost?x=1",
        body: "form_key=abc&coupon_code=vip20.&remove=0",
        length: "40",
      },
    ]);
    expect(planOf(answer)["guard"]).toBe("coupon-locked");
  });

  it("in an address, in JSON, in XML alike", async () => {
    await ask("/rest/V1/guest-carts/abc/coupons/VIP20", { method: "PUT" });
    await ask("/rest/async/bulk/V1/carts/x/coupons", {
      headers: [json],
      body: '[{"couponCode":"\\u0056IP20"}]',
    });
    await ask("/soap/default?services=x", { body: "<c>VIP20</c>" });
    expect(got.map(({ path, body }) => [path, body])).toEqual([
      ["/rest/V1/guest-carts/abc/coupons/VIP20.", ""],
      ["/rest/async/bulk/V1/carts/x/coupons", '[{"couponCode":"\\u0056IP20."}]'],
      ["/soap/default?services=x", "<c>VIP20.</c>"],
    ]);
  });

  it("is not hidden by a path that leads there the long way", async () => {
    await ask("/a/b/c/../../../rest/V1/guest-carts/abc/coupons/VIP20", { method: "PUT" });
    await ask("/x/%2e%2e/y/../rest/V1/guest-carts/abc/coupons/VIP20", { method: "PUT" });
    expect(got.map(({ path }) => path)).toEqual(Array(2).fill("/rest/V1/guest-carts/abc/coupons/VIP20."));
    await ask(`${"/".repeat(40)}rest/V1/guest-carts/abc/coupons/VIP20`, { method: "PUT" });
    expect(got[2]?.path).toMatch(/\/VIP20\.$/);
  });

  it("is not hidden by a boundary that PHP reads otherwise, nor behind a comment of XML", async () => {
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    await ask("/checkout/cart/couponPost", {
      headers: [["content-type", "multipart/form-data; BOUNDARY=other; boundary=b"]],
      body: `${part("form_key", "k")}${part("coupon_code", "VIP20")}--b--\r\n`,
    });
    expect(got[0]?.body).toContain("\r\n\r\nVIP20.\r\n");
    const xml = ["content-type", "application/xml"] as const;
    await ask("/rest/async/bulk/V1/x", {
      headers: [xml],
      body: "<a><couponCode>x<!-- -->VIP20</couponCode></a>",
    });
    expect(got[1]?.body).toBe("<a><couponCode>x<!-- -->VIP20.</couponCode></a>");
  });

  it("is not opened by a membership that somebody merely claims", async () => {
    await ask("/rest/V1/guest-carts/abc/coupons/VIP20", { method: "PUT", headers: [memberOf(VIP)] });
    expect(got[0]?.path).toMatch(/VIP20\.$/);
  });

  it("is a member's to type, byte for byte", async () => {
    const answer = await ask("/checkout/cart/couponPost", {
      headers: [form, EXPLAIN, ...backend],
      body: "form_key=abc&coupon_code=vip20&remove=0",
    });
    expect(got[0]?.body).toBe("form_key=abc&coupon_code=vip20&remove=0");
    expect(planOf(answer)["guard"]).toBeNull();
  });

  it("is a member's whom Adobe knows, with nothing signed yet: Adobe is asked before the code is judged", async () => {
    shop.adobe.members.set(ECID, [VIP]);
    const answer = await ask("/rest/V1/carts/mine/coupons/VIP20", {
      method: "PUT",
      headers: [visitor(ECID), EXPLAIN],
    });
    expect(planOf(answer)["guard"]).toBeNull();
    expect(got[0]?.path).toBe("/rest/V1/carts/mine/coupons/VIP20");
  });

  it("other codes and other requests come through as they were sent", async () => {
    const body = "form_key=%ff&coupon_code=WELCOME10";
    await ask("/checkout/cart/couponPost", { headers: [form], body });
    await ask("/checkout/cart/add", { headers: [form], body: "options=VIP20" });
    expect(got.map((one) => one.body)).toEqual([body, "options=VIP20"]);
  });

  it("what can't be looked into is refused in Commerce's words, and what is too long too", async () => {
    const hidden = await ask("/soap/default", { body: '<!DOCTYPE a [<!ENTITY x "VIP20">]><c>&x;</c>' });
    expect(hidden.status).toBe(404);
    expect(JSON.parse(hidden.text()).message).toMatch(/^The coupon code isn't valid/);
    const packed = await ask("/rest/async/bulk/V1/x", {
      headers: [json, ["content-encoding", "gzip"]],
      body: gzipSync('[{"couponCode":"VIP20"}]'),
    });
    expect(packed.status).toBe(404);
    const cut = await ask("/checkout/cart/couponPost", { headers: [form], body: "coupon_code=VIP20%ff" });
    expect(cut.status).toBe(404);
    expect((await ask("/rest/V1/carts/mine/coupons/VIP20%ff", { method: "PUT" })).status).toBe(404);
    const utf16 = Buffer.from('\ufeff<?xml version="1.0"?><c>VIP20</c>', "utf16le");
    expect((await ask("/soap/default", { body: utf16 })).status).toBe(404);
    const long = await ask("/rest/V1/x", { headers: [json], body: `{"a":"${"x".repeat(3000)}"}` });
    expect(long.status).toBe(413);
    expect(got).toEqual([]);
  });
});
