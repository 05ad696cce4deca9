/** Percent-encoding: what is meant by a text that is written with %20 and the like. */

/** null: it is no UTF-8. */
export function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** As `application/x-www-form-urlencoded` has it: "+" is a space. */
export function decodeFormPart(text: string): string | null {
  return decodePercent(text.replaceAll("+", " "));
}
