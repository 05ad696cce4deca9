/** The dashboard behind Cloudflare Access in a real browser: as a publisher, a viewer, nobody, and when the session has ended. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AUDIENCE, type PretendAccess, startAccess } from "../worker/access.ts";
import { type Adobe, HOST, LIST_KEY, listOf, openDashboard, startAdobe, VIP } from "../worker/dashboard.ts";
import type { Edge } from "../worker/edge.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const file = JSON.stringify({
  audiences: { vip: VIP.id },
  banners: [
    {
      id: "hero",
      paths: ["/"],
      selector: "#hero",
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>x</p>" } }],
    },
  ],
});
const upload = (text: string) => ({
  name: "campaigns.json",
  mimeType: "application/json",
  buffer: Buffer.from(text),
});

describe.skipIf(CHROMIUM === null)("behind Cloudflare Access", () => {
  let access: PretendAccess;
  let adobe: Adobe;
  let edge: Edge;
  let browser: Browser;

  beforeAll(async () => {
    [access, adobe] = await Promise.all([startAccess(), startAdobe()]);
    const team = { team: access.origin.url, audience: AUDIENCE, publishers: ["anna@shop.example"] };
    edge = await openDashboard({
      adobe,
      token: null,
      vars: { ADMIN_ACCESS: team },
      kv: { [LIST_KEY]: listOf([VIP]) },
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([edge?.stop(), access?.origin.stop(), adobe?.stop()]);
  });

  const at = (path: string) => `http://${HOST}:${edge.port}${path}`;

  /** Access writes the header on every request that it lets through. */
  async function openAs(assertion: string | null): Promise<Page> {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      extraHTTPHeaders: assertion === null ? {} : { "cf-access-jwt-assertion": assertion },
    });
    return context.newPage();
  }

  it("a publisher publishes, is asked about what may not be meant, and stands in the log", async () => {
    const page = await openAs(access.issue());
    await page.goto(at("/history"));
    await page.getByLabel("Campaigns file").setInputFiles(upload(file));
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText("Version 1 is published").waitFor();
    await page
      .getByLabel("Campaigns file")
      .setInputFiles(upload(file.replace('"id":"hero"', '"id":"other"')));
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("heading", { name: /^Look twice: 1 thing/ }).waitFor();
    expect(await page.getByText("banners.hero: shoppers have this banner now").count()).toBe(1);
    await page.getByRole("button", { name: "Yes, publish it" }).click();
    await page.getByText("Version 2 is published").waitFor();
    expect(await page.getByText("anna@shop.example").count()).toBeGreaterThan(2);
    expect(await page.getByRole("link", { name: "Sign out" }).getAttribute("href")).toBe(
      "/cdn-cgi/access/logout",
    );
  });

  it("a viewer sees the same pages, and nothing to press", async () => {
    const page = await openAs(access.issue({ email: "bert@shop.example" }));
    for (const path of ["/", "/campaigns", "/try", "/health", "/history"]) {
      expect((await page.goto(at(path)))?.status()).toBe(200);
      expect(await page.locator("form[method=post]").count()).toBe(0);
      expect(await page.getByRole("button", { name: /publish|sync now/i }).count()).toBe(0);
    }
    await page.getByText("Version 2").first().waitFor();
  });

  it("nobody, and who was somebody an hour ago, reads why the door is closed", async () => {
    const nobody = await openAs(null);
    expect((await nobody.goto(at("/history")))?.status()).toBe(401);
    await nobody.getByText("this request did not come through it").waitFor();
    const over = await openAs(access.issue({ exp: Math.floor(Date.now() / 1000) - 1 }));
    expect((await over.goto(at("/history")))?.status()).toBe(401);
    await over.getByText("Your session with Cloudflare Access has ended").waitFor();
    for (const page of [nobody, over]) expect(await page.getByText("Version").count()).toBe(0);
  });
});
