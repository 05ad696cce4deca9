/** The rollout: stable by visitor, as large as it says, and nobody falls out when it grows. */

import { expect, it } from "vitest";
import { BUCKETS, bucketOf, isInRollout } from "../../src/core/bucket.ts";

const visitors = Array.from({ length: 20_000 }, (_, n) => `visitor-${n}`);

it("puts a visitor into the same bucket always", () => {
  expect(bucketOf("29068398647607325310376254630528178721", "rollout:main")).toBe(
    bucketOf("29068398647607325310376254630528178721", "rollout:main"),
  );
  expect(bucketOf("a", "x")).not.toBe(bucketOf("a", "y"));
});

it("spreads visitors evenly: chi-squared over 100 cells stays under the 99.9 % bound", () => {
  const cells = new Array<number>(100).fill(0);
  for (const visitor of visitors) {
    const cell = Math.floor((bucketOf(visitor, "rollout:main") * 100) / BUCKETS);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const expected = visitors.length / 100;
  const chiSquared = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquared).toBeLessThan(148.2);
});

it("keeps everybody in who was in, when the share grows", () => {
  const shares = [0, 1, 10, 50, 99, 100].map(
    (rollout) => new Set(visitors.filter((visitor) => isInRollout(visitor, { code: "main", rollout }))),
  );
  expect(shares[0]?.size).toBe(0);
  expect(shares.at(-1)?.size).toBe(visitors.length);
  for (const [index, share] of shares.entries()) {
    const before = shares[index - 1] ?? new Set();
    expect([...before].every((visitor) => share.has(visitor))).toBe(true);
  }
});
