/** The pretend Commerce keeps the manners of a real one; what is tested elsewhere rests on them. */

import { request as httpRequest } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const bargainHunter = "c81f0e52-3a47-4d9b-b6f0-92e4d7a1c863";
const formKey = "abcdefgh12345678";
const session = "PHPSESSID=testtesttesttesttesttest01";

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  readonly text: string;
}

let store: RunningStore;
let fixed: RunningStore;

beforeAll(async () => {
  [store, fixed] = await Promise.all([startStore(), startStore({ baseUrl: "http://tarnfell.example/" })]);
}, 30_000);

afterAll(async () => {
  await Promise.all([store.stop(), fixed.stop()]);
});

/** Header lines as they are on the wire, repeated ones one by one. */
function ask(
  path: string,
  { method = "GET", headers = {}, body }: Asked = {},
  base = store.url,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(new URL(path, base), { method, headers, agent: false }, (message) => {
      const chunks: Buffer[] = [];
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("end", () => {
        const lines = new Map<string, string[]>();
        for (let index = 0; index < message.rawHeaders.length; index += 2) {
          const name = message.rawHeaders[index]?.toLowerCase() ?? "";
          lines.set(name, [...(lines.get(name) ?? []), message.rawHeaders[index + 1] ?? ""]);
        }
        const bytes = Buffer.concat(chunks);
        resolve({
          status: message.statusCode ?? 0,
          headers: lines,
          body: bytes,
          text: bytes.toString("utf8"),
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function header(answer: Answer, name: string): string | undefined {
  return answer.headers.get(name)?.[0];
}

function post(path: string, fields: Readonly<Record<string, string>>, cookie: string): Promise<Answer> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", cookie },
    body: new URLSearchParams(fields).toString(),
  });
}

function query(document: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: document }),
  });
}

/** A guest's cart with three jackets of $240 and a pair of socks, put there by the shop's own form. */
async function filledCart(name: string): Promise<string> {
  const cookie = `PHPSESSID=${name.padEnd(26, "x")}; form_key=${formKey}`;
  await post("/checkout/cart/add/", { product: "101", qty: "3", form_key: formKey }, cookie);
  await post("/checkout/cart/add/", { product: "502", form_key: formKey }, cookie);
  return cookie;
}

async function cartSection(cookie: string) {
  const { text } = await ask("/customer/section/load/?sections=cart", { headers: { cookie } });
  return JSON.parse(text).cart;
}

describe("pages", () => {
  it("lets an edge keep a page for a day, and sets a session on it all the same", async () => {
    const page = await ask("/");
    expect(page.status).toBe(200);
    expect(header(page, "cache-control")).toBe("max-age=86400, public, s-maxage=86400");
    expect(header(page, "pragma")).toBe("cache");
    expect(header(page, "x-magento-tags")).toContain("cms_b_home_hero");
    expect(header(page, "transfer-encoding")).toBe("chunked");
    expect(header(page, "set-cookie")).toMatch(
      /^PHPSESSID=\w+; .*domain=127\.0\.0\.1; HttpOnly; SameSite=Lax$/,
    );
    expect(page.text).toContain('<section id="hero"');
  });

  it("sends the same bytes to every guest", async () => {
    expect((await ask("/")).body.equals((await ask("/", { headers: { cookie: session } })).body)).toBe(true);
  });

  it("keeps the cart, the account and what is not there out of every cache", async () => {
    for (const path of [
      "/checkout/cart/",
      "/customer/account/login/",
      "/customer/section/load/?sections=cart",
      "/nope",
    ]) {
      expect(header(await ask(path), "cache-control")).toBe("max-age=0, must-revalidate, no-cache, no-store");
    }
    expect((await ask("/nope")).status).toBe(404);
  });

  it("compresses for who can read it", async () => {
    const zipped = await ask("/", { headers: { "accept-encoding": "br, gzip" } });
    expect(header(zipped, "content-encoding")).toBe("gzip");
    expect(header(zipped, "vary")).toBe("Accept-Encoding");
    expect(gunzipSync(zipped.body).equals((await ask("/")).body)).toBe(true);
  });

  it("answers HEAD with a length and no body", async () => {
    const head = await ask("/", { method: "HEAD" });
    expect(Number(header(head, "content-length"))).toBe((await ask("/")).body.length);
    expect(head.body.length).toBe(0);
  });

  it("speaks French under /fr/ and tells caches apart by X-Magento-Vary", async () => {
    const page = await ask("/fr/women.html");
    expect(page.text).toContain('<html lang="fr">');
    expect(page.headers.get("set-cookie")?.some((line) => /^X-Magento-Vary=[0-9a-f]{64};/.test(line))).toBe(
      true,
    );
  });

  it("redirects another host to its fixed base URL, and names that host in its cookies", async () => {
    const away = await ask("/women.html?a=1", { headers: { host: "shop.example" } }, fixed.url);
    expect([away.status, header(away, "location")]).toEqual([302, "http://tarnfell.example/women.html?a=1"]);
    const home = await ask("/", { headers: { host: "tarnfell.example:8080" } }, fixed.url);
    expect(home.status).toBe(200);
    expect(header(home, "set-cookie")).toContain("domain=tarnfell.example;");
    expect(home.text).toContain('href="http://tarnfell.example/women.html"');
  });
});

describe("files", () => {
  it("are answered with 304 to who has them and with 206 to who wants a part", async () => {
    const css =
      /href="[^"]*(\/static\/version\d+\/[^"]*styles-m\.css)"/.exec((await ask("/")).text)?.[1] ?? "";
    const whole = await ask(css);
    const etag = header(whole, "etag") ?? "";
    expect(header(whole, "cache-control")).toBe("max-age=31536000, public");
    expect((await ask(css, { headers: { "if-none-match": etag } })).status).toBe(304);
    const part = await ask(css, { headers: { range: "bytes=2-5" } });
    expect([part.status, header(part, "content-range")]).toEqual([206, `bytes 2-5/${whole.body.length}`]);
    expect(part.text).toBe(whole.text.slice(2, 6));
  });
});

describe("the cart", () => {
  it("refuses a form with a strange key", async () => {
    const refused = await post("/checkout/cart/add/", { product: "101", form_key: "wrong" }, session);
    expect(refused.status).toBe(302);
    const lines = refused.headers.get("set-cookie") ?? [];
    expect(lines.find((line) => line.startsWith("mage-messages="))).toContain("Invalid%20Form%20Key");
    expect(lines.filter((line) => line.startsWith("private_content_version="))).toHaveLength(2);
  });

  it("takes off what the membership cookie says, raw or encoded, and nothing without it", async () => {
    const cookie = await filledCart("rules");
    expect((await cartSection(cookie)).grandTotalAmount).toBe(742);
    expect((await cartSection(`${cookie}; aep-segments-membership=${vip}`)).discounts).toEqual([
      { label: "VIP 20% off", amount: 148.4 },
    ]);
    const both = `${cookie}; aep-segments-membership=${vip}%2C${bargainHunter}`;
    expect((await cartSection(both)).grandTotalAmount).toBeCloseTo(742 - 148.4 - 240);
  });

  it("asks the same price on the cart page, over REST and in the order", async () => {
    const cookie = `${await filledCart("order")}; aep-segments-membership=${vip}`;
    expect((await ask("/checkout/cart/", { headers: { cookie } })).text).toContain("$593.60");
    const checkout = await ask("/checkout/", { headers: { cookie } });
    expect(header(checkout, "content-security-policy")).toContain("'nonce-");
    const id = /guest-carts\\\/(\w{32})/.exec(checkout.text)?.[1];
    const totals = await ask(`/rest/default/V1/guest-carts/${id}/totals`, { headers: { cookie } });
    expect(JSON.parse(totals.text)).toMatchObject({ grand_total: 593.6, discount_amount: -148.4 });
    const order = await ask(`/rest/default/V1/guest-carts/${id}/payment-information`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ email: "a@b.example", paymentMethod: { method: "checkmo" } }),
    });
    expect(JSON.parse(order.text)).toMatch(/^\d{9}$/);
    const receipt = await ask("/checkout/onepage/success/", { headers: { cookie } });
    expect(receipt.text).toContain("$593.60");
  });

  it("signs a customer in under a new session and gives them a page of their own in caches", async () => {
    const fields = {
      "login[username]": "ada@tarnfell.example",
      "login[password]": "Trailhead-42",
      form_key: formKey,
    };
    const answer = await post("/customer/account/loginPost/", fields, `${session}; form_key=${formKey}`);
    const lines = answer.headers.get("set-cookie") ?? [];
    expect(lines[0]).not.toContain(session);
    expect(lines.some((line) => line.startsWith("X-Magento-Vary="))).toBe(true);
  });
});

describe("GraphQL", () => {
  const newCart = `mutation { createEmptyCart }`;
  const jackets = (id: string) =>
    `addProductsToCart(cartId: "${id}", cartItems: [{ sku: "TF-101", quantity: 3 }]) { user_errors { code } }`;

  it("makes a GET of public fields public and a POST of the same private", async () => {
    const get = await ask(`/graphql?query=${encodeURIComponent("{ storeConfig { store_code } }")}`);
    expect(header(get, "cache-control")).toBe("max-age=86400, public, s-maxage=86400");
    expect(header(get, "x-magento-tags")).toBe("gql_store_config,gql_store_config_1");
    const posted = await query("{ storeConfig { store_code } }");
    expect(header(posted, "cache-control")).toContain("no-store");
    expect(header(posted, "x-magento-cache-id")).toBe(header(get, "x-magento-cache-id"));
    expect(posted.text).toBe('{"data":{"storeConfig":{"store_code":"default"}}}');
  });

  it("makes even an answer with errors public, which an edge must know", async () => {
    const document = "{ storeConfig { store_code } customer { email } }";
    const get = await ask(`/graphql?query=${encodeURIComponent(document)}`);
    expect(header(get, "cache-control")).toContain("public");
    expect(JSON.parse(get.text).errors[0].extensions).toEqual({ category: "graphql-authorization" });
  });

  it("refuses a mutation by GET, a batch and a broken document with 500", async () => {
    const mutation = await ask(`/graphql?query=${encodeURIComponent(newCart)}`);
    expect([mutation.status, JSON.parse(mutation.text).errors[0].message]).toEqual([
      500,
      "Mutation requests allowed only for POST requests",
    ]);
    const batch = await ask("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "[]",
    });
    expect([batch.status, JSON.parse(batch.text).errors[0].message]).toEqual([
      500,
      "Syntax Error: Unexpected <EOF>",
    ]);
    const broken = await query("{ storeConfig {");
    expect(JSON.parse(broken.text).errors[0].message).toBe("Syntax Error: Expected Name, found <EOF>");
  });

  it("runs two mutations in order, and a coupon only once", async () => {
    const id = JSON.parse((await query(newCart)).text).data.createEmptyCart;
    const cart = `cart { applied_coupons { code } prices { grand_total { value } } }`;
    const apply = `applyCouponToCart(input: { cart_id: "${id}", coupon_code: "WELCOME10" }) { ${cart} }`;
    const both = await query(`mutation { ${jackets(id)} ${apply} }`);
    expect(header(both, "x-magento-cache-id")).toBeUndefined();
    expect(JSON.parse(both.text).data.applyCouponToCart.cart).toEqual({
      applied_coupons: [{ code: "WELCOME10" }],
      prices: { grand_total: { value: 648 } },
    });
    expect(JSON.parse((await query(`mutation { ${apply} }`)).text).errors[0]).toMatchObject({
      message: "A coupon is already applied to the cart. Please remove it to apply another",
      extensions: { category: "graphql-input" },
    });
  });

  it("reads the membership from the header only, raw or encoded", async () => {
    const id = JSON.parse((await query(newCart)).text).data.createEmptyCart;
    await query(`mutation { ${jackets(id)} }`);
    const cart = `{ cart(cart_id: "${id}") { prices { grand_total { value } discounts { label } } } }`;
    const total = async (headers: Readonly<Record<string, string>>) =>
      JSON.parse((await query(cart, headers)).text).data.cart.prices;
    expect(await total({ cookie: `aep-segments-membership=${vip}` })).toEqual({
      grand_total: { value: 720 },
      discounts: null,
    });
    expect(await total({ "aep-segments-membership": `${vip}%2C${bargainHunter}` })).toEqual({
      grand_total: { value: 336 },
      discounts: [{ label: "VIP 20% off" }, { label: "Buy 2 get 1 free" }],
    });
  });

  it("tells an unknown SKU in user_errors and gives all dynamic blocks to who does not filter", async () => {
    const id = JSON.parse((await query(newCart)).text).data.createEmptyCart;
    const unknown = `mutation { addProductsToCart(cartId: "${id}", cartItems: [{ sku: "NO", quantity: 1 }]) { user_errors { code } } }`;
    expect(JSON.parse((await query(unknown)).text).data.addProductsToCart.user_errors).toEqual([
      { code: "PRODUCT_NOT_FOUND" },
    ]);
    const blocks = (filter: string) =>
      query(
        `{ dynamicBlocks(input: { type: SPECIFIED ${filter} }) { total_count items { uid audience_id } } }`,
      );
    expect(JSON.parse((await blocks("")).text).data.dynamicBlocks.total_count).toBe(6);
    expect(
      JSON.parse((await blocks(`audience_id: { in: ["${vip}"] }`)).text).data.dynamicBlocks.items,
    ).toEqual([
      { uid: "Mg==", audience_id: [vip] },
      { uid: "NA==", audience_id: [vip, bargainHunter] },
    ]);
  });
});
