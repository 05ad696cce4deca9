/** The page of the campaigns: what is live, for whom, where and when, what is wrong, and what uses an audience. */

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Adobe,
  type DashboardOptions,
  get,
  HOST,
  LIST_KEY,
  listOf,
  openDashboard,
  startAdobe,
  UNDATED,
  VIP,
  withToken,
} from "./dashboard.ts";
import type { Edge } from "./edge.ts";

let adobe: Adobe;
const edges: Edge[] = [];

beforeAll(async () => {
  adobe = await startAdobe();
});
afterAll(() => Promise.all([adobe.stop(), ...edges.map((edge) => edge.stop())]));

async function open(options: Omit<DashboardOptions, "adobe"> = {}): Promise<Edge> {
  const edge = await openDashboard({ adobe, ...options });
  edges.push(edge);
  return edge;
}

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
  expect(page).toContain('<th scope="col">Used by</th>');
  expect(page).toContain(
    '<a class="use" href="/campaigns#banner-hero">hero</a><a class="use" href="/campaigns#offer-off">off</a>',
  );
  expect((await get(edge, "/?q=no-date", withToken)).text()).not.toContain('class="use"');
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
  expect(page).not.toContain("<script");
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
