/** Coupon codes as Commerce compares them: its database makes no difference of case, of accents, of width. */

/** Primary differences of the Unicode Collation Algorithm alone, as in MySQL's `…_ai_ci` and `…_unicode_ci`. */
const collator = new Intl.Collator("en", { usage: "search", sensitivity: "base", ignorePunctuation: false });

/**
 * What may be typed for one code, made one. Wider than any one collation on purpose: of a code that only
 * resembles an exclusive one nobody loses anything.
 */
export function foldCoupon(code: string): string {
  return strip(strip(code).normalize("NFKD")).toUpperCase().toLowerCase().trim();
}

/** U+FFFD stands for bytes that are no UTF-8: MySQL's Unicode collations end a text there. */
function strip(text: string): string {
  return text.replace(/[\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffd]/gu, "");
}

/** `folded` is what `foldCoupon` made of the code. */
export function isSpellingOf(typed: string, folded: string): boolean {
  const short = typed.length <= LONG ? typed.trim() : strip(typed).trim();
  // Commerce's column has 255 characters; what is ignored in them is gone now.
  if (short.length > LONG) return false;
  // In MySQL's older collations a sharp s is one s, in all others two.
  const simple = short.replace(/[ßẞ]/g, "s");
  return [short, simple].some((one) => foldCoupon(one) === folded || collator.compare(one, folded) === 0);
}

/** A longer text is cut to what counts of it first: marks by the thousand are slow to bring in order. */
const LONG = 1024;

/**
 * Added to a locked code, it is none: Commerce itself then says in its own words, in the shop's language,
 * that the code isn't valid. No collation ignores a full stop.
 */
export const SPOILER = ".";
