/** `campaigns:publish` through a dashboard: what it asks, what it tells, and what keeps it from publishing. */

import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCampaigns } from "../../cli/campaigns.ts";
import { call, makeDeployment } from "./command-line.ts";

const none = { added: [], removed: [], changed: [] };
const version = {
  number: 8,
  state: "published",
  digest: "0123456789ab",
  at: "2026-11-23T08:00:00.000Z",
  who: "operator, by token",
  note: "",
  restores: null,
  difference: { audiences: none, banners: none, offers: none },
};
const warnings = [{ path: "banners.aside", message: "it ends at once\u001b[2J\u202e" }];

/** A dashboard that gives these answers by method and path, and remembers what it was asked. */
async function startDashboard(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const question = `${request.method} ${request.url?.split("?")[0]}`;
    asked.push(question);
    response.setHeader("etag", '"v7"');
    response.end(JSON.stringify(answers[question] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://admin.localhost:${(server.address() as AddressInfo).port}` };
}

function publish(url: string, ...words: string[]) {
  const deployment = makeDeployment();
  onTestFinished(() => deployment.remove());
  const file = join(deployment.config, "..", "campaigns.json");
  writeFileSync(file, "{}");
  const all = ["publish", file, "--url", url, "--config", deployment.config, ...words];
  return call(runCampaigns, all, { ADMIN_TOKEN: "a-token-of-the-dashboard" });
}

const PUT = "PUT /api/campaigns";
const CHECK = "POST /api/campaigns/check";

test("what may not be meant is told with the version, without what a terminal would obey", async () => {
  const { url, asked } = await startDashboard({ [PUT]: { version, pending: null, warnings } });
  const { exitCode, output, errors } = await publish(url);
  expect(exitCode).toBe(0);
  expect(errors).toBe("Look twice: banners.aside: it ends at once[2J\n");
  expect(output).toContain("as version 8");
  expect(asked).toEqual(["GET /api/campaigns", PUT]);
});

test("with --strict it is not published; without a risk it is", async () => {
  const risky = await startDashboard({ [CHECK]: { warnings } });
  const kept = await publish(risky.url, "--strict");
  expect([kept.exitCode, kept.errors.includes("Nothing was published")]).toEqual([1, true]);
  expect(risky.asked).toEqual(["GET /api/campaigns", CHECK]);
  const harmless = await startDashboard({
    [CHECK]: { warnings: [] },
    [PUT]: { version, pending: null, warnings: [] },
  });
  expect((await publish(harmless.url, "--strict")).exitCode).toBe(0);
});
