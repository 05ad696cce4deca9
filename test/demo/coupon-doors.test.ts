/** Every way a coupon code can come into the pretend Commerce leads to the same rule, with the same comparison. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import { type Client, openClient } from "./client.ts";

const formKey = "abcdefgh12345678";

let store: RunningStore;
let shop: Client;
beforeAll(async () => {
  store = await startStore();
  shop = openClient(store);
});
afterAll(() => store.stop());

const invalid = { message: "The coupon code isn't valid. Verify the code and try again." };

describe("REST", () => {
  it.each([
    ["/rest/V1", "PUT"],
    ["/rest/default/V1", "PUT"],
    ["/rest/fr/V1", "POST"],
    ["/rest/all/V1", "PUT"],
    ["/index.php/rest/default/V1", "PUT"],
  ])("%s takes a guest's coupon by %s, and says true", async (base, method) => {
    const id = await shop.cart();
    const { status, json } = await shop.rest(method, `${base}/guest-carts/${id}/coupons/vip20`);
    expect([status, json]).toEqual([200, true]);
    expect(await shop.look(id)).toMatchObject({ coupons: ["vip20"], total: 576 });
    expect((await shop.rest("GET", `${base}/guest-carts/${id}/coupons`)).json).toBe("vip20");
    expect((await shop.rest("DELETE", `${base}/guest-carts/${id}/coupons`)).json).toBe(true);
    expect((await shop.rest("GET", `${base}/guest-carts/${id}/coupons`)).json).toBeNull();
  });

  it("decodes the code in the path", async () => {
    const id = await shop.cart();
    const path = `/rest/V1/guest-carts/${id}/coupons`;
    for (const typed of ["%56IP20", "%EF%BC%B6IP20", "V%C3%8DP20%20", "+VIP20+"]) {
      await shop.rest("DELETE", path);
      expect((await shop.rest("PUT", `${path}/${typed}`)).json).toBe(true);
    }
  });

  it("puts a new code in the old one's place; a bad one takes the old one along", async () => {
    const id = await shop.cart();
    const path = `/rest/V1/guest-carts/${id}/coupons`;
    await shop.rest("PUT", `${path}/VIP20`);
    await shop.rest("PUT", `${path}/THREEFOR2`);
    expect((await shop.look(id)).coupons).toEqual(["THREEFOR2"]);
    const { status, json } = await shop.rest("PUT", `${path}/NOPE`);
    expect([status, json]).toEqual([404, invalid]);
    expect((await shop.look(id)).coupons).toEqual([]);
  });

  it("refuses an empty cart, no cart, and who may not ask, in Commerce's shapes", async () => {
    const empty = await shop.cart(0);
    const refused = await shop.rest("PUT", `/rest/V1/guest-carts/${empty}/coupons/VIP20`);
    expect([refused.status, refused.json]).toEqual([
      404,
      { message: `The "%1" Cart doesn't contain products.`, parameters: [empty] },
    ]);
    expect((await shop.rest("PUT", "/rest/V1/guest-carts/nope/coupons/VIP20")).json).toEqual({
      message: "No such entity with %fieldName = %fieldValue",
      parameters: { fieldName: "cartId", fieldValue: "nope" },
    });
    for (const owner of ["mine", await shop.cart()]) {
      expect((await shop.rest("PUT", `/rest/V1/carts/${owner}/coupons/VIP20`)).status).toBe(401);
    }
  });

  it("opens any cart to the token of the merchant's own backend", async () => {
    const id = await shop.cart();
    const headers = { authorization: "Bearer demo-integration-token" };
    expect((await shop.rest("PUT", `/rest/V1/carts/${id}/coupons/VIP20`, { headers })).json).toBe(true);
  });

  it("does asynchronously what it will not tell the outcome of", async () => {
    const id = await shop.cart();
    const { status, json } = await shop.rest("PUT", `/rest/async/V1/guest-carts/${id}/coupons/VIP20`);
    expect(status).toBe(202);
    expect(json).toEqual({
      bulk_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      request_items: [{ id: 0, data_hash: null, status: "accepted" }],
      errors: false,
    });
    expect((await shop.look(id)).coupons).toEqual(["VIP20"]);
  });

  it("takes many at once, and the codes stand in the body", async () => {
    const [one, other, third] = [await shop.cart(), await shop.cart(), await shop.cart()];
    const body = [
      { cartId: one, couponCode: "ｖｉｐ20" },
      { cart_id: other, coupon_code: "THREEFOR2" },
      { cartId: third, couponCode: "NOPE" },
    ];
    const path = "/rest/fr/async/bulk/V1/guest-carts/byCartId/coupons/byCouponCode";
    const { status, json } = await shop.rest("PUT", path, { body });
    expect([status, json.request_items.length]).toEqual([202, 3]);
    expect((await shop.look(one)).coupons).toEqual(["ｖｉｐ20"]);
    expect((await shop.look(other)).coupons).toEqual(["THREEFOR2"]);
    expect((await shop.look(third)).coupons).toEqual([]);
    expect((await shop.rest("PUT", path, { body: { cartId: one } })).status).toBe(400);
  });

  it("has no other route", async () => {
    const id = await shop.cart();
    for (const path of [
      `/rest/V1/guest-carts/${id}/coupons/VIP20/more`,
      `/rest/V1/guest-carts/${id}/nothing`,
      `/rest/async/bulk/V1/guest-carts/${id}/coupons/VIP20`,
    ]) {
      const { status, json } = await shop.rest("PUT", path);
      expect([status, json]).toEqual([404, { message: "Request does not match any route." }]);
    }
  });
});

describe("SOAP", () => {
  const service = "quoteGuestCouponManagementV1";
  const envelope = (operation: string, fields: string, head = '<?xml version="1.0" encoding="UTF-8"?>') =>
    `${head}<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:ns1="urn:x"><env:Body><ns1:${service}${operation}Request>${fields}</ns1:${service}${operation}Request></env:Body></env:Envelope>`;
  const fieldsOf = (id: string, code: string) => `<cartId>${id}</cartId><couponCode>${code}</couponCode>`;

  it.each(["/soap/default", "/soap", "/soap/fr/", "/index.php/soap/default"])(
    "%s sets a coupon",
    async (path) => {
      const id = await shop.cart();
      const { status, headers, text } = await shop.soap(
        `${path}?services=${service}`,
        envelope("Set", fieldsOf(id, "vip20")),
      );
      expect([status, headers.get("content-type")]).toEqual([200, "application/soap+xml; charset=UTF-8"]);
      expect(text).toContain(`<ns1:${service}SetResponse><result>true</result></ns1:${service}SetResponse>`);
      expect((await shop.look(id)).total).toBe(576);
      const got = await shop.soap(`${path}?services=${service}`, envelope("Get", `<cartId>${id}</cartId>`));
      expect(got.text).toContain("<result>vip20</result>");
      await shop.soap(`${path}?services=${service}`, envelope("Remove", `<cartId>${id}</cartId>`));
      expect((await shop.look(id)).coupons).toEqual([]);
    },
  );

  it.each([
    ["numeric entities", "&#x56;&#73;P20"],
    ["CDATA", "<![CDATA[VIP]]>20"],
    ["a comment inside", "VIP<!-- really -->20"],
  ])("reads %s in a code", async (_, typed) => {
    const id = await shop.cart();
    await shop.soap(`/soap?services=${service}`, envelope("Set", fieldsOf(id, typed)));
    expect((await shop.look(id)).total).toBe(576);
  });

  it("reads an envelope in UTF-16, as libxml does", async () => {
    const id = await shop.cart();
    const xml = envelope("Set", fieldsOf(id, "VIP20"), '<?xml version="1.0" encoding="UTF-16"?>');
    const bytes = new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, "utf16le")]));
    await shop.soap(`/soap?services=${service}`, bytes);
    expect((await shop.look(id)).total).toBe(576);
  });

  it("answers a fault with Commerce's words, and knows no document type", async () => {
    const id = await shop.cart();
    const bad = await shop.soap(`/soap?services=${service}`, envelope("Set", fieldsOf(id, "NOPE")));
    expect(bad.status).toBe(500);
    expect(bad.text).toContain(`<env:Text xml:lang="en">${invalid.message}</env:Text>`);
    const none = await shop.soap(`/soap?services=${service}`, envelope("Set", fieldsOf("nope", "VIP20")));
    expect(none.text).toContain("No such entity with cartId = nope");
    const entity = envelope("Set", fieldsOf(id, "&c;"), '<!DOCTYPE x [<!ENTITY c "VIP20">]>');
    expect((await shop.soap(`/soap?services=${service}`, entity)).status).toBe(500);
    const other = await shop.soap("/soap?services=other", envelope("Set", fieldsOf(id, "VIP20")));
    expect(other.status).toBe(500);
    expect((await shop.look(id)).coupons).toEqual([]);
  });
});

describe("the form of the cart page", () => {
  /** A guest's session with three jackets in its cart, and what the page's next message says. */
  async function openSession(name: string, jackets = 3) {
    const cookie = `PHPSESSID=${name.padEnd(26, "x")}; form_key=${formKey}`;
    const post = async (path: string, body: BodyInit) => {
      const { status, headers } = await shop.ask(path, { method: "POST", headers: { cookie }, body });
      const message = headers.getSetCookie().find((line) => line.startsWith("mage-messages="));
      const said = decodeURIComponent(/^mage-messages=([^;]*)/.exec(message ?? "")?.[1] ?? "%5B%5D");
      return { status, message: JSON.parse(said)[0]?.text ?? null };
    };
    const add = { product: "101", qty: String(jackets), form_key: formKey };
    if (jackets > 0) await post("/checkout/cart/add/", new URLSearchParams(add));
    const total = async () => {
      const { json } = await shop.ask("/customer/section/load/?sections=cart", { headers: { cookie } });
      return json.cart.grandTotalAmount as number;
    };
    return { post, total };
  }
  const form = (code: string, more = "") =>
    new URLSearchParams(`form_key=${formKey}&coupon_code=${code}${more}`);
  const used = (code: string) => ({ status: 302, message: `You used coupon code "${code}".` });

  it.each([
    "/checkout/cart/couponPost/",
    "/checkout/cart/couponPost",
    "/index.php/checkout/cart/couponPost/",
    "/fr/checkout/cart/couponPost/",
    "/index.php/fr/checkout/cart/couponPost/",
    "/checkout/cart/COUPONPOST/",
    "/checkout/Cart/couponpost",
    "//checkout/cart/couponPost/",
  ])("%s applies a coupon and takes it out", async (path) => {
    const session = await openSession(`form${path.replace(/\//g, "-").replace(/\W/g, "0")}`);
    expect(await session.post(path, form("vip20"))).toEqual(used("vip20"));
    expect(await session.total()).toBe(576);
    expect((await session.post(path, form("", "&remove=1"))).message).toBe("You canceled the coupon code.");
    expect(await session.total()).toBe(720);
  });

  it("finds its fields where PHP and Magento find them", async () => {
    const at = "/checkout/cart/couponPost/";
    const multipart = new FormData();
    multipart.set("form_key", formKey);
    multipart.set("coupon_code", "VIP20");
    const ways: readonly (readonly [path: string, body: BodyInit])[] = [
      [at, form("WELCOME10", "&coupon_code=VIP20")],
      [at, form("NOPE", "&coupon.code=VIP20")],
      [at, form("NOPE", "&coupon%20code=VIP20")],
      [at, form("%20%EF%BC%B6IP20")],
      [`${at}?coupon_code=VIP20`, form("NOPE")],
      [`${at}coupon_code/VIP20/`, form("NOPE")],
      [`${at}coupon_code/%56IP20/?coupon_code=NOPE`, form("NOPE")],
      [at, multipart],
    ];
    for (const [index, [path, body]] of ways.entries()) {
      const session = await openSession(`way${index}`);
      await session.post(path, body);
      expect([path, await session.total()]).toEqual([path, 576]);
    }
  });

  it("refuses a bad code, which takes the old one along, and a strange form key", async () => {
    const session = await openSession("bad");
    const at = "/checkout/cart/couponPost/";
    await session.post(at, form("VIP20"));
    expect((await session.post(at, form("NOPE"))).message).toBe('The coupon code "NOPE" is not valid.');
    expect(await session.total()).toBe(720);
    const strange = new URLSearchParams({ form_key: "wrong", coupon_code: "VIP20" });
    expect((await session.post(at, strange)).message).toBe("Invalid Form Key. Please refresh the page.");
    expect(await session.total()).toBe(720);
  });

  it("keeps a good code for an empty cart's first product", async () => {
    const session = await openSession("empty", 0);
    expect(await session.post("/checkout/cart/couponPost/", form("VIP20"))).toEqual(used("VIP20"));
    await session.post("/checkout/cart/add/", new URLSearchParams({ product: "101", form_key: formKey }));
    expect(await session.total()).toBe(192);
  });
});
