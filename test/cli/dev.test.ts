/** `npm run dev`: the Worker in front of a store that knows only its own base URL, and a browser at localhost. */

import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDeployment } from "../../cli/deployment.ts";
import { type Dev, type DevOptions, startDev } from "../../cli/dev/session.ts";
import type { Answered } from "../../cli/dev/translator.ts";
import { startStore } from "../../demo/run.ts";
import { send } from "../worker/edge.ts";
import { openBrowser } from "./browser.ts";
import { makeDeployment, type TestDeployment } from "./command-line.ts";
import { picture, type StrictStore, startStrictStore } from "./strict-store.ts";

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";

const campaigns = (words: string) =>
  JSON.stringify({
    audiences: { vip: VIP },
    banners: [
      {
        id: "hero",
        paths: ["/"],
        selector: "#hero",
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<p>${words}</p>` } }],
      },
    ],
  });

const deployment = makeDeployment('[vars.WEBSITES.main]\nhosts = ["shop.example"]\nmode = "watch"\n');
afterAll(() => deployment.remove());

interface Running {
  readonly dev: Dev;
  readonly lines: string[];
  readonly answers: Answered[];
}

async function start(
  there: TestDeployment,
  options: Partial<DevOptions> & { origin: URL },
): Promise<Running> {
  const lines: string[] = [];
  const answers: Answered[] = [];
  const dev = await startDev({
    deployment: readDeployment({ config: there.config }),
    host: null,
    port: 0,
    website: null,
    campaigns: null,
    trust: "certificate",
    localState: null,
    onAnswer: (answered) => answers.push(answered),
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { dev, lines, answers };
}

describe("the demo store under its own name", () => {
  let store: Awaited<ReturnType<typeof startStore>>;
  let running: Running;

  beforeAll(async () => {
    store = await startStore({ baseUrl: "http://store.example/" });
    const file = deployment.write("demo.json", campaigns("Good evening, regular"));
    running = await start(deployment, { origin: new URL(store.url), campaigns: file });
  });

  afterAll(async () => {
    await running?.dev.stop();
    await store?.stop();
  });

  test("a shopper signs in, fills the cart and signs out without ever leaving localhost", async () => {
    const browser = openBrowser(running.dev.url);
    const signIn = await browser.open("/customer/account/login/");
    const formKey = fieldOf(signIn.text, "form_key");
    const account = await browser.submit("/customer/account/loginPost/", {
      form_key: formKey,
      "login[username]": "ada@tarnfell.example",
      "login[password]": "Trailhead-42",
    });
    expect(account.url).toBe(`${running.dev.url}/customer/account/`);
    expect(account.text).toContain("Ada Thwaite");
    expect(browser.cookies.has("X-Magento-Vary")).toBe(true);

    const category = await browser.open("/women.html");
    const action = /action="([^"]*\/checkout\/cart\/add\/[^"]*)"/.exec(category.text)?.[1] ?? "";
    expect(action.startsWith(`${running.dev.url}/`)).toBe(true);
    const product = /\/product\/(\d+)/.exec(action)?.[1] ?? "";
    const after = await browser.submit(action, {
      form_key: browser.cookies.get("form_key") ?? formKey,
      product,
    });
    expect(after.url).toBe(`${running.dev.url}/women.html`);
    const cart = await browser.open("/checkout/cart/");
    expect(cart.text).toContain("data-cart-item-id=");

    const farewell = await browser.open("/customer/account/logout/");
    expect(farewell.url).toBe(`${running.dev.url}/customer/account/logoutSuccess/`);
    expect(browser.cookies.has("X-Magento-Vary")).toBe(false);
    expect((await browser.open("/customer/account/")).url).toBe(`${running.dev.url}/customer/account/login/`);
  });

  test("a member sees their hero, everybody else the store's own, and both at localhost", async () => {
    const guest = await openBrowser(running.dev.url).open("/");
    const browser = openBrowser(running.dev.url);
    browser.setCookie("aep-segments-membership", VIP);
    const member = await browser.open("/");
    expect(guest.text).not.toContain("Good evening, regular");
    expect(member.text).toContain("<p>Good evening, regular</p></section>");
    expect(member.text.replace(heroPattern, "")).toBe(guest.text.replace(heroPattern, ""));
    expect(guest.text).not.toContain("store.example");
  });

  test("the store is asked what it calls itself", () => {
    expect(running.dev.base.origin).toBe("http://store.example");
    expect(running.lines).toContain("The store calls itself http://store.example, so it is asked as that.");
  });
});

const heroPattern = /<section id="hero".*?<\/section>/s;

describe("a store that expects https in front of it", () => {
  let store: StrictStore;
  let running: Running;
  let file: string;

  beforeAll(async () => {
    store = await startStrictStore("https://shop.example/");
    file = deployment.write("strict.json", campaigns("first"));
    running = await start(deployment, { origin: store.origin, host: "shop.example", campaigns: file });
  });

  afterAll(async () => {
    await running?.dev.stop();
    await store?.stop();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(running.dev.url + path, { headers, redirect: "manual" });

  test("it is asked as in production: its own host, and https as the scheme", async () => {
    await get("/", { origin: running.dev.url, referer: `${running.dev.url}/women.html?a=b%20c` });
    const headers = store.seen.at(-1)?.headers ?? {};
    expect(running.dev.base.origin).toBe("https://shop.example");
    expect([headers.host, headers["x-forwarded-proto"], headers.origin, headers.referer]).toEqual([
      "shop.example",
      "https",
      "https://shop.example",
      "https://shop.example/women.html?a=b%20c",
    ]);
  });

  test("addresses in every spelling lead to localhost, and nothing else is touched", async () => {
    const { host } = new URL(running.dev.url);
    const text = await (await get("/")).text();
    expect(text.split("\n")).toEqual([
      '<div id="hero"><p>the store\'s own</p></div>',
      `<a href="http://${host}/women.html">`,
      `<img src="//${host}/media/logo.png">`,
      `{"url":"http:\\/\\/${host}\\/cart\\/"}`,
      `var url = 'http\\u003A\\u002F\\u002F${host.replace(":", "\\u003A")}\\u002Fcustomer\\u002F';`,
      `<a href="/go?to=${encodeURIComponent(`http://${host}/x`)}">`,
      '"mage/cookies": { "domain": "", "secure": false }',
      "café <a href='http://elsewhere.example/'>",
      "https://shop.example.evil.test/",
    ]);
    expect(await (await get("/section.json")).json()).toEqual({ url: `http://${host}/cart/` });
    expect(Buffer.from(await (await get("/media/logo.png")).arrayBuffer())).toEqual(picture);
  });

  test("cookies and policies hold on plain localhost", async () => {
    const { headers } = await get("/", { "accept-encoding": "zstd, gzip" });
    expect(headers.getSetCookie()).toEqual([
      "PHPSESSID=abc; path=/; HttpOnly",
      "__Host-key=1; path=/; Secure",
      "other=1; path=/; domain=elsewhere.example",
    ]);
    const { host } = new URL(running.dev.url);
    expect(headers.get("content-security-policy")).toBe(`img-src shop.example data: ${host}`);
    expect(headers.get("strict-transport-security")).toBe(null);
    expect(headers.get("link")).toBe(`<http://${host}/style.css>; rel=preload`);
    const checkout = await get("/checkout/");
    expect(checkout.headers.get("content-security-policy")).toBe(null);
    expect(checkout.headers.get("content-security-policy-report-only")).toContain("sha256");
  });

  test("a page that is still being made is shown as far as it is", async () => {
    const reader = (await get("/slow.html")).body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain("first half");
    store.finishSlowPage();
    let rest = "";
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      rest += Buffer.from(next.value).toString();
    }
    expect(rest).toContain("second half");
  });

  test("a websocket reaches the store under its own name", async () => {
    const { port, origin } = new URL(running.dev.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(
          `GET /live HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\n` +
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ),
      );
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1");
        if (!text.includes("hello")) return;
        socket.destroy();
        resolve(text);
      });
      socket.on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer.toLowerCase()).toContain("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=");
    const headers = store.seen.find(({ method }) => method === "UPGRADE")?.headers ?? {};
    expect([headers.host, headers.origin]).toEqual(["shop.example", "https://shop.example"]);
  });

  test("a body goes to the store byte for byte", async () => {
    const body = '{"query":"mutation { a }","variables":{"text":"caf\u00e9 %2F"}}';
    const headers = { "content-type": "application/json" };
    await fetch(`${running.dev.url}/graphql?a=%2F+b`, { method: "POST", headers, body });
    const { url, body: arrived } = store.seen.at(-1) ?? { url: "", body: "" };
    expect([url, arrived]).toEqual(["/graphql?a=%2F+b", body]);
    const stream = new Blob([body]).stream();
    const uncounted = { method: "POST", headers, body: stream, duplex: "half" } as const;
    await fetch(`${running.dev.url}/graphql`, uncounted);
    expect(store.seen.at(-1)?.body).toBe(body);
  });

  test("only names of this machine are answered", async () => {
    const port = Number(new URL(running.dev.url).port);
    expect((await send(port, "/", { host: `127.0.0.1:${port}` })).status).toBe(200);
    expect((await send(port, "/", { host: `evil.example:${port}` })).status).toBe(421);
  });

  test("what the Worker decided is told with the page, and not to the browser", async () => {
    const before = running.answers.length;
    const { headers } = await get("/", { cookie: `aep-segments-membership=${VIP}` });
    expect(headers.get("edge-audiences-plan")).toBe(null);
    const told = () => running.answers.slice(before).find(({ path }) => path === "/");
    await expect.poll(told).toBeDefined();
    expect(JSON.parse(told()?.plan ?? "{}")).toMatchObject({
      plan: "personalize",
      banners: [{ banner: "hero", variant: "vip", reason: "condition-holds" }],
    });
  });

  test("a changed campaigns file is live after a moment, and a wrong one leaves the live one alone", async () => {
    const hero = async () => {
      const page = await get("/", { cookie: `aep-segments-membership=${VIP}` });
      return /<div id="hero"[^>]*>(.*)<\/div>/.exec(await page.text())?.[1];
    };
    expect(await hero()).toBe("<p>first</p>");
    deployment.write("strict.json", campaigns("second"));
    await expect.poll(hero, { timeout: 10_000 }).toBe("<p>second</p>");
    deployment.write("strict.json", readFileSync(file, "utf8").replace('"selector"', '"selektor"'));
    const told = () => running.lines.find((line) => line.includes("what was live stays live"));
    await expect.poll(told, { timeout: 10_000 }).toContain('did you mean "selector"');
    expect(await hero()).toBe("<p>second</p>");
  });

  test("a developer becomes a member by a form, which no other site can send", async () => {
    const page = await (await get("/__shopper")).text();
    expect(page).toContain(`value="${VIP}"`);
    const choose = (origin: string) =>
      fetch(`${running.dev.url}/__shopper`, {
        method: "POST",
        headers: { origin },
        body: new URLSearchParams({ id: VIP }),
        redirect: "manual",
      });
    const chosen = await choose(running.dev.url);
    expect(chosen.headers.getSetCookie()).toEqual([`aep-segments-membership=${VIP}; Path=/; SameSite=Lax`]);
    expect((await choose("http://evil.example")).status).toBe(403);
  });

  test("the dashboard is there under its own name", async () => {
    const { port } = new URL(running.dev.url);
    const answer = await send(Number(port), "/", { host: `admin.localhost:${port}` });
    expect(answer.status).toBe(401);
  });
});

test("a store that is not running is told at once", async () => {
  const origin = new URL("http://127.0.0.1:9");
  await expect(start(deployment, { origin })).rejects.toThrow("Nothing answers at http://127.0.0.1:9");
});

function fieldOf(html: string, name: string): string {
  return new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? "";
}
