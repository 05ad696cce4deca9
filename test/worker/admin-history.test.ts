/** The page of the history: publishing by a form, conflicts, rollback with a second look, the log, and the lock on it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Dashboards,
  get,
  HOST,
  type Lines,
  ownPage,
  post,
  sendForm,
  signIn,
  startDashboards,
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

const file = (text: string, ids: readonly string[] = ["hero"]) =>
  JSON.stringify({
    audiences: { vip: VIP.id },
    banners: ids.map((id) => ({
      id,
      paths: ["/"],
      selector: `#${id}`,
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<p>${text}</p>` } }],
    })),
  });

async function live(edge: Edge): Promise<string> {
  const kv = await edge.miniflare.getKVNamespace("KV");
  return (await kv.get("campaigns", "text")) ?? "";
}

async function asPerson(edge: Edge): Promise<Lines> {
  return [...ownPage, ...(await signIn(edge))];
}

const publish = (
  edge: Edge,
  headers: Lines,
  text: string,
  basedOn: number,
  more: Record<string, string> = {},
) => sendForm(edge, "/history", headers, { basedOn: String(basedOn), note: "", file: text, ...more });

test("a file is published by the form, and the history tells who, what for and what changed", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  expect((await get(edge, "/history", person)).text()).toContain(
    "the first file that you publish is version 1",
  );
  const first = await publish(edge, person, file("one"), 0, { note: "<b>winter</b> begins" });
  expect([first.status, first.header("location")]).toEqual([303, "/history?kept=1"]);
  await publish(edge, person, file("two", ["hero", "aside"]), 1);
  const page = (await get(edge, "/history?kept=2", person)).text();
  expect(page).toContain("Version 2 is published");
  expect(page).toContain('<h3>Version 2 <b class="phase live">live</b></h3>');
  expect(page).toContain("<bdi>Banners: new aside; changed hero</bdi>");
  expect(page).toContain("<bdi>&lt;b&gt;winter&lt;/b&gt; begins</bdi>");
  expect(page).toMatch(/Published <bdi>version 2<\/bdi>.*Published <bdi>version 1: &lt;b&gt;winter/);
  expect(page).toContain('<input type="hidden" name="basedOn" value="2"/>');
  expect(await live(edge)).toContain("<p>two</p>");
});

test("every problem of a refused file is told, the note is kept, and what was live stays live", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one"), 0);
  const before = await live(edge);
  const bad = '{"audiences":{},"banners":[{"id":"x","pathz":["<script>"]}]}';
  const refused = await publish(edge, person, bad, 1, { note: "in vain" });
  expect(refused.status).toBe(422);
  expect(refused.text()).toContain("Not published: 3 problems");
  expect(refused.text()).toContain(
    "<li><bdi>banners[0].pathz: unknown key; did you mean &quot;paths&quot;?</bdi>",
  );
  expect(refused.text()).toContain('name="note" value="in vain"');
  expect(refused.text()).not.toContain("<script");
  expect((await publish(edge, person, "", 1)).text()).toContain("There was no file");
  expect((await publish(edge, person, "x".repeat(1_100_000), 1)).status).toBe(413);
  expect((await post(edge, "/history", person, "rubbish")).status).toBe(400);
  expect(await live(edge)).toBe(before);
});

test("who publishes on top of an older version is told in words, keeps the file, and can publish it then", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one"), 0);
  await publish(edge, person, file("theirs"), 1, { note: "theirs came first" });
  const mine = file("mine & <i>yours</i>");
  const stale = await publish(edge, person, mine, 1, { note: "mine" });
  expect(stale.status).toBe(412);
  const page = stale.text();
  expect(page).toContain("Another version was published meanwhile");
  expect(page).toContain("Live is version 2 by operator, signed in.");
  expect(page).toContain("<bdi>theirs came first</bdi>");
  expect(page).toContain("<bdi>Banners: changed hero</bdi>");
  expect(await live(edge)).toContain("theirs");
  const kept = /<textarea name="text" hidden="">([^<]*)<\/textarea>/.exec(page)?.[1] ?? "";
  const text = kept
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
  expect(text).toBe(mine);
  const again = await sendForm(edge, "/history", person, { basedOn: "2", note: "mine", text });
  expect(again.header("location")).toBe("/history?kept=3");
  expect(await live(edge)).toContain("mine");
});

test("what may not be meant is asked first, with the file kept in the page, and published on a yes", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one", ["hero", "aside"]), 0);
  const asked = await publish(edge, person, file("two & <b>three</b>"), 1, { note: "no aside" });
  expect(asked.status).toBe(200);
  const page = asked.text();
  expect(page).toContain("Look twice: 1 thing that may not be meant");
  expect(page).toContain("<bdi>banners.aside: shoppers have this banner now, and it is not in the file");
  expect(page).toContain("<bdi>Banners: changed hero; removed aside</bdi>");
  expect(page).toContain('name="note" value="no aside"');
  expect(await live(edge)).toContain("<p>one</p>");
  // Somebody else was faster: that comes before the risks of a comparison that no longer holds.
  await publish(edge, person, file("theirs", ["hero", "aside"]), 1);
  const text = file("two & <b>three</b>");
  const yes = { note: "no aside", confirmed: "yes", text };
  expect((await sendForm(edge, "/history", person, { ...yes, basedOn: "1" })).status).toBe(412);
  const published = await sendForm(edge, "/history", person, { ...yes, basedOn: "2" });
  expect(published.header("location")).toBe("/history?kept=3");
  expect(await live(edge)).toContain("two & <b>three</b>");
});

test("a text that some store view lacks is asked about once, and never again while it stays so", async () => {
  const edge = await open({ website: { storeViews: ["fr", "de"], defaultStoreView: "en" } });
  const person = await asPerson(edge);
  const texts = (content: object) => {
    const variants = [{ id: "vip", for: { any: ["vip"] }, put: { content } }];
    const banner = { id: "hero", paths: ["/"], selector: "#hero", variants };
    return JSON.stringify({ audiences: { vip: VIP.id }, banners: [banner] });
  };
  const first = texts({ default: "<p>Sale</p>", fr: "<p>Soldes</p>" });
  const asked = (await publish(edge, person, first, 0)).text();
  expect(asked).toContain("Look twice: 1 thing that may not be meant");
  expect(asked).toContain("nothing for the store view &quot;de&quot;; &quot;default&quot; is shown there");
  await publish(edge, person, first, 0, { confirmed: "yes" });
  const same = await publish(edge, person, texts({ default: "<p>Sale!</p>", fr: "<p>Soldes</p>" }), 1);
  expect(same.header("location")).toBe("/history?kept=2");
  const worse = await publish(edge, person, texts({ default: "<p>Sale</p>", en: "<p>Sale</p>" }), 2);
  expect(worse.text()).toContain("nothing for the store views &quot;fr&quot;, &quot;de&quot;");
});

test("an old version is published again after a second look; a look that is too old changes nothing", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one"), 0);
  await publish(edge, person, file("two", ["aside"]), 1, { confirmed: "yes" });
  expect((await get(edge, "/history", person)).text()).toContain(
    'href="/history/1">Publish this one again</a>',
  );
  const look = (await get(edge, "/history/1", person)).text();
  expect(look).toContain("Publish version 1 again?");
  expect(look).toContain("<bdi>Banners: new hero; removed aside</bdi>");
  expect(look).toContain("<bdi>banners.aside: shoppers have this banner now, and it is not in the file");
  expect(await live(edge)).toContain("two");
  const stale = await sendForm(edge, "/history/1", person, { basedOn: "1", note: "" });
  expect([stale.status, stale.text().includes("Another version was published meanwhile")]).toEqual([
    412,
    true,
  ]);
  const back = await post(
    edge,
    "/history/1",
    [...person, ["content-type", "application/x-www-form-urlencoded"]],
    "basedOn=2&note=too+loud",
  );
  expect([back.status, back.header("location")]).toEqual([303, "/history?kept=3"]);
  expect(await live(edge)).toContain("one");
  const page = (await get(edge, "/history", person)).text();
  expect(page).toContain("which is 1 again");
  expect(page).toContain("Published again <bdi>version 3, which is 1 again: too loud</bdi>");
  expect((await get(edge, "/history/9", person)).status).toBe(404);
});

test("the file of any version can be had again as it was written, by who is signed in", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one"), 0);
  expect((await get(edge, "/history", person)).text()).toContain(
    '<a href="/history/1/file">the live file</a>',
  );
  const answer = await get(edge, "/history/1/file", person);
  expect([answer.status, answer.text()]).toEqual([200, file("one")]);
  expect(answer.header("content-disposition")).toBe('attachment; filename="campaigns-1.json"');
  expect(answer.header("content-type")).toContain("application/json");
  expect((await get(edge, "/history/9/file", person)).status).toBe(404);
  expect((await get(edge, "/history/1/file")).status).toBe(401);
});

test("a draft is kept, is not live, and can be published from the page", async () => {
  const edge = await open();
  const person = await asPerson(edge);
  await publish(edge, person, file("one"), 0);
  await publish(edge, person, file("draft"), 1, { as: "draft" });
  expect((await get(edge, "/history?kept=2", person)).text()).toContain("Version 2 is kept as a draft");
  expect(await live(edge)).toContain("one");
  expect((await sendForm(edge, "/history/2", person, { basedOn: "1", note: "" })).status).toBe(303);
  expect(await live(edge)).toContain("draft");
});

test("without the token, or with another, nobody sees a page or changes anything", async () => {
  const edge = await open();
  await publish(edge, withToken, file("secret plan"), 0);
  for (const headers of [
    [],
    [["authorization", "Bearer wrong"]],
    [["cookie", "admin-session=1.ab"]],
  ] as Lines[]) {
    for (const path of ["/campaigns", "/history", "/history/1"]) {
      const answer = await get(edge, path, headers);
      expect([answer.status, /hero|Version|secret/.test(answer.text())]).toEqual([401, false]);
    }
    expect((await publish(edge, [...ownPage, ...headers], file("two"), 1)).status).toBe(401);
  }
  expect(await live(edge)).toContain("secret plan");
});

test("another site's form changes nothing, even with the session of who is signed in", async () => {
  const edge = await open();
  await publish(edge, withToken, file("one"), 0);
  await publish(edge, withToken, file("two"), 1);
  const session = await signIn(edge);
  const others: Lines[] = [
    [["sec-fetch-site", "same-site"]],
    [["sec-fetch-site", "cross-site"]],
    [["origin", "https://elsewhere.example"]],
    [],
  ];
  for (const other of others) {
    const headers = [...other, ...session];
    expect((await publish(edge, headers, file("three"), 2)).status).toBe(403);
    expect((await sendForm(edge, "/history/1", headers, { basedOn: "2", note: "" })).status).toBe(403);
  }
  expect(await live(edge)).toContain("two");
  const { entries } = JSON.parse((await get(edge, "/api/audit", withToken)).text());
  expect(entries).toHaveLength(2);
});

test("a list that shrank is confirmed by a button, for its own account alone", async () => {
  const edge = await open({ kv: {}, websites: { shop: "prod", other: "stage" } });
  const person = await asPerson(edge);
  dashboards.adobe.held = ["a", "b", "c", "d", "e"];
  await post(edge, "/sync", person);
  dashboards.adobe.held = ["a"];
  await post(edge, "/sync", person);
  const page = (await get(edge, "/history", person)).text();
  expect(page.match(/needs confirmation/g)).toHaveLength(2);
  const action = "/sync?website=shop&amp;confirm=shrink";
  expect(page).toContain(`<form method="post" action="${action}">`);
  expect((await post(edge, action.replace("&amp;", "&"), person)).status).toBe(303);
  const after = (await get(edge, "/history", person)).text();
  expect(after.match(/needs confirmation/g)).toHaveLength(1);
  expect(after).toContain("/sync?website=other&amp;confirm=shrink");
  expect(after).toContain("prod, may shrink");
  const [shop, other] = await Promise.all(
    ["shop", "other"].map(async (code) => {
      const answer = await get(edge, `/api/audiences?website=${code}`, withToken);
      return JSON.parse(answer.text()).accounts[0].total;
    }),
  );
  expect([shop, other]).toEqual([1, 5]);
});

test("without a control plane the page says what is missing, and nothing is published", async () => {
  const edge = await open({ control: "unbound" });
  const person = await asPerson(edge);
  const page = await get(edge, "/history", person);
  expect([page.status, page.text().includes("No control plane is bound")]).toEqual([503, true]);
  const answer = await publish(edge, person, file("one"), 0);
  expect([answer.status, answer.text().includes("Not published")]).toEqual([503, true]);
  expect((await edge.send("/history", { host: HOST })).status).toBe(401);
});
