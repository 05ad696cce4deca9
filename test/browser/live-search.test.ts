/** Search as you type, in a real browser: what is found takes the place of what was, and nobody loses their caret. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Adobe,
  BARGAIN,
  HOST,
  LIST_KEY,
  listOf,
  openDashboard,
  sendForm,
  startAdobe,
  TOKEN,
  UNDATED,
  VIP,
  withToken,
} from "../worker/dashboard.ts";
import type { Edge } from "../worker/edge.ts";
import { findViolations } from "./axe.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const banner = (id: string) => ({
  id,
  paths: ["/"],
  selector: `#${id}`,
  variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>Yours</p>" } }],
});

describe.skipIf(CHROMIUM === null)("search as you type", () => {
  let adobe: Adobe;
  let edge: Edge;
  let browser: Browser;
  let page: Page;
  const at = (path: string) => `http://${HOST}:${edge.port}${path}`;
  const names = () => page.locator("tbody th a").allInnerTexts();

  beforeAll(async () => {
    adobe = await startAdobe();
    edge = await openDashboard({ adobe, kv: { [LIST_KEY]: listOf([BARGAIN, VIP, UNDATED]) } });
    const file = JSON.stringify({ audiences: { vip: VIP.id }, banners: [banner("hero"), banner("aside")] });
    await sendForm(edge, "/history", withToken, { basedOn: "0", note: "", file });
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(at("/"));
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Audiences", level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([edge?.stop(), adobe?.stop()]);
  });

  it("shows what is found without another page, and keeps focus, caret and what else was chosen", async () => {
    await page.goto(at("/?sort=name&rows=25"));
    await page.evaluate("window.same = document.querySelector('.count')");
    const field = page.getByLabel("Search the audiences");
    await field.pressSequentially("bargain");
    await page.waitForURL(/[?&]q=bargain/);
    expect(await names()).toEqual(["bargain hunters"]);
    expect(new URL(page.url()).search).toBe("?rows=25&sort=name&q=bargain");
    // Told politely by what was there before: a new element of that role would be silent.
    expect(await page.evaluate("window.same.isConnected && window.same.textContent.trim()")).toBe("1 of 3");
    expect(await field.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Backspace");
    await page.waitForURL(/[?&]q=bargan/);
    await page.getByRole("heading", { name: "No audience matches “bargan”" }).waitFor();
    await page.keyboard.type("i");
    await page.waitForURL(/[?&]q=bargain/);
    expect(await names()).toEqual(["bargain hunters"]);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Clear" }).click();
    await expect.poll(names).toHaveLength(3);
  });

  it("leads back to what was found, and forgets the words that are taken out", async () => {
    await page.goto(at("/"));
    await page.getByLabel("Search the audiences").fill("vip");
    await page.waitForURL(/q=vip/);
    await page.getByRole("link", { name: "VIP", exact: true }).click();
    await page.getByRole("heading", { name: "VIP", level: 1 }).waitFor();
    await page.goBack();
    expect(await names()).toEqual(["VIP"]);
    await page.getByLabel("Search the audiences").clear();
    await page.waitForURL((url) => url.search === "");
    expect(await names()).toHaveLength(3);
  });

  it("finds campaigns the same way, and the links beside the field keep the words", async () => {
    await page.goto(at("/campaigns"));
    await page.getByLabel("Search the campaigns").fill("aside");
    await page.waitForURL(/q=aside/);
    expect(await page.locator(".campaign h3").allInnerTexts()).toEqual([expect.stringMatching(/^aside/)]);
    await page.getByRole("status").getByText("1 of 2").waitFor();
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await page.waitForURL(/show=live/);
    expect(new URL(page.url()).searchParams.get("q")).toBe("aside");
  });

  it("sends the form where the answer can't be had, so that what stands in the way is seen", async () => {
    await page.goto(at("/"));
    await page.route(/q=/, (route) =>
      route.request().isNavigationRequest() ? route.continue() : route.abort("failed"),
    );
    const loaded = page.waitForEvent("load");
    await page.getByLabel("Search the audiences").fill("bargain");
    await loaded;
    expect(await names()).toEqual(["bargain hunters"]);
    await page.unroute(/q=/);
    await page.context().clearCookies();
    await page.getByLabel("Search the audiences").fill("s");
    await page.getByLabel("Token").waitFor();
  });
});
