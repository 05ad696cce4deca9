/** `npm run store:check`: what it finds on stores of every kind, how it says it, and that it only looks. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parse } from "graphql";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { runSettings } from "../../cli/settings.ts";
import type { Finding } from "../../cli/store/finding.ts";
import { runStoreCheck } from "../../cli/store.ts";
import { startStore } from "../../demo/run.ts";
import { call, makeDeployment } from "./command-line.ts";
import {
  lumaPage,
  type Pretence,
  type PretendStore,
  plainSchema,
  startPretendStore,
} from "./pretend-store.ts";

const deployment = makeDeployment();
afterAll(() => deployment.remove());
const there = ["--config", deployment.config];

interface Report {
  readonly address: string;
  readonly reachable: boolean;
  readonly findings: readonly Finding[];
  readonly settings: { readonly WEBSITES: { readonly main: Readonly<Record<string, unknown>> } };
}

async function check(url: string, words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, output, errors } = await call(
    runStoreCheck,
    ["--origin", url, "--json", ...there, ...words],
    env,
  );
  expect([exitCode, errors]).toEqual([0, ""]);
  const report = JSON.parse(output) as Report;
  const find = (topic: string) => {
    const finding = report.findings.find((one) => one.topic === topic);
    return finding === undefined ? "none" : `${finding.level}: ${finding.found}`;
  };
  return { ...report, find, main: report.settings.WEBSITES.main };
}

async function open(pretence: Pretence = {}): Promise<PretendStore> {
  const store = await startPretendStore(pretence);
  onTestFinished(() => store.stop());
  return store;
}

async function checkPretence(
  pretence: Pretence,
  words?: readonly string[],
  env?: Readonly<Record<string, string>>,
) {
  return check((await open(pretence)).url, words, env);
}

test("it sends GETs and GraphQL queries, and nothing else", async () => {
  const store = await open();
  await check(store.url, [], { COMMERCE_ADMIN_PATH: "backoffice" });
  expect(store.received.length).toBeGreaterThan(15);
  expect(store.received.length).toBeLessThan(25);
  for (const { method, path, document } of store.received) {
    if (method === "GET" && document === null) continue;
    expect([method, path]).toEqual([expect.stringMatching(/^(GET|POST)$/), "/graphql"]);
    const kinds = parse(document ?? "").definitions.map((one) => "operation" in one && one.operation);
    expect(kinds).toEqual(["query"]);
  }
});

test("the demo store: Luma, open caching, dynamic blocks with audiences", async () => {
  const store = await startStore();
  onTestFinished(() => store.stop());
  const { find, findings } = await check(store.url);
  expect(findings.filter(({ level }) => level === "problem")).toEqual([]);
  expect(find("Base URL")).toBe(`fine: The store answers as ${store.url}.`);
  expect(find("Theme")).toBe("fine: Luma (Tarnfell/fell).");
  expect(find("Page cache")).toMatch(/^advice: Commerce leaves caching to Varnish or Fastly/);
  expect(find("Dynamic blocks")).toBe("advice: There is dynamicBlocks, with audience_id.");
  expect(find("Coupons")).toBe("fine: Several coupons a cart (applyCouponsToCart).");
  expect(find("Limits")).toBe("fine: Fields in a query: at most 300. Aliases: no limit seen.");
  expect(find("Sessions")).toBe("advice: GraphQL sets the session cookie PHPSESSID.");
  expect(find("GraphQL by GET")).toBe(
    "fine: Public data may be kept by shared caches, with X-Magento-Cache-Id.",
  );
  expect(find("CSP")).toBe(
    "fine: None is enforced on /, /women.html, /customer/account/login/, /checkout/cart/.",
  );
});

test.each(["http://shop.example", "https://shop.example"])(
  "a store that calls itself %s",
  async (baseUrl) => {
    const store = await startStore({ baseUrl });
    onTestFinished(() => store.stop());
    const { address, main, find } = await check(store.url);
    expect(address).toBe(baseUrl);
    expect(main).toMatchObject({ hosts: ["shop.example"], mode: "watch" });
    expect(find("Base URL")).toBe(
      baseUrl.startsWith("https:")
        ? `advice: The store at ${store.url} calls itself https://shop.example.`
        : "problem: The base URL is http://shop.example: https is redirected to http.",
    );
  },
);

test("a store that redirects https to itself does not believe X-Forwarded-Proto", async () => {
  const elsewhere = { status: 301, headers: { location: "https://127.0.0.1/" } };
  const { find } = await checkPretence({ pages: { "/": elsewhere } });
  expect(find("Base URL")).toBe("problem: https://127.0.0.1/ redirects to itself.");
});

test("a store that sends on, whatever name it is asked by", async () => {
  const { find } = await checkPretence(
    { pages: { "/": { status: 302, headers: { location: "http://other.example/" } } } },
    ["--host", "shop.example"],
  );
  expect(find("Base URL")).toMatch(
    /^problem: http:\/\/shop\.example sends everybody on to http:\/\/other\.exam/,
  );
});

test("a store view's code in the paths is followed and named", async () => {
  const pages = { "/": { status: 302, headers: { location: "/en/" } }, "/en/": {} };
  const root = {
    storeConfig: { store_code: "en" },
    availableStores: [
      { store_code: "en", use_store_in_url: true },
      { store_code: "fr", use_store_in_url: true },
      { store_code: "; drop", use_store_in_url: true },
    ],
  };
  const told = await checkPretence({ pages, root });
  expect(told.find("Store views")).toBe("advice: en, fr; in paths: en, fr.");
  expect(told.main["storeViews"]).toEqual(["en", "fr"]);
  const plain = await checkPretence({});
  expect([plain.find("Store views"), plain.main["storeViews"]]).toEqual(["fine: default.", []]);
  const silent = await checkPretence({ pages, schema: "type Query { storeConfig: String }" });
  expect(silent.main["storeViews"]).toEqual(["en"]);
});

test("Hyvä behind Fastly, with cookie restriction", async () => {
  const page = `<html><head><link href="/static/version1/frontend/Acme/hyva/en_US/css/styles.css">
<script>(function (hyva) {}(window.hyva = window.hyva || {}))</script></head>
<body><div id="notice-cookie-block"></div></body></html>`;
  const headers = {
    "x-served-by": "cache-fra-etou1, cache-bma-essb1",
    "x-timer": "S1795414952.1,VS0,VE2",
    "x-cache": "MISS, HIT",
    "cache-control": "no-store",
  };
  const { find, main, findings } = await checkPretence({ pages: { "/": { body: page, headers } } });
  const order = ["problem", "advice", "unseen", "fine"];
  expect(findings.map(({ level }) => order.indexOf(level))).toEqual(
    findings.map(({ level }) => order.indexOf(level)).toSorted(),
  );
  expect(find("Theme")).toBe("fine: Hyvä (Acme/hyva).");
  expect(find("Page cache")).toBe(
    "fine: Fastly is in front of Commerce (X-Cache: HIT on the second request).",
  );
  expect(find("Cookie notice")).toBe("advice: Commerce's cookie-restriction mode is on.");
  expect(main).toMatchObject({ storefront: "luma", consent: "required" });
});

const never = "max-age=0, must-revalidate, no-cache, no-store";
test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    "Varnish",
    { "x-magento-cache-debug": "HIT", "cache-control": never },
    "fine: Varnish is in front of Commerce",
  ],
  [
    "Varnish that shows itself",
    { via: "1.1 varnish (Varnish/7.4)" },
    "fine: Varnish is in front of Commerce.",
  ],
  [
    "an edge",
    { "cache-control": "max-age=86400, public, s-maxage=86400", pragma: "cache" },
    "advice: Commerce leaves caching to",
  ],
  [
    "itself",
    { "set-cookie": "PHPSESSID=1; path=/", "cache-control": never },
    "fine: It looks like Commerce's built-in",
  ],
  [
    "developer mode",
    { "x-magento-cache-control": "x", "x-magento-cache-debug": "MISS" },
    "advice: Commerce's built-in",
  ],
  ["nobody knows", { "cache-control": never }, "unseen: Nothing tells which cache there is"],
])("page cache: %s", async (_, headers, finding) => {
  const { find } = await checkPretence({ pages: { "/": { headers } } });
  expect(find("Page cache").startsWith(finding)).toBe(true);
});

test("raw <esi:include>: the menu would be missing", async () => {
  const esi = '<esi:include src="http://store.example/page_cache/block/esi/" />';
  const { find } = await checkPretence({ pages: { "/women.html": { body: lumaPage(esi) } } });
  expect(find("Menu")).toBe("problem: Raw <esi:include> in /women.html: nobody fills it in.");
});

test("an enforced CSP with a nonce, on a page that we edit and on one that we don't", async () => {
  const headers = {
    "content-security-policy":
      "default-src 'self'; img-src 'self' cdn.example a b c d; script-src 'nonce-abc'; style-src 'self'",
  };
  const home = await checkPretence({ pages: { "/": { headers } } });
  const cart = await checkPretence({ pages: { "/checkout/cart/": { headers } } });
  const frames = { "content-security-policy": "frame-ancestors 'self'; upgrade-insecure-requests" };
  const harmless = await checkPretence({ pages: { "/": { headers: frames } } });
  expect(home.find("CSP")).toBe("advice: Enforced on /, with nonces or hashes for scripts.");
  expect(home.findings.find(({ topic }) => topic === "CSP")?.todo).toBe(
    "In banners, take pictures from what img-src allows: 'self' cdn.example a b and 2 more; " +
      'use the theme\'s classes; style="…" is ignored.',
  );
  expect(cart.find("CSP")).toBe(
    "fine: Enforced on /checkout/cart/ alone, with nonces or hashes for scripts.",
  );
  expect(harmless.find("CSP")).toMatch(/^fine: None is enforced/);
});

test.each([
  ["PWA Studio", '<html data-media-backend="https://shop.example/media/"><body><div id="root"></div>'],
  [
    "Edge Delivery",
    '<head><script nonce="aem" src="/scripts/aem.js" type="module"></script></head><header></header>',
  ],
  ["AEM", '<link rel="stylesheet" href="/etc.clientlibs/venia/clientlibs/theme.css">'],
  ["Next.js", '<script src="/_next/static/chunks/main.js"></script><div id="__next"></div>'],
  ["Nuxt", '<div id="__nuxt"></div><script>window.__NUXT__={}</script>'],
])("a storefront apart from Commerce: %s", async (name, body) => {
  const { find, main } = await checkPretence({ pages: { "/": { body } } });
  expect(find("Theme")).toBe(`advice: ${name}, a storefront apart from Commerce.`);
  expect(main["storefront"]).toBe("headless");
  expect([find("Menu"), find("Cookie notice")]).toEqual(["none", expect.stringMatching(/^unseen: /)]);
});

const commerceSchema = `${plainSchema}
extend type Query {
  dynamicBlocks(input: DynamicBlocksFilterInput, pageSize: Int): DynamicBlocks
  recaptchaFormConfig(formType: ReCaptchaFormEnum!): ReCaptchaConfigOutput
}
input DynamicBlocksFilterInput { type: DynamicBlockTypeEnum! }
enum DynamicBlockTypeEnum { SPECIFIED }
type DynamicBlocks { items: [DynamicBlock] }
type DynamicBlock { uid: ID }
enum ReCaptchaFormEnum { COUPON_CODE }
type ReCaptchaConfigOutput { is_enabled: Boolean }
input ApplyCouponsToCartInput { cart_id: String }
`;
const withAudiences = commerceSchema.replace("{ uid: ID }", "{ uid: ID audience_id: [ID] }");
const root = {
  storeConfig: { store_code: "default" },
  dynamicBlocks: { items: [] },
  recaptchaFormConfig: { is_enabled: true },
};

test("what the schema has is seen, with introspection on and off", async () => {
  for (const introspection of [true, false]) {
    const without = await checkPretence({ schema: commerceSchema, root, introspection });
    const audiences = await checkPretence({ schema: withAudiences, root, introspection });
    const plain = await checkPretence({ introspection });
    expect(without.find("Dynamic blocks")).toBe("advice: There is dynamicBlocks, without audience_id.");
    expect(audiences.find("Dynamic blocks")).toBe("advice: There is dynamicBlocks, with audience_id.");
    expect(plain.find("Dynamic blocks")).toMatch(/^fine: There is no dynamicBlocks/);
    expect(audiences.find("Coupons")).toBe("fine: Several coupons a cart (applyCouponsToCart).");
    expect(plain.find("Coupons")).toBe("fine: One coupon a cart: there is no applyCouponsToCart.");
    expect(plain.find("Introspection")).toBe(
      introspection ? "fine: The schema can be read by anybody." : "fine: The schema can't be read.",
    );
  }
});

test("a captcha on coupons: by GraphQL, by the cart page, and where neither tells", async () => {
  const captcha = (isRequired: boolean) => ({
    "/checkout/cart/": {
      body: lumaPage(`{"captcha":{"sales_rule_coupon_request":{"imageSrc":"","isRequired":${isRequired}}}}`),
    },
  });
  const off = { ...root, recaptchaFormConfig: { is_enabled: false } };
  const asked = async (pretence: Pretence) => (await checkPretence(pretence)).find("Captcha");
  expect(await asked({ schema: commerceSchema, root })).toBe("problem: Coupons ask for a reCAPTCHA.");
  expect(await asked({ schema: commerceSchema, root: off })).toBe("fine: Coupons ask for no reCAPTCHA.");
  expect(await asked({ pages: captcha(true) })).toBe("problem: Coupons ask for a captcha.");
  expect(await asked({ pages: captcha(false) })).toMatch(/^unseen: /);
});

test("limits, sessions and caching of GraphQL", async () => {
  const cookie = { "set-cookie": "PHPSESSID=1; path=/", "cache-control": "no-store" };
  const tight = await checkPretence({ aliasLimit: 10, complexityLimit: 120, graphqlHeaders: cookie });
  const loose = await checkPretence({ graphqlHeaders: { "cache-control": "public, s-maxage=60" } });
  expect(tight.find("Limits")).toBe("advice: Fields in a query: at most 120. Aliases: at most 10.");
  expect(loose.find("Limits")).toBe("fine: Fields in a query: no limit seen. Aliases: no limit seen.");
  const meaning = ({ findings }: typeof tight) => findings.find(({ topic }) => topic === "Limits")?.means;
  expect([meaning(tight), meaning(loose)]).toEqual([
    expect.stringMatching(/^What we add to a document stays within them/),
    expect.stringMatching(/^In developer mode Commerce counts nothing/),
  ]);
  expect(tight.find("Sessions")).toMatch(/^advice: /);
  expect(loose.find("Sessions")).toMatch(/^fine: /);
  expect(tight.find("GraphQL by GET")).toMatch(/kept by no shared cache, without X-Magento-Cache-Id/);
  expect(loose.find("GraphQL by GET")).toMatch(/may be kept by shared caches, without X-Magento-Cache-Id/);
});

test("the admin: at /admin, moved, and not where we were told", async () => {
  const admin = { body: '<body id="html-body" class="adminhtml-auth-login"><form id="login-form"></form>' };
  const asked = async (pages: Pretence["pages"], path: string) =>
    (await checkPretence({ ...(pages && { pages }) }, [], { COMMERCE_ADMIN_PATH: path })).find("Admin path");
  expect(await asked({ "/admin": admin }, "")).toBe(
    "advice: The admin is at /admin, where everybody looks for it.",
  );
  expect(await asked({}, "")).toBe("advice: The admin is not at /admin.");
  expect(await asked({ "/office_x7": admin }, "office_x7")).toBe(
    "fine: COMMERCE_ADMIN_PATH leads to the admin.",
  );
  expect(await asked({}, "office_x7")).toMatch(
    /^problem: There is no admin at the path in COMMERCE_ADMIN_PATH/,
  );
});

test("no GraphQL: told once, and asked by GET and by POST", async () => {
  const store = await open({ pages: { "/graphql": { status: 404, body: "<h1>404</h1>" } } });
  const { find } = await check(store.url);
  expect(find("GraphQL")).toBe("problem: /graphql is not GraphQL: it answers 404.");
  expect(find("Coupons")).toBe("none");
  expect(store.received.filter(({ path }) => path === "/graphql")).toHaveLength(2);
});

test("a GraphQL that refuses GETs is asked by POST all the same", async () => {
  const { find } = await checkPretence({ schema: commerceSchema, root, byGet: false });
  expect(find("Coupons")).toBe("fine: Several coupons a cart (applyCouponsToCart).");
  expect(find("GraphQL by GET")).toMatch(/^unseen: /);
});

test("rubbish is no Commerce, and no crash", async () => {
  const rubbish = [
    '{"data":',
    "\u0000\uffff<<<",
    '{"errors":"no","data":7}',
    "[]",
    "null",
    '{"errors":[null,7]}',
  ];
  for (const body of rubbish) {
    const { findings } = await checkPretence({ pages: { "*": { body, type: "text/html" } } });
    expect(findings.length).toBeGreaterThan(0);
    if (!body.includes("errors")) expect(findings.map(({ topic }) => topic)).toEqual(["Commerce"]);
  }
});

test("a store that never answers: exit code 1 and one sentence, for machines too", async () => {
  const store = await open({ pages: { "*": "hang" } });
  const words = ["--origin", store.url, "--patience", "0.2", ...there];
  const said = await call(runStoreCheck, words);
  expect([said.exitCode, said.output]).toEqual([1, ""]);
  expect(said.errors).toBe(`${store.url} can't be reached: no answer in 0.2 seconds.\n`);
  const machine = await call(runStoreCheck, [...words, "--json"]);
  expect(machine.exitCode).toBe(1);
  expect(JSON.parse(machine.output)).toMatchObject({ reachable: false, findings: [], settings: null });
  const nobody = await call(runStoreCheck, ["--origin", "http://127.0.0.1:9", ...there]);
  expect([nobody.exitCode, nobody.errors]).toEqual([1, expect.stringMatching(/^Nothing answers at /)]);
});

test("a store that stops answering is soon left in peace", async () => {
  const store = await open({ pages: { "/": {}, "*": "hang" } });
  const { find } = await check(store.url, ["--patience", "2"]);
  expect(store.received.filter(({ path }) => path !== "/")).toHaveLength(2);
  expect(find("Theme")).toMatch(/^fine: Luma/);
  expect(find("GraphQL")).toMatch(/^problem: .* not asked, the store had stopped answering\.$/);
});

test("the settings that it writes are right settings, and never over a file that is there", async () => {
  const store = await open({ pages: { "/": { body: lumaPage('<div id="notice-cookie-block">') } } });
  const file = join(deployment.folder, "starter.toml");
  const words = ["--origin", store.url, "--host", "shop.example", "--write", file, ...there];
  expect((await call(runStoreCheck, words)).exitCode).toBe(0);
  const written = readFileSync(file, "utf8");
  const again = await call(runStoreCheck, words);
  expect([again.exitCode, again.errors]).toEqual([2, expect.stringContaining("is there already")]);
  const made = makeDeployment(written);
  onTestFinished(() => made.remove());
  const checked = await call(runSettings, ["--config", made.config]);
  expect([checked.exitCode, checked.errors]).toEqual([0, ""]);
  expect(checked.output).toContain("  main: shop.example (luma, watch), a route on the shop's own zone\n");
  expect(written).toContain('consent = "required"');
  const explicit = makeDeployment(written.replace("# origin", "origin"));
  onTestFinished(() => explicit.remove());
  expect((await call(runSettings, ["--config", explicit.config])).exitCode).toBe(0);
});

test("the page: problems first, 80 columns, and the same words with and without colour", async () => {
  const store = await open({ pages: { "/": { body: lumaPage("<esi:include src='/x'/>") } } });
  const words = ["--origin", store.url, ...there];
  const plain = await call(runStoreCheck, words);
  const coloured = await call(runStoreCheck, words, { FORCE_COLOR: "1", NO_COLOR: "" });
  expect(coloured.output).not.toBe(plain.output);
  expect(stripVTControlCharacters(coloured.output)).toBe(plain.output);
  expect(stripVTControlCharacters(plain.output)).toBe(plain.output);
  const [page = "", table = ""] = plain.output.split("Settings to start with, for wrangler.toml\n");
  expect(plain.output.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(page).toMatch(/^http:\S+\n1 problem, .*\n\nProblems\n {2}Menu /);
  const headings = [...page.matchAll(/^(Problems|To do, or to know|Not seen from here|Fine)$/gm)];
  expect(headings.map(([title]) => title)).toEqual([
    "Problems",
    "To do, or to know",
    "Not seen from here",
    "Fine",
  ]);
  expect(table).toMatch(/^# What npm run store:check found at .*\n\[vars\.WEBSITES\.main\]\n/);
});

test("megabytes of half a tag are read as fast as a page", async () => {
  const half = [
    "<a x",
    "<meta http-equiv=",
    '<html x class="',
    'href="/scripts',
    '"sales_rule_coupon_request":{',
  ];
  for (const piece of half) {
    const { findings } = await checkPretence({
      pages: { "*": { body: piece.repeat(2_000_000 / piece.length) } },
    });
    expect(findings.map(({ topic }) => topic)).toEqual(["Commerce"]);
  }
}, 120_000);

test("a store's words can't steer the terminal", async () => {
  const meta = '<meta http-equiv="Content-Security-Policy" content="img-src \u001b[2J\u009b1A evil">';
  const store = await open({
    pages: { "/": { body: lumaPage(meta) } },
    schema:
      "type Query { storeConfig: StoreConfig } type StoreConfig { store_code: ID website_code: ID base_url: String }",
    root: { storeConfig: { store_code: "\u001b]0;x\u0007" } },
  });
  const { output } = await call(runStoreCheck, ["--origin", store.url, ...there]);
  expect(output).toContain("img-src allows: \ufffd[2J\ufffd1A");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("what can't be meant is one sentence", async () => {
  const wrong: readonly (readonly string[])[] = [
    [],
    ["--origin", "https://shop.example/women"],
    ["--origin", "ftp://shop.example"],
    ["--origin", "http://127.0.0.1:9", "--patience", "soon"],
    ["--origin", "http://127.0.0.1:9", "--graphql-path", "graphql?x"],
    ["https://shop.example"],
  ];
  for (const words of wrong) {
    const said = await call(runStoreCheck, [...words, ...there]);
    expect([said.exitCode, said.output]).toEqual([2, ""]);
    expect(said.errors.trimEnd().split("\n")).toHaveLength(1);
  }
});
