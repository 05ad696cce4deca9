/** The Worker's module in pages that a framework renders, under a strict policy: it fills banners and breaks nothing. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const MODULE = "/_audience/banners.js";
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "require-trusted-types-for 'script'",
  "trusted-types edge-audiences",
].join("; ");

describe.skipIf(CHROMIUM === null)("the module for pages that a framework renders", () => {
  let demo: RunningDemo;
  let browser: Browser;
  let app: string;
  const errors: string[] = [];

  beforeAll(async () => {
    const entry = fileURLToPath(new URL("./rerendering-page.tsx", import.meta.url));
    const built = build({ entryPoints: [entry], bundle: true, write: false, format: "esm" });
    [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
    app = (await built).outputFiles[0]?.text ?? "";
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const shop = () => `http://shop.demo.localhost:${new URL(demo.url).port}`;

  async function newPage(audience: string | null): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    if (audience !== null)
      await context.addCookies([{ name: "aep-segments-membership", value: audience, url: shop() }]);
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => void errors.push(error.message));
    return page;
  }

  /** A page of the shop's own host that a framework renders. */
  async function openStorefront(audience: string | null): Promise<Page> {
    const page = await newPage(audience);
    await page.route("**/spa/", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "content-security-policy": policy },
        body: `<!doctype html><html lang="en" data-module="${MODULE}"><title>SPA</title>
<link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/spa/app.js"></script>`,
      }),
    );
    await page.route("**/spa/app.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: app }),
    );
    await page.goto(`${shop()}/spa/`);
    return page;
  }

  const press = (page: Page, name: string) => page.getByRole("button", { name }).click();
  const hero = (page: Page) => page.getByRole("heading", { name: "The light is on, and 20% is off" });
  const own = (page: Page, ticks: number) => page.getByText(`Own hero, ${ticks}`);
  const hidden = { state: "hidden" } as const;

  it("fills a banner on client-side navigation, and gives the storefront's own back on the next page", async () => {
    const page = await openStorefront(vip);
    await own(page, 0).waitFor();
    await press(page, "Home");
    await hero(page).waitFor();
    await own(page, 0).waitFor(hidden);
    await press(page, "None");
    await own(page, 0).waitFor();
    expect(await hero(page).count()).toBe(0);
    await page.goBack();
    await hero(page).waitFor();
    await page.context().close();
  });

  it("the framework goes on with its own nodes: changed, replaced, added, unmounted and mounted again", async () => {
    const page = await openStorefront(vip);
    await press(page, "Home");
    await hero(page).waitFor();
    for (const ticks of [1, 2, 3]) {
      await press(page, "Tick");
      await page.locator("#own", { hasText: `Own hero, ${ticks}` }).waitFor({ state: "attached" });
      await hero(page).waitFor();
      expect(await own(page, ticks).isVisible()).toBe(false);
    }
    await press(page, "Mount");
    await page.locator("section").waitFor({ state: "detached" });
    await press(page, "Mount");
    await hero(page).waitFor();
    await press(page, "None");
    await own(page, 3).waitFor();
    expect(await page.locator("section").innerText()).toMatch(/^Own hero, 3\s+and more$/);
    await page.context().close();
  });

  it("a framework that empties the element gets it filled again, and one that has a shadow root is left alone", async () => {
    const page = await openStorefront(vip);
    await press(page, "Home");
    await hero(page).waitFor();
    await page.locator("section").evaluate((section) => section.replaceChildren("Plain"));
    await hero(page).waitFor();
    await page.evaluate(() => {
      const taken = document.createElement("div");
      taken
        .attachShadow({ mode: "open" })
        .append(Object.assign(document.createElement("p"), { textContent: "Mine" }));
      taken.dataset["audienceBanner"] = "home-hero";
      document.body.append(taken);
      const late = document.createElement("article");
      document.body.append(late);
      late.dataset["audienceBanner"] = "home-hero";
    });
    await page.locator("article").getByRole("heading").waitFor();
    await page.getByText("Mine").waitFor();
    await page.context().close();
  });

  it("is never under the focus, and tells a screen reader only what is seen", async () => {
    const page = await openStorefront(vip);
    await page.locator("section").evaluate((section) => {
      const link = document.createElement("a");
      link.href = "#here";
      link.textContent = "Own link";
      section.append(link);
      link.focus();
    });
    await page.evaluate(() => history.pushState({}, "", "/"));
    await page.waitForResponse(/_audience\/banners\?path=%2F$/);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Own link");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await hero(page).waitFor();
    const tree = await page.locator("section").ariaSnapshot();
    expect(tree).toContain("20% is off");
    expect(tree).not.toContain("Own hero");
    expect(await page.locator("[aria-live]").count()).toBe(0);
    await page.context().close();
  });

  it("fills the block of Edge Delivery that docs/headless.md describes", async () => {
    const text = readFileSync(new URL("../../docs/headless.md", import.meta.url), "utf8");
    const [, block = ""] = /```js\n\/\/ blocks\/audience-banner\S+\n(.*?)```/s.exec(text) ?? [];
    const page = await newPage(vip);
    await page.route("**/eds/", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "content-security-policy": policy },
        body: `<!doctype html><html lang="en"><title>EDS</title><link rel="icon" href="data:,"><main>
<div class="audience-banner block"><div><div>home-hero</div></div><div><div><h2>Own hero</h2></div></div></div></main>
<script type="module" src="/eds/scripts.js"></script>`,
      }),
    );
    const scripts: Readonly<Record<string, string>> = {
      "scripts.js": `import decorate from "/eds/block.js"; history.replaceState({}, "", "/");
decorate(document.querySelector(".audience-banner"));`,
      "block.js": block,
    };
    await page.route("**/eds/*.js", (route) => {
      const body = scripts[route.request().url().split("/").at(-1) ?? ""] ?? "";
      return route.fulfill({ contentType: "text/javascript", body });
    });
    await page.goto(`${shop()}/eds/`);
    await hero(page).waitFor();
    expect(await page.getByText("Own hero").isVisible()).toBe(false);
    expect(await page.getByText("home-hero", { exact: true }).count()).toBe(0);
    await page.context().close();
  });

  it("everybody else sees the storefront's own, and so does who can't be answered", async () => {
    const nobody = await openStorefront(null);
    const asked = nobody.waitForResponse(/_audience\/banners\?path=%2F$/);
    await press(nobody, "Home");
    expect(await (await asked).json()).toEqual({ banners: [] });
    await own(nobody, 0).waitFor();
    const member = await openStorefront(vip);
    await press(member, "Home");
    await hero(member).waitFor();
    await member.route("**/_audience/banners?*", (route) => route.fulfill({ status: 502, body: "<html>" }));
    await press(member, "None");
    await own(member, 0).waitFor();
    await Promise.all([nobody.context().close(), member.context().close()]);
  });

  it("a strict policy with trusted types is kept, and nothing was thrown in any page", () => {
    expect(errors.filter((text) => !text.includes("502"))).toEqual([]);
  });

  it.each([1280, 390])(
    "fills the demo's headless page at %i pixels, whose cart goes on working",
    async (width) => {
      const page = await newPage(vip);
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${shop()}/headless/`);
      await page.getByRole("button", { name: "Add three Dawn Trail Tee" }).waitFor();
      await page.evaluate((module) => {
        document.querySelector(".intro")?.setAttribute("data-audience-banner", "home-hero");
        history.pushState({}, "", "/");
        const script = document.createElement("script");
        script.type = "module";
        script.src = module;
        document.head.append(script);
      }, MODULE);
      await hero(page).waitFor();
      const folder = process.env["SCREENSHOTS"];
      if (folder) await page.screenshot({ path: `${folder}/module-${width}.png` });
      await page.getByRole("button", { name: "Add three Dawn Trail Tee" }).click();
      await page.locator("[data-cart-count]", { hasText: "3 in the cart" }).waitFor();
      await page.context().close();
    },
  );
});
