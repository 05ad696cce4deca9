/** Each website with its own organization, sandbox and credentials: whose are sent where, and that nobody ever sees one. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { dayToken, json, type PretendAdobe, startAdobe, TOKEN } from "./adobe.ts";
import { TOKEN as ADMIN_TOKEN, get, HOST, post, withToken } from "./dashboard.ts";
import { type Edge, startEdge } from "./edge.ts";
import { openStorage } from "./storage.ts";

const secrets = {
  ADMIN_TOKEN,
  ADOBE_CLIENT_ID: "id-for-all-the-others",
  ADOBE_CLIENT_SECRET: "p8e-secret-for-all-the-others",
  ADOBE_CREDENTIALS: JSON.stringify({
    b2b: { clientId: "id-of-b2b-alone", clientSecret: "p8e-secret-of-b2b-alone" },
    outlet: { clientId: "id-of-the-outlet", clientSecret: "p8e-secret-of-the-outlet" },
  }),
};
const all = [
  ...Object.values(JSON.parse(secrets.ADOBE_CREDENTIALS) as Record<string, Record<string, string>>).flatMap(
    (one) => Object.values(one),
  ),
  secrets.ADOBE_CLIENT_ID,
  secrets.ADOBE_CLIENT_SECRET,
  TOKEN,
];

let adobe: PretendAdobe;
let edge: Edge;
const storage = openStorage();

beforeAll(async () => {
  adobe = await startAdobe();
});
afterAll(async () => {
  await adobe.origin.stop();
  storage.remove();
});
beforeEach(() => adobe.beginAnew(dayToken));
afterEach(() => edge.stop());

const website = (code: string, organizationId: string, sandbox: string) => {
  const { url } = adobe.origin;
  // A token is asked for anew in each test: it is held by the scopes, too.
  const scopes = `openid,${expect.getState().currentTestName?.length}`;
  const account = { organizationId, sandbox, imsUrl: url, platformUrl: url, scopes };
  return [code, { hosts: [`${code}.test`], origin: url, adobe: account }] as const;
};

async function start(over: Readonly<Record<string, unknown>> = {}) {
  const websites = [
    website("main", "AAAA@AdobeOrg", "prod"),
    website("b2b", "BBBB@AdobeOrg", "trade"),
    website("outlet", "AAAA@AdobeOrg", "outlet"),
  ];
  edge = await startEdge({
    bindings: { WEBSITES: Object.fromEntries(websites), ADMIN_HOST: HOST, ...secrets, ...over },
    storage: storage.folder,
  });
}

const sync = () => post(edge, "/api/sync", withToken);

test("each website's sync shows its own credentials, with its own organization and sandbox", async () => {
  await start();
  expect((await sync()).status).toBe(200);
  const calls = adobe.origin.seen
    .filter(({ url }) => url.includes("/ups/audiences"))
    .map(({ header }) => [header("x-gw-ims-org-id"), header("x-sandbox-name"), header("x-api-key")]);
  expect(calls.sort()).toEqual([
    ["AAAA@AdobeOrg", "outlet", "id-of-the-outlet"],
    ["AAAA@AdobeOrg", "prod", "id-for-all-the-others"],
    ["BBBB@AdobeOrg", "trade", "id-of-b2b-alone"],
  ]);
  const tokens = adobe.origin.seen
    .filter(({ url }) => url.startsWith("/ims/token"))
    .map(({ body }) => new URLSearchParams(body.toString()));
  expect(tokens.map((form) => [form.get("client_id"), form.get("client_secret")]).sort()).toEqual([
    ["id-for-all-the-others", "p8e-secret-for-all-the-others"],
    ["id-of-b2b-alone", "p8e-secret-of-b2b-alone"],
    ["id-of-the-outlet", "p8e-secret-of-the-outlet"],
  ]);
});

test("one website's wrong credentials fail its own sync, in words, and no other's", async () => {
  await start();
  adobe.token = (request, response) => {
    const own = request.body.toString().includes("id-of-b2b-alone");
    (own ? json({ error: "invalid_client" }, 401) : dayToken)(request, response);
  };
  const answer = await sync();
  expect(answer.status).toBe(502);
  const { reports } = JSON.parse(answer.text()) as { reports: Record<string, unknown>[] };
  expect(reports.map(({ sandbox, outcome }) => [sandbox, outcome])).toEqual([
    ["prod", "saved"],
    ["trade", "kept"],
    ["outlet", "saved"],
  ]);
  expect(reports[1]?.["message"]).toMatch(/^token: 401 invalid_client: /);
});

test("a website without credentials is told which secret has none for it", async () => {
  await start({ ADOBE_CLIENT_ID: "", ADOBE_CLIENT_SECRET: "" });
  const { reports } = JSON.parse((await sync()).text());
  expect(reports[0].message).toBe(
    "the secrets ADOBE_CLIENT_ID and ADOBE_CLIENT_SECRET are not both set, and ADOBE_CREDENTIALS has none for main",
  );
  expect(reports[1].outcome).toBe("saved");
});

test("no credential and no token is in KV, in storage, in the log, in an answer or in an error", async () => {
  await start();
  const answers = [await sync()];
  // Adobe repeats what it was sent: in an error, in what is no JSON, in a list, in a redirect.
  const echo = all.join(" ");
  for (const trouble of [
    json({ error: echo, message: echo }, 401),
    json({ children: echo }),
    json(echo, 500),
  ]) {
    adobe.audiences = trouble;
    answers.push(await sync());
  }
  adobe.audiences = (_, response) => void response.writeHead(200).end(echo);
  answers.push(await sync());
  adobe.audiences = (_, response) => void response.writeHead(302, { location: `/${all[1]}` }).end();
  answers.push(await sync());
  for (const path of [
    "/",
    "/history",
    "/campaigns",
    "/api/sync",
    "/api/sync/reports",
    "/api/audit",
    "/api/audiences",
    "/api/campaigns",
    "/api/campaigns/live",
  ]) {
    answers.push(await get(edge, path, withToken));
  }
  adobe.audiences = (_, response) => void response.end("a page of the shop");
  answers.push(await edge.send("/", { host: "b2b.test" }));
  const stored = storage.texts();
  expect(stored.some((text) => text.includes("Audience 1"))).toBe(true);
  const told = answers.map((answer) => `${JSON.stringify(answer.headers)} ${answer.text()}`);
  for (const secret of all) {
    expect([...stored, ...edge.logs, ...told].filter((text) => text.includes(secret))).toEqual([]);
  }
});

test("a broken secret stops us and not the shop, and the log does not quote it", async () => {
  await start({ ADOBE_CREDENTIALS: `{"b2b":{"clientSecret":"p8e-secret-of-b2b-alone"` });
  adobe.audiences = (_, response) => void response.end("a page of the shop");
  expect((await edge.send("/", { host: "main.test" })).text()).toBe("a page of the shop");
  const line = await edge.logged(({ event }) => event === "settings-refused");
  expect(JSON.stringify(line)).toContain("ADOBE_CREDENTIALS: expected JSON like");
  expect(edge.logs.join()).not.toContain("p8e-secret-of-b2b-alone");
});
