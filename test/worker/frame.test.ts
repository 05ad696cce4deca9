/** The frame of Try it: one page of the shop, from a signed address, for the dashboard alone, and worth nothing else. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FramedPage, frameAddress } from "../../src/core/framed-page.ts";
import { digestDraft, draftKey } from "../../src/edge/draft.ts";
import { signFramedPage } from "../../src/edge/frame-token.ts";
import { openSigner, type Purpose } from "../../src/edge/signing.ts";
import { ecidNumber } from "./edge-network.ts";
import { rig } from "./rig.ts";
import { audienceIds, BARGAIN, BARGAIN_HTML, compile, heroOn, VIP, VIP_HTML } from "./shop.ts";
import {
  type Header,
  openVerifiedShop,
  SECRET,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const OWN = '<!doctype html><html><body><div id="hero">Own</div></body></html>';
const ANCESTOR = "https://admin.shop.test";
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "always", storeViews: ["fr"], membershipPaths: ["/onestep/*"] },
    websites: {
      other: { hosts: ["other.test"], datastreamId: "7e1c0c5a-2f1b-4d0a-9c4e-00000000000f" },
    },
    banners: [{ ...heroOn(["/", "/women.html", "/moved"]), trust: "verified" }],
    answer(request, response) {
      if (request.url === "/moved") {
        response.writeHead(302, { location: "/women.html?p=2" }).end();
        return;
      }
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "public, max-age=3600",
        "x-frame-options": "SAMEORIGIN",
        "content-security-policy": "frame-ancestors 'self'; img-src *",
        "set-cookie": ["PHPSESSID=of-a-stranger; Path=/"],
        etag: '"1"',
      });
      response.end(OWN);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => shop.beginAnew());

const nowSeconds = () => Math.floor(Date.now() / 1000);

interface Making extends Partial<FramedPage> {
  readonly website?: string;
  readonly secret?: string;
  readonly purpose?: Purpose;
}

async function addressOf({ website = "main", secret = SECRET, purpose = "frame", ...over }: Making = {}) {
  const page: FramedPage = {
    path: "/",
    audiences: audienceIds(VIP),
    trust: "verified",
    atMs: null,
    campaigns: null,
    device: "desktop",
    visitor: null,
    ancestor: ANCESTOR,
    expiresSeconds: nowSeconds() + 600,
    ...over,
  };
  return frameAddress("", page.path, await signFramedPage(openSigner([secret], purpose), website, page));
}

const get = async (making: Making = {}, ...headers: readonly Header[]) =>
  shop.edge.send(await addressOf(making), { headers });

test("it shows the page as that shopper sees it, and only the dashboard may frame it", async () => {
  const answer = await get({ path: "/women.html?p=2" });
  expect([answer.status, answer.text()]).toEqual([200, OWN.replace("Own", VIP_HTML)]);
  expect(answer.header("x-frame-options")).toBeNull();
  expect(answer.header("content-security-policy")).toBe(
    `img-src *, frame-ancestors ${ANCESTOR}; sandbox allow-scripts; connect-src 'none'; form-action 'none'`,
  );
  expect(shop.origin.seen.map(({ url }) => url)).toEqual(["/women.html?p=2"]);
});

test("nobody keeps it, no cookie is set, and its address goes nowhere as a referrer", async () => {
  const answer = await get();
  expect([answer.header("cache-control"), answer.header("etag")]).toEqual(["private, no-store", null]);
  expect(answer.all("set-cookie")).toEqual([]);
  expect(answer.header("referrer-policy")).toBe("no-referrer");
});

test("whoever looks at it is nobody to the shop: no cookie, no token, no audience goes on, and Adobe is not asked", async () => {
  const ecid = ecidNumber(800);
  shop.adobe.members.set(ecid, [VIP]);
  const [, own] = visitor(ecid, await signFor(shop, ecid));
  shop.adobe.seen.length = 0;
  for (const path of ["/", "/onestep/x"]) {
    await get(
      { path },
      ["cookie", `${own}; PHPSESSID=mine`],
      ["authorization", "Bearer mine"],
      ["aep-segments-membership", VIP],
    );
    const sent = shop.origin.seen.at(-1);
    expect([path, sent?.header("cookie"), sent?.header("authorization")]).toEqual([path, null, null]);
    expect(JSON.stringify(sent)).not.toMatch(/mine|6f1c0d3e|_audience_frame/);
  }
  expect(shop.adobe.seen).toEqual([]);
});

test("the store view and the device are those that are tried", async () => {
  await get({ path: "/?___store=fr", device: "mobile" });
  const sent = shop.origin.seen.at(-1);
  expect([sent?.url, sent?.header("cookie"), sent?.header("sec-ch-ua-mobile")]).toEqual([
    "/?___store=fr",
    null,
    "?1",
  ]);
  expect(sent?.header("user-agent")).toContain("Mobile");
});

test("what only the browser says is worth no verified banner", async () => {
  expect((await get({ trust: "claimed" })).text()).toBe(OWN);
});

test("a version that is not live is shown from its draft, and one that is gone as the store's own page", async () => {
  const text = await compile([{ ...heroOn(["/draft"]), variants: [heroOn([]).variants[1]] }]);
  const campaigns = await digestDraft(text);
  await shop.edge.miniflare.getKVNamespace("KV").then((kv) => kv.put(draftKey(campaigns), text));
  const audiences = audienceIds(BARGAIN);
  expect((await get({ path: "/draft", campaigns, audiences })).text()).toContain(BARGAIN_HTML);
  expect((await get({ campaigns: "0123456789abcdef0123456789abcdef" })).text()).toBe(OWN);
});

test("altered, of another page, website, secret or purpose, it shows nothing", async () => {
  const address = await addressOf();
  const worthless = [
    `${address.slice(0, -2)}AA`,
    `/women.html${address.slice(1)}`,
    `${address}&more=1`,
    await addressOf({ website: "other" }),
    await addressOf({ secret: "another secret of the tests, long enough" }),
    await addressOf({ purpose: "preview" }),
    "/?_audience_frame=",
    `/?_audience_frame=${"a".repeat(20_000)}`,
  ];
  for (const one of worthless) {
    const answer = await shop.edge.send(one);
    expect([one.slice(0, 40), answer.status, answer.text().includes("<")]).toEqual([
      one.slice(0, 40),
      403,
      false,
    ]);
  }
  expect((await shop.edge.send(address, { host: "other.test" })).status).toBe(403);
  expect((await shop.edge.send(address, { method: "POST" })).status).toBe(405);
  expect(shop.origin.seen).toEqual([]);
});

test("after ten minutes it is over", async () => {
  const address = await addressOf({ expiresSeconds: nowSeconds() + 60 });
  await rig(shop.edge, { aheadMs: 61_000 });
  const answer = await shop.edge.send(address);
  await rig(shop.edge, { aheadMs: -61_000 });
  expect([answer.status, shop.origin.seen.length]).toEqual([410, 0]);
});

test("the shop's machinery is never shown, and a page that leads on says where", async () => {
  for (const path of ["/checkout/cart/", "/customer/account/", "/backoffice_x7/"]) {
    expect([path, (await get({ path })).status]).toEqual([path, 403]);
  }
  expect(shop.origin.seen).toEqual([]);
  const moved = await get({ path: "/moved" });
  expect([moved.status, moved.header("location")]).toEqual([409, null]);
  expect(moved.text()).toContain("try /women.html?p=2");
});

test("it shows what is not on yet, nothing where the Worker is off, and says so without a secret", async () => {
  for (const main of [{ mode: "watch" }, { rollout: 0 }]) {
    await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });
    expect([main, (await get()).text()]).toEqual([main, OWN.replace("Own", VIP_HTML)]);
  }
  await rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, mode: "off" } } } });
  expect((await get()).status).toBe(409);
  await rig(shop.edge, { cold: true, vars: { SIGNING_SECRET: "" } });
  expect((await get()).status).toBe(503);
});
