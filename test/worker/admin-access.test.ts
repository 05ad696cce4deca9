/** Cloudflare Access and roles: whose token opens the dashboard, and who may change something in it. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { AUDIENCE, type PretendAccess, startAccess } from "./access.ts";
import {
  type Adobe,
  type DashboardOptions,
  get,
  type Lines,
  namesIn,
  openDashboard,
  ownPage,
  post,
  sendForm,
  startAdobe,
  VIP,
  withToken,
} from "./dashboard.ts";
import type { Edge } from "./edge.ts";
import { RIG, rig } from "./rig.ts";

let adobe: Adobe;
let access: PretendAccess;
let edge: Edge;

beforeAll(async () => {
  adobe = await startAdobe();
});
afterAll(() => adobe.stop());
beforeEach(async () => {
  access = await startAccess();
});
afterEach(() => Promise.all([access.origin.stop(), edge.stop()]));

const VIEWER_TOKEN = "the-token-of-who-only-looks";

async function open(
  over: Readonly<Record<string, unknown>> = {},
  options: Omit<DashboardOptions, "adobe"> = {},
): Promise<void> {
  const team = {
    team: access.origin.url,
    audience: AUDIENCE,
    publishers: ["Anna@shop.example", "service:cli.access"],
    ...over,
  };
  edge = await openDashboard({ adobe, token: null, vars: { ADMIN_ACCESS: team }, ...options });
}

const showing = (assertion: string): Lines => [["cf-access-jwt-assertion", assertion]];
const asked = () => access.origin.seen.length;
const file = JSON.stringify({
  audiences: { vip: VIP.id },
  banners: [
    {
      id: "hero",
      paths: ["/"],
      selector: "#hero",
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>x</p>" } }],
    },
  ],
});

test("whom Access lets in reads the dashboard without a token, and the audit log has their e-mail", async () => {
  await open();
  const anna = showing(access.issue());
  expect(namesIn(await get(edge, "/", anna))).toEqual(["VIP", "bargain hunters", "Árbol"]);
  const from = ["cf-connecting-ip", "192.0.2.9"] as const;
  const fields = { basedOn: "0", note: "", file };
  const published = await sendForm(edge, "/history", [...anna, ...ownPage, from], fields);
  expect(published.status).toBe(303);
  const { entries } = JSON.parse((await get(edge, "/api/audit", anna)).text());
  expect(entries).toMatchObject([{ who: "anna@shop.example", from: "192.0.2.9", action: "publish" }]);
  expect(asked()).toBe(1);
});

test("a token that is over, early, forged, or anybody else's opens nothing, and a person reads why", async () => {
  await open();
  const nowSeconds = Math.floor(Date.now() / 1000);
  const nobody = { email: undefined };
  const refused = {
    "session with Cloudflare Access has ended": access.issue({ exp: nowSeconds - 1 }),
    "counts only from a later time on": access.issue({ nbf: nowSeconds + 3600 }),
    "for another application": access.issue({ aud: ["b".repeat(64)] }),
    "of another team": access.issue({ iss: "https://evil.cloudflareaccess.com" }),
    "names neither a person nor a service": access.issue(nobody),
    "no token of this team’s": access.forge("none"),
  };
  const others = [
    access.forge("hmac-of-the-public-key"),
    access.forge("changed", { email: "anna@shop.example", sub: "another" }),
    access.forge("cut"),
    // Signed rightly, by a key that says it is the team's.
    access.issue({}, { kid: "first" }, "of-somebody-else"),
    access.issue({}, {}, "of-somebody-else"),
    access.issue({}, { alg: "none" }),
    access.issue({}, { alg: "HS256" }),
    "",
    "a.b.c",
    "..",
    `${access.issue()}.x`,
    "x".repeat(20_000),
  ];
  for (const [words, token] of Object.entries(refused)) {
    const answer = await get(edge, "/", showing(token));
    expect({ words, status: answer.status }).toEqual({ words, status: 401 });
    expect(answer.text()).toContain(words);
  }
  await edge.logged(({ event, reason }) => event === "access-refused" && reason === "other-audience");
  expect(edge.logs.join()).not.toContain("anna@");
  for (const token of [...Object.values(refused), ...others]) {
    for (const path of ["/", "/history", "/api/audiences"]) {
      const answer = await get(edge, path, showing(token));
      expect({ token, path, status: answer.status }).toEqual({ token, path, status: 401 });
      expect(answer.text()).not.toMatch(/VIP|bargain/);
    }
    expect((await post(edge, "/api/sync", [...showing(token), ...ownPage])).status).toBe(401);
  }
  expect(adobe.seen).toEqual([]);
});

test("without a token of Access nobody is let in, and a cookie of its name counts for nothing", async () => {
  await open();
  for (const headers of [[], [["cookie", `CF_Authorization=${access.issue()}`]], withToken] as Lines[]) {
    const answer = await get(edge, "/", headers);
    expect(answer.status).toBe(401);
    expect(answer.text()).toContain("did not come through it");
    expect(answer.text()).not.toContain('name="token"');
  }
  expect((await post(edge, "/sign-in", ownPage, "token=")).status).toBe(401);
});

test("a viewer sees everything and changes nothing: no form is shown, and none is taken", async () => {
  await open({}, { secrets: { ADMIN_VIEWER_TOKEN: VIEWER_TOKEN, ADMIN_TOKEN: "the-token-of-the-operator" } });
  await sendForm(edge, "/history", withToken, { basedOn: "0", note: "", file });
  await sendForm(edge, "/history", withToken, { basedOn: "1", note: "", file });
  const signedIn = await post(edge, "/sign-in", ownPage, `token=${VIEWER_TOKEN}`);
  const session: Lines = [["cookie", signedIn.header("set-cookie")?.split(";")[0] ?? ""], ...ownPage];
  const viewers: Lines[] = [
    [...showing(access.issue({ email: "bert@shop.example" })), ...ownPage],
    [["authorization", `Bearer ${VIEWER_TOKEN}`]],
    session,
  ];
  for (const viewer of viewers) {
    for (const path of ["/", "/campaigns", "/history", "/history/1"]) {
      const page = await get(edge, path, viewer);
      expect({ path, status: page.status }).toEqual({ path, status: 200 });
      expect(page.text().replaceAll(/<form method="post" action="\/sign-out">/g, "")).not.toMatch(
        /type="file"|method="post" action="\/sync|Publish this|Publish a file|Yes, publish|Sync now/,
      );
    }
    expect((await get(edge, "/api/audiences", viewer)).status).toBe(200);
    const before = adobe.seen.length;
    for (const path of ["/sync", "/history", "/history/1", "/api/sync", "/api/campaigns/versions"]) {
      const answer = await post(edge, path, viewer, file);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(answer.text()).toContain("is a viewer, and that takes a publisher");
    }
    expect(adobe.seen.length).toBe(before);
  }
  const { entries } = JSON.parse((await get(edge, "/api/audit", withToken)).text());
  expect(entries).toHaveLength(2);
  expect((await post(edge, "/sign-out", session)).header("set-cookie")).toContain("Max-Age=0");
  // A viewer's session is no operator's: its seal is of another token.
  expect((await get(edge, "/", session)).text()).toContain(">viewer</span>");
});

test("whom the settings name nowhere has no business here, whatever Access says", async () => {
  await open({ viewers: ["*@agency.example", "group:Store"] });
  const bert = await get(edge, "/", showing(access.issue({ email: "bert@shop.example" })));
  expect([bert.status, bert.text().includes("knows you as bert@shop.example")]).toEqual([403, true]);
  for (const claims of [
    { email: "x@agency.example" },
    { email: "y@z.example", custom: { groups: ["Store"] } },
  ]) {
    expect((await get(edge, "/", showing(access.issue(claims)))).status).toBe(200);
  }
});

test("another site's page can't use a person's Access; a service token is no browser's", async () => {
  await open();
  const anna = showing(access.issue());
  for (const other of [[], [["sec-fetch-site", "same-site"]], [["origin", "https://evil.test"]]] as Lines[]) {
    expect((await post(edge, "/api/sync", [...anna, ...other])).status).toBe(403);
  }
  const machine = showing(access.issue({ email: undefined, sub: "", common_name: "cli.access" }));
  adobe.held = ["one", "two", "three"];
  expect((await post(edge, "/api/sync", machine)).status).toBe(200);
  // A token of somebody else's beside it, as a command line may have one in its environment, changes nothing.
  const { entries } = JSON.parse((await get(edge, "/api/audit", [...machine, ...withToken])).text());
  expect(entries[0].who).toBe("service cli.access");
});

test("a new key of the team is found, and invented ones do not make us ask for each", async () => {
  await open({}, { script: RIG });
  expect((await get(edge, "/", showing(access.issue()))).status).toBe(200);
  access.published = ["first", "second"];
  const second = showing(access.issue({}, {}, "second"));
  expect((await get(edge, "/", second)).status).toBe(401);
  await rig(edge, { aheadMs: 31_000 });
  expect((await get(edge, "/", second)).status).toBe(200);
  expect(asked()).toBe(2);
  for (let index = 0; index < 5; index += 1) {
    expect((await get(edge, "/", showing(access.issue({}, {}, `invented-${index}`)))).status).toBe(401);
  }
  expect(asked()).toBe(2);
  // Withdrawn: after an hour it opens nothing.
  access.published = ["second"];
  await rig(edge, { aheadMs: 3_600_000 });
  const exp = Math.floor(Date.now() / 1000) + 90_000;
  expect((await get(edge, "/", showing(access.issue({ exp })))).status).toBe(401);
  expect((await get(edge, "/", showing(access.issue({ exp }, {}, "second")))).status).toBe(200);
});

test("with the team's keys away nobody is let in, and with keys in memory it goes on", async () => {
  await open({}, { script: RIG });
  const exp = Math.floor(Date.now() / 1000) + 90_000;
  const anna = showing(access.issue({ exp }));
  for (const trouble of ["down", "rubbish", "empty"] as const) {
    access.trouble = trouble;
    const answer = await get(edge, "/", anna);
    expect([trouble, answer.status]).toEqual([trouble, 503]);
    expect(answer.text()).toContain("keys can’t be had from Cloudflare Access");
    await rig(edge, { aheadMs: 6_000 });
  }
  access.trouble = "none";
  expect((await get(edge, "/", anna)).status).toBe(200);
  access.trouble = "down";
  await rig(edge, { aheadMs: 7_200_000 });
  expect((await get(edge, "/", anna)).status).toBe(200);
  expect(await edge.logged(({ event }) => event === "access-keys-unreadable")).toMatchObject({
    error: "Error: the team answered 503",
  });
});

test("wrong settings of Access leave the dashboard closed", async () => {
  await open({ audience: "not-a-tag" });
  const answer = await get(edge, "/", showing(access.issue()));
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(answer.text()).not.toContain("VIP");
});
