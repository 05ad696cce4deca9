/** The demo counts, and its pretend Cloudflare answers what the dashboard asks. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { demoKeys } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { send } from "../worker/edge.ts";

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
let demo: RunningDemo;

beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.stop());

const portOf = () => Number(new URL(demo.url).port);

async function totals(): Promise<unknown> {
  const headers = [["authorization", `Bearer ${demoKeys.ADMIN_TOKEN}`]] as const;
  const answer = await send(portOf(), "/api/health", { host: "admin.localhost", headers });
  return JSON.parse(answer.text()).last24Hours;
}

test("who saw a banner is in the day's totals of the page Health", async () => {
  expect(await totals()).toMatchObject({ shown: 0, claimed: 0 });
  const page = await send(portOf(), "/", {
    host: "localhost",
    headers: [
      ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
      ["cookie", `aep-segments-membership=${VIP}`],
    ],
  });
  expect(page.text()).toContain("The light is on");
  // A point is written when the page has gone by.
  await expect.poll(totals, { timeout: 20_000 }).toMatchObject({ shown: 2, claimed: 2, refused: [] });
});

test("another token, and what is no question of the dashboard's, is refused", async () => {
  const network = await demo.miniflare.getWorker("network");
  const ask = async (token: string, body: string) => {
    const answer = await network.fetch(
      "http://api.cloudflare.demo/client/v4/accounts/0123456789abcdef0123456789abcdef/analytics_engine/sql",
      { method: "POST", headers: { authorization: `Bearer ${token}` }, body },
    );
    await answer.body?.cancel();
    return answer.status;
  };
  expect(await ask("another", "SELECT blob2 AS banner FROM a FORMAT JSON")).toBe(403);
  expect(await ask("demo-analytics-token", "SHOW TABLES")).toBe(422);
});
