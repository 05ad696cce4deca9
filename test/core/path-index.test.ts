/** Patterns found by an index: the same as by a look at each, in their order. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPath, type PathPattern, parsePathPattern } from "../../src/core/path.ts";
import { findByPath, indexPaths } from "../../src/core/path-index.ts";

const pattern = (text: string): PathPattern => {
  const parsed = parsePathPattern(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const index = (...lists: readonly (readonly string[])[]) =>
  indexPaths(lists.map((texts) => [texts.join(), texts.map(pattern)] as const));

const part = fc.constantFrom("a", "b", "sale", "a-sale", "b.html", "a*", "*-sale", "*", "b*.html");
const written = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`)
  .filter((text) => parsePathPattern(text).ok);
const segment = fc.constantFrom("a", "b", "sale", "a-sale", "b.html", "", "x", "constructor", "b1.html");
const asked = fc.array(segment, { minLength: 1, maxLength: 12 }).map((parts) => `/${parts.join("/")}`);

test("whatever the patterns and the path, those are found that match, in the order of the file", () => {
  fc.assert(
    fc.property(fc.array(fc.array(written, { maxLength: 3 }), { maxLength: 12 }), asked, (lists, path) => {
      const values = lists.map((texts, order) => [order, texts.map(pattern)] as const);
      const expected = values
        .filter(([, patterns]) => patterns.some((one) => matchesPath(one, path)))
        .map(([order]) => order);
      expect(findByPath(indexPaths(values), path)).toEqual(expected);
    }),
    { numRuns: 2000, seed: 20261123 },
  );
});

test("everything below a folder, also the folder itself; a star for the whole shop", () => {
  const all = index(["/sale/*"], ["/*"], ["/sale/shoes/*"], ["/other/*"]);
  expect(findByPath(all, "/sale/")).toEqual(["/sale/*", "/*"]);
  expect(findByPath(all, "/sale/shoes/a.html")).toEqual(["/sale/*", "/*", "/sale/shoes/*"]);
  expect(findByPath(all, "/sale")).toEqual(["/*"]);
  expect(findByPath(all, "/")).toEqual(["/*"]);
});

test("a banner is found once, however many of its paths match", () => {
  expect(findByPath(index(["/a/*", "/*/b", "/*"]), "/a/b")).toEqual(["/a/*,/*/b,/*"]);
});

test("a path of thousands of parts is looked at no deeper than any pattern goes", () => {
  const deep = `/${"a/".repeat(20_000)}`;
  expect(findByPath(index(["/a/*"], ["/a/a/a/a/a/a/a/a/a/a/*"], ["/b/*"]), deep)).toEqual([
    "/a/*",
    "/a/a/a/a/a/a/a/a/a/a/*",
  ]);
});
