/** Names that Adobe's marketers, or somebody worse, have given: all the way through a sync they are text and nothing else. */

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { audience, idOf, type PretendAdobe, pages, startAdobe } from "./adobe.ts";
import { LIVE_SEARCH } from "./dashboard.ts";
import { type Edge, startEdge } from "./edge.ts";

const ADMIN_TOKEN = "the-token-of-the-operator";
const organizationId = "0123456789ABCDEF@AdobeOrg";

const names = {
  script: `<script>alert("1")</script><img src=x onerror=alert(1)>`,
  attribute: `" autofocus onfocus="alert(1)" x="`,
  rightToLeft: "\u202etfarc\u202d \u2066evil\u2069 \u05d0\u05d1",
  control: "line\u2028one\u0000two\u001b[2J\r\nthree",
  long: "\u{1f6d2}".repeat(5_000),
  template: "{{constructor.constructor('alert(1)')()}} %0d%0a",
} as const;

let adobe: PretendAdobe;
let edge: Edge;

beforeAll(async () => {
  adobe = await startAdobe();
});
afterAll(() => adobe.origin.stop());
afterEach(() => edge.stop());

async function start() {
  const { url } = adobe.origin;
  const account = { organizationId, imsUrl: url, platformUrl: url };
  edge = await startEdge({
    bindings: {
      WEBSITES: { main: { hosts: ["shop.test"], origin: url, adobe: account } },
      ADMIN_HOST: "admin.localhost",
      ADMIN_TOKEN,
      ADOBE_CLIENT_ID: "client",
      ADOBE_CLIENT_SECRET: "client-secret",
    },
  });
}

async function ask(path: string, method = "GET", body = "") {
  const headers = [
    ["authorization", `Bearer ${ADMIN_TOKEN}`],
    ["if-match", '"v0"'],
    ["content-length", String(Buffer.byteLength(body))],
  ] as const;
  return edge.send(path, { host: "admin.localhost", method, headers, body });
}

const all = Object.values(names);
const held = (from: readonly string[]) => pages([from.map((name, index) => audience(index, { name }))]);

test("they are kept as they are, told as text on each page, and in no line of the log", async () => {
  await start();
  adobe.audiences = held(all);
  expect((await ask("/api/sync", "POST")).status).toBe(200);
  const [account] = JSON.parse((await ask("/api/audiences")).text()).accounts;
  const kept = account.audiences.map(({ name }: { name: string }) => name);
  expect(kept).toEqual(
    expect.arrayContaining([names.script, names.attribute, names.rightToLeft, names.long.slice(0, 500)]),
  );
  // Renamed and gone: now the report has them, too.
  adobe.audiences = held([...all.slice(0, 3).map((name) => `${name}!`), "plain"]);
  expect((await ask("/api/sync", "POST")).status).toBe(200);
  const campaigns = JSON.stringify({
    audiences: { vip: idOf(0) },
    banners: [
      {
        id: "hero",
        paths: ["/"],
        selector: "#hero",
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>x</p>" } }],
      },
    ],
  });
  expect((await ask("/api/campaigns", "PUT", campaigns)).status).toBe(200);
  for (const path of ["/", "/?q=script", "/campaigns", "/history"]) {
    // But for the one script that is the dashboard's own.
    const page = (await ask(path)).text().replace(LIVE_SEARCH, "");
    expect(page).not.toMatch(/<script|<img|<[^>]* on(?:error|focus)=/);
    // What turns a line around stands in a bdi, so that it turns nothing but itself.
    const bare = page.replaceAll(/<bdi>[^<]*<\/bdi>/g, "");
    expect(bare).not.toMatch(/[\u202a-\u202e]/);
  }
  const { reports } = JSON.parse((await ask("/api/sync/reports")).text());
  expect(reports[0].changes).toMatchObject({ changed: 4, removed: 2 });
  expect(reports[0].changes.renamed[0]).toMatchObject({ from: names.script });
  expect(JSON.stringify(reports[0]).length).toBeLessThan(20_000);
  expect(edge.logs.join("\n")).not.toMatch(/alert|\u202e|evil|constructor/);
});
