/** Drift of KV: what counts as somebody else's, and what is only late. */

import { describe, expect, it } from "vitest";
import { compareLive, describeLiveState, readFound, SETTLING_MS } from "../../src/core/drift.ts";

const text = JSON.stringify({ schema: 2, version: "0123456789ab", banners: [] });
const published = { number: 3, text, sentMs: 1_000_000 };
const laterMs = published.sentMs + SETTLING_MS;

describe("compareLive", () => {
  it("takes the very text for the same, and nothing else once KV had time to show it", () => {
    expect(compareLive(published, text, laterMs)).toBe("same");
    for (const held of [null, "", `${text} `, text.replace("[]", "[{}]")]) {
      expect(compareLive(published, held, laterMs)).toBe("drifted");
    }
  });

  it("waits for KV's caches after a publish, and for KV itself", () => {
    expect(compareLive(published, "what was before", laterMs - 1)).toBe("on-its-way");
    expect(compareLive({ ...published, sentMs: null }, null, laterMs * 2)).toBe("on-its-way");
  });
});

describe("readFound", () => {
  const numberOf = (digest: string) => (digest === "0123456789ab" ? 2 : null);

  it("says what is there, and shows nothing of it but a digest", () => {
    expect(readFound(null, numberOf)).toEqual({ kind: "nothing" });
    expect(readFound(text, numberOf)).toEqual({ kind: "other-version", digest: "0123456789ab", number: 2 });
    for (const held of ["", "<html>", "[]", "null", '{"version":7}', '{"version":"<script>"}']) {
      expect(readFound(held, numberOf)).toEqual({ kind: "unreadable-text" });
    }
  });

  it("is told in a sentence with what happens next", () => {
    const found = readFound('{"version":"ffff"}', numberOf);
    const state = { kind: "drifted", number: 3, found, mended: false } as const;
    expect(describeLiveState(state)).toBe(
      "KV held campaigns that were not published from here (ffff) where version 3 should be. Shoppers get what " +
        "KV holds; the next scheduled run puts version 3 back.",
    );
    expect(describeLiveState({ ...state, mended: true })).toMatch(/version 3 was put back\.$/);
  });
});
