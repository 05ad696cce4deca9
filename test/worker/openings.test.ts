/** What an isolate remembers of its pages: bounded, of one version of the campaigns, and learned now and then. */

import { expect, test } from "vitest";
import { type BannerIndex, indexBanners } from "../../src/core/banner.ts";
import type { KnownOpening } from "../../src/core/opening.ts";
import { openOpenings, type PageName } from "../../src/edge/openings.ts";

const index: BannerIndex = indexBanners([], "main", null);
const name = (path: string, more: Partial<PageName> = {}): PageName => ({
  website: "main",
  index,
  path,
  edits: "hero vip",
  ...more,
});

function opening(bytes: number, first = 0): KnownOpening {
  const page = new Uint8Array(bytes);
  page[0] = first;
  return { page, edited: page, steps: [], report: { made: ["hero"], missing: [], taken: [], left: [] } };
}

const LATER_MS = 4_000_000;

test("a page is noted, then learned from, then known", () => {
  const memory = openOpenings(100_000);
  expect(memory.recall(name("/"), 0).placed).toEqual({ kind: "searched", reason: "new" });
  const lesson = memory.recall(name("/"), 0);
  expect(lesson.placed).toEqual({ kind: "searched", reason: "learning" });
  expect(memory.recall(name("/"), 0).placed).toEqual({ kind: "searched", reason: "waiting" });
  const learned = opening(100);
  lesson.learn(learned);
  expect(memory.recall(name("/"), 0)).toMatchObject({ placed: { kind: "known" }, openings: [learned] });
  for (const other of [name("/a"), name("/", { edits: "hero bargain" }), name("/", { website: "other" })]) {
    expect(memory.recall(other, 0).placed).toEqual({ kind: "searched", reason: "new" });
  }
});

test("pages that differ each time are compared eight times, and learned from more and more seldom", () => {
  const memory = openOpenings(100_000);
  memory.recall(name("/"), 0);
  let lessons = 0;
  let compared = 0;
  for (let second = 0; second < 3_600; second += 1) {
    const page = memory.recall(name("/"), second * 1_000);
    if (page.placed.kind === "known") {
      compared += 1;
      if (!page.miss()) continue;
    } else if (page.placed.reason !== "learning") continue;
    lessons += 1;
    page.learn(opening(100, lessons));
    expect(page.openings.length).toBeLessThanOrEqual(4);
  }
  expect(lessons).toBeLessThanOrEqual(14);
  expect(compared).toBeLessThanOrEqual(30);
});

test("a page that is hit again is compared again", () => {
  const memory = openOpenings(100_000);
  memory.recall(name("/"), 0);
  memory.recall(name("/"), 0).learn(opening(100));
  for (let round = 0; round < 8; round += 1) memory.recall(name("/"), 0).miss();
  expect(memory.recall(name("/"), 0).placed).toEqual({ kind: "searched", reason: "differs" });
  const due = memory.recall(name("/"), LATER_MS);
  const [first] = due.openings;
  if (first === undefined) throw new Error("nothing is known");
  due.hit(first);
  expect(memory.recall(name("/"), LATER_MS).placed).toEqual({ kind: "known" });
});

test("of the copies of one page four are kept, and the same one is kept once", () => {
  const memory = openOpenings(100_000);
  memory.recall(name("/"), 0);
  for (let n = 0; n < 9; n += 1) memory.recall(name("/"), 0).learn(opening(100, n % 6));
  const { openings } = memory.recall(name("/"), 0);
  expect(openings.map(({ page }) => page[0])).toEqual([2, 1, 0, 5]);
});

test("what is remembered never takes more than its bytes, and what is asked for stays", () => {
  const memory = openOpenings(20_000);
  const isKnown = (path: string) => memory.recall(name(path), 0).placed.kind === "known";
  for (let n = 0; n < 50; n += 1) {
    memory.recall(name(`/${n}`), 0);
    memory.recall(name(`/${n}`), 0).learn(opening(1_000));
    isKnown("/0");
  }
  expect(["/0", "/49", "/10"].map(isKnown)).toEqual([true, true, false]);
});

test("one that is longer than all the memory is not kept", () => {
  const memory = openOpenings(20_000);
  memory.recall(name("/"), 0);
  memory.recall(name("/"), 0).learn(opening(30_000));
  expect(memory.recall(name("/"), 0).openings).toEqual([]);
});

test("other campaigns forget the website's pages, and no other website's", () => {
  const memory = openOpenings(100_000);
  const other = { website: "other", index: indexBanners([], "other", null) };
  for (const more of [{}, other]) {
    memory.recall(name("/", more), 0);
    memory.recall(name("/", more), 0).learn(opening(100));
  }
  const next = { index: indexBanners([], "main", null) };
  expect(memory.recall(name("/", next), 0).placed).toEqual({ kind: "searched", reason: "new" });
  expect(memory.recall(name("/", other), 0).placed).toEqual({ kind: "known" });
  expect(memory.recall(name("/"), 0).placed).toEqual({ kind: "searched", reason: "new" });
});
