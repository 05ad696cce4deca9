/** Adobe's own Web SDK, unshimmed, in Chromium over real TLS: what Adobe says is signed, and shown next. */

import type { BrowserContext, Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM } from "./browser.ts";
import { openTlsShop, SHOP, type TlsShop } from "./tls-shop.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const home = `https://${SHOP}/`;
const guestHero = "Made for the long way home";
const vipHero = "The light is on, and 20% is off";

const lines = [
  { line: "2.32", handsAudiencesToThePage: true },
  { line: "2.33", handsAudiencesToThePage: false },
] as const;

describe.skipIf(CHROMIUM === null).each(lines)(
  "with the Web SDK $line",
  ({ line, handsAudiencesToThePage }) => {
    let shop: TlsShop;
    let context: BrowserContext;
    let page: Page;
    const asked: string[] = [];
    const errors: string[] = [];

    beforeAll(async () => {
      shop = await openTlsShop({ trust: "verified", webSdk: line });
      context = await shop.browser.newContext({ ignoreHTTPSErrors: true });
      page = await context.newPage();
      page.on("request", (request) => void asked.push(`${request.method()} ${request.url()}`));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => void errors.push(error.message));
    });
    afterAll(() => shop?.stop());

    /**
     * Opens a page and waits until the SDK has its answer to the page view. What the page before still had
     * under way is ended first: its answer would be taken for this one's, and then be cut off.
     */
    async function view(url = home): Promise<Response> {
      await page.goto("about:blank");
      const answered = page.waitForResponse((response) => /\/v1\/interact\?/.test(response.url()));
      await page.goto(url);
      const answer = await answered;
      await answer.finished();
      return answer;
    }

    const heroOf = () => page.locator("#hero .hero-title").innerText();

    /** As the SDK itself tells it to the page. */
    const findEcid = () =>
      ask<{ identity: { ECID: string } }>("getIdentity").then(({ identity }) => identity.ECID);

    function ask<T>(command: string): Promise<T> {
      return page.evaluate((name) => window.alloy(name, {}) as Promise<T>, command);
    }

    async function putInto(audiences: readonly string[]): Promise<void> {
      const body = JSON.stringify({ ecid: await findEcid(), audiences });
      const put = await fetch(`${shop.demo.adobeUrl}/demo/profile`, { method: "POST", body });
      expect(put.status).toBe(200);
    }

    async function findSigned() {
      const cookies = await context.cookies(home);
      return cookies.find(({ name }) => name.startsWith("__Host-"));
    }

    it("consent and page view go to Adobe by the shop's own host, and nowhere else", async () => {
      const answer = await view();
      expect(answer.status()).toBe(200);
      const calls = asked.filter((one) => one.includes("/ee/"));
      expect(calls).toEqual([
        expect.stringMatching(/^POST https:\/\/www\.shop\.test\/ee\/v1\/privacy\/set-consent\?configId=/),
        expect.stringMatching(/^POST https:\/\/www\.shop\.test\/ee\/(irl1\/)?v1\/interact\?configId=/),
      ]);
      expect(asked.filter((one) => !one.includes(home) && !one.includes(" data:"))).toEqual([]);
      expect(await heroOf()).toBe(guestHero);
    });

    it("what Adobe says of this visitor is signed, and the next navigation shows it", async () => {
      await putInto([vip]);
      const answer = await view();
      const lines = (await answer.headersArray()).filter(({ name }) => name.toLowerCase() === "set-cookie");
      expect(lines.map(({ value }) => value)).toContainEqual(expect.stringMatching(/^__Host-/));
      expect(await answer.text()).toContain(vip);
      await view();
      expect(await heroOf()).toBe(vipHero);
    });

    it("no script of the page can read what was signed", async () => {
      expect(await findSigned()).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
      const readable = await page.evaluate(() => document.cookie);
      expect(readable).toContain("kndctr_DEMO_AdobeOrg_identity=");
      expect(readable).not.toContain("__Host-");
    });

    it("Commerce is told, and takes the VIP's discount off the cart", async () => {
      expect(await buyAndReadTotals()).toContain("VIP 20% off");
    });

    it("whom Adobe knows is greeted on the first navigation, with nothing signed yet", async () => {
      await context.clearCookies({ name: /^__Host-/ });
      await page.goto(home);
      expect(await heroOf()).toBe(vipHero);
      await view();
    });

    it("the page itself hears of audiences only from the older line, and nothing depends on it", async () => {
      const result = await ask<{ destinations?: unknown }>("sendEvent");
      expect(result.destinations !== undefined).toBe(handsAudiencesToThePage);
    });

    it("who leaves the audience is a guest again on the navigation after the next page view", async () => {
      await putInto([]);
      await view();
      await view();
      expect(await heroOf()).toBe(guestHero);
      await putInto([vip]);
      await view();
      await view();
      expect(await heroOf()).toBe(vipHero);
    });

    it("a no to personalization ends it at once, and takes the signed cookie away", async () => {
      await context.addCookies([{ name: "mg_dnt", value: "1", url: home }]);
      await page.goto(home);
      expect(await heroOf()).toBe(guestHero);
      await page.waitForFunction(() => document.cookie.includes("_consent=general=out"));
      await page.goto(home);
      expect(await heroOf()).toBe(guestHero);
      expect(await findSigned()).toBeUndefined();
    });

    it("a cookie that was written by hand is worth nothing, neither a hero nor a discount", async () => {
      await context.clearCookies();
      await view();
      await page.evaluate((id) => {
        // biome-ignore lint/suspicious/noDocumentCookie: as a forger would.
        document.cookie = `aep-segments-membership=${id}; path=/`;
      }, vip);
      await view();
      expect(await heroOf()).toBe(guestHero);
      expect(await buyAndReadTotals()).not.toContain("VIP 20% off");
    });

    it("nothing of it raises an error in the browser's console", () => {
      expect(errors).toEqual([]);
    });

    async function buyAndReadTotals(): Promise<string> {
      await page.goto(`${home}stormline-shell-jacket.html`);
      await page.locator("#product-addtocart-button, button.tocart").first().click();
      await page.waitForFunction(() =>
        /[1-9]/.test(document.querySelector(".minicart-wrapper .counter")?.textContent ?? ""),
      );
      await page.goto(`${home}checkout/cart/`);
      return page.locator(".cart-summary, .cart-totals").first().innerText();
    }
  },
);
