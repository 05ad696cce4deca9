/** Publishing through the control plane: versions, conflicts, rollback, and what stays live whatever goes wrong. */

import { request as httpRequest } from "node:http";
import { afterEach, expect, test } from "vitest";
import { type Edge, type EdgeOptions, startEdge } from "./edge.ts";

const ADMIN_TOKEN = "the-token-of-the-operator";
let edge: Edge;
afterEach(() => edge.stop());

async function start(options: Partial<EdgeOptions> = {}) {
  edge = await startEdge({
    bindings: {
      WEBSITES: { main: { hosts: ["shop.test"] } },
      ADMIN_HOST: "admin.localhost",
      ADMIN_TOKEN,
    },
    ...options,
  });
}

const file = (text: string, ids: readonly string[] = ["hero"]) =>
  JSON.stringify({
    audiences: { vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31" },
    banners: ids.map((id) => ({
      id,
      paths: ["/"],
      selector: `#${id}`,
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<p>${text}</p>` } }],
    })),
  });

async function ask(path: string, method = "GET", body = "", ifMatch?: string) {
  const headers: [string, string][] = [
    ["authorization", `Bearer ${ADMIN_TOKEN}`],
    ["cf-connecting-ip", "192.0.2.7"],
    ["content-length", String(Buffer.byteLength(body))],
  ];
  if (ifMatch !== undefined) headers.push(["if-match", ifMatch]);
  const answer = await edge.send(path, { host: "admin.localhost", method, headers, body });
  return { status: answer.status, etag: answer.header("etag"), body: JSON.parse(answer.text()) };
}
const publish = (text: string, ifMatch?: string, note = "") =>
  ask(`/api/campaigns?note=${encodeURIComponent(note)}`, "PUT", text, ifMatch);

async function live() {
  const kv = await edge.miniflare.getKVNamespace("KV");
  return (await kv.get("campaigns", "text")) ?? "";
}

test("the first file is version 1, with who, from where, what for and what it changed; then it is in KV", async () => {
  await start();
  expect(await ask("/api/campaigns")).toEqual({
    status: 200,
    etag: '"v0"',
    body: { version: null, file: null },
  });
  const published = await publish(file("one"), '"v0"', "winter begins");
  expect(published).toMatchObject({
    status: 200,
    etag: '"v1"',
    body: {
      pending: null,
      version: {
        number: 1,
        state: "published",
        who: "operator, by token",
        from: "192.0.2.7",
        note: "winter begins",
        restores: null,
        difference: { banners: { added: ["hero"], removed: [], changed: [] } },
      },
    },
  });
  expect(JSON.parse(await live()).version).toBe(published.body.version.digest);
  expect((await ask("/api/campaigns")).body.file).toBe(file("one"));
});

test("who edits an older version gets a conflict that names the live one, and nothing is lost", async () => {
  await start();
  await publish(file("one"), '"v0"');
  await publish(file("two", ["hero", "aside"]), '"v1"', "mine");
  const before = await live();
  const stale = await publish(file("three"), '"v1"');
  expect(stale).toMatchObject({ status: 412, etag: '"v2"', body: { current: { number: 2, note: "mine" } } });
  expect(stale.body.detail).toContain("Another version was published meanwhile: live is version 2");
  for (const match of [undefined, "*", 'W/"v2"', '"2"']) {
    const unsaid = await publish(file("three"), match);
    expect([unsaid.status, unsaid.body.detail.includes("If-Match")]).toEqual([428, true]);
  }
  expect(await live()).toBe(before);
});

test("a rollback publishes the old file as a new version, and the history tells all of it", async () => {
  await start();
  await publish(file("one"), '"v0"');
  await publish(file("two", ["aside"]), '"v1"');
  const back = await ask("/api/campaigns/versions/1/publish?note=too%20loud", "POST", "", '"v2"');
  expect(back).toMatchObject({
    status: 200,
    etag: '"v3"',
    body: { version: { restores: 1, note: "too loud" } },
  });
  expect(await live()).toContain("<p>one</p>");
  const { versions } = (await ask("/api/campaigns/versions")).body;
  expect(versions.map(({ number }: { number: number }) => number)).toEqual([3, 2, 1]);
  expect(versions[0].difference.banners).toEqual({ added: ["hero"], removed: ["aside"], changed: [] });
  expect((await ask("/api/campaigns/versions?limit=1&before=3")).body.versions[0].number).toBe(2);
  expect((await ask("/api/campaigns/versions/2")).body.file).toBe(file("two", ["aside"]));
  expect((await ask("/api/campaigns/versions/9/publish", "POST", "", '"v3"')).status).toBe(404);
  const { entries } = (await ask("/api/audit")).body;
  expect(entries.map(({ action }: { action: string }) => action)).toEqual(["rollback", "publish", "publish"]);
  expect(entries[0]).toMatchObject({ from: "192.0.2.7", detail: "version 3, which is 1 again: too loud" });
});

test("a draft is kept and not live, and can be published later", async () => {
  await start();
  await publish(file("one"), '"v0"');
  const draft = await ask("/api/campaigns/versions?note=for%20Monday", "POST", file("two"));
  expect(draft).toMatchObject({ status: 201, body: { version: { number: 2, state: "draft" } } });
  expect(await live()).toContain("<p>one</p>");
  expect((await ask("/api/campaigns")).etag).toBe('"v1"');
  expect(await ask("/api/campaigns/versions/2/publish", "POST", "", '"v1"')).toMatchObject({ etag: '"v3"' });
  expect(await live()).toContain("<p>two</p>");
});

test("a wrong file, and one of 2 MB, are refused in words before anything is kept", async () => {
  await start();
  await publish(file("one"), '"v0"');
  const before = await live();
  const wrong = await publish(file("two").replace('"any":["vip"]', '"any":["vpi"]'), '"v1"');
  expect(wrong).toMatchObject({
    status: 422,
    body: { problems: [{ path: "banners[0].variants[0].for.any[0]" }] },
  });
  const long = await publish(file("x".repeat(2_000_000)), '"v1"');
  expect([long.status, long.body.detail]).toEqual([
    413,
    expect.stringMatching(/^The campaigns file is 2\.0 MB; at most 1 MB is kept.*what is live stays live\.$/),
  ]);
  expect((await publish(file("two"), '"v1"', "n".repeat(501))).status).toBe(413);
  expect((await ask("/api/campaigns/versions")).body.versions).toHaveLength(1);
  expect(await live()).toBe(before);
});

test("what may not be meant is told before it is published and with it, and keeps nothing from it", async () => {
  await start();
  await publish(file("one", ["hero", "aside"]), '"v0"');
  const warnings = [
    {
      path: "banners.aside",
      message: "shoppers have this banner now, and it is not in the file: it ends at once",
    },
  ];
  const checked = await ask("/api/campaigns/check", "POST", file("two"));
  expect(checked).toMatchObject({
    status: 200,
    etag: '"v1"',
    body: { current: { number: 1 }, difference: { banners: { removed: ["aside"] } }, warnings },
  });
  expect((await ask("/api/campaigns/check", "POST", "{")).status).toBe(422);
  expect((await ask("/api/campaigns/versions")).body.versions).toHaveLength(1);
  expect((await publish(file("two"), '"v1"')).body).toMatchObject({ version: { number: 2 }, warnings });
  expect((await publish(file("three"), '"v2"')).body.warnings).toEqual([]);
});

test("of fifty who publish at once one wins, and each of the others reads who did", async () => {
  await start();
  await publish(file("one"), '"v0"');
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => publish(file(`at once ${index}`), '"v1"')),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status, etag }) => status === 412 && etag === '"v2"')).toHaveLength(49);
  const { version, file: winner } = (await ask("/api/campaigns")).body;
  expect(version.number).toBe(2);
  expect(JSON.parse(await live()).version).toBe(version.digest);
  expect(await live()).toContain(/at once \d+/.exec(winner)?.[0]);
});

test("fifty versions one after the other end with the last one in KV", async () => {
  await start();
  for (let index = 0; index < 50; index += 1) {
    expect((await publish(file(`number ${index}`), `"v${index}"`)).status).toBe(200);
  }
  expect(await live()).toContain("<p>number 49</p>");
});

test("a connection that is cut in mid-publish leaves what is live", async () => {
  await start();
  await publish(file("one"), '"v0"');
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port: edge.port,
    method: "PUT",
    path: "/api/campaigns",
    headers: {
      host: "admin.localhost",
      authorization: `Bearer ${ADMIN_TOKEN}`,
      "if-match": '"v1"',
      "content-length": "5000",
    },
  });
  const gone = new Promise((resolve) => outgoing.on("error", resolve).on("close", resolve));
  outgoing.write(file("two"), () => outgoing.destroy());
  await gone;
  expect((await ask("/api/campaigns")).etag).toBe('"v1"');
  expect(await live()).toContain("<p>one</p>");
});

test("2 MB that do not say how long they are get the same answer, as soon as it is too much", async () => {
  await start();
  await publish(file("one"), '"v0"');
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port: edge.port,
    method: "PUT",
    path: "/api/campaigns",
    headers: { host: "admin.localhost", authorization: `Bearer ${ADMIN_TOKEN}`, "if-match": '"v1"' },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    outgoing.on("response", ({ statusCode }) => resolve(statusCode)).on("error", reject);
  });
  for (let index = 0; index < 20; index += 1) outgoing.write("x".repeat(100_000));
  outgoing.end();
  expect(await answered).toBe(413);
  outgoing.destroy();
  expect((await ask("/api/campaigns")).etag).toBe('"v1"');
  expect(await live()).toContain("<p>one</p>");
});

/** As Cloudflare's: one write a second for a key. */
const strictKv = `import worker, { Control as Intact } from "./worker.js";
  let lastMs = 0;
  export class Control extends Intact {
    constructor(state, env) {
      const put = async (...write) => {
        if (Date.now() - lastMs < 1000) throw new Error("KV PUT failed: 429 Too Many Requests");
        lastMs = Date.now();
        return env.KV.put(...write);
      };
      super(state, { ...env, KV: { get: (...read) => env.KV.get(...read), put } });
    }
  }
  export default worker;`;

test("fifty publishes a second are all kept, and a KV that takes one of them gets the last", async () => {
  await start({ script: strictKv });
  const statuses = new Set<number>();
  for (let index = 0; index < 50; index += 1) {
    const published = await publish(file(`number ${index}`), `"v${index}"`);
    statuses.add(published.status);
    if (published.status === 202) expect(published.body.pending).toContain("429 Too Many Requests");
  }
  expect([...statuses].sort()).toEqual([200, 202]);
  expect((await ask("/api/campaigns/versions?limit=200")).body.versions).toHaveLength(50);
  for (;;) {
    if ((await live()).includes("<p>number 49</p>")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

const slowKv = `import worker, { Control as Intact } from "./worker.js";
  export class Control extends Intact {
    constructor(state, env) {
      const put = async (...write) => {
        await scheduler.wait(500);
        return env.KV.put(...write);
      };
      super(state, { ...env, KV: { get: (...read) => env.KV.get(...read), put } });
    }
  }
  export default worker;`;

test("who goes away before the answer has published: the new version comes whole, the old one stays till then", async () => {
  await start({ script: slowKv });
  await publish(file("one"), '"v0"');
  const text = file("two");
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port: edge.port,
    method: "PUT",
    path: "/api/campaigns",
    headers: {
      host: "admin.localhost",
      authorization: `Bearer ${ADMIN_TOKEN}`,
      "if-match": '"v1"',
      "content-length": String(Buffer.byteLength(text)),
    },
  });
  outgoing.on("error", () => undefined).end(text);
  // It has come so far when the version is kept; KV takes half a second more.
  for (;;) if ((await ask("/api/campaigns")).etag === '"v2"') break;
  outgoing.destroy();
  for (;;) {
    const now = await live();
    if (now.includes("<p>two</p>")) break;
    expect(now).toContain("<p>one</p>");
  }
});

/** KV inside the control plane refuses as often as it is told. */
const stubbornKv = `import worker, { Control as Intact } from "./worker.js";
  let refusals = 1;
  export class Control extends Intact {
    constructor(state, env) {
      const put = async (...write) => {
        if (refusals-- > 0) throw new Error("KV PUT failed: 429 Too Many Requests");
        return env.KV.put(...write);
      };
      super(state, { ...env, KV: { get: (...read) => env.KV.get(...read), put } });
    }
  }
  export default worker;`;

test("where KV does not take a version it is kept, said so, and sent again until KV has it", async () => {
  await start({ script: stubbornKv });
  const published = await publish(file("one"), '"v0"');
  expect(published).toMatchObject({
    status: 202,
    body: { pending: "Error: KV PUT failed: 429 Too Many Requests" },
  });
  expect(await live()).toBe("");
  // The alarm brings it, two seconds later.
  for (;;) {
    if ((await live()).includes("<p>one</p>")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

test("without a control plane publishing says that it is not possible, and shoppers notice nothing", async () => {
  await start({ control: "unbound" });
  const refused = await publish(file("one"), '"v0"');
  expect(refused.status).toBe(503);
  expect(refused.body.detail).toContain("No control plane is bound: publishing is not possible here");
  expect((await ask("/api/campaigns/versions")).status).toBe(503);
});

test("a control plane that is down refuses in words, and what is live stays live", async () => {
  const script = `import worker from "./worker.js";
    export class Control { constructor() { throw new Error("storage is away"); } }
    export default worker;`;
  await start({ script, kv: { campaigns: "what was live" } });
  const refused = await publish(file("one"), '"v0"');
  expect([refused.status, refused.body.detail]).toEqual([
    503,
    expect.stringMatching(/^The control plane does not answer .*what is live stays live\.$/),
  ]);
  expect(await live()).toBe("what was live");
});

test("nobody publishes without the token", async () => {
  await start();
  const length = ["content-length", "2"] as const;
  for (const [path, method] of [
    ["/api/campaigns", "PUT"],
    ["/api/campaigns/versions", "POST"],
    ["/api/campaigns/versions/1/publish", "POST"],
  ] as const) {
    const answer = await edge.send(path, { host: "admin.localhost", method, headers: [length], body: "{}" });
    expect(answer.status).toBe(401);
  }
});

test("a published file is checked with the website's own time zone and store views", async () => {
  const website = { hosts: ["shop.test"], timeZone: "Europe/Berlin", storeViews: ["fr"] };
  await start({
    bindings: { WEBSITES: { main: website }, ADMIN_HOST: "admin.localhost", ADMIN_TOKEN },
  });
  const [banner] = JSON.parse(file("one")).banners;
  const written = (more: object) =>
    JSON.stringify({ ...JSON.parse(file("one")), banners: [{ ...banner, ...more }] });
  const local = written({ schedule: { from: "2026-12-24T10:00" }, storeViews: ["default", "fr"] });
  expect((await publish(local, '"v0"')).status).toBe(200);
  expect(JSON.parse(await live()).banners[0].schedule.fromMs).toBe(Date.parse("2026-12-24T09:00Z"));
  const elsewhere = await publish(written({ storeViews: ["de"] }), '"v1"');
  expect([elsewhere.status, elsewhere.body.detail]).toEqual([
    422,
    expect.stringContaining('unknown store view "de"'),
  ]);
});
