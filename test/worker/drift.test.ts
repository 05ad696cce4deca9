/** What KV holds and was not published: noticed, told, and put right by the scheduled run. */

import { afterEach, expect, test } from "vitest";
import { type Edge, type EdgeOptions, startEdge } from "./edge.ts";
import { RIG, rig } from "./rig.ts";

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
    script: RIG,
    ...options,
  });
}

const file = (text: string) =>
  JSON.stringify({
    audiences: { vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31" },
    banners: [
      {
        id: "hero",
        paths: ["/"],
        selector: "#hero",
        variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: `<p>${text}</p>` } }],
      },
    ],
  });

async function ask(path: string, method = "GET", body = "", ifMatch = "") {
  const headers = [
    ["authorization", `Bearer ${ADMIN_TOKEN}`],
    ["content-length", String(Buffer.byteLength(body))],
    ["if-match", ifMatch],
  ] as const;
  const answer = await edge.send(path, { host: "admin.localhost", method, headers, body });
  return { status: answer.status, body: JSON.parse(answer.text()) };
}
const state = () => ask("/api/campaigns/live");
const kv = () => edge.miniflare.getKVNamespace("KV");
const live = async () => (await (await kv()).get("campaigns", "text")) ?? "";
const runSchedule = async () => (await edge.miniflare.getWorker()).scheduled({ cron: "*/15 * * * *" });

test("campaigns that somebody wrote into KV by hand are told, and put right by the scheduled run", async () => {
  await start();
  await ask("/api/campaigns", "PUT", file("published"), '"v0"');
  const published = await live();
  expect(await state()).toMatchObject({ status: 200, body: { state: { kind: "same", number: 1 } } });
  await (await kv()).put("campaigns", published.replace("<p>published", "<p>by hand"));
  // KV may still show what was there before: that is no drift yet.
  expect(await state()).toMatchObject({ status: 200, body: { state: { kind: "on-its-way" } } });
  await rig(edge, { aheadMs: 121_000 });
  const drifted = await state();
  expect(drifted).toMatchObject({
    status: 409,
    body: { state: { kind: "drifted", number: 1, found: { kind: "other-version", number: 1 } } },
  });
  expect(drifted.body.detail).toContain("the next scheduled run puts version 1 back");
  await runSchedule();
  expect(await live()).toBe(published);
  expect((await state()).body.message).toBe("KV holds version 1, which is live.");
  const { entries } = (await ask("/api/audit")).body;
  expect(entries[0]).toMatchObject({
    who: "control plane",
    action: "republish",
    detail: expect.stringMatching(/^version 1: KV held version 1, or something that calls itself so/),
  });
  await edge.logged(({ event, version }) => event === "campaigns-drifted" && version === 1);
  await runSchedule();
  expect((await ask("/api/audit")).body.entries).toHaveLength(2);
});

test("campaigns that are gone from KV, or rubbish, come back", async () => {
  await start();
  await ask("/api/campaigns", "PUT", file("one"), '"v0"');
  const published = await live();
  for (const [index, trouble] of [null, "<html>"].entries()) {
    await rig(edge, { aheadMs: 121_000 });
    if (trouble === null) await (await kv()).delete("campaigns");
    else await (await kv()).put("campaigns", trouble);
    await runSchedule();
    expect(await live()).toBe(published);
    expect((await ask("/api/audit")).body.entries).toHaveLength(index + 2);
  }
});

test("where nothing was published through the control plane KV is nobody's but who writes it", async () => {
  await start({ kv: { campaigns: "written directly" } });
  await rig(edge, { aheadMs: 121_000 });
  expect((await state()).body.state).toEqual({ kind: "unmanaged" });
  await runSchedule();
  expect(await live()).toBe("written directly");
});

test("a control plane that is down is told, and the sync goes on", async () => {
  const script = `import worker from "./worker.js";
    export class Control { constructor() { throw new Error("storage is away"); } }
    export default worker;`;
  await start({ script });
  expect((await state()).status).toBe(503);
  await runSchedule();
  await edge.logged(({ event }) => event === "campaigns-unwatched");
});
