/** The openings that this isolate has learned, by page and edits; what was least recently asked for goes first. */

import type { BannerIndex } from "../core/banner.ts";
import { compareOpenings, type KnownOpening, type Opening } from "../core/opening.ts";

/** `known`: compared with what was learned of it. `searched`: read by HTMLRewriter to its end. */
export type Placed =
  | { readonly kind: "known" }
  | { readonly kind: "searched"; readonly reason: SearchReason };

/**
 * `new`: not seen before with these edits. `learning`: this answer is learned from. `waiting`: it was of no use
 * lately. `differs`: its openings differ from shopper to shopper. The others: never
 * learned.
 */
export type SearchReason =
  | "new"
  | "learning"
  | "waiting"
  | "differs"
  | "charset"
  | "nonce"
  | "preview"
  | "rotator";

/** What is known of a page with certain edits. */
export interface PageMemory {
  readonly placed: Placed;
  /** None, unless it is `known`. */
  readonly openings: readonly KnownOpening[];
  /** The page began with that one. */
  hit(opening: KnownOpening): void;
  /** It began like none of them. Answers whether it should be learned from. */
  miss(): boolean;
  learn(opening: KnownOpening): void;
}

export interface Openings {
  /** Other campaigns of that website are forgotten. */
  recall(page: PageName, nowMs: number): PageMemory;
}

export interface PageName {
  readonly website: string;
  readonly index: BannerIndex;
  readonly path: string;
  /** All that is put there, and where, as text: what comes from Commerce changes without the campaigns. */
  readonly edits: string;
}

/** Copies of one page: by customer group, by currency, and the one that the cache will have next. */
const MAX_OPENINGS = 4;
/** So many pages in a row that were like none: they differ from shopper to shopper, and comparing is left. */
const MAX_MISSES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Of a page that nothing was learned of. */
const ENTRY_BYTES = 500;

interface Entry {
  openings: readonly KnownOpening[];
  bytes: number;
  misses: number;
  /** Between two lessons; longer each time that the last one was of no use. */
  pauseMs: number;
  learnFromMs: number;
}

export function openOpenings(maxBytes: number): Openings {
  const entries = new Map<string, Entry>();
  const campaigns = new Map<string, BannerIndex>();
  let bytes = 0;

  function forget(key: string, entry: Entry): void {
    if (entries.delete(key)) bytes -= entry.bytes;
  }

  function forgetOthers({ website, index }: PageName): void {
    if (campaigns.get(website) === index) return;
    campaigns.set(website, index);
    for (const [key, entry] of entries) if (key.startsWith(`${website}\n`)) forget(key, entry);
  }

  function resize(key: string, entry: Entry, openings: readonly KnownOpening[]): void {
    entry.openings = openings;
    const size = openings.reduce(
      (sum, { page, edited }) => sum + page.byteLength + edited.byteLength,
      ENTRY_BYTES + key.length * 2,
    );
    // It may have been forgotten since it was asked for.
    if (entries.get(key) !== entry) return;
    bytes += size - entry.bytes;
    entry.bytes = size;
    for (const [oldest, left] of entries) {
      if (bytes <= maxBytes) break;
      forget(oldest, left);
    }
  }

  function find(key: string): { readonly entry: Entry; readonly isNew: boolean } {
    const known = entries.get(key);
    const entry = known ?? { openings: [], bytes: 0, misses: 0, pauseMs: FIRST_PAUSE_MS, learnFromMs: 0 };
    entries.delete(key);
    entries.set(key, entry);
    if (known === undefined) resize(key, entry, []);
    return { entry, isNew: known === undefined };
  }

  return {
    recall(name, nowMs) {
      forgetOthers(name);
      const key = `${name.website}\n${name.path}\n${name.edits}`;
      const { entry, isNew } = find(key);
      // Said once for each pause, so that of two requests at once one learns.
      const startLesson = () => {
        if (isNew || nowMs < entry.learnFromMs) return false;
        entry.learnFromMs = nowMs + entry.pauseMs;
        entry.pauseMs = Math.min(entry.pauseMs * 2, LONGEST_PAUSE_MS);
        return true;
      };
      const differs = entry.misses >= MAX_MISSES && nowMs < entry.learnFromMs;
      const compares = entry.openings.length > 0 && !differs;
      return {
        placed: compares ? { kind: "known" } : { kind: "searched", reason: whySearched(startLesson) },
        openings: compares ? entry.openings : [],
        hit(opening) {
          entry.misses = 0;
          entry.pauseMs = FIRST_PAUSE_MS;
          if (entry.openings[0] === opening) return;
          entry.openings = [opening, ...entry.openings.filter((one) => one !== opening)];
        },
        miss() {
          entry.misses += 1;
          return startLesson();
        },
        learn(opening) {
          const others = entry.openings.filter((one) => !isSame(one, opening));
          resize(key, entry, [opening, ...others].slice(0, MAX_OPENINGS));
        },
      };

      function whySearched(start: () => boolean): SearchReason {
        if (isNew) return "new";
        if (start()) return "learning";
        return differs ? "differs" : "waiting";
      }
    },
  };
}

/** An isolate has 128 MB for everything. */
export const learnedOpenings = openOpenings(8_000_000);

function isSame(one: Opening, other: Opening): boolean {
  return (
    one.page.byteLength === other.page.byteLength && compareOpenings([one], other.page, 0).kind === "known"
  );
}
