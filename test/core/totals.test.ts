/** What was counted: the questions in SQL, their rows, and the trouble that is counted beside the exposures. */

import { describe, expect, it } from "vitest";
import type { Membership } from "../../src/core/membership.ts";
import { readShown, readTotals, writeShownQuery, writeTotalsQuery } from "../../src/core/totals.ts";
import { troublePoint, troublesOf, unsignedTrouble } from "../../src/core/trouble.ts";

const row = (kind: string, trust: string, reason: string, total: unknown) => ({ kind, trust, reason, total });

it("rows are summed up by what they say, sampled ones too, and texts are numbers", () => {
  expect(
    readTotals([
      row("page", "verified", "condition-holds", "120"),
      row("headless", "claimed", "condition-holds", 30),
      row("page", "none", "condition-holds", "5"),
      row("page", "verified", "holdout", "7"),
      row("order", "verified", "condition-holds", 2),
      row("refused", "", "signed-cookie altered", "3"),
      row("refused", "", "web-sdk cross-site", "11"),
      row("overrun", "", "page-deadline", 4),
    ]),
  ).toEqual({
    shown: 155,
    heldBack: 7,
    verified: 127,
    claimed: 30,
    unknown: 5,
    orders: 2,
    refused: [
      { reason: "web-sdk cross-site", count: 11 },
      { reason: "signed-cookie altered", count: 3 },
    ],
    overruns: 4,
  });
});

it("no rows, and rows of something else, are nothing", () => {
  const nothing = readTotals([]);
  expect(nothing).toMatchObject({ shown: 0, refused: [], overruns: 0 });
  expect(readTotals([{}, row("page", "verified", "condition-holds", "many"), { kind: "new" }])).toEqual(
    nothing,
  );
});

it("sums up by _sample_interval, of the dataset alone", () => {
  for (const sql of [writeTotalsQuery("my_data"), writeShownQuery("my_data")]) {
    expect(sql).toContain("SUM(_sample_interval)");
    expect(sql).toContain("FROM my_data ");
  }
});

it("tells which variants were shown, and does not mistake one for another", () => {
  const wasShown = readShown([{ banner: "a", variant: "b", total: "1" }]);
  expect([wasShown("a", "b"), wasShown("b", "a"), wasShown('a","b', "")]).toEqual([true, false, false]);
});

describe("trouble", () => {
  const lost = (...reasons: Membership["lost"][number]["reason"][]): Membership => ({
    kind: "none",
    reason: "absent",
    trust: "claimed",
    lost: reasons.map((reason) => ({ source: "signed-cookie", reason, bytes: 9 })),
  });
  const page = { status: 200, originMs: 20, deadlineMs: 100 };

  it("is what only a forger or a mistake sends, not what is merely beaten or too old", () => {
    expect(troublesOf(lost("altered", "expired", "verified-wins"), page)).toEqual([
      { kind: "refused", reason: "signed-cookie altered" },
    ]);
  });
  it("is a page for which Commerce took too long, and no other 504", () => {
    const late = { status: 504, originMs: 100, deadlineMs: 100 };
    expect(troublesOf(lost(), late)).toEqual([{ kind: "overrun", reason: "page-deadline" }]);
    expect(troublesOf(lost(), { ...late, deadlineMs: null })).toEqual([]);
    expect(troublesOf(lost(), { ...late, originMs: 40 })).toEqual([]);
    expect(troublesOf(lost(), { ...late, status: 200 })).toEqual([]);
  });
  it("is a Web SDK call that was not believed, not one with which nothing was wrong", () => {
    expect(unsignedTrouble("cross-site")).toEqual([{ kind: "refused", reason: "web-sdk cross-site" }]);
    for (const reason of [null, "no-consent", "not-known-yet", "not-interact"]) {
      expect(unsignedTrouble(reason)).toEqual([]);
    }
  });
  it("says nothing of a shopper", () => {
    expect(troublePoint({ kind: "refused", reason: "cookie malformed" }, "main")).toEqual({
      indexes: ["main"],
      blobs: ["main", "", "", "cookie malformed", "", "", "refused", ""],
      doubles: [],
    });
  });
});
