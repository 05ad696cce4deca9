/** Conditions: any, all and not, alone and together. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { audiencesIn, type Condition, EVERYONE, matches } from "../../src/core/condition.ts";

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
  ["everyone, in none", EVERYONE, [], true],
  [
    "one of two conditions, in the second",
    condition({ any: [condition({ all: [ids("a"), ids("b")] }), condition({ not: ids("c") })] }),
    ["a"],
    true,
  ],
  [
    "one of two conditions, in neither",
    condition({ any: [condition({ all: [ids("a"), ids("b")] }), condition({ not: ids("c") })] }),
    ["a", "c"],
    false,
  ],
  [
    "an audience or a condition",
    condition({ any: [...ids("a"), condition({ any: ids("b") })] }),
    ["b"],
    true,
  ],
  [
    "not a condition: in one of its two",
    condition({ not: [condition({ all: [ids("a"), ids("b")] })] }),
    ["a"],
    true,
  ],
  [
    "not a condition: in both of its two",
    condition({ not: [condition({ all: [ids("a"), ids("b")] })] }),
    ["a", "b"],
    false,
  ],
])("%s", (_, written, member, expected) => {
  expect(matches(written, new Set(ids(...member)))).toBe(expected);
});

it("means the same of a thousand terms as of each of them: ids, one audience's ids, conditions", () => {
  const many = Array.from({ length: 1000 }, (_, n) => `id-${n}`);
  const terms = [...ids(...many), ids("prod", "stage"), condition({ all: [ids("a"), ids("b")] })];
  const members: (readonly [string[], boolean])[] = [
    [["id-999"], true],
    [["stage"], true],
    [["b", "a"], true],
    [["a"], false],
    [[], false],
    [["id-1000", "constructor"], false],
  ];
  for (const [member, expected] of members) {
    const audiences = new Set(ids(...member));
    expect(matches(condition({ any: terms }), audiences)).toBe(expected);
    expect(matches(condition({ not: terms }), audiences)).toBe(!expected);
  }
});

it("names every audience it looks at", () => {
  expect(audiencesIn(condition({ any: ids("a"), all: [ids("b", "c")], not: ids("d") }))).toEqual(
    ids("a", "b", "c", "d"),
  );
});

it("names the audiences of conditions within, too", () => {
  const within = condition({
    not: [condition({ all: [ids("a-prod", "a-stage"), condition({ any: ids("b") })] })],
  });
  expect(audiencesIn(within)).toEqual(ids("a-prod", "a-stage", "b"));
  expect(audiencesIn(EVERYONE)).toEqual([]);
});
