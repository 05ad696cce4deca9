/** The merchant's consent manager: after its no the shop is as it would be without us, and Adobe hears nothing of us. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
const ecid = ecidNumber(1);
const all = "OptanonConsent=version=202605.1.0&groups=C0001%3A1%2CC0002%3A1%2CC0003%3A1%2CC0004%3A1";
const necessary = "OptanonConsent=version=202605.1.0&groups=C0001%3A1%2CC0002%3A0%2CC0003%3A0%2CC0004%3A0";
const manager = { granted: ["C0004:1"], refused: ["C0004:0"] };
let shop: VerifiedShop;
let signed: string;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { consentManager: { cookie: "OptanonConsent", ...manager } },
    websites: {
      strict: {
        hosts: ["strict.test"],
        consent: "required",
        consentManager: { header: "X-Consent", ...manager },
      },
    },
    answer(_, response) {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "public, max-age=60",
      });
      response.end(page.html);
    },
  });
  shop.adobe.members.set(ecid, [VIP]);
  signed = await signFor(shop, ecid);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.adobe.seen.length = 0;
  shop.origin.seen.length = 0;
});

test("after a no the page is the default one, Adobe is not asked, and what was signed is taken away", async () => {
  for (const cookies of [[necessary], [necessary, signed], [necessary, `aep-segments-membership=${VIP}`]]) {
    const answer = await shop.edge.send("/", { headers: [visitor(ecid, ...cookies), EXPLAIN] });
    expect(answer.text()).toBe(page.html);
    expect(planOf(answer)["membership"]).toMatchObject({ kind: "none", reason: "no-consent" });
    expect(signedCookieOf(answer)).toBe(cookies.includes(signed) ? `${SIGNED}=` : null);
  }
  expect(shop.adobe.seen).toEqual([]);
});

test("after a no Commerce is told nothing, on whichever way it would be told", async () => {
  const headers = [visitor(ecid, necessary, signed)];
  for (const [method, path] of [
    ["GET", "/checkout/cart/"],
    ["GET", "/customer/section/load/"],
    ["POST", "/checkout/cart/add/"],
    ["POST", "/graphql"],
  ] as const) {
    const answer = await shop.edge.send(path, { method, headers, ...(method === "POST" && { body: "{}" }) });
    expect([path, signedCookieOf(answer)]).toEqual([path, `${SIGNED}=`]);
    expect(JSON.stringify(shop.origin.seen.at(-1)?.headers)).not.toContain(VIP);
  }
  expect(shop.adobe.seen).toEqual([]);
});

test("after a no a call of the page's own Web SDK passes as it came, and nothing of its answer is signed", async () => {
  const answer = await callSdk(shop, { headers: [visitor(ecid, necessary, signed)] });
  expect(answer.status).toBe(200);
  expect(answer.text()).toContain(VIP);
  expect(answer.all("set-cookie").filter((line) => line.startsWith(SIGNED))).toEqual([
    expect.stringMatching(/^__Host-edge-audiences-main=; Path=\/; Max-Age=0;/),
  ]);
});

test("after a yes, and before any answer, the shopper's own page is there", async () => {
  for (const cookies of [[all, signed], [signed]]) {
    const answer = await shop.edge.send("/", { headers: [visitor(ecid, ...cookies)] });
    expect(answer.text()).toBe(page.withHero(VIP_HTML));
  }
});

test("where a yes is required, the manager's header decides, and without it nothing is personal", async () => {
  const ask = (consent: readonly (readonly [string, string])[]) =>
    shop.edge.send("/", {
      host: "strict.test",
      headers: [["aep-segments-membership", VIP], ...consent, EXPLAIN],
    });
  const membershipOf = async (value: string | null) => {
    const answer = await ask(value === null ? [] : [["x-consent", value]]);
    return planOf(answer)["membership"];
  };
  expect(await membershipOf("groups=C0004:1")).toMatchObject({ kind: "member" });
  expect(await membershipOf("groups=C0004:0")).toMatchObject({ kind: "none", reason: "no-consent" });
  expect(await membershipOf(null)).toMatchObject({ kind: "none", reason: "no-consent" });
});
