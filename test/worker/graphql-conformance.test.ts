/** GraphQL over HTTP behaves through the Worker as it does without: the audits of graphql-http, one by one. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { audit } from "../conformance/graphql-audits.ts";
import { BUNDLE } from "./edge.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";

let demo: RunningDemo;
beforeAll(async () => {
  demo = await startDemo({ edgeScript: readFileSync(BUNDLE, "utf8") });
});
afterAll(() => demo.stop());

describe("the audits of graphql-http", () => {
  it("are 61, and Commerce's manners fail some and pass most", async () => {
    const direct = await audit(demo.storeUrl);
    expect(direct).toHaveLength(61);
    expect(new Set(direct.map(({ id }) => id)).size).toBe(61);
    const passed = direct.filter(({ status }) => status === "ok").length;
    // Neither a server that refuses everything nor one that does all right would show a difference.
    expect(passed).toBeGreaterThan(20);
    expect(passed).toBeLessThan(61);
  });

  it.each<[string, Record<string, string>]>([
    ["for a guest", {}],
    ["for a VIP by Adobe's header", { "aep-segments-membership": vip }],
    ["for a VIP by Adobe's cookie", { cookie: `aep-segments-membership=${vip}` }],
    ["for a membership that is malformed", { "aep-segments-membership": "<x>,%" }],
  ])("say the same through the Worker, %s, the first time and the second", async (_, headers) => {
    const direct = await audit(demo.storeUrl, headers);
    expect(await audit(demo.url, headers)).toEqual(direct);
    expect(await audit(demo.url, headers)).toEqual(direct);
  });
});
