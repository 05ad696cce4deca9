/** docs/deploy.md: the environments that it describes are settings that the Worker takes. */

import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { runSettings } from "../../cli/settings.ts";
import { call, makeDeployment } from "./command-line.ts";

const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
const [, staging = ""] = /```toml\n(\[env\.staging\][\s\S]*?)```/.exec(page) ?? [];

function openDeployment() {
  const production = '[vars.WEBSITES.main]\nhosts = ["shop.example"]\nmode = "watch"\n';
  const migration = '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Control"]\n';
  const deployment = makeDeployment([production, migration, staging].join("\n"));
  onTestFinished(() => deployment.remove());
  return deployment;
}

test("the staging environment of the page is another website's host, and production is what it was", async () => {
  expect(staging).toContain("[env.staging.vars.WEBSITES.main]");
  const { config } = openDeployment();
  const there = await call(runSettings, ["--config", config, "--env", "staging"]);
  expect([there.exitCode, there.errors]).toEqual([0, ""]);
  expect(there.output).toContain("  main: staging.shop.example (luma, on), a route on the shop's own zone\n");
  expect(there.output).not.toContain("so it needs a route");
  expect(there.output).not.toContain("no KV namespace is bound");
  const here = await call(runSettings, ["--config", config, "--env", ""]);
  expect(here.exitCode).toBe(0);
  expect(here.output).toContain("  main: shop.example (luma, watch)");
});

test("each npm command that the page tells is one", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const told = new Set([...page.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, name]) => name));
  expect(told.size).toBeGreaterThan(8);
  expect([...told].filter((name) => !(`${name}` in scripts))).toEqual([]);
});
