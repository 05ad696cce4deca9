/** The cron asks Adobe for its audiences: what it saves, what it never overwrites, what it never tells. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { audience, goodToken, idOf, json, type PretendAdobe, pages, startAdobe, TOKEN } from "./adobe.ts";
import { type Edge, startEdge } from "./edge.ts";
import { type Handler, type Origin, startOrigin } from "./origin.ts";

const organizationId = "0123456789ABCDEF@AdobeOrg";
const KEY = `audiences:${organizationId}:prod`;
const REPORT = `sync-report:${organizationId}:prod`;
const ADOBE_CLIENT_ID = "client-id-of-the-tests";
const ADOBE_CLIENT_SECRET = "p8e-client-secret-of-the-tests";

let adobe: PretendAdobe;
let elsewhere: Origin;
let edge: Edge;

beforeAll(async () => {
  elsewhere = await startOrigin(json({ access_token: "stolen", children: [audience(666)] }));
  adobe = await startAdobe();
  const { url } = adobe.origin;
  const account = { organizationId, imsUrl: url, platformUrl: url };
  edge = await startEdge({
    bindings: {
      WEBSITES: {
        main: { hosts: ["shop.test"], adobe: account },
        second: { hosts: ["second.test"], adobe: account },
        stage: { hosts: ["stage.test"], adobe: { ...account, sandbox: "stage" } },
        without: { hosts: ["without.test"] },
      },
      ADOBE_CLIENT_ID,
      ADOBE_CLIENT_SECRET,
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await adobe.origin.stop();
  await elsewhere.stop();
});
beforeEach(() => adobe.beginAnew());

const kv = () => edge.miniflare.getKVNamespace("KV");
const stored = async (key = KEY) => JSON.parse((await (await kv()).get(key, "text")) ?? "null");

/** One run of the cron; answers what it logged of the sandbox "prod". */
async function runCron() {
  const from = edge.logs.length;
  const worker = await edge.miniflare.getWorker();
  await worker.scheduled({ cron: "*/15 * * * *" });
  return edge.logged(({ event, sandbox }) => event === "sync" && sandbox === "prod", from);
}

test("all pages are read to the last, and saved in the documented form", async () => {
  adobe.audiences = pages([
    [
      audience(1, { updateTime: 1_763_000_000, description: "d", lifecycleState: "published" }),
      audience(2, { updateTime: 1_763_000_000_123, originName: "CUSTOM_UPLOAD" }),
    ],
    [
      audience(3, { evaluationInfo: { synchronous: { enabled: true }, batch: { enabled: false } } }),
      audience(1, { name: "Renamed meanwhile", updateTime: "1763000001000000" }),
    ],
    [audience(4, { id: "QU9fLTEz_6ed34f6f-fe21", originName: "" }), { name: "no id" }, null],
  ]);
  expect(await runCron()).toMatchObject({ outcome: "saved", count: 4 });
  const { syncedAt, audiences: saved } = await stored();
  expect(Math.abs(Date.now() - Date.parse(syncedAt))).toBeLessThan(60_000);
  const common = {
    description: "",
    origin: "Experience Platform",
    lastModified: null,
    lifecycle: null,
    evaluation: [],
  };
  expect(saved).toEqual([
    { ...common, id: idOf(1), name: "Renamed meanwhile", lastModified: "2025-11-13T02:13:21.000Z" },
    {
      ...common,
      id: idOf(2),
      name: "Audience 2",
      origin: "Custom upload",
      lastModified: "2025-11-13T02:13:20.123Z",
    },
    { ...common, id: idOf(3), name: "Audience 3", evaluation: ["edge"] },
    { ...common, id: "QU9fLTEz_6ed34f6f-fe21", name: "Audience 4", origin: "Unknown" },
  ]);
});

test("Adobe is asked as it documents: secrets in the body, each sandbox once, by its header", async () => {
  await runCron();
  const first = adobe.origin.seen[0];
  expect(first).toMatchObject({ method: "POST", url: "/ims/token/v3" });
  expect(Object.fromEntries(new URLSearchParams(first?.body.toString()))).toEqual({
    grant_type: "client_credentials",
    client_id: ADOBE_CLIENT_ID,
    client_secret: ADOBE_CLIENT_SECRET,
    scope: "openid,AdobeID,read_organizations,additional_info.projectedProductContext,session",
  });
  const lists = adobe.origin.seen.filter((request) => request.method === "GET");
  expect(lists.map((request) => request.header("x-sandbox-name")).sort()).toEqual(["prod", "stage"]);
  for (const request of lists) {
    expect(request.url).toMatch(/^\/data\/core\/ups\/audiences\?start=0&limit=100/);
    expect(request.header("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(request.header("x-api-key")).toBe(ADOBE_CLIENT_ID);
    expect(request.header("x-gw-ims-org-id")).toBe(organizationId);
  }
  expect(adobe.origin.seen).toHaveLength(4);
});

test("a next page that is named only in a link is asked for as Adobe wrote it", async () => {
  adobe.audiences = (request, response) => {
    const last = request.url.includes("start=a%2Fb%3D%3D");
    const next = { href: "@/audiences?limit=1&start=a%2Fb%3D%3D&totalCount=2" };
    json(last ? { children: [audience(2)] } : { children: [audience(1)], _links: { next } })(
      request,
      response,
    );
  };
  expect(await runCron()).toMatchObject({ outcome: "saved", count: 2 });
});

// What passes by itself is asked three times, with pauses.
test("whatever goes wrong at Adobe, the good list stays, and the operator reads what and where", {
  timeout: 90_000,
}, async () => {
  await runCron();
  const before = await (await kv()).get(KEY, "text");
  expect(before).not.toBeNull();
  const redirect: Handler = (_, response) => void response.writeHead(302, { location: elsewhere.url }).end();
  const html: Handler = (_, response) => void response.writeHead(200).end("<html>maintenance</html>");
  const echo = { error: "invalid_client", error_description: `bad secret ${ADOBE_CLIENT_SECRET}` };
  const troubles: readonly { token?: Handler; audiences?: Handler; message: RegExp }[] = [
    {
      token: json(echo, 400),
      message: /^token: 400 invalid_client: check ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET/,
    },
    { token: json({ token_type: "bearer" }), message: /^token: Adobe's answer holds no access_token/ },
    {
      token: json({ error: "too_many" }, 429),
      message: /^token: 429 too_many: Adobe asks for fewer requests/,
    },
    { token: html, message: /^token: no usable answer: SyntaxError/ },
    { token: redirect, message: /^token: 302/ },
    { token: (_, response) => void response.destroy(), message: /^token: no usable answer/ },
    {
      audiences: json({ error_code: "403010" }, 403),
      message: /^audiences: 403 403010: the credential needs a role/,
    },
    { audiences: json({ message: TOKEN }, 401), message: /^audiences: 401: the credential needs a role/ },
    { audiences: json({}, 429), message: /^audiences: 429: Adobe asks for fewer requests/ },
    { audiences: json({}, 500), message: /^audiences: 500: Adobe is down/ },
    { audiences: html, message: /^audiences: no usable answer: SyntaxError/ },
    { audiences: redirect, message: /^audiences: 302/ },
    { audiences: json([]), message: /^audiences: Adobe's answer is no audience list/ },
    { audiences: json({ children: {} }), message: /^audiences: Adobe's answer is no audience list/ },
    { audiences: json({ children: [] }), message: /^Adobe answered with an empty list/ },
    {
      audiences: json({ children: [{ id: "<b>", name: "x" }] }),
      message: /^Adobe answered with an empty list/,
    },
    {
      audiences: json({ children: [audience(9)], _page: { next: "1" } }),
      message: /^audiences: Adobe's list does not end: after 2 pages it came back to start=1/,
    },
    {
      audiences: (request, response) => {
        const start = Number(/start=(\d+)/.exec(request.url)?.[1]);
        json({ children: [audience(start)], _page: { next: start + 1 } })(request, response);
      },
      message: /^audiences: Adobe's list has more than 80 pages of 100/,
    },
    {
      audiences: (request, response) =>
        (request.url.includes("start=0")
          ? json({ children: [audience(9)], _page: { next: 1 } })
          : json({}, 503))(request, response),
      message: /^audiences: 503: Adobe is down/,
    },
    {
      audiences: json({ children: [audience(9, { description: "x".repeat(9_000_000) })] }),
      message: /^audiences: Adobe's answer is too long/,
    },
  ];
  for (const trouble of troubles) {
    adobe.token = trouble.token ?? goodToken;
    adobe.audiences = trouble.audiences ?? pages([[audience(9)]]);
    const report = await runCron();
    expect(report).toMatchObject({ outcome: "kept", count: null, changes: null });
    expect(report["message"]).toMatch(trouble.message);
    expect(await (await kv()).get(KEY, "text")).toBe(before);
    expect(await stored(REPORT)).toMatchObject({ outcome: "kept", message: report["message"] });
  }
  // Never followed: a redirect would have taken the secret or the token to another server.
  expect(elsewhere.seen).toEqual([]);
});

test("the next good answer replaces the list, and its changes are counted", async () => {
  adobe.audiences = pages([[audience(1), audience(2), audience(3)]]);
  await runCron();
  adobe.audiences = pages([[audience(2), audience(3, { name: "New name" }), audience(4)]]);
  expect(await runCron()).toMatchObject({
    outcome: "saved",
    count: 3,
    changes: { added: 1, removed: 1, changed: 1, kept: 1 },
    message: "3 audiences: 1 new, 1 changed, 1 gone",
  });
  expect((await stored()).audiences).toHaveLength(3);
});

test("no secret and no token is ever in KV or in the log", async () => {
  const texts = [...edge.logs];
  for (const { name } of (await (await kv()).list()).keys)
    texts.push((await (await kv()).get(name, "text")) ?? "");
  expect(texts.length).toBeGreaterThan(20);
  for (const secret of [ADOBE_CLIENT_SECRET, ADOBE_CLIENT_ID, TOKEN]) {
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  }
});

test("without credentials Adobe is not asked, and the operator reads which secrets are missing", async () => {
  const without = await startEdge({
    bindings: {
      WEBSITES: { main: { hosts: ["a.test"], adobe: { organizationId, imsUrl: adobe.origin.url } } },
      ADOBE_CLIENT_ID,
    },
  });
  await (await without.miniflare.getWorker()).scheduled({ cron: "0 * * * *" });
  expect(await without.logged(({ event }) => event === "sync")).toMatchObject({
    outcome: "failed",
    message: "the secrets ADOBE_CLIENT_ID and ADOBE_CLIENT_SECRET are not both set",
  });
  expect(adobe.origin.seen).toEqual([]);
  await without.stop();
});
