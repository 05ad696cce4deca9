/** Rewriting changes what it says, nothing else, and finds back. */

import fc from "fast-check";
import { getLocation, Source } from "graphql";
import { describe, expect, it } from "vitest";
import { applySplices, type Splice, wayBack } from "../../src/core/graphql-document/splice.ts";

const unit = fc.constantFrom("a", "b", "\n", "\r", "\r\n", "{", " ", "😀", "é");
const cases = fc
  .array(unit, { minLength: 1, maxLength: 40 })
  .map((units) => units.join(""))
  .chain((text) =>
    fc.record({
      text: fc.constant(text),
      cuts: fc.uniqueArray(fc.nat({ max: text.length }), { maxLength: 8 }),
      inserts: fc.array(
        fc.array(unit, { maxLength: 5 }).map((units) => units.join("")),
        { minLength: 8, maxLength: 8 },
      ),
      shuffled: fc.boolean(),
    }),
  );

/** Places in pairs are spans; of an odd one the last only inserts. */
function splicesOf(cuts: readonly number[], inserts: readonly string[]): readonly Splice[] {
  const places = cuts.toSorted((one, other) => one - other);
  return places.flatMap((start, index) =>
    index % 2 === 0
      ? [{ span: { start, end: places[index + 1] ?? start }, insert: inserts[index] ?? "" }]
      : [],
  );
}

describe("splices", () => {
  it("put in what they insert, take out what they span, and each kept character is found back", () => {
    fc.assert(
      fc.property(cases, ({ text, cuts, inserts, shuffled }) => {
        const splices = splicesOf(cuts, inserts);
        const given = shuffled ? splices.toReversed() : splices;
        // The reference: each character of the new text with the place that it came from.
        const characters: { readonly text: string; readonly from: number | null }[] = [];
        let at = 0;
        const keepTo = (end: number) => {
          for (; at < end; at += 1) characters.push({ text: text[at] ?? "", from: at });
        };
        for (const { span, insert } of splices) {
          keepTo(span.start);
          const from = span.end > span.start ? span.start : null;
          for (const one of insert.split("")) characters.push({ text: one, from });
          at = span.end;
        }
        keepTo(text.length);
        const rewritten = characters.map((one) => one.text).join("");
        expect(applySplices(text, given)).toBe(rewritten);
        const back = wayBack(text, given);
        characters.forEach(({ from }, place) => {
          const expected = from === null ? null : getLocation(new Source(text), from);
          // The second half of a line end has no place of its own.
          if (
            /^\r\n/.test(rewritten.slice(place - 1)) ||
            (from !== null && /^\r\n/.test(text.slice(from - 1)))
          )
            return;
          expect(back(getLocation(new Source(rewritten), place))).toEqual(expected && { ...expected });
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("find nothing outside of the text, nor in what is merely inserted", () => {
    const text = "{\n  cart { id }\n}";
    const back = wayBack(text, [
      { span: { start: 11, end: 11 }, insert: " extra\n" },
      { span: { start: 4, end: 8 }, insert: "basket" },
    ]);
    expect(back({ line: 2, column: 3 })).toEqual({ line: 2, column: 3 });
    expect(back({ line: 2, column: 8 })).toEqual({ line: 2, column: 3 });
    expect(back({ line: 2, column: 9 })).toEqual({ line: 2, column: 7 });
    expect(back({ line: 2, column: 15 })).toBeNull();
    expect(back({ line: 3, column: 1 })).toEqual({ line: 2, column: 10 });
    expect(back({ line: 4, column: 1 })).toEqual({ line: 3, column: 1 });
    for (const location of [
      { line: 0, column: 1 },
      { line: 5, column: 1 },
      { line: 2, column: 0 },
      { line: 1, column: 99 },
    ]) {
      expect(back(location)).toBeNull();
    }
  });

  it("that remove the same place twice remove it once", () => {
    const inner = { span: { start: 2, end: 4 }, insert: "" };
    const outer = { span: { start: 1, end: 6 }, insert: "" };
    expect(applySplices("abcdefgh", [inner, outer, outer])).toBe("agh");
  });

  it("at one place are inserted in their order", () => {
    const splices = ["x", "y", "z"].map((insert) => ({ span: { start: 1, end: 1 }, insert }));
    expect(applySplices("ab", splices)).toBe("axyzb");
  });
});
