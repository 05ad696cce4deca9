/** `npm run off` and `npm run on`: the switch in KV, on this machine and at Cloudflare. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMode } from "../../cli/mode.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare.ts";
import { call, makeDeployment } from "./command-line.ts";

const deployment = makeDeployment();
const there = ["--config", deployment.config];
afterAll(() => deployment.remove());

const linesOf = (text: string) => text.trimEnd().split("\n");

test("on this machine: off, on again, reset, and each website says what it was", async () => {
  const change = async (...words: string[]) => {
    const { exitCode, output, errors } = await call(runMode, [...words, "--local", ...there]);
    expect([exitCode, errors]).toEqual([0, ""]);
    return linesOf(output);
  };
  expect((await change("off")).slice(0, 2)).toEqual([
    "main  off (was watch, as wrangler.toml says)  on this machine",
    "b2b   off (was on, as wrangler.toml says)  on this machine",
  ]);
  expect((await change("on", "b2b"))[0]).toBe("b2b  on (was off)  on this machine");
  expect((await change("reset", "main"))[0]).toBe(
    "main  watch, as wrangler.toml says (was off)  on this machine",
  );
  expect(await change("show")).toEqual([
    "main  watch, as wrangler.toml says  on this machine",
    "b2b   on  on this machine",
  ]);
});

describe("at Cloudflare", () => {
  let cloudflare: Cloudflare;
  beforeAll(async () => {
    cloudflare = await startCloudflare();
  });
  afterAll(() => cloudflare.stop());

  test("off means the deployed Worker unless told otherwise, and names the faster way out", async () => {
    cloudflare.kv.set("switch", '{"b2b":"watch","elsewhere":"on"}');
    const unreachable = { ...cloudflare.env, CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9/client/v4" };
    const off = await call(runMode, ["off", "main", ...there], cloudflare.env);
    const lost = await call(runMode, ["off", "main", ...there], unreachable);
    expect([off.exitCode, off.errors]).toEqual([0, ""]);
    expect(JSON.parse(cloudflare.kv.get("switch") ?? "")).toEqual({
      main: "off",
      b2b: "watch",
      elsewhere: "on",
    });
    expect(off.output).toContain("within 90 seconds");
    expect(off.output).toContain("detach the Worker's route");
    expect([lost.exitCode, lost.output]).toEqual([1, ""]);
    expect(lost.errors).toMatch(/^KV could not be read: /);
  });
});

test("an unknown website or mode is one sentence", async () => {
  const website = await call(runMode, ["off", "man", "--local", ...there]);
  const mode = await call(runMode, ["of", "--local", ...there]);
  expect([website.exitCode, mode.exitCode]).toEqual([2, 2]);
  expect(website.errors).toBe('There is no website "man" in wrangler.toml; did you mean "main"?\n');
  expect(mode.errors).toContain('did you mean "off"?');
});
