/** Selectors: what HTMLRewriter knows passes, all else is refused with what would be right. */

import { expect, it } from "vitest";
import { parseSelector } from "../../src/core/selector.ts";
import cases from "../cases/selectors.json" with { type: "json" };
import { cpuMsOf, slownessNow } from "./pace.ts";

it.each(cases.accepted)("accepts %s", (selector) => {
  expect(parseSelector(selector)).toEqual({ ok: true, value: selector });
});

it.each(cases.refused)("refuses %s", (selector) => {
  expect(parseSelector(selector).ok).toBe(false);
});

it("takes no more than a moment for a selector made to be slow", () => {
  const parse = () => {
    for (const part of ["a ", ".a", "[a]", ":not(.a)", "> ", '[a="', "-", "#a>"]) {
      parseSelector(part.repeat(Math.floor(299 / part.length)));
      parseSelector(`${part.repeat(Math.floor(290 / part.length))}!`);
    }
  };
  expect(cpuMsOf(parse)).toBeLessThan(200 * slownessNow());
});
