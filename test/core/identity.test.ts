/** Adobe's identity in a browser: the ECID in its cookie, and which cookies pass to Adobe and back. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCookie } from "../../src/core/cookie.ts";
import {
  adobeCookieName,
  cleanAdobeSetCookie,
  decodeEcid,
  keepAdobeCookies,
} from "../../src/core/identity.ts";

const own = "29000000000000000000000000000000000001";
const other = "31000000000000000000000000000000000009";
const organization = "ABC@AdobeOrg";
const identity = "kndctr_ABC_AdobeOrg_identity";

const field1 = (ecid: string) => [0x0a, ecid.length, ...Buffer.from(ecid)];
const encode = (...bytes: number[]) => Buffer.from(bytes).toString("base64");

/** As Adobe writes it: field 1, then metadata (field 10) and write_time (field 30). */
const metadata = [0x52, 0x04, 0x08, 0x9e, 0xd4, 0x01];
const written = [0xf0, 0x01, 0x9e, 0xd4, 0xaa, 0xd8, 0xde, 0x31];
const cookieOf = (ecid: string) => encode(...field1(ecid), ...metadata, ...written);

it("names Adobe's cookies by organization", () => {
  expect(adobeCookieName("ABC@AdobeOrg", "identity")).toBe("kndctr_ABC_AdobeOrg_identity");
  expect(adobeCookieName("ABC@AdobeOrg", "consent")).toBe("kndctr_ABC_AdobeOrg_consent");
});

describe("decodeEcid", () => {
  it.each([
    ["as Adobe writes it", cookieOf(own)],
    ["percent-encoded", encodeURIComponent(cookieOf(own))],
    ["in base64url, without padding", Buffer.from([...field1(own), ...written]).toString("base64url")],
    ["with field 1 alone", encode(...field1(own))],
    ["with field 1 at the end", encode(...written, ...metadata, ...field1(own))],
    [
      "with fixed32 and fixed64 fields",
      encode(0x15, 1, 2, 3, 4, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, ...field1(own)),
    ],
    ["with field 1 under a longer tag", encode(0x8a, 0x00, own.length, ...Buffer.from(own))],
  ])("reads one %s", (_, value) => {
    expect(decodeEcid(value)).toBe(own);
  });

  it.each([
    ["nothing", ""],
    ["padding alone", "="],
    ["no base64", "general=in"],
    ["a bad escape", `${cookieOf(own)}%`],
    ["base64 of an impossible length", "CiYyO"],
    ["too much padding", `${encode(...field1(own))}==`],
    ["the digits as they are", own],
    ["a message without field 1", encode(...written)],
    ["field 1 twice", encode(...field1(own), ...field1(other))],
    ["field 1 again under a longer tag", encode(...field1(own), 0x8a, 0x80, 0x00, ...field1(other).slice(1))],
    [
      "field 1 again under a tag of more than 32 bits",
      encode(...field1(own), 0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 0),
    ],
    ["field 1 as a number", encode(0x08, 0x01)],
    ["field 1 as a number after the ECID", encode(...field1(own), 0x08, 0x01)],
    ["field 0", encode(...field1(own), 0x02, 0x00)],
    ["a group", encode(...field1(own), 0x1b, 0x1c)],
    ["a field that is cut off", encode(...field1(own), ...metadata.slice(0, 4))],
    ["an ECID that is cut off", encode(...field1(own).slice(0, 30))],
    ["a length beyond the end", encode(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ["a varint without an end", encode(...field1(own), 0x10, ...Array<number>(11).fill(0x80))],
    ["too few digits", encode(...field1("123"))],
    ["too many digits", encode(...field1("1".repeat(41)))],
    ["letters", encode(...field1("x".repeat(38)))],
    ["digits of another script", encode(0x0a, 76, ...Buffer.from("٣".repeat(38)))],
    ["a text longer than an identity is", cookieOf(own) + "A".repeat(2000)],
  ])("is null for %s", (_, value) => {
    expect(decodeEcid(value)).toBeNull();
  });

  it("never throws, and says nothing but digits", () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((noise) => Buffer.from(noise).toString("base64"));
    const mixed = fc
      .tuple(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }))
      .map(([before, after]) => encode(...before, ...field1(own), ...after));
    fc.assert(
      fc.property(fc.oneof(bytes, mixed, fc.string({ unit: "binary" }), fc.base64String()), (value) => {
        const ecid = decodeEcid(value);
        expect(ecid === null || /^[0-9]{30,40}$/.test(ecid)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads every ECID that is written", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{38}$/), (ecid) => {
        expect(decodeEcid(cookieOf(ecid))).toBe(ecid);
      }),
    );
  });
});

describe("keepAdobeCookies", () => {
  it.each([
    ["", null],
    ["PHPSESSID=1; form_key=2; X-Magento-Vary=3", null],
    ["__Host-edge-audiences-main=v1.x; aep-segments-membership=vip", null],
    ["FPID=0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21; demdex=1; AMCVS_ABC%40AdobeOrg=1", null],
    ["kndctr_XYZ_AdobeOrg_identity=a; kndctr_=b; KNDCTR_ABC_AdobeOrg_consent=c", null],
    ["kndctr_ABC_AdobeOrg_=a; kndctr_ABC_AdobeOrg_x[0]=b", null],
    ["PHPSESSID=1; kndctr_ABC_AdobeOrg_cluster=irl1; x=2", "kndctr_ABC_AdobeOrg_cluster=irl1"],
    ["mbox=a#b; at_qa_mode={}; mboxEdgeCluster=37", "mbox=a#b; at_qa_mode={}; mboxEdgeCluster=37"],
    ["x=1, kndctr_ABC_AdobeOrg_cluster=va6; y=2", "kndctr_ABC_AdobeOrg_cluster=va6"],
    [`${identity}=${cookieOf(own)}; ${identity}=${cookieOf(other)}`, `${identity}=${cookieOf(own)}`],
    [`${identity}=unreadable`, `${identity}=unreadable`],
  ])("of %j keeps %j", (header, expected) => {
    expect(keepAdobeCookies(header, organization)).toBe(expected);
  });

  it.each([
    `AMCV_ABC%40AdobeOrg=MCMID|${own}`,
    `AMCV_ABC@AdobeOrg=MCMID%7C${own}`,
    `AMCV_ABC%40AdobeOrg=-1124106680%7CMCIDTS%7C19000%7CMCMID%7C${own}%7CMCAID%7CNONE`,
    `s_ecid=MCMID|${own}`,
  ])("keeps %s beside the identity that it names, and only there", (legacy) => {
    const cookie = `${identity}=${cookieOf(own)}`;
    expect(keepAdobeCookies(`${legacy}; ${cookie}`, organization)).toBe(`${legacy}; ${cookie}`);
    expect(keepAdobeCookies(legacy, organization)).toBeNull();
    const foreign = `${identity}=${cookieOf(other)}`;
    expect(keepAdobeCookies(`${legacy}; ${foreign}`, organization)).toBe(foreign);
    expect(keepAdobeCookies(`${legacy}|MCMID|${other}; ${cookie}`, organization)).toBe(cookie);
  });

  it("keeps none that names an ECID where the website asks by our own device id", () => {
    const header = `${identity}=${cookieOf(own)}; s_ecid=MCMID|${own}; kndctr_ABC_AdobeOrg_consent=general=in`;
    expect(keepAdobeCookies(header, organization, "fpid")).toBe("kndctr_ABC_AdobeOrg_consent=general=in");
    expect(keepAdobeCookies(`${identity}=a`, organization, "fpid")).toBeNull();
  });

  it("sends the very identity on that we read, never a second one, and nothing of the shop's", () => {
    const pair = fc.oneof(
      fc.constantFrom(cookieOf(own), cookieOf(other), "x").map((value) => `${identity}=${value}`),
      fc.constantFrom("PHPSESSID=s", 'q="', "mbox=a,b", `${identity}`, ` ${identity}=y`, "", "x=1, y=2"),
    );
    fc.assert(
      fc.property(fc.array(pair), fc.constantFrom(";", "; ", ", "), (pairs, separator) => {
        const header = pairs.join(separator);
        const kept = keepAdobeCookies(header, organization) ?? "";
        expect(findCookie(kept, identity)).toBe(findCookie(header, identity));
        expect(kept.split(`${identity}=`).length).toBeLessThanOrEqual(2);
        expect(findCookie(kept, "PHPSESSID")).toBeNull();
      }),
    );
  });
});

describe("cleanAdobeSetCookie", () => {
  const host = "www.shop.example";
  const line = `${identity}=a==; Path=/; Max-Age=34128000; Secure; SameSite=None`;

  it.each([
    [line, line],
    [`${identity}=a; Domain=shop.example; Path=/`, `${identity}=a; Domain=shop.example; Path=/`],
    [`${identity}=a;domain=.Shop.Example;secure`, `${identity}=a; domain=.Shop.Example; secure`],
    [`${identity}=a; Domain=www.shop.example`, `${identity}=a; Domain=www.shop.example`],
    [`${identity}=a; Domain=adobedc.net; Path=/`, `${identity}=a; Path=/`],
    [`${identity}=a; Domain=p.example; Path=/`, `${identity}=a; Path=/`],
    [`${identity}=a; Domain=evil.www.shop.example`, `${identity}=a`],
    [`${identity}=a; Domain=example`, `${identity}=a`],
    [`${identity}=a; Domain=; Domain`, `${identity}=a`],
    [`${identity}=a; Domain=shop.example; DOMAIN = adobedc.net`, `${identity}=a; Domain=shop.example`],
    [
      "kndctr_ABC_AdobeOrg_consent=general=in; Max-Age=1",
      "kndctr_ABC_AdobeOrg_consent=general=in; Max-Age=1",
    ],
    ["s_ecid=MCMID|1; HttpOnly", "s_ecid=MCMID|1; HttpOnly"],
    ["demdex=1; Domain=.demdex.net", null],
    ["PHPSESSID=1", null],
    ["__Host-edge-audiences-main=x; Secure; Path=/", null],
    ["kndctr_XYZ_AdobeOrg_identity=a", null],
    ["kndctr_ABC_AdobeOrg_=a", null],
    ["kndctr_ABC_AdobeOrg_identity", null],
    ["=kndctr_ABC_AdobeOrg_identity=a", null],
    ["", null],
    [`${identity}=a\r\nSet-Cookie: PHPSESSID=x`, null],
    [`${identity}=a\u0000`, null],
    [`${identity}=${"a".repeat(9000)}`, null],
  ])("of %j is %j", (given, expected) => {
    expect(cleanAdobeSetCookie(given, organization, host)).toBe(expected);
  });

  it("knows the shop's host whatever its case or port", () => {
    const ours = `${identity}=a; Domain=shop.example`;
    expect(cleanAdobeSetCookie(ours, organization, "WWW.Shop.Example:8443")).toBe(ours);
  });

  it("never throws, and never lets another name through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (given, anyHost) => {
        const cleaned = cleanAdobeSetCookie(given, organization, anyHost);
        expect(cleaned).toBeNull();
      }),
    );
  });
});
