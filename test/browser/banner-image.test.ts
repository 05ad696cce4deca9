/** A banner's picture in a real Chromium: as early as the store's own, nothing moves, everybody can read it. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const ROUNDS = 5;
/** A folder for pictures of the pages; none are taken without it. */
const pictures = process.env["EDGE_SCREENSHOTS"];

interface Paint {
  readonly url: string;
  readonly startMs: number;
  readonly shift: number;
  readonly fetched: readonly string[];
  readonly initiator: string | undefined;
}

let demo: RunningDemo;
let browser: Browser;
let shop: string;

describe.skipIf(CHROMIUM === null)("in Chromium", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
    shop = `http://shop.demo.localhost:${new URL(demo.url).port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function openShopper(isVip: boolean, width: number): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    if (isVip) await context.addCookies([{ name: "aep-segments-membership", value: VIP, url: shop }]);
    return context;
  }

  /** Opens the page in a fresh browser profile and waits for its largest paint, and for the picture. */
  async function paint(isVip: boolean, width: number, name: string): Promise<Paint> {
    const context = await openShopper(isVip, width);
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen = { url: "", startMs: 0, shift: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const largest = entry as PerformanceEntry & { readonly url: string };
          Object.assign(seen, { url: largest.url, startMs: largest.startTime });
        }
      }).observe({ type: "largest-contentful-paint", buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          seen.shift += (entry as PerformanceEntry & { readonly value: number }).value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(`${shop}/women.html`, { waitUntil: "load" });
    await page.waitForFunction(() => Reflect.get(window, "seen").url.includes("/media/"));
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
    }
    const painted = await page.evaluate(() => {
      const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const scenes = resources.filter((one) => one.name.includes("/wysiwyg/"));
      return {
        ...(Reflect.get(window, "seen") as { url: string; startMs: number; shift: number }),
        fetched: scenes.map((one) => new URL(one.name).pathname),
        initiator: scenes[0]?.initiatorType,
      };
    });
    await context.close();
    return painted;
  }

  it.each([
    [1280, "/media/wysiwyg/hero-night.svg"],
    [390, "/media/wysiwyg/hero-night-small.svg"],
  ])(
    "at %i pixels only the chosen picture is fetched, announced, painted, and nothing moves",
    async (width, path) => {
      const vip = await paint(true, width, "vip");
      expect(vip.fetched).toEqual([path]);
      expect(vip.initiator).toBe("link");
      expect(new URL(vip.url).pathname).toBe(path);
      expect(vip.shift).toBe(0);
      const guest = await paint(false, width, "guest");
      expect(guest.fetched).toEqual(["/media/wysiwyg/hero-day.svg"]);
    },
  );

  it("the largest paint is not later than on the store's own page", async () => {
    const times: { guest: number[]; vip: number[] } = { guest: [], vip: [] };
    await paint(false, 1280, "guest");
    for (let round = 0; round < ROUNDS; round += 1) {
      times.guest.push((await paint(false, 1280, "guest")).startMs);
      times.vip.push((await paint(true, 1280, "vip")).startMs);
    }
    const best = { guest: Math.min(...times.guest), vip: Math.min(...times.vip) };
    if (pictures !== undefined) console.log(JSON.stringify(times));
    // The fastest of each; a loaded machine is given a margin for what is no fault of the page.
    expect(best.vip).toBeLessThan(best.guest * 1.25 + 50);
  });

  it("a Page Builder banner shows the other picture on each screen, with its heading and link", async () => {
    for (const [width, name] of [
      [1280, "workshop-gold.svg"],
      [390, "workshop-gold-small.svg"],
    ] as const) {
      const context = await openShopper(true, width);
      const page = await context.newPage();
      await page.goto(`${shop}/`, { waitUntil: "load" });
      const wrapper = page.locator(".pagebuilder-banner-wrapper");
      expect(await wrapper.evaluate((element) => getComputedStyle(element).backgroundImage)).toContain(name);
      const images = JSON.parse(
        (await wrapper.getAttribute("data-background-images"))?.replaceAll("\\", "") ?? "",
      );
      expect(images.desktop_image).toBe("/media/wysiwyg/workshop-gold.svg");
      const link = page.getByRole("link", { name: /Regulars’ repairs come first/ });
      expect(await link.getAttribute("href")).toBe("/about-us#regulars");
      if (pictures !== undefined) {
        await wrapper.scrollIntoViewIfNeeded();
        await page.screenshot({ path: join(pictures, `page-builder-${width}.png`) });
      }
      await context.close();
    }
  });

  it("a screen reader finds what the picture says", async () => {
    const context = await openShopper(true, 1280);
    const page = await context.newPage();
    await page.goto(`${shop}/women.html`, { waitUntil: "load" });
    expect(await page.getByRole("img", { name: "The hut at night" }).count()).toBe(1);
    expect(await page.getByText("For our regulars").isVisible()).toBe(true);
    await context.close();
  });
});
