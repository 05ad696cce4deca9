/** Health: what needs somebody, for people and for monitors, with the totals of a day where they can be asked. */

import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BARGAIN, type Dashboards, get, HOST, startDashboards, VIP, withToken } from "./dashboard.ts";
import type { Edge } from "./edge.ts";
import { type Origin, type SeenRequest, startOrigin } from "./origin.ts";
import { RIG, rig } from "./rig.ts";

const SECRETS = { SIGNING_SECRET: "a signing secret of the dashboard, long enough" };
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TOKEN = "a-token-of-cloudflare";
let dashboards: Dashboards;
let cloudflare: Origin;
let reply: (request: SeenRequest, response: ServerResponse) => void;

beforeAll(async () => {
  dashboards = await startDashboards({ secrets: SECRETS });
  cloudflare = await startOrigin((request, response) => reply(request, response));
});
afterAll(() => Promise.all([dashboards.stop(), cloudflare.stop()]));

const open: Dashboards["open"] = (options) => dashboards.open(options);

async function ask(edge: Edge) {
  const answer = await get(edge, "/api/health", withToken);
  return { status: answer.status, type: answer.header("content-type"), body: JSON.parse(answer.text()) };
}

const counting = () => ({
  ...SECRETS,
  ANALYTICS_URL: cloudflare.url,
  ANALYTICS_ACCOUNT_ID: ACCOUNT,
  ANALYTICS_TOKEN: TOKEN,
});

test("people read what is fine and what is not, monitors the same as JSON", async () => {
  const edge = await open({ website: { mode: "watch" } });
  const page = await get(edge, "/health", withToken);
  expect(page.status).toBe(200);
  expect(page.text()).toContain("It works; something wants a look.");
  expect(page.text()).toContain("shop is in mode watch: shoppers see the store’s own pages.");
  expect(page.text()).toContain("Not configured: totals are asked with ANALYTICS_ACCOUNT_ID");
  const { status, type, body } = await ask(edge);
  expect([status, type]).toEqual([200, "application/json"]);
  expect(body).toMatchObject({
    status: "warn",
    isolate: { rung: "embedded" },
    websites: [{ code: "shop", mode: "watch", adobeRestsUntilMs: null }],
    last24Hours: null,
  });
  expect(body.checks).toContainEqual({
    name: "sync:prod",
    status: "pass",
    output: "prod was synced 2 hours ago.",
  });
});

test("what is broken answers 503, so that a monitor needs the status alone", async () => {
  const edge = await open({ script: RIG });
  await rig(edge, { cold: true, trouble: "rubbish" });
  const { status, type, body } = await ask(edge);
  expect([status, type]).toEqual([503, "application/problem+json"]);
  expect(body.detail).toContain("The list of prod can’t be read");
  expect(body.health.checks).toContainEqual(expect.objectContaining({ name: "sync:prod", status: "fail" }));
  expect((await get(edge, "/health", withToken)).text()).toContain("Something is broken.");
});

test("the switch is told from the settings", async () => {
  const edge = await open({ kv: { switch: '{"shop":"off"}' } });
  expect((await get(edge, "/health", withToken)).text()).toContain(
    "shop is in mode off by the switch (its settings say on)",
  );
});

test("the day's totals are asked of Cloudflare with the token, which nobody is shown", async () => {
  const data = [
    { kind: "page", trust: "verified", reason: "condition-holds", total: "1234" },
    { kind: "refused", trust: "", reason: "web-sdk cross-site", total: "7" },
  ];
  reply = (_, response) => response.end(JSON.stringify({ data, rows: 2 }));
  const edge = await open({ secrets: counting() });
  const page = await get(edge, "/health", withToken);
  expect(page.text()).toContain("<dt>Banners shown</dt><dd>1,234</dd>");
  expect(page.text()).toContain("<span>7 refused</span><bdi>web sdk cross site</bdi>");
  const { body } = await ask(edge);
  expect(body.last24Hours).toMatchObject({ shown: 1234, verified: 1234, overruns: 0 });
  const asked = cloudflare.seen.at(-1);
  expect(asked?.url).toBe(`/client/v4/accounts/${ACCOUNT}/analytics_engine/sql`);
  expect(asked?.header("authorization")).toBe(`Bearer ${TOKEN}`);
  expect(asked?.body.toString()).toContain("FROM edge_audiences ");
  expect(page.text() + JSON.stringify(body)).not.toContain(TOKEN);
});

test("a token that is refused, rubbish and a cut line are sentences, and the rest of the page stands", async () => {
  const edge = await open({ secrets: counting() });
  for (const [act, sentence] of [
    [(response: ServerResponse) => response.writeHead(403).end("no"), "refused ANALYTICS_TOKEN (403)"],
    [(response: ServerResponse) => response.writeHead(422).end("what?"), "Analytics Engine answered 422"],
    [(response: ServerResponse) => response.end("[]"), "something that is no table"],
    [(response: ServerResponse) => response.destroy(), "Analytics Engine did not answer"],
  ] as const) {
    reply = (_, response) => void act(response);
    const page = await get(edge, "/health", withToken);
    expect([sentence, page.status, page.text().includes(sentence)]).toEqual([sentence, 200, true]);
    expect(page.text()).not.toContain(TOKEN);
  }
});

test("nobody sees it without signing in, and no audience stands in it", async () => {
  const edge = await open();
  expect((await get(edge, "/health")).status).toBe(401);
  expect((await get(edge, "/api/health")).status).toBe(401);
  expect(JSON.stringify((await ask(edge)).body)).not.toContain(VIP.id);
});

test("with KV down and no control plane every page still says what it can", async () => {
  const edge = await open({ script: RIG, control: "unbound" });
  await rig(edge, { cold: true, trouble: "throws" });
  const expected = {
    "/": 503,
    "/campaigns": 503,
    "/history": 503,
    "/try": 200,
    "/health": 200,
    "/audiences/nobody": 404,
  };
  for (const [path, status] of Object.entries(expected)) {
    const page = await get(edge, path, withToken);
    expect([path, page.status, page.text().includes("That did not work")]).toEqual([path, status, false]);
  }
  expect((await get(edge, "/try", withToken)).text()).toContain("These campaigns can’t be tried");
  expect((await get(edge, "/health", withToken)).text()).toContain("The list of prod can’t be read");
});

/** Where counting is on, and the clock goes a week ahead from the address `/ahead` on. */
const WEEK_LATER = `
  import worker from "./worker.js";
  const realNow = Date.now.bind(Date);
  let aheadMs = 0;
  Date.now = () => realNow() + aheadMs;
  let held;
  export default { fetch(request, env, context) {
    held ??= { ...env, ANALYTICS: { writeDataPoint() {} } };
    if (new URL(request.url).pathname === "/ahead") aheadMs = 8 * 86_400_000;
    return worker.fetch(request, held, context);
  } };`;

test("a variant that nobody saw for a week needs a look, and none does where it can't be asked", async () => {
  const edge = await open({ script: WEEK_LATER, secrets: counting() });
  const variants = ["seen", "unseen"].map((id) => ({
    id,
    for: { any: [id === "seen" ? "vip" : "bargain"] },
    put: { content: "<p>Hello</p>" },
  }));
  const file = {
    audiences: { vip: VIP.id, bargain: BARGAIN.id },
    banners: [{ id: "hero", paths: ["/"], selector: "#hero", variants }],
  };
  const body = JSON.stringify(file);
  const headers = [...withToken, ["if-match", '"v0"'], ["content-length", String(body.length)]] as const;
  const published = await edge.send("/api/campaigns", { host: HOST, method: "PUT", headers, body });
  expect(published.status).toBe(200);
  const rows = { data: [{ banner: "hero", variant: "seen", total: "3" }] };
  reply = (_, response) => response.end(JSON.stringify(rows));
  const look = async () => (await get(edge, "/campaigns", withToken)).text();
  expect(await look()).toContain("Nothing is wrong.");
  await get(edge, "/ahead", withToken);
  expect(await look()).toContain("nobody saw the variant unseen for a week");
  expect(await look()).not.toContain("the variant seen");
  expect(cloudflare.seen.at(-1)?.body.toString()).toContain("INTERVAL '7' DAY");
  reply = (_, response) => response.writeHead(500).end();
  expect(await look()).toContain("Nothing is wrong.");
});
