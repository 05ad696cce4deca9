/** How MySQL compares a typed code with the coupon table's: by the collation that the table has. */

/**
 * Magento before 2.4 made its tables with `utf8_general_ci`, later ones take the database's default. `any`
 * lets through what any of the three does: the hardest shop to guard a code in.
 */
export type Collation = "utf8mb4_general_ci" | "utf8mb4_unicode_ci" | "utf8mb4_0900_ai_ci" | "any";

/** Primary differences only: neither case nor accents nor width nor the script of a digit nor what is invisible. */
const collator = new Intl.Collator("und", { sensitivity: "base" });

export function sameCode(typed: string, stored: string, collation: Collation): boolean {
  switch (collation) {
    case "utf8mb4_general_ci":
      return generalWeights(typed) === generalWeights(stored);
    case "utf8mb4_unicode_ci":
      return collator.compare(withoutPadding(oneWeight(typed)), withoutPadding(oneWeight(stored))) === 0;
    case "utf8mb4_0900_ai_ci":
      // The one of the three that does not pad: a space at the end counts.
      return collator.compare(typed, stored) === 0;
    case "any":
      return (
        sameCode(typed, stored, "utf8mb4_general_ci") ||
        sameCode(typed, stored, "utf8mb4_unicode_ci") ||
        sameCode(typed, stored, "utf8mb4_0900_ai_ci")
      );
  }
}

const blanks = " \t\n\r\0\x0B";

/** PHP's `trim`, which Commerce does to a code before it asks the database. */
export function trimAsPhp(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blanks.includes(text.charAt(start))) start += 1;
  while (end > start && blanks.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** One weight a character: a composed letter loses its accent, a combining mark stays, `ß` is an S. */
function generalWeights(text: string): string {
  const weights = Array.from(oneWeight(text), (char) => {
    const [base = char] = char.normalize("NFD");
    const upper = (base === "ß" ? "s" : base).toUpperCase();
    return upper.length === base.length ? upper : base;
  });
  return withoutPadding(weights.join(""));
}

/** The older collations weigh everything beyond the basic plane alike. */
function oneWeight(text: string): string {
  return text.replace(/[\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

function withoutPadding(text: string): string {
  return text.replace(/ +$/, "");
}
