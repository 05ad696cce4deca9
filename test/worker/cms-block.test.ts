/** CMS blocks of Commerce in banners: asked for once, as nobody, only where they are needed; and no page waits long for one. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerContent,
  bannerOf,
  cms,
  hero,
  page,
  questions as questionsOf,
  see as seeIn,
} from "./commerce.ts";
import { RIG, rig } from "./rig.ts";
import { BARGAIN, heroOn, markAs, memberOf, openShop, planOf, type Shop, VIP } from "./shop.ts";

const put = (id: string, path: string, what: object, more: object = {}) => ({
  id,
  paths: [path],
  selector: "#hero",
  ...more,
  variants: [{ id: "vip", for: { any: ["vip"] }, put: what }],
});

let shop: Shop;
/** Waits in GraphQL's place until it is called. */
let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
/** Of a Commerce in trouble. */
let isBroken = false;

beforeAll(async () => {
  // A loaded machine is given time; who is in a hurry has a website of their own.
  const patient = { budgetMs: 5000, storeViews: ["fr"], currencies: ["EUR"] };
  shop = await openShop({
    script: RIG,
    bindings: { SIGNING_SECRET: "the-secret-of-the-tests-0123456789abcdef" },
    website: patient,
    websites: {
      hasty: { hosts: ["hasty.test"], budgetMs: 0 },
      troubled: { hosts: ["troubled.test"], budgetMs: 5000 },
      headless: { hosts: ["headless.test"], budgetMs: 5000, storeViews: ["fr"] },
    },
    banners: [
      put("cms", "/cms", { cmsBlock: "vip-hero", addClass: "is-vip" }),
      put("cms-fr", "/fr/cms", { cmsBlock: "vip-hero" }),
      put("absent", "/absent", { cmsBlock: "nobody" }),
      put("widget", "/widget", { cmsBlock: "widget" }),
      put("slow", "/slow", { cmsBlock: "slow" }),
      put("rush", "/rush", { cmsBlock: "rush" }),
      put("renewed", "/renewed", { cmsBlock: "renewed" }),
      put("failing", "/failing", { cmsBlock: "failing" }),
      put("kept", "/kept", { cmsBlock: "vip-hero" }),
      put("csp", "/csp", { cmsBlock: "styled" }),
      heroOn(["/own"]),
    ],
    async answer(request, response) {
      const { pathname, searchParams } = new URL(request.url, "http://x");
      if (pathname === "/graphql" && isBroken) return void response.writeHead(503).end("<html>down</html>");
      if (pathname === "/graphql") {
        if (searchParams.get("variables")?.includes("slow")) await released;
        return answerContent(request, response);
      }
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (pathname === "/csp") response.setHeader("content-security-policy", "style-src 'self'");
      response.end(hero);
    },
  });
});
afterAll(async () => {
  release();
  await shop.stop();
});

const see = (path: string, headers: readonly (readonly [string, string])[] = [], host = "shop.test") =>
  seeIn(shop, path, headers, host);
const questions = (from: number) => questionsOf(shop, from);

describe("a CMS block of Commerce", () => {
  it("stands where the banner is, from the first view on, and is asked for once", async () => {
    const from = shop.origin.seen.length;
    const expected = page(
      `<div id="hero" class="is-vip"${markAs({ banner: "cms" })}><h2>From Commerce</h2></div>`,
    );
    const headers = [["cookie", `PHPSESSID=secret; aep-segments-membership=${VIP}`]] as const;
    for (let view = 0; view < 3; view += 1) expect((await see("/cms", headers)).text()).toBe(expected);
    expect(questions(from)).toHaveLength(1);
  });

  it("is asked for as nobody in particular", async () => {
    const [question] = shop.origin.seen.filter(({ url }) => url.includes("cmsBlocks"));
    expect(question?.method).toBe("GET");
    for (const name of [
      "cookie",
      "authorization",
      "aep-segments-membership",
      "user-agent",
      "x-forwarded-for",
    ]) {
      expect(question?.header(name), name).toBeNull();
    }
    expect(question?.header("store")).toBe("default");
    expect(question?.header("content-currency")).toBeNull();
    expect(question?.header("x-forwarded-host")).toBe("shop.test");
  });

  it("is another one in each store view and currency", async () => {
    const from = shop.origin.seen.length;
    expect((await see("/fr/cms", [memberOf(VIP)])).text()).toContain("<h2>De Commerce</h2>");
    await see("/fr/cms", [memberOf(VIP), ["content-currency", "EUR"]]);
    await see("/fr/cms", [memberOf(VIP), ["content-currency", "XXX"]]);
    expect(questions(from).map((one) => [one.header("store"), one.header("content-currency")])).toEqual([
      ["fr", null],
      ["fr", "EUR"],
    ]);
  });

  it("is not asked for on other pages, for other shoppers, or by a HEAD", async () => {
    const from = shop.origin.seen.length;
    await see("/own", [memberOf(VIP)]);
    await see("/elsewhere", [memberOf(VIP)]);
    await see("/renewed", [memberOf(BARGAIN)]);
    await see("/renewed");
    await shop.edge.send("/renewed", { method: "HEAD", headers: [memberOf(VIP)] });
    expect(questions(from)).toEqual([]);
  });

  it.each([
    ["/absent", "no-such-block"],
    ["/widget", "unresolved-directive"],
  ])("that can't be had leaves the page byte for byte: %s says %s", async (path, reason) => {
    const from = shop.edge.logs.length;
    const answer = await see(path, [memberOf(VIP)]);
    expect(answer.text()).toBe(hero);
    expect(planOf(answer)["plan"]).toBe("default");
    expect(bannerOf(answer)).toMatchObject({ variant: null, reason });
    expect(answer.header("cache-control")).toBe("private, no-store");
    expect(await shop.edge.logged(({ event }) => event === "content-left", from)).toMatchObject({ reason });
  });

  it("that is late is not waited for, and is there for the next view", async () => {
    const from = shop.origin.seen.length;
    const early = await see("/slow", [memberOf(VIP)], "hasty.test");
    expect(early.text()).toBe(hero);
    expect(bannerOf(early)).toMatchObject({ variant: null, reason: "content-pending" });
    // While it is being asked for, nobody else asks.
    await see("/slow", [memberOf(VIP)], "hasty.test");
    expect(questions(from)).toHaveLength(1);
    release();
    await expect
      .poll(async () => (await see("/slow", [memberOf(VIP)], "hasty.test")).text(), { timeout: 20_000 })
      .toContain("<h2>At last</h2>");
    expect(questions(from)).toHaveLength(1);
  });

  it("is asked for once by all who come at the same time, and each of them gets a whole page", async () => {
    const from = shop.origin.seen.length;
    const seen = await Promise.all(
      Array.from({ length: 6 }, async () => (await see("/rush", [memberOf(VIP)])).text()),
    );
    const chosen = page(`<div id="hero"${markAs({ banner: "rush" })}><h2>In a rush</h2></div>`);
    expect(seen.every((text) => text === hero || text === chosen)).toBe(true);
    expect(seen).toContain(chosen);
    expect(questions(from)).toHaveLength(1);
    expect((await see("/rush", [memberOf(VIP)])).text()).toBe(chosen);
  });

  it("is refused by the page's policy like any other HTML", async () => {
    const answer = await see("/csp", [memberOf(VIP)]);
    expect(answer.text()).toBe(hero);
    expect(planOf(answer)["left"]).toBe("content-policy");
  });

  it("goes to a storefront that renders itself, too", async () => {
    const answer = await see("/_audience/banners?path=/kept", [memberOf(VIP)], "headless.test");
    expect(JSON.parse(answer.text())).toEqual({
      banners: [
        { banner: "kept", html: `<h2${markAs({ website: "headless", banner: "kept" })}>From Commerce</h2>` },
      ],
    });
    const french = [memberOf(VIP), ["store", "fr"]] as const;
    expect((await see("/_audience/banners?path=/kept", french, "headless.test")).text()).toContain(
      "De Commerce",
    );
  });
});

describe("as time goes by", () => {
  const text = async (path: string, host = "shop.test") => (await see(path, [memberOf(VIP)], host)).text();

  it("a block is served a minute, then served while it is asked for again, and not after ten", async () => {
    cms["renewed"] = "<b>one</b>";
    expect(await text("/renewed")).toContain("<b>one</b>");
    cms["renewed"] = "<b>two</b>";
    expect(await text("/renewed")).toContain("<b>one</b>");
    await rig(shop.edge, { aheadMs: 61_000 });
    expect(await text("/renewed")).toContain("<b>one</b>");
    await expect.poll(() => text("/renewed"), { timeout: 20_000 }).toContain("<b>two</b>");
    cms["renewed"] = "<b>three</b>";
    await rig(shop.edge, { aheadMs: 601_000 });
    expect(await text("/renewed")).toContain("<b>three</b>");
  });

  it("a new isolate takes it from the data centre's cache", async () => {
    expect(await text("/kept")).toContain("From Commerce");
    const askedByNewIsolate = async () => {
      const from = shop.origin.seen.length;
      await rig(shop.edge, { cold: true });
      expect(await text("/kept")).toContain("From Commerce");
      return questions(from).length;
    };
    // It is put there after the answer: a new isolate may come before.
    await expect.poll(askedByNewIsolate, { timeout: 20_000 }).toBe(0);
  });

  it("a Commerce in trouble is left alone, and the shop is its own", async () => {
    await rig(shop.edge, { aheadMs: 700_000 });
    isBroken = true;
    const from = shop.origin.seen.length;
    const seeSome = async () => {
      for (let view = 0; view < 3; view += 1) expect(await text("/cms", "troubled.test")).toBe(hero);
    };
    // About the same block nobody asks for five seconds; after five failures nobody asks for ten.
    for (let failures = 1; failures <= 5; failures += 1) {
      await seeSome();
      expect(questions(from)).toHaveLength(failures);
      await rig(shop.edge, { aheadMs: 6_000 });
    }
    await seeSome();
    expect(questions(from)).toHaveLength(5);
    isBroken = false;
    await rig(shop.edge, { aheadMs: 6_000 });
    expect(await text("/cms", "troubled.test")).toContain("<h2>From Commerce</h2>");
  });

  it("a block that Commerce fails on does not keep the others from being shown", async () => {
    const from = shop.origin.seen.length;
    for (let time = 0; time < 8; time += 1) {
      expect(await text("/failing", "troubled.test")).toBe(hero);
      await rig(shop.edge, { aheadMs: 6_000 });
    }
    expect(questions(from)).toHaveLength(8);
    expect(await text("/renewed", "troubled.test")).toContain("<b>three</b>");
  });
});
