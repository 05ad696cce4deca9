/** The admin API's own document: served from the routes, and held against what they really answer. */

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type Adobe,
  type DashboardOptions,
  get,
  HOST,
  type Lines,
  openDashboard,
  startAdobe,
  VIP,
  withToken,
} from "./dashboard.ts";
import type { Answer, Edge } from "./edge.ts";
import { type Json, mismatches } from "./openapi.ts";
import { RIG, rig } from "./rig.ts";

let adobe: Adobe;
let edge: Edge;
const VIEWER = "the-token-of-who-only-looks";

beforeAll(async () => {
  adobe = await startAdobe();
});
afterAll(() => adobe.stop());
afterEach(() => edge.stop());

async function open(options: Omit<DashboardOptions, "adobe"> = {}) {
  edge = await openDashboard({ adobe, secrets: { ADMIN_VIEWER_TOKEN: VIEWER }, ...options });
  return readDocument();
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}
type Document = Json & { readonly paths: Record<string, Record<string, Operation>> };

async function readDocument(): Promise<Document> {
  const answer = await get(edge, "/api/openapi.json", withToken);
  expect([answer.status, answer.header("content-type")]).toEqual([200, "application/json"]);
  return JSON.parse(answer.text());
}

interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly ifMatch?: string;
  readonly headers?: Lines;
}

function call(path: string, { method = "GET", body = "", ifMatch, headers = withToken }: Call = {}) {
  const lines: (readonly [string, string])[] = [
    ...headers,
    ["content-length", String(Buffer.byteLength(body))],
  ];
  if (ifMatch !== undefined) lines.push(["if-match", ifMatch]);
  return edge.send(path, { host: HOST, method, headers: lines, body });
}

/** As the document writes it. */
const templateOf = (path: string) =>
  (path.split("?")[0] ?? "").replace(/\/versions\/\d+/, "/versions/{number}");

const file = (ids: readonly string[]) =>
  JSON.stringify({
    audiences: { vip: VIP.id },
    banners: ids.map((id) => ({
      id,
      paths: ["/"],
      selector: `#${id}`,
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>x</p>" } }],
    })),
  });

test("every route is described, every answer is as described, and what is described is there", async () => {
  const document = await open({ script: RIG });
  adobe.held = ["one", "two", "three"];
  const seen = new Set<string>();
  const found: string[] = [];
  const ask = async (status: number, path: string, asked: Call = {}): Promise<Answer> => {
    const answer = await call(path, asked);
    const { method = "GET" } = asked;
    expect({ path, method, status: answer.status }).toEqual({ path, method, status });
    seen.add(`${method.toLowerCase()} ${templateOf(path)} ${status}`);
    found.push(...mismatches(document, { path: templateOf(path), method }, answer));
    return answer;
  };
  const [put, post] = [{ method: "PUT" }, { method: "POST" }];

  await ask(200, "/api/openapi.json");
  await ask(200, "/api/campaigns");
  await ask(200, "/api/campaigns/live");
  await ask(200, "/api/campaigns", { ...put, body: file(["hero", "aside"]), ifMatch: '"v0"' });
  await ask(200, "/api/campaigns/check", { ...post, body: file(["hero"]) });
  await ask(201, "/api/campaigns/versions?note=later", { ...post, body: file(["hero"]) });
  await ask(200, "/api/campaigns/versions/2/publish", { ...post, ifMatch: '"v1"' });
  await ask(200, "/api/campaigns/versions?limit=2");
  await ask(200, "/api/campaigns/versions/1");
  await ask(200, "/api/campaigns");
  await ask(200, "/api/audiences?q=vip");
  await ask(200, "/api/sync", post);
  adobe.held = ["one"];
  await ask(502, "/api/sync", post);
  await ask(200, "/api/sync");
  await ask(200, "/api/audiences");
  await ask(200, "/api/sync/reports");
  await ask(200, "/api/audit");
  await ask(200, "/api/health");

  await ask(400, "/api/audiences?sort=nmae");
  await ask(400, "/api/campaigns/check", post);
  await ask(404, "/api/campaigns/versions/99");
  await ask(404, "/api/campaigns/versions/99/publish", { ...post, ifMatch: '"v3"' });
  await ask(412, "/api/campaigns", { ...put, body: file(["hero"]), ifMatch: '"v1"' });
  await ask(413, "/api/campaigns", { ...put, body: "x".repeat(1_000_001), ifMatch: '"v3"' });
  await ask(422, "/api/campaigns", { ...put, body: "{}", ifMatch: '"v3"' });
  await ask(428, "/api/campaigns", { ...put, body: file(["hero"]) });
  await ask(401, "/api/audit", { headers: [] });
  const viewer: Lines = [["authorization", `Bearer ${VIEWER}`]];
  await ask(403, "/api/sync", { ...post, headers: viewer });
  const kv = await edge.miniflare.getKVNamespace("KV");
  await kv.put("campaigns", "{}");
  await rig(edge, { aheadMs: 121_000 });
  await ask(409, "/api/campaigns/live");
  for (const [path, methods] of Object.entries(document.paths)) {
    const real = path.replace("{number}", "1");
    const answer = await ask(405, real, { method: "DELETE" });
    expect(answer.header("allow")?.toLowerCase().split(", ").sort()).toEqual(
      Object.keys(methods)
        .filter((one) => !one.startsWith("x-"))
        .sort(),
    );
  }
  expect(found).toEqual([]);

  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => !method.startsWith("x-"))
      .flatMap(([method, { responses }]) => Object.keys(responses).map((one) => `${method} ${path} ${one}`)),
  );
  // KV has to refuse for a 202; test/worker/campaigns-api.test.ts has it do so.
  const good = described.filter((one) => / 2\d\d$/.test(one) && !one.endsWith(" 202"));
  expect(good.filter((one) => !seen.has(one))).toEqual([]);
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ operationId }) => operationId ?? []),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("postCampaignsVersionsNumberPublish");
});

test("what fails is a problem as described, on every route: closed, or without a control plane", async () => {
  const document = await open();
  const broken = `import worker from "./worker.js";
    export class Control { constructor() { throw new Error("storage is away"); } }
    export default worker;`;
  const failing = [{ token: null }, { script: broken }, { control: "unbound" }] as const;
  const found: string[] = [];
  for (const options of failing) {
    const one = await openDashboard({ adobe, ...options });
    for (const path of Object.keys(document.paths)) {
      const answer = await get(one, path.replace("{number}", "1"), withToken);
      found.push(...mismatches(document, { path, method: "GET" }, answer));
    }
    await one.stop();
  }
  expect(found).toEqual([]);
});

test("only who may look at the dashboard reads what its API is", async () => {
  await open();
  const answer = await call("/api/openapi.json", { headers: [] });
  expect([answer.status, answer.text().includes("paths")]).toEqual([401, false]);
});
