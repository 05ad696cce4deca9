/** Try it: what a made-up shopper would see and why, in words, with the page itself in a frame beside it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { BARGAIN, type Dashboards, get, HOST, startDashboards, VIP, withToken } from "./dashboard.ts";
import type { Edge } from "./edge.ts";

const SECRET = "a signing secret of the dashboard, long enough";
let dashboards: Dashboards;

beforeAll(async () => {
  dashboards = await startDashboards({ secrets: { SIGNING_SECRET: SECRET } });
});
afterAll(() => dashboards.stop());

const open: Dashboards["open"] = (options) => dashboards.open(options);

const variant = (id: string, audience: string, more: object = {}) => ({
  id,
  for: { any: [audience] },
  put: { content: `<p>${id}</p>` },
  ...more,
});
const hero = (more: object = {}) => ({
  id: "hero",
  paths: ["/"],
  selector: "#hero",
  variants: [variant("gold", "bargain"), variant("vip", "vip")],
  ...more,
});

async function publish(edge: Edge, banners: readonly object[], as: "published" | "draft" = "published") {
  const offers = [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20", trust: "verified" }];
  const file = { audiences: { vip: VIP.id, bargain: BARGAIN.id }, banners, offers };
  const body = JSON.stringify(file);
  const headers = [...withToken, ["if-match", '"v0"'], ["content-length", String(body.length)]] as const;
  const [method, path] = as === "draft" ? ["POST", "/versions"] : ["PUT", ""];
  const answer = await edge.send(`/api/campaigns${path}`, { host: HOST, method, headers, body });
  expect(answer.status).toBeLessThan(300);
}

const frameIn = (page: string) => /<iframe src="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? null;

test("a shopper in an audience sees their variant, with why, and why not the one before it", async () => {
  const edge = await open();
  await publish(edge, [hero()]);
  const answer = await get(edge, `/try?for=${VIP.id}&path=/`, withToken);
  const page = answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain('<b class="phase live">vip</b>');
  expect(page).toContain("not <b>gold</b>: it is for other audiences");
  expect(page).toMatch(/off<\/a> <b class="phase live">given<\/b> <code>VIP20<\/code>/);
  const nobody = (await get(edge, "/try", withToken)).text();
  expect(nobody).toContain("as <bdi>somebody in no audience</bdi>");
  expect(nobody).toContain("this shopper is in no audience");
});

test("names are found in the file and in Adobe's list, and one that nobody has gets the nearest", async () => {
  const edge = await open();
  await publish(edge, [hero()]);
  const named = (await get(edge, "/try?also=Bargain%20Hunters,%20vip", withToken)).text();
  expect(named).toContain('<b class="phase live">gold</b>');
  const answer = await get(edge, "/try?also=vpi&path=nowhere&at=soon", withToken);
  expect(answer.status).toBe(422);
  expect(answer.text()).toContain("no audience is called “vpi”; did you mean &quot;vip&quot;?");
  expect(answer.text()).toContain("what stands behind the host in the address bar");
  expect(answer.text()).toContain("a day and a time in UTC");
  expect(answer.text().match(/aria-invalid="true"/g)).toHaveLength(3);
  expect(frameIn(answer.text())).toBeNull();
});

test("trust, time, store view, device and split count as in a live request", async () => {
  const edge = await open({ website: { storeViews: ["fr"] } });
  await publish(edge, [
    hero({ id: "strict", trust: "verified" }),
    hero({ id: "later", selector: "#later", schedule: { from: "2030-01-01T00:00Z" } }),
    hero({ id: "french", selector: "#fr", storeViews: ["fr"] }),
    hero({ id: "phones", selector: "#phone", device: "mobile" }),
    hero({ id: "dealt", selector: "#dealt", holdout: 100 }),
  ]);
  const ask = async (query: string) => (await get(edge, `/try?for=${VIP.id}&${query}`, withToken)).text();
  const of = (page: string, banner: string) =>
    new RegExp(`banner-${banner}">.*?<b class="phase[^"]*">(.*?)</b>.*?<p class="muted">(.*?)</p>`)
      .exec(page)
      ?.slice(1);
  const own = "the store’s own";
  const now = await ask("trust=claimed");
  expect(of(now, "strict")).toEqual([own, expect.stringContaining("believes Adobe alone")]);
  expect(of(now, "french")).toEqual([own, "it is for other store views"]);
  expect(of(now, "phones")).toEqual([own, "it is for other devices"]);
  expect(of(now, "dealt")).toEqual([own, expect.stringContaining("name a visitor")]);
  const other = await ask("at=2030-01-02T10:00&view=fr&device=mobile&visitor=somebody");
  expect(["strict", "later", "french", "phones"].map((banner) => of(other, banner)?.[0])).toEqual(
    Array(4).fill("vip"),
  );
  expect(of(other, "dealt")).toEqual([own, "this visitor is kept back, to measure against"]);
});

test("the page stands beside it in a frame that the shop itself answers, and no page else may be framed", async () => {
  const edge = await open();
  await publish(edge, [hero()]);
  const answer = await get(edge, `/try?for=${VIP.id}`, withToken);
  const framed = new URL(frameIn(answer.text()) ?? "");
  expect(framed.origin).toBe("http://shop.test");
  expect(answer.text()).toContain('sandbox="allow-scripts"');
  expect(answer.header("content-security-policy")).toContain("frame-src http://shop.test;");
  const shown = await edge.send(framed.pathname + framed.search);
  expect(shown.header("content-security-policy")).toContain(`frame-ancestors http://${HOST};`);
  expect((await get(edge, "/campaigns", withToken)).header("content-security-policy")).not.toContain(
    "frame-src",
  );
});

test("without a secret the answer stands alone, and the page says which command mends it", async () => {
  const edge = await open({ secrets: {} });
  await publish(edge, [hero()]);
  const page = (await get(edge, `/try?for=${VIP.id}`, withToken)).text();
  expect(page).toContain('<b class="phase live">vip</b>');
  expect([frameIn(page), page.includes("npx wrangler secret put SIGNING_SECRET")]).toEqual([null, true]);
});

test("a draft is tried before it is live, and a version that is not there is said so", async () => {
  const edge = await open();
  await publish(edge, [hero()], "draft");
  expect((await get(edge, `/try?for=${VIP.id}`, withToken)).text()).toContain(
    "No banner stands on this page",
  );
  const draft = (await get(edge, `/try?for=${VIP.id}&version=1`, withToken)).text();
  expect(draft).toContain('<b class="phase live">vip</b>');
  expect(frameIn(draft)).not.toBeNull();
  expect((await get(edge, "/try?version=7", withToken)).text()).toContain("There is no version 7.");
});

test("a website that only watches, or is off, is said to be", async () => {
  const edge = await open({ website: { mode: "watch" } });
  await publish(edge, [hero()]);
  expect((await get(edge, "/try", withToken)).text()).toContain("is in mode <b>watch</b>");
  const off = await open({ website: { mode: "off" } });
  const page = (await get(off, "/try", withToken)).text();
  expect([page.includes("is in mode <b>off</b>"), frameIn(page)]).toEqual([true, null]);
});

test("what is typed is text, and nobody sees it without signing in", async () => {
  const edge = await open();
  const hostile = encodeURIComponent('"><script>alert(1)</script>');
  const page = (await get(edge, `/try?also=${hostile}&visitor=${hostile}&at=${hostile}`, withToken)).text();
  expect(page).not.toContain("<script");
  expect((await get(edge, "/try")).status).toBe(401);
});
