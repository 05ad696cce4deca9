/** Openings: a page up to where its edits are done, learned once, and what HTMLRewriter made of it. */

/**
 * HTMLRewriter writes what follows from what it has read, and nothing else: two pages that begin with the same
 * bytes are the same as far as these go, edited or not. Behind the last edit the two are the page's own bytes.
 */
export interface Opening {
  /** The page's first bytes; whatever comes after them, no edit is open and none is to be made. */
  readonly page: Uint8Array;
  /** What HTMLRewriter made of these. */
  readonly edited: Uint8Array;
  /** What was out when; ascending. */
  readonly steps: readonly Step[];
}

/** When `read` bytes of the page had been read, `written` bytes of the edited page were out. */
export interface Step {
  readonly read: number;
  readonly written: number;
}

/** With what the edits told of themselves. */
export interface KnownOpening extends Opening {
  readonly report: EditReport;
}

/** How edits went, told when the page has gone by. */
export interface EditReport {
  /** Banners of which a place was edited, and none failed. */
  readonly made: readonly string[];
  /** Banners of which a place is not in the page. */
  readonly missing: readonly string[];
  /** Banners of which a place was taken by a banner that stands before them in the file. */
  readonly taken: readonly string[];
  /** Banners of which a place could not be edited, with the reason. */
  readonly left: readonly { readonly banner: string; readonly reason: string }[];
}

/**
 * `known`: the page begins with that opening. `open`: so far it begins like these; `wanted` bytes more decide of
 * the shortest. `unknown`: it begins like none.
 */
export type Comparison<T extends Opening> =
  | { readonly kind: "known"; readonly opening: T }
  | { readonly kind: "open"; readonly openings: readonly [T, ...T[]]; readonly wanted: number }
  | { readonly kind: "unknown" };

/** `page`: what was read until now; its first `compared` bytes are those of all these openings. */
export function compareOpenings<T extends Opening>(
  openings: readonly T[],
  page: Uint8Array,
  compared: number,
): Comparison<T> {
  const same = openings.filter((one) => isEqual(one.page, page, compared));
  const [first, ...more] = same;
  if (first === undefined) return { kind: "unknown" };
  const whole = same.find((one) => one.page.byteLength <= page.byteLength);
  if (whole !== undefined) return { kind: "known", opening: whole };
  const shortest = Math.min(...same.map((one) => one.page.byteLength));
  return { kind: "open", openings: [first, ...more], wanted: shortest - page.byteLength };
}

/** How many bytes of the edited page are sure when so many of the page's own were compared. */
export function writtenBy({ steps }: Opening, read: number): number {
  let written = 0;
  for (const step of steps) {
    if (step.read > read) break;
    written = step.written;
  }
  return written;
}

/** From that byte on, as far as both go. Four bytes at a time where they lie so. */
function isEqual(one: Uint8Array, other: Uint8Array, from: number): boolean {
  const end = Math.min(one.byteLength, other.byteLength);
  let at = from;
  if (one.byteOffset % 4 === 0 && other.byteOffset % 4 === 0) {
    const ones = new Int32Array(one.buffer, one.byteOffset, end >> 2);
    const others = new Int32Array(other.buffer, other.byteOffset, end >> 2);
    // A word that was compared in part is compared again as a whole.
    let word = from >> 2;
    while (word < ones.length && ones[word] === others[word]) word += 1;
    if (word < ones.length) return false;
    at = Math.max(from, word << 2);
  }
  while (at < end && one[at] === other[at]) at += 1;
  return at >= end;
}
