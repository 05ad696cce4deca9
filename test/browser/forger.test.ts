/** The forger in the lobby: an edited cookie, a header and a leaked coupon beside shoppers whom Adobe vouches for. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

let demo: RunningDemo;
let browser: Browser;
let page: Page;

describe.skipIf(CHROMIUM === null)("where only Adobe's word counts", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo({ trust: "verified" }), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1680, height: 1050 } });
    await page.goto(`http://demo.localhost:${new URL(demo.url).port}/`);
    await page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("…"));
    await page.locator("[data-act=fill]").click();
    await page.waitForFunction(() => !document.body.hasAttribute("aria-busy"));
    await page.waitForFunction(() => document.querySelector("[data-news]")?.textContent !== "");
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const read = (who: string, what: string) =>
    page.locator(`[data-shopper=${who}] [data-${what}]`).first().innerText();

  it("the VIP and the bargain hunter have their heroes and their prices, by a signed cookie", async () => {
    expect([await read("vip", "hero"), await read("vip", "total")]).toEqual([
      "The light is on, and 20% is off",
      "$576.00",
    ]);
    expect(await read("bargain", "total")).toBe("$480.00");
    expect(await read("vip", "why")).toContain("Adobe vouches for it");
  });

  it("the forger sees what a guest sees, and pays what a guest pays", async () => {
    expect(await read("forger", "hero")).toBe(await read("guest", "hero"));
    expect(await read("forger", "total")).toBe("$720.00");
  });
});
