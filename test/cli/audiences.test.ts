/** `npm run audiences:sync`: asks a dashboard, wherever it is, and tells what came of it. */

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runAudiences } from "../../cli/audiences.ts";
import { call, makeDeployment } from "./command-line.ts";

const report = {
  at: "2026-11-23T08:00:00.000Z",
  organizationId: "0123@AdobeOrg",
  sandbox: "prod",
  count: 12,
  changes: { added: 2, removed: 0, changed: 1 },
  durationMs: 1_200,
};

/** A dashboard that gives one answer, and remembers how it was asked. */
async function startDashboard(status: number, answer: unknown) {
  const asked: Pick<IncomingMessage, "method" | "url" | "headers">[] = [];
  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}

function sync(port: number, env: Record<string, string> = { ADMIN_TOKEN: "a-token-of-the-dashboard" }) {
  const deployment = makeDeployment();
  onTestFinished(() => deployment.remove());
  const url = `http://admin.localhost:${port}`;
  return call(runAudiences, ["sync", "--url", url, "--config", deployment.config], env);
}

test("a saved list is told in one line, and *.localhost is found", async () => {
  const message = "12 audiences: 2 new, 1 changed, 0 gone";
  const { asked, port } = await startDashboard(200, { reports: [{ ...report, outcome: "saved", message }] });
  const { exitCode, output } = await sync(port);
  expect([exitCode, output]).toEqual([
    0,
    "0123@AdobeOrg, sandbox prod: saved. 12 audiences: 2 new, 1 changed, 0 gone (1.2 s)\n",
  ]);
  const [{ method, url, headers } = { method: "", url: "", headers: {} }] = asked;
  expect([method, url]).toEqual(["POST", "/api/sync"]);
  expect(headers).toMatchObject({
    host: `admin.localhost:${port}`,
    authorization: "Bearer a-token-of-the-dashboard",
  });
});

test("behind Cloudflare Access a service token opens the way, and is enough", async () => {
  const { asked, port } = await startDashboard(200, {
    reports: [{ ...report, outcome: "saved", message: "" }],
  });
  const service = { CF_ACCESS_CLIENT_ID: "cli.access", CF_ACCESS_CLIENT_SECRET: "the-secret-of-the-service" };
  expect((await sync(port, service)).exitCode).toBe(0);
  expect(asked[0]?.headers).toMatchObject({
    "cf-access-client-id": "cli.access",
    "cf-access-client-secret": "the-secret-of-the-service",
  });
  expect(asked[0]?.headers.authorization).toBeUndefined();
  const outside = await startDashboard(302, "");
  expect((await sync(outside.port)).errors).toContain("behind Cloudflare Access set CF_ACCESS_CLIENT_ID");
});

test("a list that was kept is no success", async () => {
  const kept = { ...report, outcome: "kept", message: "Adobe answered with an empty list" };
  const { port } = await startDashboard(502, { detail: "prod, kept", reports: [kept] });
  const { exitCode, output } = await sync(port);
  expect(exitCode).toBe(1);
  expect(output).toContain("kept the old list. Adobe answered with an empty list");
});

test("a wrong token, and none at all, are one sentence each", async () => {
  const { port } = await startDashboard(401, {});
  const wrong = await sync(port);
  expect([wrong.exitCode, wrong.errors]).toEqual([
    1,
    `admin.localhost:${port} answered 401: the token is not the dashboard's ADMIN_TOKEN.\n`,
  ]);
  const none = await sync(port, { ADMIN_TOKEN: "" });
  expect([none.exitCode, none.output]).toEqual([2, ""]);
  expect(none.errors).toContain("The environment has no ADMIN_TOKEN");
});
