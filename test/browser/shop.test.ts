/** The main job, seen by a shopper: in a real Chromium on the demo shop, at a desk and on a phone. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const audiences = {
  guest: "",
  vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31",
  bargain: "c81f0e52-3a47-4d9b-b6f0-92e4d7a1c863",
} as const;

let demo: RunningDemo;
let browser: Browser;
let port: string;

describe.skipIf(CHROMIUM === null)("in Chromium", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
    port = new URL(demo.url).port;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A shopper's own browser profile, with Adobe's cookie as Adobe's collector writes it: raw, a session's. */
  async function openShopper(who: keyof typeof audiences, width = 1280): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const url = `http://shop.demo.localhost:${port}`;
    const value = audiences[who];
    if (value !== "") await context.addCookies([{ name: "aep-segments-membership", value, url }]);
    return context;
  }

  /** Opens the home page and notes every text that the hero's heading ever had, and every layout shift. */
  async function openHome(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen: string[] = [];
      const shifts: number[] = [];
      Object.assign(window, { seen, shifts });
      const look = () => {
        const text = document.querySelector("#hero h1, #hero h2")?.textContent?.trim();
        if (text && seen.at(-1) !== text) seen.push(text);
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(`http://shop.demo.localhost:${port}/`, { waitUntil: "load" });
    await page.waitForTimeout(300);
    return page;
  }

  const seenBy = (page: Page) => page.evaluate(() => Reflect.get(window, "seen") as string[]);
  const shiftsOf = (page: Page) => page.evaluate(() => Reflect.get(window, "shifts") as number[]);

  it.each([1280, 390])("a VIP sees the VIP's hero and never another one, at %i pixels", async (width) => {
    const guest = await openShopper("guest", width);
    const vip = await openShopper("vip", width);
    const [default_] = await seenBy(await openHome(guest));
    const page = await openHome(vip);
    const seen = await seenBy(page);
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toBe(default_);
    expect((await shiftsOf(page)).reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
    expect(await page.locator("#hero").isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await guest.close();
    await vip.close();
  });

  it("each audience has its own hero on the same page", async () => {
    const heroes = new Set<string | undefined>();
    for (const who of ["guest", "vip", "bargain"] as const) {
      const context = await openShopper(who);
      heroes.add((await seenBy(await openHome(context)))[0]);
      await context.close();
    }
    expect(heroes.size).toBe(3);
  });

  it("a VIP adds to the cart and sees the offer there; a guest pays the full price", async () => {
    const totals: number[] = [];
    for (const who of ["guest", "vip"] as const) {
      const context = await openShopper(who);
      const page = await openHome(context);
      await page.goto(`http://shop.demo.localhost:${port}/stormline-shell-jacket.html`);
      await page.locator("#product-addtocart-button, button.tocart").first().click();
      await page.waitForFunction(() =>
        /[1-9]/.test(document.querySelector(".minicart-wrapper .counter")?.textContent ?? ""),
      );
      await page.goto(`http://shop.demo.localhost:${port}/checkout/cart/`);
      const text = (await page.locator(".cart-summary, .cart-totals").first().innerText()).replace(
        /\s+/g,
        " ",
      );
      expect(text.includes("VIP 20% off")).toBe(who === "vip");
      totals.push(Number(/Order Total.*?\$([\d.,]+)/i.exec(text)?.[1]));
      await context.close();
    }
    const [guest = Number.NaN, vip = Number.NaN] = totals;
    expect(vip).toBeCloseTo(guest * 0.8, 2);
  });

  it("on the headless page the cookie becomes the header: the VIP's cart has the offer, the guest's has not", async () => {
    for (const who of ["guest", "vip"] as const) {
      const context = await openShopper(who);
      const page = await context.newPage();
      await page.goto(`http://shop.demo.localhost:${port}/headless/`);
      await page.getByRole("button", { name: /add/i }).first().click();
      await page.waitForFunction(() => /Total[\s\S]*\$[1-9]/.test(document.body.innerText));
      expect((await page.locator("body").innerText()).includes("VIP 20% off")).toBe(who === "vip");
      await context.close();
    }
  });

  it("the page of a VIP raises no error in the browser's console", async () => {
    const context = await openShopper("vip");
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`http://shop.demo.localhost:${port}/`, { waitUntil: "networkidle" });
    expect(errors).toEqual([]);
    await context.close();
  });
});
