/** The mini-cart that Luma keeps in the browser tells the truth when a shopper enters or leaves an audience. */

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM } from "./browser.ts";
import { openTlsShop, SHOP, type TlsShop } from "./tls-shop.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const home = `https://${SHOP}/`;

describe.skipIf(CHROMIUM === null)("with a jacket in the cart", () => {
  let shop: TlsShop;
  let context: BrowserContext;
  let page: Page;
  const loads: string[] = [];

  beforeAll(async () => {
    shop = await openTlsShop({ trust: "verified", webSdk: "2.32" });
    context = await shop.browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
    page.on("request", (request) => {
      if (request.url().includes("/customer/section/load/")) loads.push(new URL(request.url()).search);
    });
    await view();
    await page.goto(`${home}stormline-shell-jacket.html`);
    await page.locator("#product-addtocart-button, button.tocart").first().click();
    await page.waitForFunction(() =>
      /[1-9]/.test(document.querySelector(".minicart-wrapper .counter")?.textContent ?? ""),
    );
  });
  afterAll(() => shop?.stop());

  /** Opens a page, and waits until the SDK has its answer to the page view. */
  async function view(): Promise<void> {
    await page.goto("about:blank");
    const answered = page.waitForResponse((response) => /\/v1\/interact\?/.test(response.url()));
    await page.goto(home);
    await (await answered).finished();
  }

  async function putInto(audiences: readonly string[]): Promise<void> {
    const ecid = await page.evaluate(async () => {
      const alloy = Reflect.get(window, "alloy") as (name: string) => Promise<{ identity: { ECID: string } }>;
      return (await alloy("getIdentity")).identity.ECID;
    });
    const body = JSON.stringify({ ecid, audiences });
    const put = await fetch(`${shop.demo.adobeUrl}/demo/profile`, { method: "POST", body });
    expect(put.status).toBe(200);
  }

  /** Until the mini-cart says so: what is kept is shown at once, and replaced by what Commerce says. */
  const miniCartShows = (offer: boolean) =>
    page.waitForFunction((expected) => {
      const text = document.querySelector("#minicart-content-wrapper")?.textContent ?? "";
      return text.includes("Stormline") && text.includes("VIP 20% off") === expected;
    }, offer);

  it("a mini-cart without the offer is kept, and no page asks for it again", async () => {
    await view();
    await miniCartShows(false);
    loads.length = 0;
    await view();
    await miniCartShows(false);
    expect(loads).toEqual([]);
  });

  it("who becomes a VIP by the page's own call finds the offer in the mini-cart of the next page", async () => {
    await putInto([vip]);
    await view();
    await page.goto(home);
    await miniCartShows(true);
    expect(loads).toEqual([expect.stringMatching(/sections=[^&]*cart.*force_new_section_timestamp=true/)]);
    await view();
    await miniCartShows(true);
    expect(loads).toHaveLength(1);
  });

  it("whose membership lapsed meanwhile finds what the cart costs now", async () => {
    await context.clearCookies({ name: /^__Host-/ });
    await putInto([]);
    await view();
    await page.goto(home);
    await miniCartShows(false);
  });

  it("who says no to personalization sees on that very page what the cart costs without it", async () => {
    await putInto([vip]);
    await view();
    await page.goto(home);
    await miniCartShows(true);
    await context.addCookies([{ name: "mg_dnt", value: "1", url: home }]);
    await page.goto(home);
    await miniCartShows(false);
  });
});
