/** The morning of a merchandiser, in a real browser without JavaScript: look, try, publish, see it in the shop, take it back. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Adobe,
  HOST,
  LIST_KEY,
  listOf,
  openDashboard,
  startAdobe,
  TOKEN,
  VIP,
} from "../worker/dashboard.ts";
import type { Edge } from "../worker/edge.ts";
import { type Origin, startOrigin } from "../worker/origin.ts";
import { RIG, rig } from "../worker/rig.ts";
import { findViolations } from "./axe.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

/** Older than an isolate keeps the campaigns without asking. */
const LATER_MS = 61_000;

const file = (headline: string) =>
  JSON.stringify({
    audiences: { vip: VIP.id },
    banners: [
      {
        id: "home-hero",
        paths: ["/"],
        selector: "#hero",
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<h2>${headline}</h2>` } }],
      },
    ],
    offers: [{ id: "regulars", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed" }],
  });

/** Each page, and each in another state. */
const everyPage = [
  "/",
  "/?since=2026-01-01&column=websites&rows=25",
  "/?q=nothing",
  `/audiences/${VIP.id}`,
  "/audiences/nobody",
  "/campaigns",
  "/campaigns?show=over",
  `/try?for=${VIP.id}`,
  "/try?path=nowhere&also=vpi&at=soon",
  "/history",
  "/history/1",
  "/health",
];

describe.skipIf(CHROMIUM === null)("a merchandiser", () => {
  let adobe: Adobe;
  let origin: Origin;
  let edge: Edge;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let shop: Page;

  beforeAll(async () => {
    adobe = await startAdobe();
    origin = await startOrigin((_, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader("x-frame-options", "DENY");
      response.end('<!doctype html><div id="hero"><h2>Welcome</h2></div>');
    });
    edge = await openDashboard({
      adobe,
      script: RIG,
      kv: { [LIST_KEY]: listOf([VIP]) },
      website: { hosts: ["shop.localhost"], origin: origin.url },
      secrets: {
        SIGNING_SECRET: "a signing secret of the dashboard, long enough",
        COMMERCE_ADMIN_PATH: "backoffice_x7",
      },
    });
    browser = await launchBrowser();
    context = await browser.newContext({ javaScriptEnabled: false });
    await context.addCookies([
      { name: "aep-segments-membership", value: VIP.id, domain: "shop.localhost", path: "/" },
    ]);
    page = await context.newPage();
    shop = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([edge?.stop(), origin?.stop(), adobe?.stop()]);
  });

  const at = (host: string, path: string) => `http://${host}:${edge.port}${path}`;

  async function signIn(page: Page) {
    await page.goto(at(HOST, "/"));
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Audiences", level: 1 }).waitFor();
  }

  async function choose(page: Page, text: string, note: string) {
    await page
      .getByLabel("Campaigns file")
      .setInputFiles({ name: "campaigns.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await page.getByLabel("Note").fill(note);
    await page.getByRole("button", { name: "Publish", exact: true }).click();
  }

  /** Half a minute later, when isolates ask KV again; what is old is shown once more while they do. */
  async function seeInShop(headline: string) {
    await rig(edge, { aheadMs: LATER_MS });
    const read = async () => {
      await shop.goto(at("shop.localhost", "/"));
      return shop.locator("#hero").innerText();
    };
    await expect.poll(read, { timeout: 30_000 }).toBe(headline);
  }

  it("signs in, and publishes the first file, which the shop shows", async () => {
    await signIn(page);
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByRole("heading", { name: "No campaigns yet" }).waitFor();
    await page.getByRole("link", { name: "Publish a file" }).click();
    await choose(page, file("Winter begins"), "the first snow");
    await page.getByText("Version 1 is published").waitFor();
    await seeInShop("Winter begins");
  });

  it("reads what is live and for whom, and from an audience where it is used", async () => {
    await page.getByRole("link", { name: "Audiences", exact: true }).click();
    await page.getByRole("row", { name: "VIP" }).getByRole("link", { name: "home-hero" }).click();
    const card = page.locator("#banner-home-hero");
    expect(await card.innerText()).toMatch(/home-hero live\s+Websites\s+all\s+Where\s+\/, at #hero/);
    expect(await card.innerText()).toContain("vip for shoppers in vip");
    await page.getByText("Nothing is wrong.").waitFor();
  });

  it("opens the audience, and tries what its shoppers see, with the shop's page beside it", async () => {
    await page.getByRole("link", { name: "Audiences", exact: true }).click();
    await page.getByRole("link", { name: "VIP", exact: true }).click();
    await page.getByRole("heading", { name: "VIP", level: 1 }).waitFor();
    expect(await page.getByRole("region", { name: "What uses it" }).innerText()).toContain(
      "home-hero banner",
    );
    await page.getByRole("link", { name: "Try it as one of them" }).click();
    const sees = page.getByRole("region", { name: "What they see" });
    expect(await sees.getByRole("listitem").first().innerText()).toMatch(
      /home-hero vip\s+its condition holds/i,
    );
    const hero = page.frameLocator("iframe").locator("#hero");
    expect(await hero.innerText()).toBe("Winter begins");
    await page.getByLabel("vip", { exact: true }).uncheck();
    await page.getByRole("button", { name: "Try it" }).click();
    await sees.getByText("this shopper is in no audience").first().waitFor();
    expect(await hero.innerText()).toBe("Welcome");
  });

  it("keeps a draft, and sees it on the shop's page before anybody else does", async () => {
    await page.getByRole("link", { name: "History" }).click();
    await page.getByLabel("Campaigns file").setInputFiles({
      name: "c.json",
      mimeType: "application/json",
      buffer: Buffer.from(file("A first look")),
    });
    await page.getByRole("button", { name: "Keep as a draft" }).click();
    await page.getByText("is kept as a draft").waitFor();
    await page.getByRole("link", { name: "Try it", exact: true }).click();
    await page.getByLabel("Campaigns").selectOption({ label: "version 2, a draft" });
    await page.getByLabel("vip", { exact: true }).check();
    await page.keyboard.press("Enter");
    await page.waitForURL(/version=2/);
    expect(await page.frameLocator("iframe").locator("#hero").innerText()).toBe("A first look");
    await page.getByRole("button", { name: "Link for 7 days" }).click();
    const link = await page.getByRole("status").locator("code").innerText();
    const guest = await (await browser.newContext()).newPage();
    await guest.goto(link);
    expect(await guest.locator("#hero").innerText()).toBe("A first look");
    await guest.context().close();
    await seeInShop("Winter begins");
  });

  it("reads that all is well, and what is not", async () => {
    await page.getByRole("link", { name: "Health" }).click();
    await page.getByText("All is well.").waitFor();
    await page.getByText("Not configured: totals are asked with").waitFor();
  });

  it("nobody sees any of it without signing in", async () => {
    const stranger = await browser.newContext({ javaScriptEnabled: false });
    const own = await stranger.newPage();
    for (const path of ["/", `/audiences/${VIP.id}`, "/campaigns", "/try", "/history", "/health"]) {
      const answer = await own.goto(at(HOST, path));
      expect([path, answer?.status(), await own.getByLabel("Token").count()]).toEqual([path, 401, 1]);
    }
    await stranger.close();
  });

  it("is told every mistake of a file, and the shop stays as it is", async () => {
    await page.getByRole("link", { name: "History" }).click();
    await choose(page, '{"audiences":{},"banners":[{"id":"x"}]}', "too early");
    await page.getByRole("heading", { name: "Not published: 2 problems" }).waitFor();
    expect(await page.getByLabel("Note").inputValue()).toBe("too early");
    await seeInShop("Winter begins");
  });

  it("changes the hero; who looked at the page before is told, and loses nothing", async () => {
    const other = await context.newPage();
    await other.goto(at(HOST, "/history"));
    await page.goto(at(HOST, "/history"));
    await choose(page, file("20% off"), "Black Friday");
    await page.getByText("Version 3 is published").waitFor();
    await seeInShop("20% off");
    await choose(other, file("30% off"), "more");
    await other.getByRole("heading", { name: "Another version was published meanwhile" }).waitFor();
    await other.getByText("Black Friday").waitFor();
    await seeInShop("20% off");
    await other.getByRole("button", { name: "Publish mine on top of it" }).click();
    await other.getByText("Version 4 is published").waitFor();
    await seeInShop("30% off");
    await other.close();
  });

  it("takes it back with a second look, from the keyboard, and the log tells all of it", async () => {
    await page.goto(at(HOST, "/history"));
    const again = page.locator("#v1").getByRole("link", { name: "Publish this one again" });
    await again.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Publish version 1 again?" }).waitFor();
    await page.getByLabel("Note").fill("too loud");
    await page.keyboard.press("Enter");
    await page.getByText("Version 5 is published").waitFor();
    await seeInShop("Winter begins");
    await page.getByText("Published again version 5, which is 1 again: too loud").waitFor();
    await page.getByText("Published version 3: Black Friday").waitFor();
  });

  it.each(["light", "dark"] as const)("has pages in which axe finds nothing, %s", async (colorScheme) => {
    const desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme });
    const own = await desk.newPage();
    await own.goto(at(HOST, "/"));
    expect(await findViolations(own)).toEqual([]);
    await signIn(own);
    for (const path of everyPage) {
      await own.goto(at(HOST, path));
      expect([path, await findViolations(own)]).toEqual([path, []]);
    }
    await own.goto(at(HOST, `/try?for=${VIP.id}`));
    await own.getByRole("button", { name: "Link for 1 day" }).click();
    await own.getByText("Good for 1 day.").waitFor();
    expect(await findViolations(own)).toEqual([]);
    await desk.close();
  });

  it.each(["light", "dark"] as const)(
    "has pages that fit on a phone and show the focus, %s",
    async (colorScheme) => {
      const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme });
      const own = await phone.newPage();
      await signIn(own);
      for (const path of [...everyPage, "/history/2"]) {
        await own.goto(at(HOST, path));
        expect(await own.evaluate("document.documentElement.scrollWidth")).toBe(390);
        await own.keyboard.press("Tab");
        await own.keyboard.press("Tab");
        expect(await own.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      }
      await phone.close();
    },
  );
});
