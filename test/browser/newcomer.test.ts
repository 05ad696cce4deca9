/** Somebody new, in Chromium with Adobe's own Web SDK: the first page is theirs, and they are one visitor to Adobe. */

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM } from "./browser.ts";
import { openTlsShop, SHOP, type TlsShop } from "./tls-shop.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const home = `https://${SHOP}/`;
const vipHero = "The light is on, and 20% is off";
const identityName = "kndctr_DEMO_AdobeOrg_identity";

describe.skipIf(CHROMIUM === null).each(["ecid", "fpid"] as const)("with identity %s", (identity) => {
  let shop: TlsShop;
  let context: BrowserContext;
  let page: Page;
  let givenEcid = "";

  beforeAll(async () => {
    shop = await openTlsShop({
      trust: "verified",
      website: { identity, pull: "always", budgetMs: 5000 },
    });
    const body = JSON.stringify({ audiences: [vip] });
    await fetch(`${shop.demo.adobeUrl}/demo/newcomers`, { method: "POST", body });
    // A browser without a window says so in its name, and is no shopper.
    const userAgent = (
      await shop.browser.newPage().then((one) => one.evaluate(() => navigator.userAgent))
    ).replace("Headless", "");
    context = await shop.browser.newContext({ ignoreHTTPSErrors: true, userAgent });
    page = await context.newPage();
  });
  afterAll(() => shop?.stop());

  /** Opens the shop, and waits until the SDK has its answer to the page view. */
  async function view(): Promise<void> {
    await page.goto("about:blank");
    const answered = page.waitForResponse((response) => /\/v1\/interact\?/.test(response.url()));
    await page.goto(home);
    await (await answered).finished();
  }

  const cookiesNamed = async (name: string) =>
    (await context.cookies(home)).filter((cookie) => cookie.name === name);

  /** As the SDK itself tells it to the page. */
  const findEcid = () =>
    page.evaluate(async () => {
      const alloy = Reflect.get(window, "alloy") as (name: string) => Promise<{ identity: { ECID: string } }>;
      return (await alloy("getIdentity")).identity.ECID;
    });

  /** The ECID stands as text behind the two bytes of field 1. */
  const ecidIn = (cookie: string) => Buffer.from(cookie, "base64url").subarray(2, 40).toString();

  it("the very first page shows what edge segmentation says of them", async () => {
    const answer = await page.goto(home);
    expect(await page.locator("#hero .hero-title").innerText()).toBe(vipHero);
    expect(answer?.headers()["cache-control"]).toBe("private, no-store");
    const given = await answer?.headerValue("set-cookie");
    givenEcid = ecidIn(new RegExp(`${identityName}=([^;]+)`).exec(given ?? "")?.[1] ?? "");
    expect(givenEcid).toMatch(/^\d{38}$/);
    const [device] = await cookiesNamed("__Host-edge-audiences-device-main");
    expect(device).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax" });
    expect(await page.evaluate(() => document.cookie)).not.toContain("__Host-");
  });

  it("the Web SDK goes on with the ECID that Adobe gave the page, in the one cookie that both write", async () => {
    await view();
    const ecid = await findEcid();
    expect(ecid).toBe(givenEcid);
    const cookies = await cookiesNamed(identityName);
    expect(cookies.map(({ value }) => ecidIn(value))).toEqual([ecid]);
    await view();
    expect([await findEcid(), (await cookiesNamed(identityName)).length]).toEqual([ecid, 1]);
    expect(await page.locator("#hero .hero-title").innerText()).toBe(vipHero);
  });

  it("a browser without a window is no shopper, and gets nothing", async () => {
    const bot = await shop.browser.newContext({ ignoreHTTPSErrors: true });
    const answer = await (await bot.newPage()).goto(home);
    expect(await answer?.text()).not.toContain(vipHero);
    const lines = (await answer?.headersArray()) ?? [];
    expect(lines.filter(({ name }) => name.toLowerCase() === "set-cookie")).not.toContainEqual(
      expect.objectContaining({ value: expect.stringContaining("__Host-") }),
    );
    await bot.close();
  });
});
