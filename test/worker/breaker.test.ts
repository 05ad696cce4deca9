/** The breaker, by a clock of the test's own: Adobe in trouble is left alone, and asked again by one visitor first. */

import { expect, test } from "vitest";
import { type Breaker, openBreaker } from "../../src/edge/breaker.ts";

const PATIENCE_MS = 5_000;
const START_MS = 1_800_000_000_000;

let visitors = 0;
const start = (breaker: Breaker, nowMs: number, subject = `visitor ${++visitors}`) =>
  breaker.start(subject, PATIENCE_MS, nowMs);

/** One that has just seen its fifth failure in a row. */
function broken(): Breaker {
  const breaker = openBreaker();
  for (let n = 0; n < 5; n += 1) breaker.fail(START_MS, null);
  return breaker;
}

test("four failures in a row are bad luck, five are trouble, and an answer between them starts anew", () => {
  const breaker = openBreaker();
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 4; n += 1) breaker.fail(START_MS, null);
    expect(start(breaker, START_MS)).toBe(true);
    breaker.succeed();
  }
  expect(start(broken(), START_MS)).toBe(false);
});

test("after ten seconds of rest one question goes ahead alone, and its answer opens the way for all", () => {
  const breaker = broken();
  expect(start(breaker, START_MS + 9_999)).toBe(false);
  expect(start(breaker, START_MS + 10_000)).toBe(true);
  for (let n = 0; n < 20; n += 1) expect(start(breaker, START_MS + 10_001)).toBe(false);
  breaker.succeed();
  for (let n = 0; n < 20; n += 1) expect(start(breaker, START_MS + 10_002)).toBe(true);
});

test("when the one that went ahead fails, the rest begins again at once; when it is lost, another goes", () => {
  const breaker = broken();
  expect(start(breaker, START_MS + 10_000)).toBe(true);
  breaker.fail(START_MS + 11_000, null);
  expect(start(breaker, START_MS + 20_999)).toBe(false);
  expect(start(breaker, START_MS + 21_000)).toBe(true);
  expect(start(breaker, START_MS + 25_999)).toBe(false);
  expect(start(breaker, START_MS + 26_000)).toBe(true);
});

test("what Adobe asks for by Retry-After is obeyed at the first time, up to a minute", () => {
  for (const [askedMs, restMs] of [
    [30_000, 30_000],
    [0, 10_000],
    [3_600_000, 60_000],
  ] as const) {
    const breaker = openBreaker();
    breaker.fail(START_MS, askedMs);
    expect([askedMs, start(breaker, START_MS + restMs - 1)]).toEqual([askedMs, false]);
    expect([askedMs, start(breaker, START_MS + restMs)]).toEqual([askedMs, true]);
  }
});

test("fifty questions a second and no more, whoever they are about", () => {
  const breaker = openBreaker();
  const granted = Array.from({ length: 80 }, () => start(breaker, START_MS)).filter((one) => one);
  expect(granted).toHaveLength(50);
  expect(start(breaker, START_MS + 999)).toBe(false);
  expect(start(breaker, START_MS + 1000)).toBe(true);
});

test("one visitor is asked about once at a time, until the answer or as long as one is waited for", () => {
  const breaker = openBreaker();
  expect(start(breaker, START_MS, "one")).toBe(true);
  expect(start(breaker, START_MS + 1, "one")).toBe(false);
  expect(start(breaker, START_MS + 1, "other")).toBe(true);
  breaker.end("one");
  expect(start(breaker, START_MS + 2, "one")).toBe(true);
  expect(start(breaker, START_MS + 2 + PATIENCE_MS, "one")).toBe(true);
});
