/** The dashboard in a real browser: without JavaScript, by keyboard, from a link, and from another site. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
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
import { CHROMIUM, launchBrowser } from "./browser.ts";

const hostile = ['<img src=x onerror="alert(1)">', "\u202elive\u2066", "x".repeat(10_000)];
const audiences = [...hostile.map((name, index) => ({ ...VIP, id: `id-${index}`, name })), VIP];

let adobe: Adobe;
let edge: Edge;
let browser: Browser;
/** A page of somebody else's, with a link and a form that lead to the dashboard. */
let elsewhere: Server;
let home: string;

beforeAll(async () => {
  if (CHROMIUM === null) return;
  adobe = await startAdobe();
  edge = await openDashboard({ adobe, kv: { [LIST_KEY]: listOf(audiences) } });
  browser = await launchBrowser();
  home = `http://${HOST}:${edge.port}/`;
  elsewhere = createServer((_, response) => {
    const form = `<form method="post" action="${home}sync"><button>Win a prize</button></form>`;
    response.setHeader("content-type", "text/html").end(`<a href="${home}?q=vip">Look</a>${form}`);
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  elsewhere?.close();
  await Promise.all([browser?.close(), edge?.stop(), adobe?.stop()]);
});

async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<{
  context: BrowserContext;
  page: Page;
  hosts: Set<string>;
}> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  const hosts = new Set<string>();
  page.on("request", (request) => void hosts.add(new URL(request.url()).hostname));
  return { context, page, hosts };
}

async function signIn(page: Page): Promise<void> {
  await page.goto(home);
  // The field has the focus, so that a password manager or a paste is enough.
  await page.locator("#token:focus").waitFor();
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("table").waitFor();
}

const sorted = (page: Page) => page.locator("th[aria-sort]").innerText();

test.skipIf(CHROMIUM === null)(
  "an operator without JavaScript signs in, sorts and searches by keyboard",
  async () => {
    const { context, page, hosts } = await open();
    await signIn(page);
    expect(await sorted(page)).toBe("Last modified ↓");
    await page.getByRole("link", { name: "Name" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/?sort=name");
    expect(await sorted(page)).toBe("Name ↑");
    await page.getByRole("searchbox").fill("vip");
    await page.keyboard.press("Enter");
    await page.getByText("1 of 4").waitFor();
    expect(new URL(page.url()).search).toBe("?sort=name&q=vip");
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByText("The last sync kept the old list").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    expect(await context.cookies()).toEqual([]);
    expect([...hosts]).toEqual([HOST]);
    await context.close();
  },
);

test.skipIf(CHROMIUM === null)(
  "a link leads a signed-in operator in, and another site's form changes nothing",
  async () => {
    const { context, page } = await open();
    await signIn(page);
    const { port } = elsewhere.address() as AddressInfo;
    await page.goto(`http://elsewhere.localhost:${port}/`);
    await page.getByRole("link").click();
    await page.getByText("1 of 4").waitFor();
    const asked = adobe.seen.length;
    await page.goto(`http://elsewhere.localhost:${port}/`);
    await page.getByRole("button").click();
    await page.waitForURL("**/sync");
    expect(await page.getByRole("heading").innerText()).toMatch(/Sign in|Not done/);
    expect(adobe.seen.length).toBe(asked);
    await context.close();
  },
);

test.skipIf(CHROMIUM === null)(
  "hostile names run nothing and fit on a phone, and all of a name can be read",
  async () => {
    const { context, page } = await open({ javaScriptEnabled: true, viewport: { width: 320, height: 640 } });
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => void dialogs.push(dialog.message()));
    await signIn(page);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    await page.getByRole("link", { name: "xxxx" }).click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("x".repeat(10_000));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    expect(dialogs).toEqual([]);
    await context.close();
  },
);
