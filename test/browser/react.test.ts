/** docs/headless.md's recipes for React, taken from the page, with real React: rendered, hydrated, navigated, never broken. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import type { StorefrontProps } from "./react-storefront.tsx";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const folder = fileURLToPath(new URL(".", import.meta.url));
const text = readFileSync(new URL("../../docs/headless.md", import.meta.url), "utf8");

/** An import of `recipe:<file>` is that file of docs/headless.md. */
const recipes: Plugin = {
  name: "recipes",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^recipe:/ }, ({ path }) => ({ path: path.slice(7), namespace: "recipe" }));
    onLoad({ filter: /./, namespace: "recipe" }, ({ path }) => {
      const [, loader, contents] = new RegExp(`\`\`\`(jsx?)\n// ${path}\n(.*?)\`\`\``, "s").exec(text) ?? [];
      if (contents === undefined) return { errors: [{ text: `docs/headless.md has no ${path}` }] };
      return { contents, loader: loader === "jsx" ? "jsx" : "js", resolveDir: folder };
    });
  },
};

const inBrowser = `
  import { createElement } from "react";
  import { hydrateRoot } from "react-dom/client";
  import { AudienceBanner } from "recipe:components/AudienceBanner.jsx";
  import { createStorefront } from "./react-storefront.tsx";
  const late = new Promise((arrive) => addEventListener("late", arrive, { once: true }));
  const props = JSON.parse(document.getElementById("props").textContent);
  hydrateRoot(document.getElementById("root"), createElement(createStorefront(AudienceBanner, late), props));`;

const onServer = `
  import { createElement } from "react";
  import { renderToReadableStream } from "react-dom/server.edge";
  import { AudienceBanner } from "recipe:components/AudienceBanner.jsx";
  import { createStorefront } from "./react-storefront.tsx";
  export { getBanners } from "recipe:lib/audience-banners.js";
  const Storefront = createStorefront(AudienceBanner, Promise.resolve());
  export async function render(props) {
    const stream = await renderToReadableStream(createElement(Storefront, props));
    await stream.allReady;
    return new Response(stream).text();
  }`;

interface Server {
  render(props: StorefrontProps): Promise<string>;
  getBanners(path: string, sent: Headers): Promise<{ readonly html: Readonly<Record<string, string>> }>;
}

/** The build of React that developers run: it says most about what it finds wrong. */
async function bundle(contents: string, platform: "browser" | "node"): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: "js" },
    bundle: true,
    write: false,
    platform,
    format: platform === "browser" ? "esm" : "cjs",
    jsx: "automatic",
    external: ["/_audience/*"],
    plugins: [recipes],
  });
  return outputFiles[0]?.text ?? "";
}

async function loadServer(): Promise<Server> {
  const module = { exports: {} };
  const run = new Function("module", "require", await bundle(onServer, "node"));
  run(module, createRequire(import.meta.url));
  return module.exports as Server;
}

describe.skipIf(CHROMIUM === null)("a storefront of real React", () => {
  let demo: RunningDemo;
  let browser: Browser;
  let server: Server;
  let client: string;
  const errors: string[] = [];

  beforeAll(async () => {
    [demo, browser, server, client] = await Promise.all([
      startDemo({ website: { budgetMs: 5_000 } }),
      launchBrowser(),
      loadServer(),
      bundle(inBrowser, "browser"),
    ]);
    process.env["AUDIENCE_URL"] = demo.url;
  });
  afterAll(async () => {
    delete process.env["AUDIENCE_URL"];
    await browser?.close();
    await demo?.stop();
  });

  const shop = () => `http://shop.demo.localhost:${new URL(demo.url).port}`;

  async function newPage(audience: string | null): Promise<Page> {
    const context = await browser.newContext();
    if (audience !== null)
      await context.addCookies([{ name: "aep-segments-membership", value: audience, url: shop() }]);
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) errors.push(message.text());
    });
    page.on("pageerror", (error) => void errors.push(error.message));
    return page;
  }

  /** The shop's home, rendered by React on a server: with the shopper's hero in it, or with everybody's; hydrated. */
  async function openHome(page: Page, rendered: "for the shopper" | "for everybody") {
    await page.route(`${shop()}/`, async (route) => {
      const sent = new Headers({ cookie: (await route.request().headerValue("cookie")) ?? "" });
      const { html } = rendered === "for the shopper" ? await server.getBanners("/", sent) : { html: {} };
      const props = { path: "/", hero: html["home-hero"] ?? null };
      const json = JSON.stringify(props).replaceAll("<", "\\u003c");
      return route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `<!doctype html><html lang="en"><title>React</title><link rel="icon" href="data:,">
<div id="root">${await server.render(props)}</div>
<script type="application/json" id="props">${json}</script><script type="module" src="/react.js"></script>`,
      });
    });
    await page.route("**/react.js", (route) =>
      route.fulfill({ contentType: "text/javascript; charset=utf-8", body: client }),
    );
    await page.goto(`${shop()}/`);
    await page.locator("html[data-hydrated]").waitFor();
  }

  const press = (page: Page, name: string) => page.getByRole("button", { name }).click();
  const heroes = (page: Page) => page.getByRole("heading", { name: "The light is on, and 20% is off" });
  const hero = (page: Page) => heroes(page).first();

  it("hydrates, shows a member their hero, and goes on changing its own nodes below it", async () => {
    const page = await newPage(vip);
    await openHome(page, "for everybody");
    await hero(page).waitFor();
    for (const ticks of [1, 2, 3]) {
      await press(page, "Tick");
      await page.getByText(`${ticks} ticks`).waitFor();
      await page.locator("#own", { hasText: `Own hero, ${ticks}` }).waitFor({ state: "attached" });
      expect(await page.locator("#own").isVisible()).toBe(false);
      await hero(page).waitFor();
    }
    await page.context().close();
  });

  it("navigates away, where the element goes, and back, by its router and by the browser", async () => {
    const page = await newPage(vip);
    await openHome(page, "for everybody");
    await hero(page).waitFor();
    await press(page, "None");
    await page.getByRole("heading", { name: "Nothing to see" }).waitFor();
    expect(await heroes(page).count()).toBe(0);
    await press(page, "Home");
    await hero(page).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Nothing to see" }).waitFor();
    await page.goForward();
    await hero(page).waitFor();
    await page.context().close();
  });

  it("a part that hydrates later is not touched before, and is filled then", async () => {
    const page = await newPage(vip);
    await openHome(page, "for everybody");
    await hero(page).waitFor();
    expect(await page.getByText("Own late hero").isVisible()).toBe(true);
    await page.evaluate(() => dispatchEvent(new Event("late")));
    await page.locator("aside").getByRole("heading").waitFor();
    expect(await page.getByText("Own late hero").isVisible()).toBe(false);
    await page.context().close();
  });

  it("a server that asks renders the hero into the first bytes, and React hydrates it as its own", async () => {
    const page = await newPage(vip);
    await openHome(page, "for the shopper");
    expect(await hero(page).isVisible()).toBe(true);
    await press(page, "Tick");
    await page.getByText("1 ticks").waitFor();
    expect(await hero(page).isVisible()).toBe(true);
    await page.context().close();
  });

  it("everybody else sees React's own, from either", async () => {
    for (const rendered of ["for everybody", "for the shopper"] as const) {
      const page = await newPage(null);
      const asked = page.waitForResponse(/_audience\/banners\?path=%2F$/);
      await openHome(page, rendered);
      expect(await (await asked).json()).toEqual({ banners: [] });
      await press(page, "Tick");
      await page.locator("h2#own", { hasText: "Own hero, 1" }).waitFor();
      expect(await heroes(page).count()).toBe(0);
      await page.context().close();
    }
  });

  it("without the module React's own stays, and nothing is thrown", async () => {
    const page = await newPage(vip);
    await page.route("**/_audience/banners.js", (route) => route.fulfill({ status: 502 }));
    const failed = page.waitForResponse(/banners\.js$/);
    await openHome(page, "for everybody");
    await failed;
    await press(page, "Tick");
    await page.locator("h2#own", { hasText: "Own hero, 1" }).waitFor();
    await page.context().close();
  });

  it("React has found nothing wrong in any of these pages", () => {
    expect(errors.filter((text) => !text.includes("502"))).toEqual([]);
  });
});
