/** Conditions: any, all and not, alone and together. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { audiencesIn, type Condition, matches } from "../../src/core/condition.ts";

const ids = (...names: string[]) => names as AudienceId[];
const condition = (parts: Partial<Condition>): Condition => ({ any: [], all: [], not: [], ...parts });

it.each([
  ["any of two, in the second", condition({ any: ids("a", "b") }), ["b"], true],
  ["any of two, in neither", condition({ any: ids("a", "b") }), ["c"], false],
  ["all of two, in both", condition({ all: [ids("a"), ids("b")] }), ["a", "b"], true],
  ["all of two, in one", condition({ all: [ids("a"), ids("b")] }), ["a"], false],
  [
    "all, one audience with an id for each sandbox",
    condition({ all: [ids("a-prod", "a-stage")] }),
    ["a-stage"],
    true,
  ],
  ["not, in it", condition({ not: ids("a") }), ["a"], false],
  ["not, in another", condition({ not: ids("a") }), ["b"], true],
  ["any and not", condition({ any: ids("a"), not: ids("b") }), ["a", "b"], false],
  ["any and all and not", condition({ any: ids("a"), all: [ids("c")], not: ids("b") }), ["a", "c"], true],
])("%s", (_, written, member, expected) => {
  expect(matches(written, new Set(ids(...member)))).toBe(expected);
});

it("names every audience it looks at", () => {
  expect(audiencesIn(condition({ any: ids("a"), all: [ids("b", "c")], not: ids("d") }))).toEqual(
    ids("a", "b", "c", "d"),
  );
});
