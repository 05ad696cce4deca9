/** Preview links made in the dashboard: who may make one, what it shows, and that the audit log knows of each. */

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Dashboards,
  get,
  type Lines,
  ownPage,
  post,
  sendForm,
  signIn,
  startDashboards,
  VIP,
  withToken,
} from "./dashboard.ts";
import type { Answer, Edge } from "./edge.ts";
import { type Origin, startOrigin } from "./origin.ts";

const VIEWER_TOKEN = "the-token-of-a-viewer";
const secrets = {
  SIGNING_SECRET: "a signing secret of the dashboard, long enough",
  ADMIN_VIEWER_TOKEN: VIEWER_TOKEN,
};
const asViewer: Lines = [["authorization", `Bearer ${VIEWER_TOKEN}`]];
let dashboards: Dashboards;
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end('<!doctype html><body><div id="hero">Own</div></body>');
  });
  dashboards = await startDashboards({ secrets, website: { origin: origin.url } });
});
afterAll(() => Promise.all([dashboards.stop(), origin.stop()]));

const open: Dashboards["open"] = (options) => dashboards.open(options);

const file = (text: string, more: object = {}) =>
  JSON.stringify({
    audiences: { vip: VIP.id },
    banners: [
      {
        id: "hero",
        paths: ["/"],
        selector: "#hero",
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<p>${text}</p>` } }],
        ...more,
      },
    ],
  });
const keep = (edge: Edge, text: string, as: "draft" | "published" = "published") =>
  sendForm(edge, "/history", withToken, { basedOn: "0", note: "", file: text, as });

const linkIn = (page: Answer) => {
  const [, address] = /<code>(http[^<]+\/_audience\/preview\?link=[^<]+)<\/code>/.exec(page.text()) ?? [];
  return address === undefined ? null : new URL(address);
};
const auditOf = async (edge: Edge) => JSON.parse((await get(edge, "/api/audit", withToken)).text()).entries;

/** As a browser that was given the link and nothing else. */
async function follow(edge: Edge, { pathname, search }: URL): Promise<string> {
  const opened = await edge.send(pathname + search);
  expect([opened.status, opened.header("location")]).toEqual([303, "/"]);
  const cookie = opened.header("set-cookie")?.split(";")[0] ?? "";
  return (await edge.send("/", { headers: [["cookie", cookie]] })).text();
}

test("a draft is shown by a link on the shop's own host, before it is live and to nobody else", async () => {
  const edge = await open();
  await keep(edge, file("Not yet"), "draft");
  const made = await post(edge, `/try?for=${VIP.id}&version=1&days=7`, withToken);
  expect(made.text()).toContain("Good for 7 days.");
  const link = linkIn(made);
  expect(link?.origin).toBe("http://shop.test");
  expect(await follow(edge, link as URL)).toContain("<p>Not yet</p>");
  expect((await edge.send("/")).text()).not.toContain("Not yet");
  expect(await auditOf(edge)).toMatchObject([
    { action: "preview", who: "operator, by token", detail: "/ of shop, as VIP, version 1, good for 7 days" },
    { action: "draft" },
  ]);
  const person = [...ownPage, ...(await signIn(edge))];
  expect((await get(edge, "/history", person)).text()).toContain(
    "Made a preview link: <bdi>/ of shop, as VIP",
  );
});

test("a viewer may make one, another site's page may not, and a question by GET makes none", async () => {
  const edge = await open();
  await keep(edge, file("Live"));
  const address = `/try?for=${VIP.id}&days=1`;
  const made = await post(edge, address, asViewer);
  expect(await follow(edge, linkIn(made) as URL)).toContain("<p>Live</p>");
  expect((await post(edge, "/history", asViewer)).status).toBe(403);
  const session = await signIn(edge);
  expect((await post(edge, address, [["sec-fetch-site", "same-site"], ...session])).status).toBe(403);
  expect((await post(edge, address, [])).status).toBe(401);
  expect(linkIn(await get(edge, address, withToken))).toBeNull();
  expect(linkIn(await post(edge, `/try?for=${VIP.id}&days=400`, withToken))).toBeNull();
  expect(linkIn(await post(edge, `/try?path=nowhere&days=1`, withToken))).toBeNull();
  expect((await auditOf(edge)).map(({ action }: { action: string }) => action)).toEqual([
    "preview",
    "publish",
  ]);
});

test("who named a visitor of a split sends what that visitor saw, its holdout too", async () => {
  const edge = await open();
  await keep(edge, file("Dealt", { holdout: 50 }));
  const seen = new Set<string>();
  for (let visitor = 0; seen.size < 2 && visitor < 20; visitor += 1) {
    const address = `/try?for=${VIP.id}&visitor=v${visitor}&days=1`;
    const made = await post(edge, address, withToken);
    const expected = made.text().includes("kept back, to measure against") ? "Own" : "<p>Dealt</p>";
    expect(await follow(edge, linkIn(made) as URL)).toContain(`<div id="hero">${expected}</div>`);
    seen.add(expected);
  }
  expect(seen.size).toBe(2);
});

test("where nobody could know who made it, or nothing can be signed, there is no link", async () => {
  const alone = await open({ control: "unbound" });
  const refused = await post(alone, "/try?days=1", withToken);
  expect([refused.text().includes("No link was made: no control plane"), linkIn(refused)]).toEqual([
    true,
    null,
  ]);
  const unsigned = await open({ secrets: {} });
  const page = (await post(unsigned, "/try?days=1", withToken)).text();
  expect([page.includes("Preview link"), page.includes("secret put SIGNING_SECRET")]).toEqual([false, true]);
});
