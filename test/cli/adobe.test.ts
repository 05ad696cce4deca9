/** `npm run adobe:check` and publishing through the dashboard, against the demo: its Adobe, its faults, its history. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runAdobe } from "../../cli/adobe.ts";
import { runCampaigns } from "../../cli/campaigns.ts";
import campaigns from "../../demo/campaigns.json" with { type: "json" };
import { demoKeys } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { call, makeDeployment, type TestDeployment } from "./command-line.ts";

let demo: RunningDemo;
let deployment: TestDeployment;
const { ADMIN_TOKEN, ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET } = demoKeys;
const keys = { ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET };

beforeAll(async () => {
  demo = await startDemo();
  deployment = makeDeployment(websites("prod"));
});
afterAll(async () => {
  deployment.remove();
  await demo.stop();
});
beforeEach(() => breakAdobe("up"));

function websites(sandbox: string, adobeUrl = demo.adobeUrl) {
  return `
[vars.WEBSITES.main]
hosts = ["shop.example"]
[vars.WEBSITES.main.adobe]
organizationId = "DEMO@AdobeOrg"
sandbox = "${sandbox}"
imsUrl = "${adobeUrl}"
platformUrl = "${adobeUrl}"
destinations = ["f10a0001-0000-4000-8000-000000000001", "gone-0001"]
`;
}

async function breakAdobe(mode: string) {
  await fetch(`${demo.adobeUrl}/demo/faults`, { method: "POST", body: JSON.stringify({ mode }) });
}

const check = (env: Record<string, string> = keys, config = deployment.config) =>
  call(runAdobe, ["--config", config], env);

test("good credentials: four steps, the destinations that there are, and the settings to paste", async () => {
  const { exitCode, output, errors } = await check();
  expect([exitCode, errors]).toEqual([0, ""]);
  for (const step of ["token", "sandbox", "audiences", "flows"])
    expect(output).toMatch(new RegExp(`ok +${step}`));
  expect(output).toContain("Client secret  *****");
  expect(output).toMatch(/Commerce: Main Website: 9 audiences picked\n/);
  expect(output).toMatch(/Commerce: old staging: 20 audiences disabled\n/);
  expect(output).toContain("Picked, but not there: gone-0001");
  expect(output).toMatch(
    /\[vars\.WEBSITES\.main\.adobe\]\ndestinations = \["f10a0001-0{4}-4000-8000-0{11}1", /,
  );
  expect(output).not.toContain(ADOBE_CLIENT_SECRET);
});

test("the technical account is shown where it is set, for all or for the website that has its own", async () => {
  const technical = {
    ADOBE_TECHNICAL_ACCOUNT_ID: "1234@techacct",
    ADOBE_TECHNICAL_ACCOUNT_EMAIL: "a@tech.test",
  };
  const { output } = await check({ ...keys, ...technical });
  expect(output).toMatch(/Technical ID +1234@techacct\n +Technical mail +a@tech\.test\n/);
  const main = {
    clientId: ADOBE_CLIENT_ID,
    clientSecret: ADOBE_CLIENT_SECRET,
    technicalAccountId: "own@techacct",
  };
  const own = await check({ ...technical, ADOBE_CREDENTIALS: JSON.stringify({ main }) });
  expect(own.output).toMatch(/Technical ID +own@techacct\n(?! +Technical mail)/);
  expect((await check()).output).not.toContain("Technical");
});

test("a wrong secret, a wrong sandbox and an Adobe that is down: which step, and what mends it", async () => {
  const secret = await check({ ...keys, ADOBE_CLIENT_SECRET: "not-the-secret-at-all" });
  expect(secret.exitCode).toBe(1);
  expect(secret.output).toMatch(
    /wrong +token +401 invalid_client: check ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET/,
  );
  expect(secret.output + secret.errors).not.toContain("not-the-secret-at-all");
  const other = makeDeployment(websites("stage"));
  const sandbox = await check(keys, other.config);
  other.remove();
  expect(sandbox.exitCode).toBe(1);
  expect(sandbox.output).toMatch(/ok +token/);
  expect(sandbox.output).toMatch(/wrong +sandbox +the credential may not use "stage"; it may use prod/);
  expect(sandbox.output).toMatch(/wrong +audiences +403.*View Segments/);
  expect(sandbox.output).toMatch(/wrong +flows +403.*Manage Destinations/);
  await breakAdobe("empty");
  expect((await check()).output).toMatch(/wrong +audiences +Adobe lists none/);
  await breakAdobe("down");
  expect((await check()).output).toMatch(/wrong +token +503: Adobe is down/);
  await breakAdobe("throttled");
  expect((await check()).output).toMatch(/wrong +token +429 429050/);
});

test("without credentials, or without an account, it says where they come from", async () => {
  const none = await check({ ADOBE_CLIENT_ID: "", ADOBE_CLIENT_SECRET: "" });
  expect([none.exitCode, none.output]).toEqual([2, ""]);
  expect(none.errors).toContain("ADOBE_CLIENT_ID or ADOBE_CLIENT_SECRET");
  const bare = makeDeployment();
  const account = await check(keys, bare.config);
  bare.remove();
  expect(account.errors).toContain("no website with an Adobe account");
});

test("publish with a note, look at the history, take it back: all through the dashboard", async () => {
  const there = ["--url", `http://admin.localhost:${new URL(demo.url).port}`, "--config", deployment.config];
  const env = { ADMIN_TOKEN };
  const hero = { id: "hero", paths: ["/"], selector: "#hero" };
  const variants = [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>From the command line</p>" } }];
  const written = {
    audiences: { vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31" },
    banners: [{ ...hero, variants }],
  };
  const file = deployment.write("new.json", JSON.stringify(written));
  const published = await call(runCampaigns, ["publish", file, "--note", "Black Friday", ...there], env);
  expect(published.exitCode).toBe(0);
  // All of the demo's: the new file has a banner of another name.
  const gone = [
    ...published.errors.matchAll(/^Look twice: banners\.([\w-]+): shoppers have this banner now/gm),
  ];
  expect(gone.map(([, banner]) => banner)).toEqual(campaigns.banners.map(({ id }) => id));
  expect(published.output).toMatch(/^Published .*new\.json as version 2 \([0-9a-f]{12}\)\.\n/);
  const history = await call(runCampaigns, ["history", ...there], env);
  expect(history.output).toMatch(/^2 .* operator, by token {2}live\n {3}Black Friday\n/);
  expect(history.output).toMatch(/\n1 .*\n {3}The demo begins\n/);
  const back = await call(runCampaigns, ["rollback", "--note", "too early", ...there], env);
  expect(back.output).toMatch(/^Published version 1 as version 3 /);
  const wrong = deployment.write("wrong.json", JSON.stringify({ ...written, audiences: {} }));
  const refused = await call(runCampaigns, ["publish", wrong, ...there], env);
  expect(refused.exitCode).toBe(1);
  expect(refused.errors).toMatch(/answered 422:\n {2}banners\[0\].*\nNothing was published/s);
  const unsaid = await call(runCampaigns, [
    "publish",
    file,
    "--note",
    "x",
    "--local",
    "--config",
    deployment.config,
  ]);
  expect([unsaid.exitCode, unsaid.errors]).toEqual([
    2,
    expect.stringContaining("name the dashboard with --url"),
  ]);
});

test("the demo's 4,000 audiences are synced, and a list that repeats is told", async () => {
  const ask = async (path: string) => {
    const worker = await demo.miniflare.getWorker("edge");
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const answer = await worker.fetch(`http://admin.localhost${path}`, { method: "POST", headers });
    return (await answer.json()) as { reports: Record<string, unknown>[] };
  };
  await fetch(`${demo.adobeUrl}/demo/audiences`, { method: "POST", body: JSON.stringify({ count: 4000 }) });
  expect((await ask("/api/sync")).reports[0]).toMatchObject({ outcome: "saved", count: 4000 });
  await breakAdobe("repeating");
  expect((await ask("/api/sync")).reports[0]).toMatchObject({
    outcome: "kept",
    message: expect.stringMatching(/^audiences: Adobe's list does not end/),
  });
});
