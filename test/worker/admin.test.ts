/** What the operator sees: the table of audiences, Sync now, what went wrong, and the same for machines. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  BARGAIN,
  type Dashboards,
  get,
  HOUR_MS,
  LIST_KEY,
  LIVE_SEARCH,
  listOf,
  namesIn,
  ORGANIZATION,
  post,
  REPORT_KEY,
  startDashboards,
  VIP,
  withToken,
} from "./dashboard.ts";
import { startOrigin } from "./origin.ts";

let dashboards: Dashboards;

beforeAll(async () => {
  dashboards = await startDashboards();
});
beforeEach(() => {
  dashboards.adobe.held = ["first", "second", "third", "fourth", "fifth"];
});
afterAll(() => dashboards.stop());

const open: Dashboards["open"] = (options) => dashboards.open(options);

test("the table stands by last modified, and the address bar sorts, searches and counts", async () => {
  const edge = await open();
  const ask = (query: string) => get(edge, `/${query}`, withToken);
  const page = (await ask("")).text();
  expect(page).toContain("3 of 3");
  expect(page).toMatch(
    /Synced <time[^>]*>(today|yesterday), \d\d:\d\d UTC<\/time> \(2 hours ago\) — 3 audiences/,
  );
  expect(page).toContain('<time datetime="2026-11-21T10:42Z">Nov 21, 2026, 10:42 UTC</time>');
  expect(page).toMatch(/aria-sort="descending"[^>]*><a href="\/\?order=asc">Last modified/);
  expect(namesIn(await ask("?order=asc"))).toEqual(["bargain hunters", "VIP", "Árbol"]);
  expect(namesIn(await ask("?sort=name"))).toEqual(["Árbol", "bargain hunters", "VIP"]);
  expect(namesIn(await ask("?sort=name&order=desc"))).toEqual(["VIP", "bargain hunters", "Árbol"]);
  expect(namesIn(await ask("?sort=evaluation"))).toEqual(["Árbol", "VIP", "bargain hunters"]);
  expect(namesIn(await ask("?sort=origin"))).toEqual(["bargain hunters", "Árbol", "VIP"]);
  expect(namesIn(await ask("?q=EDGE+6f1c"))).toEqual(["VIP"]);
  expect((await ask("?q=EDGE+6f1c")).text()).toContain("1 of 3");
  const nothing = (await ask("?q=%3Cb%3Evpi&sort=nonsense&page=99")).text();
  expect(nothing).toContain("No audience matches “<bdi>&lt;b&gt;vpi</bdi>”");
  expect(nothing).toContain("0 of 3");
});

test("dates narrow the table, columns and rows are chosen, and any column sorts it, all from the address bar", async () => {
  const edge = await open();
  const ask = async (query: string) => get(edge, `/?${query}`, withToken);
  expect(namesIn(await ask("since=2026-11-21"))).toEqual(["VIP"]);
  expect(namesIn(await ask("until=2025-01-05"))).toEqual(["bargain hunters"]);
  expect(namesIn(await ask("since=2025-01-05&until=2026-11-21"))).toEqual(["VIP", "bargain hunters"]);
  expect((await ask("since=2030-01-01")).text()).toContain("No audience matches these dates");
  expect(namesIn(await ask("since=soon"))).toHaveLength(3);
  const columns = (page: string) =>
    [...page.matchAll(/<th scope="col" class="c-(\w+)"/g)].map(([, name]) => name);
  expect(columns((await ask("")).text())).toEqual(["name", "modified", "origin", "evaluation", "used"]);
  const chosen = (await ask("column=websites&column=origin&rows=25&sort=websites")).text();
  expect(columns(chosen)).toEqual(["name", "origin", "websites"]);
  expect(chosen).toContain(
    '<a href="/?column=origin&amp;column=websites&amp;rows=25&amp;sort=websites&amp;order=desc">',
  );
  expect(namesIn(await ask("sort=used"))).toHaveLength(3);
  const refused = await get(edge, "/api/audiences?since=soon", withToken);
  expect([refused.status, refused.text().includes("expected a day like")]).toEqual([400, true]);
});

test("4,000 audiences come a hundred a page, each page under 60 KB with its stylesheet", async () => {
  const many = Array.from({ length: 4000 }, (_, index) => {
    const lastModified = new Date(Date.UTC(2026, 9, 1) - index * HOUR_MS).toISOString();
    return {
      ...VIP,
      id: `6f1c0d3e-0b52-4a7b-9a52-${index}`.padEnd(36, "0"),
      name: `A name of usual length, ${index}`,
      lastModified,
    };
  });
  const edge = await open({ kv: { [LIST_KEY]: listOf(many) } });
  const first = await get(edge, "/", withToken);
  expect(namesIn(first)).toEqual(many.slice(0, 100).map(({ name }) => name));
  const style = await get(edge, /href="(\/style\.[0-9a-f]{8}\.css)"/.exec(first.text())?.[1] ?? "");
  expect([style.status, style.header("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  expect(first.body.length + style.body.length).toBeLessThan(60_000);
  expect(first.text()).toContain('<a rel="next" href="/?page=2">');
  expect(namesIn(await get(edge, "/?page=40", withToken))).toEqual(many.slice(3900).map(({ name }) => name));
  expect(namesIn(await get(edge, "/?page=4000", withToken))).toEqual(
    many.slice(3900).map(({ name }) => name),
  );
});

test("a hostile name is text, and all of it can be read", async () => {
  const long = "x".repeat(10_000);
  const script = '<script>alert("1")</script>';
  const rightToLeft = "\u202eevil\u2066 \u05d0";
  const hostile = [script, rightToLeft, long].map((name, index) => ({
    ...VIP,
    id: `id-${index}`,
    name,
    origin: name,
  }));
  const edge = await open({ kv: { [LIST_KEY]: listOf(hostile) } });
  const page = (await get(edge, "/?sort=name", withToken)).text();
  expect(page.replace(LIVE_SEARCH, "")).not.toContain("<script");
  expect(page).toContain("<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</bdi>");
  expect(page).toContain(`<bdi>${rightToLeft}</bdi>`);
  expect(page).toContain(`<a href="/audiences/id-2"><bdi>${"x".repeat(120)}…</bdi></a>`);
  expect((await get(edge, "/audiences/id-2", withToken)).text()).toContain(`<h1><bdi>${long}</bdi></h1>`);
});

test("Sync now brings Adobe's list, page by page, and shows it", async () => {
  const edge = await open({ kv: {} });
  expect((await get(edge, "/", withToken)).text()).toContain("Never synced");
  const synced = await post(edge, "/sync?sort=name&q=f", withToken);
  expect([synced.status, synced.header("location")]).toEqual([303, "/?q=f&sort=name"]);
  const page = await get(edge, "/?sort=name", withToken);
  expect(namesIn(page)).toEqual(["fifth", "first", "fourth", "second", "third"]);
  expect(page.text()).toContain("(just now) — 5 audiences: 5 new");
  const asked = dashboards.adobe.seen.filter(({ url }) => url.startsWith("/data/")).slice(-3);
  expect(asked.map(({ url }) => new URL(url, "http://adobe").searchParams.get("start"))).toEqual([
    "0",
    "2",
    "4",
  ]);
});

test("while Adobe takes its time, the page says how far the sync is, and looks again by itself", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = await startOrigin(async ({ url }, response) => {
    if (url !== "/ims/token/v3") await released;
    const children = [{ id: "id-late", name: "late", updateTime: 1_763_721_720_000 }];
    const body = url === "/ims/token/v3" ? { access_token: "of-adobe" } : { children, _page: { next: 0 } };
    response.end(JSON.stringify(body));
  });
  const edge = await open({ adobe: Object.assign(slow, { held: [] }), kv: {} });
  const syncing = post(edge, "/sync", withToken);
  const look = async () => (await get(edge, "/", withToken)).text();
  await expect
    .poll(look, { timeout: 20_000 })
    .toContain("<b>A sync is under way</b>: it reads Adobe’s list, 0 audiences so far");
  expect(await look()).toContain('<meta http-equiv="refresh" content="4"/>');
  release();
  expect((await syncing).status).toBe(303);
  await expect.poll(look, { timeout: 20_000 }).not.toContain("A sync is under way");
  expect(namesIn(await get(edge, "/", withToken))).toEqual(["late"]);
  await slow.stop();
});

test("an empty list from Adobe keeps the old one, and the operator is told so", async () => {
  dashboards.adobe.held = [];
  const edge = await open();
  const page = await post(edge, "/sync", withToken);
  expect([page.status, namesIn(page)]).toEqual([200, ["VIP", "bargain hunters", "Árbol"]]);
  for (const told of [page, await get(edge, "/", withToken)]) {
    expect(told.text()).toContain("The last sync kept the old list");
    expect(told.text()).toContain("Adobe answered with an empty list.");
    expect(told.text()).toContain("(2 hours ago) — 3 audiences");
  }
  const machine = await post(edge, "/api/sync", withToken);
  expect([machine.status, machine.header("content-type")]).toEqual([502, "application/problem+json"]);
  expect(JSON.parse(machine.text())).toMatchObject({
    type: "about:blank",
    status: 502,
    detail: "prod, kept: Adobe answered with an empty list",
    reports: [{ outcome: "kept", sandbox: "prod" }],
  });
});

test("machines get the same as JSON, and problem details where something is wrong", async () => {
  const edge = await open();
  const ask = async (path: string, headers = withToken) => {
    const answer = await get(edge, path, headers);
    return { status: answer.status, type: answer.header("content-type"), body: JSON.parse(answer.text()) };
  };
  const { status, body } = await ask("/api/audiences?sort=name&q=vip");
  const known = {
    organizationId: ORGANIZATION,
    sandbox: "prod",
    websites: ["shop"],
    total: 3,
    lastSync: null,
  };
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      accounts: [
        { ...known, syncedAt: expect.stringMatching(/Z$/), audiences: [{ ...VIP, websites: ["shop"] }] },
      ],
      unconnectedWebsites: [],
    },
  });
  const mistaken = await ask("/api/audiences?sort=nmae&website=elsewhere");
  expect(mistaken).toMatchObject({ status: 400, type: "application/problem+json" });
  expect(mistaken.body.detail).toContain('did you mean "name"?');
  expect(mistaken.body.detail).toContain("those that have one: shop");
  expect(await ask("/api/audiences", [])).toMatchObject({ status: 401, body: { title: "Unauthorized" } });
  expect(await ask("/api/nothing")).toMatchObject({ status: 404, type: "application/problem+json" });
  const synced = await post(edge, "/api/sync", withToken);
  expect(JSON.parse(synced.text())).toMatchObject({ reports: [{ outcome: "saved", count: 5 }] });
});

test("each sandbox has its own list, and a sync that failed is seen from the other one too", async () => {
  const failed = {
    at: "2026-11-21T10:42:00Z",
    organizationId: ORGANIZATION,
    sandbox: "trade",
    outcome: "failed",
  };
  const edge = await open({
    websites: { main: "prod", outlet: "prod", b2b: "trade", old: null },
    kv: {
      [LIST_KEY]: listOf([VIP]),
      [`audiences:${ORGANIZATION}:trade`]: listOf([BARGAIN]),
      [`sync-report:${ORGANIZATION}:trade`]: JSON.stringify({
        ...failed,
        message: "KV is full",
        changes: null,
      }),
    },
  });
  const first = await get(edge, "/", withToken);
  expect(namesIn(first)).toEqual(["VIP"]);
  expect(first.text()).toMatch(/aria-current="page">main, outlet <small>prod<\/small>/);
  expect(first.text()).toContain("sync failed");
  expect(first.text()).toContain("Not connected to Adobe: <b>old</b>");
  const other = await get(edge, "/?website=b2b", withToken);
  expect(namesIn(other)).toEqual(["bargain hunters"]);
  expect(other.text()).toContain("KV is full");
});

test("without any Adobe account the page says which settings are missing", async () => {
  const edge = await open({ websites: { shop: null } });
  const page = await get(edge, "/", withToken);
  expect(page.status).toBe(200);
  expect(page.text()).toContain("[vars.WEBSITES.shop.adobe]");
  expect((await post(edge, "/api/sync", withToken)).status).toBe(409);
});

test("rubbish in KV, or a KV that is down, is said as such, and no list is made up", async () => {
  const rubbish = await open({ kv: { [LIST_KEY]: '{"audiences":', [REPORT_KEY]: '{"at":1}' } });
  const down = await open({
    script: `import worker, { Control as Intact } from "./worker.js";
      const fail = async () => { throw new Error("KV GET failed: 500"); };
      const broke = (env) => ({ ...env, KV: { get: fail, put: fail } });
      let broken;
      export class Control extends Intact { constructor(state, env) { super(state, broke(env)); } }
      export default { fetch(request, env, context) {
        broken ??= broke(env);
        return worker.fetch(request, broken, context);
      } };`,
  });
  for (const [edge, reason] of [
    [rubbish, "is not JSON"],
    [down, "KV GET failed: 500"],
  ] as const) {
    const page = await get(edge, "/", withToken);
    expect([page.status, page.text().includes(reason)]).toEqual([503, true]);
    const machine = await get(edge, "/api/audiences", withToken);
    expect([machine.status, machine.header("content-type")]).toEqual([503, "application/problem+json"]);
  }
  expect((await post(down, "/sync", withToken)).text()).toContain("The last sync failed");
  expect((await post(rubbish, "/api/sync", withToken)).status).toBe(200);
  expect((await get(rubbish, "/", withToken)).status).toBe(200);
});

test("where nothing is signed the page says so calmly, with the command that mends it, and no secret", async () => {
  const datastream = { datastreamId: "b7a9c0de-0000-4000-8000-000000000001" };
  const secret = "a signing secret of the dashboard, long enough";
  const pageOf = async (options: Parameters<typeof open>[0]) =>
    (await get(await open(options), "/", withToken)).text();
  const bare = await pageOf({});
  expect(bare).toContain("No SIGNING_SECRET: no membership is verified");
  expect(bare).toContain("Commerce is told what a browser claims");
  expect(bare).toContain("npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET");
  expect(bare).toContain('<section class="notice" role="note">');
  expect(namesIn(await get(await open({}), "/", withToken))).toHaveLength(3);
  const strict = await pageOf({ website: datastream });
  expect(strict).toContain("<b>shop</b> demands verified memberships");
  expect(await pageOf({ websites: { shop: null } })).toContain("No SIGNING_SECRET");
  const signed = await pageOf({ website: datastream, secrets: { SIGNING_SECRET: secret } });
  expect(signed).not.toContain("SIGNING_SECRET");
  for (const page of [bare, strict, signed]) expect(page).not.toContain(secret);
});
