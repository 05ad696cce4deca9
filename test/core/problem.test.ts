/** Problems: a path as a person writes it, and the word that was meant. */

import { expect, it } from "vitest";
import { describeProblem, formatPath, nearestWord, showValue } from "../../src/core/problem.ts";

it("formats a path", () => {
  expect(formatPath(["banners", 2, "variants", 0, "for"])).toBe("banners[2].variants[0].for");
  expect(formatPath(["audiences", "two words"])).toBe('audiences["two words"]');
  expect(describeProblem({ path: "", message: "not JSON" })).toBe("not JSON");
});

it.each([
  ["vpi", ["vip", "bargain"], "vip"],
  ["selecter", ["selector", "variants"], "selector"],
  ["VIP", ["vip"], "vip"],
  ["something", ["vip"], null],
  ["x", [], null],
])("for %j of %j means %j", (word, known, expected) => {
  expect(nearestWord(word, known)).toBe(expected);
});

it("shows a value shortly", () => {
  expect(showValue("x".repeat(1000)).length).toBeLessThan(60);
  expect([showValue(undefined), showValue([1, 2]), showValue({}), showValue(null), showValue(5)]).toEqual([
    "nothing",
    "a list of 2",
    "an object",
    "null",
    "5",
  ]);
});
