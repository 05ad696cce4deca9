/** What shoppers see of banners is counted once, where a person really saw it; nobody can be told from it, and counting harms nobody. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { signPreview } from "../../src/edge/preview-token.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { COUNTED, FIREFOX, person, takePoints } from "./counted.ts";
import { ecidNumber, identityValue, ORGANIZATION } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { BARGAIN, heroOn, memberOf, openShop, type Shop, VIP } from "./shop.ts";

const page = lumaPage();
const blockUid = btoa("7");
const hero = (id: string, path: string, change: object = {}) => ({
  ...heroOn([path], "#hero", id),
  ...change,
});
const [vipVariant] = heroOn(["/"]).variants;
const website = {
  adobe: { organizationId: ORGANIZATION },
  dynamicBlocks: "edge",
} as const;
const SECRET = "a signing secret of the tests, long enough";
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    script: COUNTED,
    website,
    bindings: { SIGNING_SECRET: SECRET },
    websites: {
      watched: { ...website, hosts: ["watched.test"], mode: "watch" },
      off: { ...website, hosts: ["off.test"], mode: "off" },
    },
    banners: [
      hero("plain", "/", { dynamicBlock: blockUid }),
      hero("held", "/held.html", { holdout: 100, dynamicBlock: btoa("8") }),
      hero("half", "/half.html", { variants: [{ ...vipVariant, id: "half", share: 50 }] }),
      hero("lost", "/lost.html", { selector: "#not-there" }),
      hero("typed", "/typed.html", { holdout: 100, pageTypes: ["catalog-product-view"] }),
    ],
    answer(request, response) {
      const status = request.url?.includes("gone") ? 404 : 200;
      response.writeHead(status, { "content-type": "text/html" });
      response.end(request.method === "HEAD" ? undefined : page.html);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => takePoints(shop.edge));

const cookiesOf = (ecid: number, audience = VIP) =>
  [
    "cookie",
    `kndctr_ABC_AdobeOrg_identity=${identityValue(ecidNumber(ecid))}; ${memberOf(audience)[1]}`,
  ] as const;
const open = (path: string, ...headers: (readonly [string, string])[]) =>
  shop.edge.send(path, person({ headers }));
const blobs = async () => (await takePoints(shop.edge)).map((point) => point.blobs);

describe("counted", () => {
  test("a banner on a page that was edited, once, with no audience and no visitor in it", async () => {
    expect((await open("/", cookiesOf(7))).text()).toBe(
      page.withHero(vipVariant?.put.content ?? "", { banner: "plain" }),
    );
    const points = await takePoints(shop.edge);
    expect(points).toEqual([
      {
        indexes: ["main"],
        blobs: ["main", "plain", "vip", "condition-holds", "claimed", "desktop", "page", "vip"],
        doubles: [],
      },
    ]);
    expect(JSON.stringify(points)).not.toMatch(new RegExp(`${VIP}|${ecidNumber(7)}`));
  });

  test("one who is held out, with what was kept from them", async () => {
    expect((await open("/held.html", cookiesOf(7, BARGAIN))).text()).toBe(page.html);
    expect(await blobs()).toEqual([["main", "held", "", "holdout", "claimed", "desktop", "page", "bargain"]]);
  });

  test("both sides of a split", async () => {
    const reasons = new Set<string | undefined>();
    for (let n = 1; n <= 12; n += 1) {
      await open("/half.html", cookiesOf(n));
      const counted = await blobs();
      expect(counted).toHaveLength(1);
      reasons.add(counted[0]?.[3]);
    }
    expect(reasons).toEqual(new Set(["condition-holds", "other-share"]));
  });

  test("what a storefront that renders itself is given, by our JSON and by GraphQL", async () => {
    await open("/_audience/banners?path=/", memberOf(VIP));
    const headless = ["main", "plain", "vip", "condition-holds", "claimed", "desktop", "headless", "vip"];
    expect(await blobs()).toEqual([headless]);
    const ask = (uid: string) => {
      const query = `{ dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: ["${uid}"] }) { items { uid content { html } } } }`;
      const body = JSON.stringify({ query });
      const length = ["content-length", String(Buffer.byteLength(body))] as const;
      const headers = [FIREFOX, ["content-type", "application/json"] as const, length, cookiesOf(7)];
      return shop.edge.send("/graphql", { method: "POST", headers, body });
    };
    expect((await ask(blockUid)).text()).toContain("Welcome back");
    expect(await blobs()).toEqual([headless]);
    await ask(btoa("8"));
    expect(await blobs()).toEqual([["main", "held", "", "holdout", "claimed", "desktop", "headless", "vip"]]);
  });

  test("one banner alone where one was asked for", async () => {
    await open("/_audience/banners?path=/&banner=another", memberOf(VIP));
    expect(await blobs()).toEqual([]);
  });
});

describe("not counted", () => {
  const nothing = async () => expect(await takePoints(shop.edge)).toEqual([]);

  test.each([
    ["HEAD", { method: "HEAD", headers: [FIREFOX, cookiesOf(7)] }],
    ["a prefetch", person({ headers: [cookiesOf(7), ["sec-purpose", "prefetch;prerender"]] })],
    ["a bot", { headers: [["user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"], cookiesOf(7)] }],
    ["who does not say what it is", { headers: [cookiesOf(7)] }],
    ["a website that only watches", person({ host: "watched.test", headers: [cookiesOf(7)] })],
    ["a website that is off", person({ host: "off.test", headers: [cookiesOf(7)] })],
    ["a shopper for whom there is nothing", person()],
  ] as const)("%s", async (_, request) => {
    for (const path of [
      "/",
      "/held.html",
      "/_audience/banners?path=/",
      "/_audience/banners?path=/held.html",
    ]) {
      expect((await shop.edge.send(path, request)).status).toBeLessThan(500);
      await nothing();
    }
  });

  test("a preview", async () => {
    const token = await signPreview(openSigner([SECRET], "preview"), "main", {
      path: "/",
      audiences: [VIP as AudienceId],
      names: ["vip"],
      atMs: null,
      campaigns: null,
      split: null,
      expiresSeconds: Math.floor(Date.now() / 1000) + 3600,
    });
    const cookie = ["cookie", `__Host-edge-audiences-preview-main=${token}; ${memberOf(VIP)[1]}`] as const;
    expect((await open("/", cookie)).text()).toContain("Welcome back");
    await open("/_audience/banners?path=/", cookie);
    await nothing();
  });

  test("a banner whose place is not in the page", async () => {
    await open("/lost.html", memberOf(VIP));
    await nothing();
  });

  test("a page that is an error", async () => {
    await open("/held.html?gone", cookiesOf(7));
    await nothing();
  });

  test("who is held out of a banner that may not be meant for this type of page", async () => {
    await open("/typed.html", cookiesOf(7));
    await nothing();
  });
});

test.each(["throws", "unbound"] as const)("a binding that is %s harms nobody", async (trouble) => {
  await takePoints(shop.edge, trouble);
  expect((await open("/", memberOf(VIP))).text()).toBe(
    page.withHero(vipVariant?.put.content ?? "", { banner: "plain" }),
  );
  expect((await open("/held.html", cookiesOf(7))).text()).toBe(page.html);
  expect(JSON.parse((await open("/_audience/banners?path=/", memberOf(VIP))).text()).banners).toHaveLength(1);
  expect(await takePoints(shop.edge)).toEqual([]);
});
