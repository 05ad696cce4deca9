/** The lobby of the demo: three shoppers side by side, and whatever breaks, the shop stays up. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const heroes = {
  guest: "Made for the long way home",
  vip: "The light is on, and 20% is off",
  bargain: "Buy two, the third is free",
} as const;

let demo: RunningDemo;
let browser: Browser;
let page: Page;

describe.skipIf(CHROMIUM === null)("the lobby", () => {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`http://demo.localhost:${new URL(demo.url).port}/`);
    await page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("…"));
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const read = (what: string) =>
    page.evaluate(
      (name) =>
        Object.fromEntries(
          [...document.querySelectorAll<HTMLElement>("[data-shopper]")].map((article) => [
            article.dataset["shopper"],
            article.querySelector(`[data-${name}]`)?.textContent,
          ]),
        ),
      what,
    );

  /** Presses a button and waits until the lobby has said what came of it. */
  async function press(selector: string): Promise<string> {
    await page.evaluate(() => document.querySelector("[data-news]")?.replaceChildren());
    await page.locator(selector).click();
    await page.waitForFunction(() => {
      const told = document.querySelector("[data-news]")?.textContent !== "";
      return told && !document.body.hasAttribute("aria-busy");
    });
    return page.locator("[data-news]").innerText();
  }

  it("shows three heroes, each with its reason", async () => {
    expect(await read("hero")).toEqual(heroes);
    expect(await read("why")).toEqual({
      guest: expect.stringContaining("No membership"),
      vip: expect.stringContaining("vip"),
      bargain: expect.stringContaining("bargain"),
    });
  });

  it("fills three carts, and Commerce's rules make three totals of them", async () => {
    await press("[data-act=fill]");
    expect(await read("total")).toEqual({ guest: "$720.00", vip: "$576.00", bargain: "$480.00" });
  });

  it.each(["adobe", "kv"])("with %s broken the shop is as it was", async (fault) => {
    await press(`[data-fault=${fault}]`);
    expect(await read("hero")).toEqual(heroes);
    expect(await read("total")).toEqual({ guest: "$720.00", vip: "$576.00", bargain: "$480.00" });
    await press(`[data-fault=${fault}]`);
  });

  it("with the Worker off everybody sees the shop's own hero, and can still buy", async () => {
    await press("[data-fault=worker]");
    expect(await read("hero")).toEqual({ guest: heroes.guest, vip: heroes.guest, bargain: heroes.guest });
    expect((await read("total"))["guest"]).toBe("$720.00");
    await press("[data-fault=worker]");
    expect(await read("hero")).toEqual(heroes);
  });

  it("proves byte by byte that one element differs", async () => {
    await page.goto(`http://demo.localhost:${new URL(demo.url).port}/bytes`);
    await page.waitForFunction(() => /SHA-256/.test(document.body.innerText));
    const text = await page.locator("main").innerText();
    expect(text).toContain("One element differs");
    expect(text.match(/\bequal\b/g)?.length).toBe(2);
  });
});
