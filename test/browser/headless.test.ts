/** The headless page: three shirts, a coupon and back, by mouse and by keyboard, at a desk and on a phone. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

let demo: RunningDemo;
let browser: Browser;

describe.skipIf(CHROMIUM === null)("on the headless page a shopper", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function open(width: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.goto(`http://shop.demo.localhost:${new URL(demo.url).port}/headless/`);
    await page.getByRole("button", { name: "Add three Dawn Trail Tee" }).waitFor();
    return page;
  }

  const header = (page: Page, text: string) => page.locator("[data-cart-count]", { hasText: text }).waitFor();
  const sums = async (page: Page) => (await page.locator(".sums").innerText()).split(/\n+/);
  async function enterCoupon(page: Page, code: string) {
    await page.getByLabel("Coupon", { exact: true }).fill(code);
    await page.keyboard.press("Enter");
  }

  it.each([1280, 390, 320])(
    "adds three shirts, types a code and takes it out, at %i pixels",
    async (width) => {
      const page = await open(width);
      await page.getByRole("button", { name: "Add three Dawn Trail Tee" }).click();
      await header(page, "3 in the cart · $126.00");
      await enterCoupon(page, "nope");
      const problem = page.getByRole("alert");
      await problem.getByText("The coupon code isn't valid. Verify the code and try again.").waitFor();
      await enterCoupon(page, "threefor2");
      await header(page, "3 in the cart · $84.00");
      expect(await sums(page)).toEqual([
        "Subtotal",
        "$126.00",
        "Three for two",
        "−$42.00",
        "Total",
        "$84.00",
      ]);
      expect(await problem.innerText()).toBe("");
      await enterCoupon(page, "VIP20");
      await problem.getByText("A coupon is already applied to the cart.").waitFor();
      await page.getByRole("button", { name: "Remove coupon threefor2" }).click();
      await header(page, "3 in the cart · $126.00");
      expect(await sums(page)).toEqual(["Subtotal", "$126.00", "Total", "$126.00"]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await page.context().close();
    },
  );

  it("does it all from the keyboard, and never loses the place", async () => {
    const page = await open(1280);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
    await page.getByRole("button", { name: "Add three Hut Beanie" }).focus();
    await page.keyboard.press("Enter");
    await header(page, "3 in the cart · $96.00");
    await page.getByRole("button", { name: "One Hut Beanie fewer" }).focus();
    await page.keyboard.press("Enter");
    await header(page, "2 in the cart · $64.00");
    expect(await focused()).toBe("One Hut Beanie fewer");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("One more Hut Beanie");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await header(page, "0 in the cart");
    // What had the focus is gone: the cart's heading has it, not the top of the page.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("basket");
    await page.context().close();
  });

  it("who clicks faster than the store answers has one cart, with all that was clicked", async () => {
    const page = await open(1280);
    const add = page.getByRole("button", { name: "Add Ember Mitts" });
    for (let clicks = 0; clicks < 5; clicks += 1) await add.click({ noWaitAfter: true });
    await header(page, "5 in the cart · $240.00");
    await page.context().close();
  });
});
