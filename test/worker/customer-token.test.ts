/** Two customers on one browser: by GraphQL's tokens, what Adobe said of the one never counts for the other. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { VIP } from "./shop.ts";
import { openVerifiedShop, SIGNED, type VerifiedShop, visitor } from "./verified-shop.ts";

const ECID = "22222222222222222222222222222222222222";
const cart = JSON.stringify({ query: '{ cart(cart_id: "c") { id } }' });

let shop: VerifiedShop;
beforeAll(async () => {
  shop = await openVerifiedShop({ answer: (_, response) => void response.end('{"data":{}}') });
});
afterAll(() => shop?.stop());

/** A browser: it keeps what it is given, and sends it back. */
function openBrowser(ecid = ECID) {
  const jar = new Map<string, string>();
  return {
    jar,
    async post(body: string, token: string | null = null) {
      const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
      const bearer = token === null ? [] : [["authorization", `Bearer ${token}`] as const];
      const answer = await shop.edge.send("/graphql", {
        method: "POST",
        headers: [
          visitor(ecid, ...cookies),
          ["content-type", "application/json"],
          ["content-length", String(Buffer.byteLength(body))],
          ...bearer,
        ],
        body,
      });
      for (const line of answer.all("set-cookie")) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/Max-Age=0/.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return shop.origin.seen.at(-1)?.header("aep-segments-membership") ?? null;
    },
  };
}

beforeEach(() => {
  shop.adobe.recover();
  shop.adobe.members.clear();
});

test("who signs in is asked about anew, and told to Commerce only as Adobe says then", async () => {
  const browser = openBrowser("31111111111111111111111111111111111111");
  shop.adobe.members.set("31111111111111111111111111111111111111", [VIP]);
  expect(await browser.post(cart)).toBe(VIP);
  expect(await browser.post(cart, "anna")).toBe(VIP);
  const asked = shop.adobe.seen.length;
  expect(await browser.post(cart, "anna")).toBe(VIP);
  expect(shop.adobe.seen.length).toBe(asked);
  shop.adobe.members.set("31111111111111111111111111111111111111", []);
  expect(await browser.post(cart, "anna")).toBe(VIP);
  expect(await browser.post(cart, "berta")).toBeNull();
  expect(await browser.post(cart, "berta")).toBeNull();
});

test("where Adobe says nothing of the next customer, the first one's audiences are gone all the same", async () => {
  const browser = openBrowser("32222222222222222222222222222222222222");
  shop.adobe.members.set("32222222222222222222222222222222222222", [VIP]);
  expect(await browser.post(cart, "anna")).toBe(VIP);
  shop.adobe.behave((_, response) => void response.writeHead(403).end());
  expect(await browser.post(cart, "berta")).toBeNull();
  expect(browser.jar.has(SIGNED)).toBe(false);
});

test.each(['generateCustomerToken(email: "a", password: "b") { token }', "revokeCustomerToken { result }"])(
  "mutation { %s } takes away what was signed",
  async (mutation) => {
    const ecid = `3333333333333333333333333333333333333${mutation.length % 10}`;
    const browser = openBrowser(ecid);
    shop.adobe.members.set(ecid, [VIP]);
    await browser.post(cart, "anna");
    expect(browser.jar.has(SIGNED)).toBe(true);
    await browser.post(
      JSON.stringify({ query: `mutation { ...M } fragment M on Mutation { a: ${mutation} }` }),
      "anna",
    );
    expect(browser.jar.has(SIGNED)).toBe(false);
    shop.adobe.members.set(ecid, []);
    expect(await browser.post(cart)).toBeNull();
  },
);

test("the mark of a token tells nothing of it, and goes neither to Commerce nor to Adobe", async () => {
  const browser = openBrowser();
  shop.adobe.members.set(ECID, [VIP]);
  await browser.post(cart, "secret-token-of-anna");
  const mark = browser.jar.get("__Host-edge-audiences-customer-main") ?? "";
  expect(mark).toMatch(/^[\w-]{22}$/);
  await browser.post(cart, "secret-token-of-anna");
  const seen = [...shop.origin.seen, ...shop.adobe.seen].map(
    ({ headers, body }) => JSON.stringify(headers) + body,
  );
  expect(seen.filter((one) => one.includes(mark))).toEqual([]);
});
