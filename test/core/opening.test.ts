/** A page is known when it begins with an opening, wherever it was cut, and never one byte earlier. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { compareOpenings, type Opening, writtenBy } from "../../src/core/opening.ts";

function opening(page: Uint8Array): Opening {
  return { page, edited: page, steps: [] };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads as an edge does: never more than is wanted, in as many pieces as the network likes. */
function readThrough(openings: readonly Opening[], page: Uint8Array, chunks: readonly number[]) {
  let read = 0;
  let comparison = compareOpenings(openings, page.subarray(0, 0), 0);
  for (let n = 0; comparison.kind === "open" && read < page.byteLength; n += 1) {
    const length = Math.min(chunks[n % chunks.length] ?? 1, comparison.wanted);
    const next = Math.min(page.byteLength, read + length);
    comparison = compareOpenings(comparison.openings, page.subarray(0, next), read);
    read = next;
  }
  return { comparison, read };
}

function startsWith(page: Uint8Array, other: Uint8Array): boolean {
  return page.byteLength >= other.byteLength && other.every((byte, at) => page[at] === byte);
}

/** Few letters, so that many pages begin alike; some of them are more than one byte. */
const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "山", "🏔"), minLength: 1, maxLength: 30 });
const chunks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
/** A page, and openings that are parts of it, changed or not. */
const scene = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(60), fc.option(fc.tuple(fc.nat(60), fc.nat(255)))), { maxLength: 4 }))
  .map(([written, parts]) => {
    const page = bytesOf(written);
    const openings = parts.map(([length, change]) => {
      const part = page.slice(0, 1 + (length % page.byteLength));
      if (change !== null) part[change[0] % part.byteLength] = change[1];
      return opening(part);
    });
    return { page, openings };
  });

test("a page is known by the opening that it begins with, and only then", () => {
  fc.assert(
    fc.property(scene, chunks, ({ page, openings }, cuts) => {
      const { comparison } = readThrough(openings, page, cuts);
      const fitting = openings.filter((one) => startsWith(page, one.page));
      if (comparison.kind === "known") expect(fitting).toContain(comparison.opening);
      else expect(fitting).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("of a page that is known, not one byte is read behind the shortest opening that fits", () => {
  fc.assert(
    fc.property(scene, chunks, ({ page, openings }, cuts) => {
      const { comparison, read } = readThrough(openings, page, cuts);
      if (comparison.kind !== "known") return;
      const fitting = openings.filter((one) => startsWith(page, one.page));
      expect(read).toBe(Math.min(...fitting.map((one) => one.page.byteLength)));
    }),
    { numRuns: 2_000 },
  );
});

test("one byte that differs makes a page unknown as soon as it is read", () => {
  fc.assert(
    fc.property(text, fc.nat(200), fc.integer({ min: 1, max: 255 }), (written, place, by) => {
      const page = bytesOf(written);
      const at = place % page.byteLength;
      const other = page.slice();
      other[at] = ((other[at] ?? 0) + by) % 256;
      const { comparison, read } = readThrough([opening(other)], page, [1]);
      expect({ kind: comparison.kind, read }).toEqual({ kind: "unknown", read: at + 1 });
    }),
  );
});

test("nothing is learned, so nothing is known; a page that ends early is not known either", () => {
  const page = bytesOf("<main>");
  expect(compareOpenings([], page, 0)).toEqual({ kind: "unknown" });
  const only = opening(bytesOf("<main><p>"));
  expect(compareOpenings([only], page, 0)).toEqual({ kind: "open", openings: [only], wanted: 3 });
});

test("what may be sent is what was out when as much had been read, and no more", () => {
  const steps = [
    { read: 10, written: 4 },
    { read: 20, written: 30 },
    { read: 20, written: 31 },
  ];
  const one = { ...opening(bytesOf("")), steps };
  expect([0, 9, 10, 19, 20, 99].map((read) => writtenBy(one, read))).toEqual([0, 0, 4, 4, 31, 31]);
});
