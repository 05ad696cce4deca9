/** Adobe Commerce's rotator, filled as the page goes by: with the campaigns' HTML, or with the blocks that it names itself. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerContent,
  bannerOf,
  filled,
  hero,
  page,
  questions,
  SHELL,
  see as seeIn,
  shellOf,
} from "./commerce.ts";
import { BARGAIN, memberOf, openShop, type Shop, VIP } from "./shop.ts";

/** Recorded pages of real stores, where they are. */
const RECORDED = join(process.env["EDGE_RECORDINGS"] ?? "", "luma", "home-luma-dynamic-block-2.4.html");
const isRecorded = process.env["EDGE_RECORDINGS"] !== undefined && existsSync(RECORDED);
const recorded = isRecorded ? readFileSync(RECORDED, "utf8") : "";

const at = (id: string, path: string, put: object, more: object = {}) => ({
  id,
  paths: [path],
  selector: ".block-banners",
  ...more,
  variants: [{ id: "blocks", for: "content" in put ? { any: ["vip"] } : "everyone", put }],
});
const rotating = (id: string, path: string, more: object = {}) => at(id, path, { from: "commerce" }, more);

let shop: Shop;
/** The ids in the shell of a widget that somebody edits in Commerce. */
let editedIds = [1, 2];

const pages: Readonly<Record<string, () => string>> = {
  "/rotator-csp": () => page(shellOf(3)),
  "/rotator-edited": () => page(shellOf(...editedIds)),
  "/rotator-lone": () => page(shellOf(2)),
  "/rotator-gone": () => page(shellOf(1, 9)),
  "/no-rotator": () => hero,
  "/recorded": () => recorded,
};

beforeAll(async () => {
  shop = await openShop({
    // A loaded machine is given time.
    website: { budgetMs: 5000, storeViews: ["plain"] },
    banners: [
      at("shell", "/shell", { content: "<h2>Ours</h2>" }),
      at("shell-cms", "/shell-cms", { cmsBlock: "vip-hero" }),
      rotating("rotator", "/rotator"),
      rotating("rotator-verified", "/rotator-verified", { trust: "verified" }),
      rotating("rotator-lone", "/rotator-lone"),
      rotating("rotator-gone", "/rotator-gone"),
      rotating("rotator-edited", "/rotator-edited"),
      rotating("rotator-plain", "/plain/rotator"),
      rotating("rotator-csp", "/rotator-csp"),
      rotating("no-rotator", "/no-rotator", { selector: "#hero" }),
      rotating("recorded", "/recorded"),
    ],
    answer(request, response) {
      const { pathname } = new URL(request.url, "http://x");
      if (pathname === "/graphql") return answerContent(request, response);
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (pathname === "/rotator-csp") response.setHeader("content-security-policy", "style-src 'self'");
      response.end(pages[pathname]?.() ?? page(SHELL));
    },
  });
});
afterAll(() => shop.stop());

const see = (path: string, headers: readonly (readonly [string, string])[] = []) =>
  seeIn(shop, path, headers);
const filledWith = (banner: string, ...items: readonly (readonly [number | null, string])[]) =>
  filled(SHELL, banner, ...items);

describe("Adobe Commerce's rotator", () => {
  it("is filled by HTML of the campaigns as Knockout would, and is no longer Knockout's", async () => {
    expect((await see("/shell", [memberOf(VIP)])).text()).toBe(
      page(filledWith("shell", [null, "<h2>Ours</h2>"])),
    );
    expect((await see("/shell-cms", [memberOf(VIP)])).text()).toBe(
      page(filledWith("shell-cms", [null, "<h2>From Commerce</h2>"])),
    );
    expect((await see("/shell")).text()).toBe(page(SHELL));
  });

  it("gets the blocks that it names itself, from the first view on, for each shopper their own", async () => {
    const from = shop.origin.seen.length;
    const both = page(
      filledWith(
        "rotator",
        [1, "<p>For all</p>"],
        [2, '<img src="https://shop.test/media/vip.jpg" alt="VIP">'],
      ),
    );
    expect((await see("/rotator", [memberOf(VIP)])).text()).toBe(both);
    expect((await see("/rotator", [memberOf(BARGAIN)])).text()).toBe(
      page(filledWith("rotator", [1, "<p>For all</p>"])),
    );
    expect((await see("/rotator")).text()).toBe(page(filledWith("rotator", [1, "<p>For all</p>"])));
    expect((await see("/rotator", [memberOf(VIP)])).text()).toBe(both);
    expect(questions(shop, from)).toHaveLength(1);
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
    expect(answer.text()).toBe(page(filledWith("rotator-verified", [1, "<p>For all</p>"])));
  });

  it.each([
    ["/rotator-lone", "rotator-lone", "no-membership"],
    ["/rotator-gone", "rotator-gone", "block-missing"],
    ["/plain/rotator", "rotator-plain", "no-audience-id"],
    ["/no-rotator", "no-rotator", "no-rotator"],
  ])("is left to Commerce's own script at %s, and the log says why", async (path, banner, reason) => {
    const from = shop.edge.logs.length;
    const text = (await see(path)).text();
    expect(text).toMatch(path === "/no-rotator" ? /The store’s own/ : /scope: 'banner'.*getItems/s);
    const left = await shop.edge.logged((entry) => entry["event"] === "edit-left", from);
    expect(left).toMatchObject({ banner, reason });
  });

  it.skipIf(!isRecorded)("of a real store is filled, and not a byte around it changes", async () => {
    const start = recorded.indexOf('<div class="widget block block-banners"');
    const end = recorded.indexOf("</div>\n<script", start) + "</div>".length;
    const shell = recorded.slice(start, end);
    const expected =
      recorded.slice(0, start) + filled(shell, "recorded", [1, "<p>For all</p>"]) + recorded.slice(end);
    expect(shell).toContain("scope: 'banner'");
    expect((await see("/recorded", [memberOf(VIP)])).text()).toBe(expected);
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
