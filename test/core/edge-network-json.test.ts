/** JSON that can be read in two ways is not read at all. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_JSON_DEPTH, readJson } from "../../src/core/edge-network/json.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

/** JSON as a list of pairs keeps what an object would lose. */
type Tree = string | number | null | Tree[] | { readonly pairs: readonly (readonly [string, Tree])[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom('"', "\\", '{"a":1,"a":2}'),
      fc.integer(),
    ),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.record({
      pairs: fc.array(
        fc.tuple(fc.constantFrom("a", "b", "c", "d", "é", '"', "\\", "{", "__proto__"), tie("tree")),
        { maxLength: 4 },
      ),
    }),
  ),
}));

type Escaping = boolean | "never";

const turn = (escaped: Escaping) => (escaped === "never" ? escaped : !escaped);

/** Every second key escaped, or none. */
function write(value: Tree, escaped: Escaping): string {
  if (Array.isArray(value)) return `[${value.map((one) => write(one, turn(escaped))).join(" ,")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = value.pairs.map(
    ([key, one], at) =>
      `${writeKey(key, escaped !== "never" && escaped !== (at % 2 === 0))} : ${write(one, escaped)}`,
  );
  return `{${pairs.join(",\n")}}`;
}

function writeKey(key: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(key);
  const codes = Array.from({ length: key.length }, (_, at) =>
    key.charCodeAt(at).toString(16).padStart(4, "0"),
  );
  return `"${codes.map((code) => `\\u${code}`).join("")}"`;
}

/** The reference: slow and plain; the first thing that is wrong with it. */
function problemOf(value: Tree, escaped: Escaping): "duplicate-keys" | "escaped-keys" | null {
  if (Array.isArray(value)) return firstProblem(value.map((one) => problemOf(one, turn(escaped))));
  if (typeof value !== "object" || value === null) return null;
  const seen = new Set<string>();
  return firstProblem(
    value.pairs.flatMap(([key, one], at) => {
      const written = writeKey(key, escaped !== "never" && escaped !== (at % 2 === 0));
      const own = written.includes("\\") ? "escaped-keys" : seen.has(key) ? "duplicate-keys" : null;
      seen.add(key);
      return [own, problemOf(one, escaped)];
    }),
  );
}

const firstProblem = <T>(problems: readonly (T | null)[]) => problems.find((one) => one !== null) ?? null;

describe("readJson", () => {
  it("finds exactly the texts in which some object has a key twice or escaped, and reads the others", () => {
    const found = { "duplicate-keys": 0, "escaped-keys": 0, none: 0 };
    fc.assert(
      fc.property(tree, fc.boolean(), fc.boolean(), (value, escaped, plain) => {
        const text = plain ? write(value, "never") : write(value, escaped);
        const problem = problemOf(value, plain ? "never" : escaped);
        found[problem ?? "none"] += 1;
        const expected =
          problem === null ? { ok: true, value: JSON.parse(text) } : { ok: false, error: problem };
        expect(readJson(text)).toEqual(expected);
      }),
      // A fixed seed: the count below is of these very texts, not of luck.
      { numRuns: 2000, seed: 20261123 },
    );
    expect(Math.min(...Object.values(found))).toBeGreaterThan(50);
  });

  it("is not fooled by a key that V8 takes for the one before it", () => {
    const text = String.raw`[{"a":1,"\\u0069denti":1},{"a":1,"\u0069dentityMap":{}}]`;
    expect(readJson(text)).toEqual({ ok: false, error: "escaped-keys" });
    expect(readJson(String.raw`{"a":"\u0069\"\\"}`)).toEqual({ ok: true, value: { a: 'i"\\' } });
  });

  it("takes the same key in two objects for what it is", () => {
    expect(readJson('[{"a":{"a":"a"}},{"a":["a","a"]}]').ok).toBe(true);
  });

  it("never throws", () => {
    const soup = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[{}[\]",:\\ua01]{0,60}$/),
      fc
        .array(fc.constantFrom("{", "}", "[", "]", '"a"', ":", ",", "1", "\\"))
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(soup, (text) => {
        const read = readJson(text);
        if (read.ok) expect(read.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("reads as deep as it says, and no deeper", () => {
    const nest = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(readJson(nest(MAX_JSON_DEPTH)).ok).toBe(true);
    expect(readJson(nest(MAX_JSON_DEPTH + 1))).toEqual({ ok: false, error: "too-deep" });
    expect(readJson("[".repeat(1_000_000))).toEqual({ ok: false, error: "too-deep" });
  });

  it.each([
    ["many keys", `{${Array.from({ length: 80_000 }, (_, n) => `"key${n}":1`).join(",")}}`],
    ["backslashes", `["${"\\\\".repeat(500_000)}"]`],
    ["quotes", `[${'"",'.repeat(330_000)}""]`],
    ["a text without an end", `"${"x".repeat(1_000_000)}`],
    ["empty objects", `[${"{},".repeat(330_000)}{}]`],
  ])("reads a megabyte of %s in less than 100 ms of CPU", (_, text) => {
    expect(cpuMsOf(() => readJson(text))).toBeLessThan(100 * slownessNow());
  });
});
