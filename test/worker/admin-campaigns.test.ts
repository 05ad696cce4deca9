/** The page of the campaigns: what is live, for whom, where and when, what is wrong, and what uses an audience. */

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Dashboards,
  get,
  HOST,
  LIST_KEY,
  LIVE_SEARCH,
  listOf,
  startDashboards,
  UNDATED,
  VIP,
  withToken,
} from "./dashboard.ts";
import type { Edge } from "./edge.ts";

let dashboards: Dashboards;

beforeAll(async () => {
  dashboards = await startDashboards();
});
afterAll(() => dashboards.stop());

const open: Dashboards["open"] = (options) => dashboards.open(options);

const hero = (more: object = {}) => ({
  id: "hero",
  paths: ["/"],
  selector: "#hero",
  variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<h2>Welcome back</h2>" } }],
  ...more,
});
const GONE = "00000000-0000-4000-8000-000000000000";

async function publish(edge: Edge, banners: readonly object[], offers: readonly object[] = []) {
  const file = { audiences: { vip: VIP.id, gone: GONE }, banners, offers };
  const body = JSON.stringify(file);
  const headers = [...withToken, ["if-match", '"v0"'], ["content-length", String(body.length)]] as const;
  const answer = await edge.send("/api/campaigns", { host: HOST, method: "PUT", headers, body });
  expect(answer.status).toBe(200);
}

test("a merchandiser reads what is live, for whom, where and when, and what needs a look", async () => {
  const edge = await open();
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  await publish(
    edge,
    [
      hero({ device: "mobile", schedule: { from: `${day(-9)}Z`, until: `${day(9)}Z` } }),
      hero({ id: "advent", paths: ["/sale/*"], schedule: { from: `${day(3)}Z` } }),
      hero({ id: "summer", selector: "#summer", schedule: { until: `${day(-3)}Z` } }),
    ],
    [{ id: "off", for: { any: ["gone"] }, coupon: "GONE20", exclusive: true }],
  );
  const answer = await get(edge, "/campaigns", withToken);
  expect(answer.status).toBe(200);
  const page = answer.text();
  expect(page).toMatch(/Live is <a href="\/history#v1">version 1<\/a> by operator, by token/);
  expect(page).toContain("<small>1 live, 1 planned, 1 over</small>");
  expect(page).toContain("<bdi>/, at #hero, on mobile only</bdi>");
  expect(page).toContain("everything under /sale/, at #hero");
  expect(page).toContain("<b>vip</b> for <bdi>shoppers in vip</bdi>");
  expect(page).toContain("“Welcome back”");
  expect(page).toMatch(/\(begins in \d days\).*\(ended \d days ago\)/);
  expect(page).toContain("<code>GONE20</code>, exclusive");
  expect(page).toContain('2 need a look</h2><ul><li><a href="#banner-summer">summer</a>: <bdi>over since');
  expect(page).toContain(
    `<a href="#offer-off">off</a>: <bdi>the audience gone (${GONE}) is not in the synced list of shop`,
  );
  expect(page).toContain('<a href="/campaigns" aria-current="page">Campaigns</a>');
});

test("each audience shows which banners and offers use it", async () => {
  const edge = await open();
  await publish(edge, [hero()], [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20" }]);
  const page = (await get(edge, "/?q=vip", withToken)).text();
  expect(page).toMatch(/<th scope="col" class="c-used"><a href="[^"]+">Used by<\/a><\/th>/);
  expect(page).toContain(
    '<a class="use" href="/campaigns?q=hero#banner-hero">hero</a>' +
      '<a class="use" href="/campaigns?q=off#offer-off">off</a>',
  );
  expect((await get(edge, "/?q=no-date", withToken)).text()).not.toContain('class="use"');
});

test("an audience has a page of its own: what Adobe says, what uses it, what was noted of it, and Try it", async () => {
  const told = { ...VIP, description: "Who buys <often>", websites: ["shop"] };
  const edge = await open({ kv: { [LIST_KEY]: listOf([told, UNDATED]) } });
  await publish(edge, [hero()], [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20" }]);
  const answer = await get(edge, `/audiences/${VIP.id}`, withToken);
  const page = answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain("<h1><bdi>VIP</bdi></h1>");
  expect(page).toContain("<bdi>Who buys &lt;often&gt;</bdi>");
  expect(page).toContain('<b class="edge">edge</b> <small class="muted">decided during the visit</small>');
  expect(page).toContain(
    '<a href="/campaigns?q=hero#banner-hero">hero</a> <small class="muted">banner</small>',
  );
  expect(page).toContain('<a href="/campaigns?q=off#offer-off">off</a> <small class="muted">offer</small>');
  expect(page).toContain(`<a class="button" href="/try?for=${VIP.id}">`);
  expect(page).toContain("Version 1 brought the name vip");
  expect((await get(edge, `/audiences/${UNDATED.id}`, withToken)).text()).toContain("Nothing. No banner");
});

test("an audience that vanished but is used still has its page; one that nobody knows has none", async () => {
  const edge = await open();
  await publish(edge, [], [{ id: "off", for: { any: ["gone"] }, coupon: "GONE20" }]);
  const gone = await get(edge, `/audiences/${GONE}`, withToken);
  expect([gone.status, gone.text().includes("does not have this audience")]).toEqual([200, true]);
  for (const id of ["nobody", "%3Cscript%3E", "a%20b"]) {
    const answer = await get(edge, `/audiences/${id}`, withToken);
    expect([id, answer.status, answer.text().includes("<script")]).toEqual([id, 404, false]);
  }
});

test("a banner that promises what its audience can't get needs a look, in words", async () => {
  const edge = await open();
  const promise = { put: { content: "<p>Use code VIP20, or code NOSUCH5</p>" } };
  await publish(
    edge,
    [hero({ variants: [{ id: "all", for: "everyone", ...promise }] })],
    [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20", trust: "verified" }],
  );
  const page = (await get(edge, "/campaigns", withToken)).text();
  expect(page).toContain(
    "all promises VIP20 (off), and is also shown to shoppers in no audience, who don’t get it: it is for shoppers in vip",
  );
  expect(page).toContain("all tells the code NOSUCH5, which no offer gives");
  expect(page).toContain("it believes Adobe alone, and on shop nobody is ever verified");
});

test("hundreds of banners come thirty a page, are searched and chosen by how they stand", async () => {
  const edge = await open();
  const banners = Array.from({ length: 200 }, (_, index) =>
    hero({ id: `banner-${String(index).padStart(3, "0")}`, selector: `#place-${index}` }),
  );
  const over = hero({ id: "summer", selector: "#summer", schedule: { until: "2026-01-01T00:00Z" } });
  await publish(edge, [...banners, over], [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20" }]);
  const cards = async (query: string) => {
    const page = (await get(edge, `/campaigns${query}`, withToken)).text();
    return [...page.matchAll(/<article class="campaign" id="(?:banner|offer)-([^"]+)"/g)].map(([, id]) => id);
  };
  expect(await cards("")).toEqual(banners.slice(0, 30).map(({ id }) => id));
  expect(await cards("?page=7")).toEqual([...banners.slice(180).map(({ id }) => id), "summer", "off"]);
  expect(await cards("?q=vip20")).toEqual(["off"]);
  expect(await cards("?q=place-7+mobile")).toEqual([]);
  expect(await cards("?show=over")).toEqual(["summer"]);
  expect(await cards("?show=look&q=sum")).toEqual(["summer"]);
  const first = (await get(edge, "/campaigns", withToken)).text();
  expect(first).toContain('<a href="/campaigns?q=summer#banner-summer">summer</a>: <bdi>over since');
  expect(first).toContain('<a rel="next" href="/campaigns?page=2">');
  expect((await get(edge, "/campaigns?q=nothing", withToken)).text()).toContain("Nothing of that kind");
  const style = await get(edge, /href="(\/style\.[0-9a-f]{8}\.css)"/.exec(first)?.[1] ?? "");
  expect(Buffer.byteLength(first) + style.body.length).toBeLessThan(60_000);
});

test("variants show their pictures from the shop and from https alone, and only these may load", async () => {
  const edge = await open();
  const picture = (id: string, whom: object | string, put: object) => ({ id, for: whom, put });
  await publish(edge, [
    hero({
      variants: [
        picture("own", { all: ["vip", "gone"] }, { image: { desktop: "/media/hero.jpg", alt: "A hut" } }),
        picture(
          "cdn",
          { any: ["gone"] },
          { content: '<p>Hi</p><img alt="" src="https://cdn.shop.test/a.jpg?a=1&amp;b=2">' },
        ),
        picture("plain", { any: ["vip"] }, { content: '<img src="http://plain.test/a.jpg">' }),
        picture("data", "everyone", { content: '<img src="data:image/png;base64,AAAA">' }),
      ],
    }),
  ]);
  const answer = await get(edge, "/campaigns", withToken);
  const sources = [...answer.text().matchAll(/<img src="([^"]+)"/g)].map(([, source]) => source);
  expect(sources).toEqual(["http://shop.test/media/hero.jpg", "https://cdn.shop.test/a.jpg?a=1&amp;b=2"]);
  expect(answer.header("content-security-policy")).toContain(
    "img-src data: http://shop.test https://cdn.shop.test;",
  );
  expect(answer.text()).toContain(`<a href="/try?path=%2F&amp;for=${VIP.id}&amp;for=${GONE}">Try it`);
});

test("Adobe's hostile names are text here too, and a long one does not fill the page", async () => {
  const hostile = [
    { ...VIP, name: "<script>alert(1)</script>" },
    { ...UNDATED, id: GONE, name: "y".repeat(10_000) },
  ];
  const edge = await open({ kv: { [LIST_KEY]: listOf(hostile) } });
  await publish(edge, [hero({ variants: [variantFor("vip"), variantFor("gone")] })]);
  // Published directly: nothing says how the file named them.
  const kv = await edge.miniflare.getKVNamespace("KV");
  const bare = await open({
    kv: { [LIST_KEY]: listOf(hostile), campaigns: (await kv.get("campaigns", "text")) ?? "" },
  });
  const page = (await get(bare, "/campaigns", withToken)).text();
  expect(page.replace(LIVE_SEARCH, "")).not.toContain("<script");
  expect(page).toContain("<bdi>shoppers in &lt;script&gt;alert(1)&lt;/script&gt;</bdi>");
  expect(page).toContain(`shoppers in ${"y".repeat(80)}…`);
  expect(page).toContain("which is not the history’s newest");
});

const variantFor = (name: string) => ({ id: name, for: { any: [name] }, put: { content: `<p>${name}</p>` } });

test("without campaigns, without a list, without a control plane and with rubbish in KV it says so in words", async () => {
  const fresh = await open({ kv: {} });
  expect((await get(fresh, "/campaigns", withToken)).text()).toContain("No campaigns yet");
  await publish(fresh, [hero()]);
  const unsynced = (await get(fresh, "/campaigns", withToken)).text();
  expect(unsynced).toContain(
    "Without a synced list nobody can say whether the audiences of <b>shop</b> still",
  );
  const kv = await fresh.miniflare.getKVNamespace("KV");
  const campaigns = (await kv.get("campaigns", "text")) ?? "";
  const alone = await open({ control: "unbound", kv: { campaigns, [LIST_KEY]: listOf([VIP]) } });
  const page = await get(alone, "/campaigns", withToken);
  expect([page.status, page.text().includes("Nothing is wrong.")]).toEqual([200, true]);
  expect(page.text()).toContain("shoppers in VIP");
  await kv.put("campaigns", "<html>");
  const broken = await get(fresh, "/campaigns", withToken);
  expect([broken.status, broken.text().includes("The campaigns can’t be read")]).toEqual([503, true]);
  expect((await get(fresh, "/", withToken)).status).toBe(200);
});
