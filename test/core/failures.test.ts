/** docs/failures.md: every failure names the tests that prove it, and each of them is there. */

import { expect, it } from "vitest";
import { missingProofs, proofsIn, readPage, rowsOf } from "./proofs.ts";

const page = readPage("failures.md");
const failures = rowsOf(page, ["what breaks", "rung"]);

it("has the rungs and the failures", () => {
  expect(failures.length).toBeGreaterThan(20);
});

it("each row names a test", () => {
  expect(failures.filter((row) => proofsIn(row).length === 0)).toEqual([]);
});

it("each test that it names is there, by its very title", () => {
  expect(missingProofs(page)).toEqual([]);
  expect(proofsIn(page).flatMap(({ titles }) => titles).length).toBeGreaterThan(30);
});
