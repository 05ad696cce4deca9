/** The scanners read a body once: nobody keeps the Worker busy by what is never closed, and nothing is found otherwise. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findForm,
  findJson,
  findMultipart,
  findPath,
  findXml,
  isOpaqueXml,
} from "../../src/core/coupon-door/scan.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

const isLocked = (typed: string) => typed.includes("V");

/** As a person would write them, which takes minutes for a long body. */
const slow = {
  json(text: string): readonly number[] {
    return [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)].flatMap((match) => {
      const raw = match[1] ?? "";
      let typed = raw;
      try {
        typed = String(JSON.parse(`"${raw}"`));
      } catch {
        // Its raw characters count.
      }
      return isLocked(typed) ? [match.index + match[0].length - 1] : [];
    });
  },
  /** The tokens alone: what is joined before each tag, and each piece behind another. */
  xml(text: string): readonly number[] {
    const ends: number[] = [];
    const token = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<[^>]*>|[^<]+/g;
    let joined = "";
    for (const match of text.matchAll(token)) {
      const [whole, cdata] = match;
      if (cdata !== undefined || !whole.startsWith("<")) {
        const closing = cdata === undefined ? 0 : 3;
        const piece = cdata ?? whole;
        if (joined !== "" && isLocked(piece)) ends.push(match.index + whole.length - closing);
        joined += piece;
      } else if (whole.startsWith("<!--") || whole.startsWith("<?")) continue;
      else {
        if (joined !== "" && isLocked(joined)) ends.push(match.index);
        joined = "";
      }
    }
    return ends;
  },
};

const pieces = [
  "<",
  ">",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?",
  "?>",
  "V",
  "a",
  "/",
  " ",
  "-",
  "]",
  "?",
  "!",
];

describe("whatever is written, closed or not", () => {
  it("the same texts are found in JSON and in XML as by the plain expressions", () => {
    const jsonPieces = fc.constantFrom('"', "\\", "V", "a", "{", ":", "\n", '\\"', "\\\\", "\\u0056");
    fc.assert(
      fc.property(fc.array(jsonPieces, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        expect(findJson(text, isLocked)).toEqual(slow.json(text));
      }),
      { seed: 7, numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        expect(findXml(text, isLocked)).toEqual(slow.xml(text));
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  it("a form's values are the same with and without an equals sign", () => {
    expect(findForm("V&a=V&V=a&=V&&b", 0, isLocked)).toEqual([1, 5, 12]);
    expect(findForm("?x&V", 1, isLocked)).toEqual([4]);
  });

  it("a quarter of a megabyte of anything takes a moment, and not minutes", () => {
    const much = (piece: string) => piece.repeat(262_144 / piece.length);
    const never = () => false;
    const scanAll = () => {
      for (const piece of [
        ...pieces,
        "<a b='",
        '<a b="',
        "<a =",
        "&",
        "&amp",
        "&#",
        '"',
        "\\",
        '\\"',
        '"\\',
        "1",
        "1,",
        "-",
        "1e",
        "=",
        "%",
        "&=",
      ]) {
        const text = much(piece);
        for (const scan of [findJson, findXml]) scan(text, never);
        findForm(text, 0, never);
        findMultipart(text, never);
        for (const line of ["--x\r\n", "\n--", "\r\n\r\n", "\n"]) findMultipart(much(line), never);
        findPath(text, never);
        isOpaqueXml(text);
      }
      for (const piece of ["<?xml ", "<?xml encoding ", "encoding = "]) isOpaqueXml(much(piece));
      isOpaqueXml(`<?xml ${much("encoding =")}`);
    };
    // Some 150 scans; a single one that is quadratic takes longer than all of them may.
    expect(cpuMsOf(scanAll, 1)).toBeLessThan(25_000 * slownessNow());
  }, 120_000);
});
