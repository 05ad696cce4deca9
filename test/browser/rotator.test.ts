/** Adobe Commerce's rotator with real RequireJS and Knockout, in Chromium: right in the first paint, and left in peace. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShop, type Shop, VIP } from "../worker/shop.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { moduleAt, PAGE } from "./rotator-theme.ts";

/** A folder for pictures of the pages; none are taken without it. */
const pictures = process.env["EDGE_SCREENSHOTS"];

const FOR_ALL = "<h2>Free repairs</h2>";
const FOR_VIPS = `<h2>Yours first</h2><p data-mage-init='{"counter":{}}' data-bind="text: 'from ' + 20 + '%'"></p>`;

/** What the `banner` section gives whoever asks: as a script gets it that knows of no audience. */
const section = {
  data: { items: { fixed: { 1: { id: "1", types: [], content: FOR_ALL } } }, store_id: "1" },
};

let shop: Shop;
let browser: Browser;
let host: string;

interface Seen {
  readonly errors: readonly string[];
  readonly changes: number;
  readonly counted: number;
  readonly early: string;
}

beforeAll(async () => {
  if (CHROMIUM === null) return;
  [shop, browser] = await Promise.all([openRotatorShop(), launchBrowser()]);
  host = `http://shop.localhost:${shop.edge.port}`;
});
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
});

function openRotatorShop(): Promise<Shop> {
  const variants = [{ id: "blocks", for: "everyone", put: { from: "commerce" } }];
  const own = [{ id: "vip", for: { any: ["vip"] }, put: { content: FOR_VIPS, allow: ["handlers"] } }];
  return openShop({
    website: { hosts: ["shop.localhost"], budgetMs: 5000 },
    banners: [
      { id: "rotator", paths: ["/"], selector: ".block-banners", variants },
      { id: "own", paths: ["/own"], selector: ".block-banners", variants: own },
    ],
    answer({ url }, response) {
      const { pathname } = new URL(url, "http://x");
      const script = moduleAt(pathname);
      if (script !== null) return void response.setHeader("content-type", "text/javascript").end(script);
      if (pathname === "/banner/ajax/load/") {
        return void response.setHeader("content-type", "application/json").end(JSON.stringify(section));
      }
      if (pathname === "/graphql") {
        const items = [
          { uid: "MQ==", audience_id: null, content: { html: FOR_ALL } },
          { uid: "Mg==", audience_id: [VIP], content: { html: FOR_VIPS } },
        ];
        const data = { dynamicBlocks: { items }, storeConfig: {} };
        return void response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
      }
      response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
    },
  });
}

async function open(path: string, isVip: boolean, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 800, height: 600 } });
  if (isVip) await context.addCookies([{ name: "aep-segments-membership", value: VIP, url: host }]);
  const page = await context.newPage();
  await page.goto(`${host}${path}`, { waitUntil: "load" });
  return page;
}

/** When RequireJS has loaded everything and Knockout has bound the whole page. */
async function settled(page: Page): Promise<Seen> {
  await page.waitForFunction(() => Reflect.get(window, "seen").bound === true);
  await page.waitForFunction(() => document.querySelector("#bound")?.textContent === "Knockout was here");
  return page.evaluate(() => Reflect.get(window, "seen"));
}

const texts = (page: Page) => page.locator(".banner-item").allInnerTexts();

describe.skipIf(CHROMIUM === null)("in Chromium", () => {
  it("the store's own script fills what is left to it, late: that is what the page was without us", async () => {
    const page = await open("/own", false);
    await page.locator(".banner-item").waitFor();
    const seen = await settled(page);
    expect(seen).toMatchObject({ early: "", errors: [] });
    expect(await texts(page)).toEqual(["Free repairs"]);
    expect(seen.changes).toBeGreaterThan(0);
    await page.context().close();
  });

  it("a VIP's blocks are there before any script has run", async () => {
    const page = await open("/", true, false);
    expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
      "Free repairs",
      "Yours first",
    ]);
    await page.context().close();
  });

  it("Knockout neither breaks on them nor overwrites them, and what is in them comes alive", async () => {
    const page = await open("/", true);
    const seen = await settled(page);
    expect(seen).toMatchObject({ errors: [], counted: 1 });
    expect(seen.early).toContain("Yours first");
    expect(await texts(page)).toEqual(["Free repairs", "Yours first\n\nfrom 20%"]);
    expect(await page.locator(".banner-item").nth(1).getAttribute("data-banner-id")).toBe("2");
    // The one text that the block itself binds is all that ever changed.
    expect(seen.changes).toBe(1);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, "rotator.png") });
    }
    await page.context().close();
  });

  it("a guest has only what is for everyone, in the first paint as well", async () => {
    const page = await open("/", false);
    const seen = await settled(page);
    expect(seen).toMatchObject({ errors: [], changes: 0, early: "Free repairs", counted: 0 });
    expect(await page.content()).not.toContain("Yours first");
    await page.context().close();
  });

  it("the campaigns' own HTML stands in a rotator as safely", async () => {
    const page = await open("/own", true);
    const seen = await settled(page);
    expect(seen).toMatchObject({ errors: [], changes: 1, counted: 1 });
    expect(await texts(page)).toEqual(["Yours first\n\nfrom 20%"]);
    await page.context().close();
  });
});
