/** Commerce's own content in banners: asked for once, as nobody, only where it is needed; and a page never waits long for it. */

import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SeenRequest } from "./origin.ts";
import { RIG, rig } from "./rig.ts";
import { BARGAIN, explained, heroOn, memberOf, openShop, planOf, type Shop, VIP } from "./shop.ts";

const SHELL = `<div class="widget block block-banners" data-bind="scope: 'banner'" data-banner-id="833e48" data-types="" data-display-mode="fixed" data-ids="1,2" data-rotate="" data-store-id="1" data-uids="MQ==,Mg==">
    <ul class="banner-items" data-bind="afterRender: registerBanner">
        <!-- ko foreach: getItems833e48() -->
        <li class="banner-item" data-bind="attr: {'data-banner-id': $data.bannerId}">
            <div class="banner-item-content" data-bind="bindHtml: $data.html"></div>
        </li>
        <!-- /ko -->
    </ul>
</div>`;

const filledWith = (...items: readonly (readonly [number | null, string])[]) => {
  const opening = SHELL.slice(0, SHELL.indexOf("\n")).replace(` data-bind="scope: 'banner'"`, "");
  const blocks = items.map(
    ([id, html]) =>
      `<li class="banner-item"${id === null ? "" : ` data-banner-id="${id}"`}><div class="banner-item-content">${html}</div></li>`,
  );
  return `${opening}<ul class="banner-items">${blocks.join("")}</ul></div>`;
};

const page = (body: string) => `<html><body>${body}<p>end</p></body></html>`;
const hero = page('<div id="hero">The store’s own</div>');

/** What this Commerce's blocks are, by identifier. */
const cms: Readonly<Record<string, string>> = {
  "vip-hero": "<h2>From Commerce</h2>",
  "vip-hero@fr": "<h2>De Commerce</h2>",
  widget: '<div>{{widget type="x"}}</div>',
  styled: "<style>b{color:red}</style><b>x</b>",
  slow: "<h2>At last</h2>",
  rush: "<h2>In a rush</h2>",
};

const put = (id: string, path: string, what: object, more: object = {}) => ({
  id,
  paths: [path],
  selector: "#hero",
  ...more,
  variants: [{ id: "vip", for: { any: ["vip"] }, put: what }],
});

const rotating = (id: string, path: string, more: object = {}) => ({
  id,
  paths: [path],
  selector: ".block-banners",
  ...more,
  variants: [{ id: "blocks", for: "everyone", put: { from: "commerce" } }],
});

let shop: Shop;
/** Waits in GraphQL's place until it is called. */
let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
/** The ids in the shell of a widget that somebody edits in Commerce. */
let editedIds = [1, 2];
/** Of a Commerce in trouble. */
let isBroken = false;

async function answerGraphql(request: SeenRequest, response: ServerResponse) {
  response.setHeader("content-type", "application/json");
  if (isBroken) {
    response.statusCode = 503;
    return void response.end("<html>down</html>");
  }
  const search = new URL(request.url, "http://x").searchParams;
  const variables = JSON.parse(search.get("variables") ?? "{}");
  if (search.get("query")?.includes("dynamicBlocks")) {
    if (request.header("store") === "plain") {
      const message = 'Cannot query field "audience_id" on type "DynamicBlock".';
      return void response.end(JSON.stringify({ errors: [{ message }] }));
    }
    const items = [
      { uid: "MQ==", audience_id: null, content: { html: "<p>For all</p>" } },
      { uid: "Mw==", audience_id: [], content: { html: cms["styled"] } },
      {
        uid: "Mg==",
        audience_id: [VIP],
        content: { html: '<img src="{{media url=&quot;vip.jpg&quot;}}" alt="VIP">' },
      },
    ];
    const found = items.filter(({ uid }) => variables.input.dynamic_block_uids.includes(uid));
    const storeConfig = {
      secure_base_link_url: "https://shop.test/",
      secure_base_media_url: "https://shop.test/media/",
    };
    return void response.end(JSON.stringify({ data: { dynamicBlocks: { items: found }, storeConfig } }));
  }
  const [identifier] = variables.id;
  if (identifier === "slow") await released;
  if (identifier === "failing") {
    return void response.end(JSON.stringify({ errors: [{ message: "Internal server error" }] }));
  }
  const content = cms[`${identifier}@${request.header("store")}`] ?? cms[identifier];
  if (content === undefined) {
    const extensions = { category: "graphql-no-such-entity" };
    const errors = [{ message: "doesn't exist", extensions, path: ["cmsBlocks", "items", 0] }];
    return void response.end(JSON.stringify({ errors, data: { cmsBlocks: { items: [null] } } }));
  }
  response.end(JSON.stringify({ data: { cmsBlocks: { items: [{ identifier, content }] } } }));
}

beforeAll(async () => {
  // A loaded machine is given time; who is in a hurry has a website of their own.
  const patient = { budgetMs: 5000, storeViews: ["fr", "plain"], currencies: ["EUR"] };
  shop = await openShop({
    script: RIG,
    bindings: { SIGNING_SECRET: "the-secret-of-the-tests-0123456789abcdef" },
    website: patient,
    websites: {
      hasty: { hosts: ["hasty.test"], budgetMs: 0 },
      troubled: { hosts: ["troubled.test"], budgetMs: 5000 },
      headless: { hosts: ["headless.test"], budgetMs: 5000 },
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
      put("shell", "/shell", { content: "<h2>Ours</h2>" }, { selector: ".block-banners" }),
      put("shell-cms", "/shell-cms", { cmsBlock: "vip-hero" }, { selector: ".block-banners" }),
      rotating("rotator", "/rotator"),
      rotating("rotator-verified", "/rotator-verified", { trust: "verified" }),
      rotating("rotator-lone", "/rotator-lone"),
      rotating("rotator-edited", "/rotator-edited"),
      rotating("rotator-plain", "/plain/rotator"),
      rotating("rotator-csp", "/rotator-csp"),
      rotating("no-rotator", "/no-rotator", { selector: "#hero" }),
      heroOn(["/own"]),
    ],
    async answer(request, response) {
      const { pathname } = new URL(request.url, "http://x");
      if (pathname === "/graphql") return void (await answerGraphql(request, response));
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (pathname.endsWith("csp")) {
        response.setHeader("content-security-policy", "style-src 'self'; img-src 'self'");
      }
      if (pathname === "/rotator-csp") {
        return void response.end(page(SHELL.replaceAll("1,2", "3").replace("MQ==,Mg==", "Mw==")));
      }
      if (pathname === "/rotator-edited") {
        const uids = editedIds.map((id) => btoa(String(id))).join();
        return void response.end(page(SHELL.replace("1,2", editedIds.join()).replace("MQ==,Mg==", uids)));
      }
      if (pathname === "/rotator-lone") {
        return void response.end(page(SHELL.replaceAll("1,2", "2").replace("MQ==,Mg==", "Mg==")));
      }
      response.end(
        /rotator$|rotator-|shell/.test(pathname) && pathname !== "/no-rotator" ? page(SHELL) : hero,
      );
    },
  });
});
afterAll(async () => {
  release();
  await shop.stop();
});

const see = (path: string, headers: readonly (readonly [string, string])[] = [], host = "shop.test") =>
  shop.edge.send(path, explained({ host, headers }));

const bannerOf = (answer: Parameters<typeof planOf>[0]) =>
  (planOf(answer)["banners"] as readonly unknown[])[0];

/** The questions for content among what Commerce was asked from the `from`th request on. */
const questions = (from: number) =>
  shop.origin.seen.slice(from).filter(({ url }) => url.startsWith("/graphql"));

describe("a CMS block of Commerce", () => {
  it("stands where the banner is, from the first view on, and is asked for once", async () => {
    const from = shop.origin.seen.length;
    const expected = page('<div id="hero" class="is-vip"><h2>From Commerce</h2></div>');
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
    const chosen = page('<div id="hero"><h2>In a rush</h2></div>');
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
      banners: [{ banner: "kept", html: "<h2>From Commerce</h2>" }],
    });
  });
});

describe("Adobe Commerce's rotator", () => {
  it("is filled by HTML of the campaigns as Knockout would, and is no longer Knockout's", async () => {
    expect((await see("/shell", [memberOf(VIP)])).text()).toBe(page(filledWith([null, "<h2>Ours</h2>"])));
    expect((await see("/shell-cms", [memberOf(VIP)])).text()).toBe(
      page(filledWith([null, "<h2>From Commerce</h2>"])),
    );
    expect((await see("/shell")).text()).toBe(page(SHELL));
  });

  it("gets the blocks that it names itself, from the first view on, for each shopper their own", async () => {
    const from = shop.origin.seen.length;
    const both = page(
      filledWith([1, "<p>For all</p>"], [2, '<img src="https://shop.test/media/vip.jpg" alt="VIP">']),
    );
    expect((await see("/rotator", [memberOf(VIP)])).text()).toBe(both);
    expect((await see("/rotator", [memberOf(BARGAIN)])).text()).toBe(page(filledWith([1, "<p>For all</p>"])));
    expect((await see("/rotator")).text()).toBe(page(filledWith([1, "<p>For all</p>"])));
    expect((await see("/rotator", [memberOf(VIP)])).text()).toBe(both);
    expect(questions(from)).toHaveLength(1);
  });

  it("says in the plan of each block why it is shown or not, once it was seen", async () => {
    await see("/rotator", [memberOf(BARGAIN)]);
    expect(bannerOf(await see("/rotator", [memberOf(BARGAIN)]))).toMatchObject({
      variant: "blocks",
      blocks: [
        { block: "MQ==", shown: true, reason: "for-everyone" },
        { block: "Mg==", shown: false, reason: "not-in-audience" },
      ],
    });
  });

  it("is looked at anew when somebody has edited it in Commerce", async () => {
    const blocks = async () =>
      [...(await see("/rotator-edited", [memberOf(VIP)])).text().matchAll(/data-banner-id="(\d)"/g)].map(
        (match) => Number(match[1]),
      );
    expect([await blocks(), await blocks()]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    editedIds = [2, 3, 1];
    expect([await blocks(), await blocks()]).toEqual([
      [2, 3, 1],
      [2, 3, 1],
    ]);
  });

  it("shows a claim nothing where the banner wants Adobe's own word", async () => {
    const answer = await see("/rotator-verified", [memberOf(VIP)]);
    expect(answer.text()).toBe(page(filledWith([1, "<p>For all</p>"])));
  });

  it.each([
    ["/rotator-lone", "rotator-lone", "no-membership"],
    ["/plain/rotator", "rotator-plain", "no-audience-id"],
    ["/no-rotator", "no-rotator", "no-rotator"],
  ])("is left to Commerce's own script at %s, and the log says why", async (path, banner, reason) => {
    const from = shop.edge.logs.length;
    const text = (await see(path)).text();
    expect(text).toMatch(path === "/no-rotator" ? /The store’s own/ : /scope: 'banner'.*getItems/s);
    const left = await shop.edge.logged((entry) => entry["event"] === "edit-left", from);
    expect(left).toMatchObject({ banner, reason });
  });

  it("is left where the page's policy would refuse a block of it", async () => {
    const from = shop.edge.logs.length;
    for (let view = 0; view < 2; view += 1) {
      expect((await see("/rotator-csp")).text()).toContain("scope: 'banner'");
    }
    const left = await shop.edge.logged((entry) => entry["event"] === "edit-left", from);
    expect(left).toMatchObject({ banner: "rotator-csp", reason: "content-policy" });
  });
});

describe("as time goes by", () => {
  const text = async (path: string, host = "shop.test") => (await see(path, [memberOf(VIP)], host)).text();

  it("a block is served a minute, then served while it is asked for again, and not after ten", async () => {
    const blocks = cms as Record<string, string>;
    blocks["renewed"] = "<b>one</b>";
    expect(await text("/renewed")).toContain("<b>one</b>");
    blocks["renewed"] = "<b>two</b>";
    expect(await text("/renewed")).toContain("<b>one</b>");
    await rig(shop.edge, { aheadMs: 61_000 });
    expect(await text("/renewed")).toContain("<b>one</b>");
    await expect.poll(() => text("/renewed"), { timeout: 20_000 }).toContain("<b>two</b>");
    blocks["renewed"] = "<b>three</b>";
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
