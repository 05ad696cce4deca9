/** `npm run drill`: every rung and every failure on the demo as promised; and who gets less is told, and ends it with 1. */

import { describe, expect, test } from "vitest";
import type { Row } from "../../cli/drill/rows.ts";
import type { Got } from "../../cli/drill/shopper.ts";
import { describe as describeGot, judge, runDrill } from "../../cli/drill.ts";
import { call } from "./command-line.ts";

test("each rung and each failure, on a real demo", { timeout: 120_000 }, async () => {
  const { exitCode, output } = await call(runDrill, []);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  for (const told of [
    /KV is down at a new isolate +signed +embedded +the VIP's page, whole/,
    /the same, and nothing is embedded +signed +none +the default page, whole/,
    /Adobe hangs +new +kv +the default page, whole/,
    /Commerce can't be reached +signed +memory +502/,
    /Commerce breaks off in mid-page +signed +memory +\d{3} characters, then the break/,
  ]) {
    expect(output).toMatch(told);
  }
});

describe("a shopper who gets less than promised", () => {
  const row: Row = {
    breaks: "Adobe hangs",
    order: {},
    who: "signed",
    gets: { kind: "page", page: "VIP's page", rung: "memory" },
    budgetMs: 150,
  };
  const got: Got = {
    status: 200,
    page: "VIP's page",
    body: "whole",
    ms: 100,
    firstMs: 50,
    rung: "memory",
    text: "<html>",
    setCookies: [],
  };

  test("another page, half of one, too late, or by another rung, fails the drill", () => {
    expect(judge(row, got, 20)).toBeNull();
    for (const less of [
      { page: "default page" },
      { body: "broken" },
      { status: 500 },
      { ms: 5_000 },
      { rung: "kv" },
    ] satisfies Partial<Got>[]) {
      expect([less, judge(row, { ...got, ...less }, 20)]).toEqual([less, expect.stringMatching(/^expected/)]);
    }
  });

  test("what they got is said in words", () => {
    expect(describeGot(got)).toBe("the VIP's page, whole");
    expect(describeGot({ ...got, status: 0 })).toBe("nothing yet, as without us");
    expect(describeGot({ ...got, status: 502, text: "The shop can't be reached.\n" })).toMatch(
      /^502 The shop/,
    );
  });
});
