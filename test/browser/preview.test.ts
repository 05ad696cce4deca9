/** A preview in a real Chromium: opened by its link, told by a bar at any size, left from the keyboard. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { parseAudienceId } from "../../src/core/audience.ts";
import { signPreview } from "../../src/edge/preview-token.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const SECRET = "a signing secret of the tests, long enough";
const vip = parseAudienceId("5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31");

describe.skipIf(CHROMIUM === null)("who opens a preview link", () => {
  let demo: RunningDemo;
  let browser: Browser;
  const errors: string[] = [];

  beforeAll(async () => {
    const options = { bindings: { SIGNING_SECRET: SECRET }, website: { mode: "watch" } };
    [demo, browser] = await Promise.all([startDemo(options), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const shop = () => `http://shop.demo.localhost:${new URL(demo.url).port}`;

  async function open(width: number, height: number): Promise<Page> {
    const token = await signPreview(openSigner([SECRET], "preview"), "main", {
      path: "/",
      audiences: vip === null ? [] : [vip],
      names: ["vip"],
      atMs: null,
      campaigns: null,
      split: null,
      expiresSeconds: Math.floor(Date.now() / 1000) + 600,
    });
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: width < 500 });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => void errors.push(error.message));
    await page.goto(`${shop()}/_audience/preview?link=${token}`);
    expect(page.url()).toBe(`${shop()}/`);
    return page;
  }

  const bar = (page: Page) => page.getByRole("complementary", { name: "Preview" });
  const vipHero = (page: Page) => page.getByRole("heading", { name: "The light is on, and 20% is off" });

  it.each([
    [1280, 800],
    [390, 844],
    [320, 568],
  ])("sees the page of that audience and the bar in view, at %i × %i", async (width, height) => {
    const page = await open(width, height);
    await vipHero(page).waitFor();
    const summary = bar(page).getByText("Preview as vip");
    await summary.waitFor();
    const box = await bar(page).locator(".bar").boundingBox();
    expect(box?.x).toBe(0);
    expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(height);
    expect(box?.height).toBeLessThan(height / 4);
    await summary.click();
    await bar(page).getByText("condition holds").first().waitFor();
    const leave = await bar(page).getByRole("button", { name: "Leave preview" }).boundingBox();
    expect(leave?.height).toBeGreaterThanOrEqual(44);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    const folder = process.env["SCREENSHOTS"];
    if (folder) await page.screenshot({ path: `${folder}/preview-${width}.png` });
    // At the end of the page it stands under the page's own foot, and covers nothing of it.
    await summary.click();
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    const foot = await page.locator("footer").last().boundingBox();
    const under = await bar(page).locator(".bar").boundingBox();
    expect(Math.round((foot?.y ?? 0) + (foot?.height ?? 0))).toBeLessThanOrEqual(
      Math.round(under?.y ?? 0) + 1,
    );
    if (folder) await page.screenshot({ path: `${folder}/preview-${width}-foot.png` });
    await page.context().close();
  });

  it("reads it, opens it and leaves from the keyboard, and is back on the page as the store has it", async () => {
    const page = await open(1280, 800);
    await page.goto(`${shop()}/stormline-shell-jacket.html?p=1`);
    await bar(page).getByText("Preview as vip").focus();
    await page.keyboard.press("Enter");
    await bar(page).getByText("No banner stands on this page.").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)).toBe(
      "Leave preview",
    );
    await page.keyboard.press("Enter");
    await bar(page).waitFor({ state: "detached" });
    expect(page.url()).toBe(`${shop()}/stormline-shell-jacket.html?p=1`);
    await page.goto(`${shop()}/`);
    expect([await bar(page).count(), await vipHero(page).count()]).toEqual([0, 0]);
    expect(await page.context().cookies()).not.toContainEqual(
      expect.objectContaining({ name: expect.stringContaining("preview") }),
    );
    await page.context().close();
  });

  it("shops as usual, at the usual price", async () => {
    const page = await open(1280, 800);
    await page.goto(`${shop()}/headless/`);
    await page.getByRole("button", { name: "Add three Dawn Trail Tee" }).click();
    await page.locator("[data-cart-count]", { hasText: "3 in the cart · $126.00" }).waitFor();
    await page.context().close();
  });

  it("has a page that runs no script of ours and stays quiet", async () => {
    const page = await open(1280, 800);
    expect(await bar(page).locator("script").count()).toBe(0);
    expect(await page.evaluate(() => document.cookie)).not.toContain("preview");
    await page.context().close();
    expect(errors).toEqual([]);
  });
});
