/** What KV holds beside what the control plane has published: the same, on its way, or somebody else's. */

import { parseRecord } from "./record.ts";

/** What stands in KV where the published version should. */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "unreadable-text" }
  /** `digest` as the edge calls a version; the number where the control plane knows it. */
  | { readonly kind: "other-version"; readonly digest: string; readonly number: number | null };

export type LiveState =
  /** Nothing was published through the control plane: KV is whoever's who writes it. */
  | { readonly kind: "unmanaged" }
  | { readonly kind: "same"; readonly number: number }
  /** KV has not taken it, or may still answer with what was there before. */
  | { readonly kind: "on-its-way"; readonly number: number }
  | { readonly kind: "drifted"; readonly number: number; readonly found: Found; readonly mended: boolean }
  /** `reason` is a sentence. */
  | { readonly kind: "unknown"; readonly reason: string };

/** KV's caches renew within a minute; a second one for its copies. */
export const SETTLING_MS = 120_000;

/** By the very text: a version that somebody has touched by hand still calls itself by its old digest. */
export function compareLive(
  published: { readonly number: number; readonly text: string; readonly sentMs: number | null },
  held: string | null,
  nowMs: number,
): "same" | "on-its-way" | "drifted" {
  if (held === published.text) return "same";
  const { sentMs } = published;
  return sentMs === null || nowMs - sentMs < SETTLING_MS ? "on-its-way" : "drifted";
}

/** `numberOf`: which of the kept versions has that digest. */
export function readFound(held: string | null, numberOf: (digest: string) => number | null): Found {
  if (held === null) return { kind: "nothing" };
  const digest = readDigest(held);
  return digest === null
    ? { kind: "unreadable-text" }
    : { kind: "other-version", digest, number: numberOf(digest) };
}

function readDigest(text: string): string | null {
  const version = parseRecord(text)?.["version"];
  return typeof version === "string" && /^[0-9a-f]{1,64}$/.test(version) ? version : null;
}

/** In words for the operator, with what happens next. */
export function describeLiveState(state: LiveState): string {
  switch (state.kind) {
    case "unmanaged":
      return "Nothing was published through the control plane: what KV holds was written there directly.";
    case "same":
      return `KV holds version ${state.number}, which is live.`;
    case "on-its-way":
      return `Version ${state.number} is on its way to KV.`;
    case "drifted": {
      const what = `KV held ${describeFound(state.found)} where version ${state.number} should be`;
      return state.mended
        ? `${what}; version ${state.number} was put back.`
        : `${what}. Shoppers get what KV holds; the next scheduled run puts version ${state.number} back.`;
    }
    case "unknown":
      return state.reason;
  }
}

export function describeFound(found: Found): string {
  switch (found.kind) {
    case "nothing":
      return "nothing";
    case "unreadable-text":
      return "something that is no campaigns file";
    case "other-version":
      return found.number === null
        ? `campaigns that were not published from here (${found.digest})`
        : `version ${found.number}, or something that calls itself so (${found.digest})`;
  }
}
