/** Storefronts on other hosts than GraphQL's, in Chromium over real TLS: a PWA, an Edge Delivery like page, a rendered one. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webSdk } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { type Storefront, startPwa, startRenderer, startStaticPage } from "./storefronts.ts";
import { openTlsDoor, type TlsDoor } from "./tls-door.ts";

const API = "api.shop.test";
const PWA = "app.shop.test";
const STATIC = "www.shop.test";
const RENDERED = "ssr.shop.test";
/** Another site, that nobody has listed. */
const EVIL = "evil.test";
/** A host of the same site, that nobody has listed either. */
const SIBLING = "blog.shop.test";

const SIGNED = "__Secure-edge-audiences-main";
const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const discount = expect.stringContaining("VIP 20% off");
const secret = "a backend secret of the tests, long enough";

describe.skipIf(CHROMIUM === null)("a Worker on GraphQL's host, and storefronts on others", () => {
  let demo: RunningDemo;
  let door: TlsDoor;
  let browser: Browser;
  let shopper: Page;
  const storefronts: Storefront[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    demo = await startDemo({
      trust: "verified",
      socket: "proxied",
      website: {
        hosts: [API],
        storefront: "headless",
        cookieDomain: "shop.test",
        // A slow machine is not what is tried here.
        budgetMs: 5000,
        corsOrigins: [`https://${PWA}`, `https://${STATIC}`],
      },
      bindings: { BACKEND_SECRET: secret },
    });
    const port = Number(new URL(demo.url).port);
    const [pwa, fixed, rendered] = await Promise.all([
      startPwa(API, webSdk),
      startStaticPage(API),
      startRenderer({ api: API, port, secret, audience: vip }),
    ]);
    storefronts.push(pwa, fixed, rendered);
    door = await openTlsDoor({
      [API]: { port, socket: "proxied" },
      [PWA]: { port: pwa.port, socket: "direct" },
      [STATIC]: { port: fixed.port, socket: "direct" },
      [EVIL]: { port: fixed.port, socket: "direct" },
      [SIBLING]: { port: fixed.port, socket: "direct" },
      [RENDERED]: { port: rendered.port, socket: "direct" },
    });
    browser = await launchBrowser(...door.mapped);
    shopper = await newShopper();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([door?.stop(), demo?.stop(), ...storefronts.map(({ stop }) => stop())]);
  });

  async function newShopper(): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => void errors.push(error.message));
    return page;
  }

  const open = (page: Page, host: string) => page.goto(`https://${host}/`);
  const readDiscounts = (page: Page) => page.evaluate(() => window.readDiscounts());
  const findSigned = async (page: Page) =>
    (await page.context().cookies(`https://${API}/`)).find(({ name }) => name === SIGNED);

  /** The PWA's page view, with Adobe's answer to it. */
  async function view(page: Page) {
    await open(page, PWA);
    await page.evaluate(() => window.viewed);
  }

  async function makeVip(page: Page) {
    const ecid = await page.evaluate(async () => (await window.alloy("getIdentity")).identity.ECID);
    const body = JSON.stringify({ ecid, audiences: [vip] });
    expect((await fetch(`${demo.adobeUrl}/demo/profile`, { method: "POST", body })).status).toBe(200);
  }

  it("PWA: before Adobe knows the shopper, GraphQL on the other host answers, and takes nothing off", async () => {
    await view(shopper);
    expect(await readDiscounts(shopper)).toEqual([]);
  });

  it("PWA: what Adobe says to the Web SDK is signed for all hosts of the site, out of reach of scripts", async () => {
    await makeVip(shopper);
    await view(shopper);
    expect(await findSigned(shopper)).toMatchObject({
      domain: ".shop.test",
      httpOnly: true,
      secure: true,
      sameSite: "Lax",
    });
    expect(await shopper.evaluate(() => document.cookie)).not.toContain("edge-audiences");
  });

  it("PWA: GraphQL follows the membership, and Commerce's cache id can be read", async () => {
    expect(await readDiscounts(shopper)).toContainEqual(discount);
    expect(await shopper.evaluate(() => window.readCacheId())).toMatch(/\w/);
  });

  it("static page: the same bytes for everybody, and the shopper's own price from the other host", async () => {
    await open(shopper, STATIC);
    expect(await readDiscounts(shopper)).toContainEqual(discount);
  });

  it("rendered page: the server asks with its secret and the shopper's cookies, for this very page", async () => {
    await open(shopper, RENDERED);
    expect(await shopper.locator("h1").innerText()).toBe("Rendered for a VIP");
  });

  it("rendered page: what is signed on the server's question comes back to the browser, for all hosts", async () => {
    const newcomer = await newShopper();
    await view(newcomer);
    await makeVip(newcomer);
    await newcomer.context().clearCookies({ name: SIGNED });
    await open(newcomer, RENDERED);
    expect(await newcomer.locator("h1").innerText()).toBe("Rendered for a VIP");
    expect(await findSigned(newcomer)).toMatchObject({ domain: ".shop.test" });
    await open(newcomer, STATIC);
    expect(await readDiscounts(newcomer)).toContainEqual(discount);
  });

  it("nothing of it raises an error in the browser's console", () => {
    expect(errors).toEqual([]);
  });

  it("a page that is not listed reads nothing, on another site or on a host of the same", async () => {
    for (const host of [EVIL, SIBLING]) {
      await open(shopper, host);
      const failure = await readDiscounts(shopper).then(
        () => "it read the answer",
        (error: Error) => error.message,
      );
      expect([host, failure]).toEqual([host, expect.stringContaining("Failed to fetch")]);
    }
  });
});
