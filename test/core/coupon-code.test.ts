import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCoupon, isSpellingOf, SPOILER } from "../../src/core/coupon-code.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

const vip = foldCoupon("VIP20");

describe("a coupon code", () => {
  it.each([
    "VIP20",
    "vip20",
    "ViP20",
    "  vip20\t",
    "VIP２０",
    "ＶＩＰ２０",
    "VÍP20",
    "V\u0131P20",
    "VI\u0307P20",
    "V\u200bIP20",
    "VIP\u00ad20",
    "VIP20\u0000",
    "\ufeffVIP20",
    "𝗩𝗜𝗣𝟮𝟬",
    "ⅥP20",
    "vip②⓪",
    "V\u0301\u0302\u0303IP20",
    `V${"\u0301".repeat(20_000)}IP20`,
  ])("is the same as %j to Commerce's database, and to us", (typed) => {
    expect(isSpellingOf(typed, vip)).toBe(true);
  });

  it.each(["VIP2", "VIP200", "VIP 20", "VIP-20", "VIP20.", "WIP20", "", ".", "x".repeat(100_000)])(
    "is another one than %j",
    (typed) => {
      expect(isSpellingOf(typed, vip)).toBe(false);
    },
  );

  it("has a sharp s for one s, and for two", () => {
    expect(isSpellingOf("ßALE", foldCoupon("SALE"))).toBe(true);
    expect(isSpellingOf("PAẞ", foldCoupon("PASS"))).toBe(true);
  });

  it("stays itself under any case, marks, widths and what is ignored", () => {
    const noise = fc.constantFrom("\u0301", "\u200b", "\u00ad", "\u0000", "\u0336", "\u2060");
    const spelled = fc.tuple(
      ...[..."VIP20"].map((character) =>
        fc.tuple(
          fc.constantFrom(
            character,
            character.toLowerCase(),
            String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
          ),
          fc.array(noise, { maxLength: 3 }),
        ),
      ),
    );
    fc.assert(
      fc.property(spelled, (parts) => {
        const typed = parts.map(([character, marks]) => character + marks.join("")).join("");
        expect(isSpellingOf(typed, vip)).toBe(true);
        expect(isSpellingOf(typed + SPOILER, vip)).toBe(false);
      }),
    );
  });

  it("is never one that another plain code is", () => {
    const code = fc.stringMatching(/^[A-Z0-9_-]{1,12}$/);
    fc.assert(
      fc.property(code, code, (one, other) => {
        expect(isSpellingOf(one.toLowerCase(), foldCoupon(other))).toBe(one === other);
      }),
    );
  });

  it("costs little, however long what is typed", () => {
    const typed = "\u0301\u0323".repeat(250_000);
    expect(isSpellingOf(typed, vip)).toBe(false);
    expect(cpuMsOf(() => isSpellingOf(typed, vip))).toBeLessThan(500 * slownessNow());
  });
});
