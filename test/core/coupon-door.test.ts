import { describe, expect, it } from "vitest";
import { foldCoupon, isSpellingOf } from "../../src/core/coupon-code.ts";
import { isOpaqueXml } from "../../src/core/coupon-door/scan.ts";
import { findCouponDoor, findLockedCodes, insertAt } from "../../src/core/coupon-door.ts";

const isLocked = (typed: string) => isSpellingOf(typed, foldCoupon("VIP20"));
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** What Commerce would get. */
function spoil(path: string, body = "", contentType: string | null = JSON_TYPE, method = "POST") {
  const [pathname = "", query] = path.split("?", 2);
  const door = findCouponDoor(method, pathname, contentType);
  if (door === null) return null;
  const search = query === undefined ? "" : `?${query}`;
  const found = findLockedCodes({ door, pathname, search, body }, isLocked);
  const sent = insertAt(pathname, found.path, ".") + insertAt(search, found.query, ".");
  return { path: sent, body: insertAt(body, found.body, ".") };
}

describe("a locked code", () => {
  it.each([
    ["/rest/V1/guest-carts/AbC/coupons/VIP20", "/rest/V1/guest-carts/AbC/coupons/VIP20."],
    ["/rest/fr/V1/carts/mine/coupons/vip20", "/rest/fr/V1/carts/mine/coupons/vip20."],
    [
      "/index.php/rest/all/async/V1/carts/7/coupons/%56IP20",
      "/index.php/rest/all/async/V1/carts/7/coupons/%56IP20.",
    ],
    ["/rest//V1/carts/mine/coupons/V%C3%8DP20/", "/rest//V1/carts/mine/coupons/V%C3%8DP20./"],
    [
      "/rest/V1/carts/mine/coupons/x?couponCode=VIP20&a=b",
      "/rest/V1/carts/mine/coupons/x?couponCode=VIP20.&a=b",
    ],
    ["/checkout/cart/couponPost/coupon_code/VIP20", "/checkout/cart/couponPost/coupon_code/VIP20."],
    ["/fr/checkout/cart/couponpost?coupon_code=+vip20+", "/fr/checkout/cart/couponpost?coupon_code=+vip20+."],
  ])("in the address %s reaches Commerce as none", (path, sent) => {
    expect(spoil(path, "", JSON_TYPE, "PUT")).toEqual({ path: sent, body: "" });
  });

  it.each([
    [
      "/rest/async/bulk/V1/carts/byCartId/coupons",
      JSON_TYPE,
      '[{"couponCode":"VIP20"},{"couponCode":"B"}]',
      '[{"couponCode":"VIP20."},{"couponCode":"B"}]',
    ],
    [
      "/rest/V1/x",
      JSON_TYPE,
      '{"c":"\\u0056ip20", "d": "\\"VIP20"}',
      '{"c":"\\u0056ip20.", "d": "\\"VIP20"}',
    ],
    ["/rest/V1/x", JSON_TYPE, '{"couponCodes":["a","VIP20"', '{"couponCodes":["a","VIP20."'],
    ["/rest/V1/x", "application/xml", "<r><c>VIP20</c></r>", "<r><c>VIP20.</c></r>"],
    ["/rest/V1/x", "text/xml", "<c>&#x00000056;IP&#000000050;0</c>", "<c>&#x00000056;IP&#000000050;0.</c>"],
    // Commerce's REST takes the last text of an element that has several.
    ["/rest/V1/x", "text/xml", "<c>a<!-- x -->VIP20</c>", "<c>a<!-- x -->VIP20.</c>"],
    ["/rest/V1/x", "text/xml", "<c>a<?b?>VIP20 </c>", "<c>a<?b?>VIP20 .</c>"],
    ["/rest/V1/x", "text/xml", "<c>a<![CDATA[VIP20]]></c>", "<c>a<![CDATA[VIP20.]]></c>"],
    [
      "/soap/default",
      "text/xml",
      "<c>VI<!-- x -->P<![CDATA[2]]>&#48;</c>",
      "<c>VI<!-- x -->P<![CDATA[2]]>&#48;.</c>",
    ],
    [
      "/soap",
      null,
      "<ns:couponCode a='VIP20'>&#x56;IP20\n</ns:couponCode>",
      "<ns:couponCode a='VIP20.'>&#x56;IP20\n.</ns:couponCode>",
    ],
    [
      "/checkout/cart/couponPost",
      FORM,
      "form_key=a&coupon_code=V%49P20&remove=0",
      "form_key=a&coupon_code=V%49P20.&remove=0",
    ],
    [
      "/index.php/fr/checkout/cart/CouponPost/",
      `${FORM}; charset=UTF-8`,
      "coupon_code=%ff&x=vip20",
      "coupon_code=%ff&x=vip20.",
    ],
  ])("in the body of %s (%s) reaches Commerce as none: %s", (path, type, body, sent) => {
    expect(spoil(path, body, type)?.body).toBe(sent);
  });

  it.each([
    ['multipart/form-data; boundary="b"', "b"],
    ["multipart/form-data; boundary=b", "b"],
    // PHP looks for the word alone, in lower case first, and takes all up to a comma or a semicolon.
    ["multipart/form-data; boundaryx=b", "b"],
    ["multipart/form-data; BOUNDARY=other; boundary=b", "b"],
    ["multipart/form-data; boundary= b c ", " b c "],
    ["Multipart/Form-Data, boundary=b", "b"],
  ])("in a part of a multipart form (%s) reaches Commerce as none", (type, boundary) => {
    const part = (name: string, value: string, line = "\r\n") =>
      `--${boundary}${line}Content-Disposition: form-data; name="${name}"${line}${line}${value}${line}`;
    const body = (code: string, line?: string) =>
      `${part("form_key", "k", line)}${part("coupon_code", code, line)}--${boundary}--\r\n`;
    expect(spoil("/checkout/cart/couponPost", body("vIp20"), type)?.body).toBe(body("vIp20."));
    expect(spoil("/checkout/cart/couponPost", body("vIp20", "\n"), type)?.body).toBe(body("vIp20.", "\n"));
    expect(spoil("/checkout/cart/couponPost", body("other"), type)?.body).toBe(body("other"));
  });

  it("behind any number of slashes, or a website's prefix, is at its door", () => {
    for (const front of ["/".repeat(17), "/".repeat(5000), "/eu/fr/index.php/", "/eu/fr/index.php/de//"]) {
      expect(spoil(`${front}rest/V1/guest-carts/x/coupons/VIP20`)?.path).toMatch(/\/VIP20\.$/);
      expect(spoil(`${front}checkout/cart/couponPost`, "coupon_code=VIP20", FORM)?.body).toMatch(/VIP20\.$/);
    }
  });

  it("an address that can't be decoded is looked into as a door of every kind", () => {
    expect(spoil("/rest/%ff/VIP20", '{"c":"VIP20"}')).toEqual({
      path: "/rest/%ff/VIP20.",
      body: '{"c":"VIP20."}',
    });
  });
});

it("a locked code with bytes behind it that are no UTF-8, where a database may end it, is one", () => {
  const form = (value: string) =>
    findLockedCodes({ door: { forms: ["form"] }, pathname: "/x", search: "", body: `a=${value}` }, isLocked);
  for (const value of ["VIP20%ff", "VIP20%C3", "VIP20%e2%82", "%80VIP20", "VIP20\ufffd"]) {
    expect([value, form(value).body.length]).toEqual([value, 1]);
  }
  expect(form("VIP20%41").body).toEqual([]);
});

it.each(["777", "777.0", "7.77e2", "77700E-2"])(
  "a code of digits alone is one when it is written as the number %s",
  (number) => {
    const isDigits = (typed: string) => isSpellingOf(typed, foldCoupon("777"));
    const body = `[{"quoteId":1,"couponCode":${number}}]`;
    const door = { forms: ["json"] } as const;
    const { body: ends } = findLockedCodes({ door, pathname: "/rest/x", search: "", body }, isDigits);
    expect(insertAt(body, ends, ".")).toBe(body.replace("}]", ".}]"));
  },
);

describe("elsewhere", () => {
  it.each([
    ["GET", "/rest/V1/products"],
    ["POST", "/checkout/cart/add"],
    ["POST", "/customer/account/loginPost"],
    ["POST", "/restaurant/table"],
  ])("%s %s is no door", (method, path) => {
    expect(findCouponDoor(method, path, FORM)).toBeNull();
  });

  it("what is no locked code stays as it came", () => {
    const body = '{"couponCode":"WELCOME10","note":"not VIP20"}';
    expect(spoil("/rest/V1/carts/mine/coupons/WELCOME10?x=1", body)).toEqual({
      path: "/rest/V1/carts/mine/coupons/WELCOME10?x=1",
      body,
    });
  });
});

describe("XML that hides what it says", () => {
  it.each([
    '<!DOCTYPE a [<!ENTITY x "VIP20">]><a>&x;</a>',
    '<?xml version="1.0" encoding="UTF-7"?><a>+AFYASQBQADIAMA-</a>',
    "\ufffd\ufffd<\0a\0>\0",
    // EBCDIC's `<?xml`, read as UTF-8.
    "Lo\ufffd\ufffd\ufffd@",
  ])("is told: %s", (text) => {
    expect(isOpaqueXml(text)).toBe(true);
  });

  it("is not what honest clients send", () => {
    expect(isOpaqueXml('<?xml version="1.0" encoding="UTF-8"?><a>VIP20</a>')).toBe(false);
    expect(isOpaqueXml("")).toBe(false);
  });
});
