/** Two lists of audiences: what came, went, was renamed, and when a list is too short to be believed. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { type AudienceMark, compareAudiences, isShrunk } from "../../src/core/audience-change.ts";

const mark = (id: string, name = id, lastModifiedMs = 1): AudienceMark => ({
  id: id as AudienceId,
  name,
  lastModifiedMs,
});

it("counts what is new, changed, gone and kept, and names who was renamed or vanished", () => {
  const before = [mark("a"), mark("b"), mark("c"), mark("d")];
  const after = [mark("a", "A2"), mark("c", "c", 2), mark("d"), mark("e")];
  expect(compareAudiences(before, after)).toEqual({
    added: 1,
    removed: 1,
    changed: 2,
    kept: 1,
    renamed: [{ id: "a", from: "a", to: "A2" }],
    vanished: [{ id: "b", name: "b" }],
  });
});

it("counts thousands and names twenty", () => {
  const before = Array.from({ length: 4000 }, (_, index) => mark(`id-${index}`));
  const changes = compareAudiences(before, []);
  expect([changes.removed, changes.vanished.length]).toEqual([4000, 20]);
});

it("doubts a list that lost more than half, and not one that lost half", () => {
  expect([isShrunk(10, 4), isShrunk(10, 5), isShrunk(0, 0), isShrunk(1, 0), isShrunk(3, 9)]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});
