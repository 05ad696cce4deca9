/** Offers before a stock Commerce, as a shopper meets them: in the cart, gone with the audience, refused to others. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { decodeEcid } from "../../src/core/identity.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

let demo: RunningDemo;
let browser: Browser;
let context: BrowserContext;
let page: Page;

describe.skipIf(CHROMIUM === null)("before a Commerce without Adobe's extension", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([
      startDemo({ trust: "verified", store: { edition: "opensource" } }),
      launchBrowser(),
    ]);
    context = await browser.newContext();
    page = await context.newPage();
    // The lobby makes the VIP known to Adobe, and the browser the holder of Adobe's identity cookie.
    await page.goto(at("demo.localhost"));
    await page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("…"));
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const at = (host: string, path = "/") => `http://${host}:${new URL(demo.url).port}${path}`;
  const cart = () => page.locator("[data-cart-count]");

  async function open(host: string) {
    await page.goto(at(host, "/headless/"));
    await page.locator("button", { hasText: "Add 3" }).first().waitFor();
  }

  async function add(times: string) {
    const answered = page.waitForResponse((response) =>
      (response.request().postData() ?? "").includes("addProductsToCart"),
    );
    await page.locator("button", { hasText: times }).first().click();
    await answered;
  }

  it("a VIP adds three and sees the offer in the cart at once", async () => {
    await open("vip.demo.localhost");
    await add("Add 3");
    await page.waitForFunction(() => document.body.innerText.includes("$576.00"));
    expect(await cart().innerText()).toBe("3 in the cart · $576.00");
    expect(await page.locator("[data-coupons]").innerText()).toContain("VIP20");
  });

  it("who is no VIP any more sees the full price with the next thing that they add", async () => {
    const cookies = await context.cookies(at("vip.demo.localhost"));
    const identity = cookies.find(({ name }) => name.endsWith("_identity"))?.value ?? "";
    const ecid = decodeEcid(identity);
    expect(ecid).not.toBeNull();
    const body = JSON.stringify({ ecid, audiences: [] });
    await fetch(`${demo.adobeUrl}/demo/profile`, { method: "POST", body });
    // As if it had expired meanwhile: Adobe is asked again before Commerce is.
    await context.clearCookies({ name: /^__Host-edge-audiences-/ });
    await add("Add 3");
    await page.waitForFunction(() => document.body.innerText.includes("$1,440.00"));
    expect(await page.locator("[data-coupons]").innerText()).not.toContain("VIP20");
  });

  it("the code, typed by hand, is refused in the shop's own words", async () => {
    await open("localhost");
    await add("Add 3");
    await page.waitForFunction(() => document.body.innerText.includes("$720.00"));
    await page.getByLabel("Coupon", { exact: true }).fill("vip２0");
    await page.keyboard.press("Enter");
    await page.locator("[data-problem]", { hasText: "isn't valid" }).waitFor();
    expect(await cart().innerText()).toBe("3 in the cart · $720.00");
  });
});
