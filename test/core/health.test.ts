/** Health: each part's verdict, and the sentence that says what follows. */

import { expect, it } from "vitest";
import { describeLiveState } from "../../src/core/drift.ts";
import { type Check, type HealthFacts, judgeHealth, worstOf } from "../../src/core/health.ts";

const NOW = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;

const sync = {
  sandbox: "prod",
  list: "synced",
  syncedAtMs: NOW - HOUR_MS,
  outcome: "saved",
  message: "",
} as const;
const website = {
  code: "main",
  mode: "on",
  settingsMode: "on",
  rollout: 100,
  adobeRestsUntilMs: null,
} as const;
const fine: HealthFacts = {
  nowMs: NOW,
  kv: "bound",
  control: "answers",
  live: { kind: "same", number: 3 },
  signing: "on",
  syncs: [sync],
  websites: [website],
  isolate: { rung: "kv", version: "0123456789ab", ageMs: 12_000 },
  warnings: [],
};
const found = (facts: Partial<HealthFacts>): Check[] =>
  judgeHealth({ ...fine, ...facts }).filter(({ verdict }) => verdict !== "pass");

it("where all is well, all is well, in sentences", () => {
  const checks = judgeHealth(fine);
  expect(worstOf(checks)).toBe("pass");
  expect(checks.map(({ sentence }) => sentence)).toEqual([
    "KV is bound.",
    "The control plane answers.",
    describeLiveState({ kind: "same", number: 3 }),
    "Memberships are signed.",
    "This isolate serves the campaigns 0123456789ab, read from KV 12 seconds ago.",
    "prod was synced 60 minutes ago.",
    "main is on.",
  ]);
});

it.each([
  [{ kv: "unbound" }, "kv", "fail"],
  [{ control: "silent" }, "control", "fail"],
  [{ control: "unbound" }, "control", "warn"],
  [{ live: { kind: "drifted", number: 3, found: { kind: "nothing" }, mended: false } }, "published", "fail"],
  [{ signing: "off" }, "signing", "warn"],
  [{ isolate: { rung: "none", version: null, ageMs: null } }, "campaigns", "fail"],
  [{ isolate: { rung: "kv", version: "a", ageMs: HOUR_MS } }, "campaigns", "warn"],
  [{ syncs: [{ ...sync, list: "unreadable" }] }, "sync:prod", "fail"],
  [{ syncs: [{ ...sync, outcome: "failed" }] }, "sync:prod", "warn"],
  [{ syncs: [{ ...sync, outcome: "kept" }] }, "sync:prod", "warn"],
  [{ syncs: [{ ...sync, list: "never-synced", syncedAtMs: null, outcome: null }] }, "sync:prod", "warn"],
  [{ syncs: [{ ...sync, syncedAtMs: NOW - 25 * HOUR_MS }] }, "sync:prod", "warn"],
  [{ websites: [{ ...website, mode: "off" }] }, "website:main", "warn"],
  [{ websites: [{ ...website, adobeRestsUntilMs: NOW + 5 }] }, "adobe:main", "warn"],
  [{ warnings: ["a setting"] }, "settings", "warn"],
] as const satisfies readonly (readonly [Partial<HealthFacts>, string, string])[])(
  "%j is found",
  (facts, name, verdict) => {
    expect(found(facts).map((check) => [check.name, check.verdict])).toEqual([[name, verdict]]);
    expect(worstOf(judgeHealth({ ...fine, ...facts }))).toBe(verdict);
  },
);

it("says who turned it off: the switch, or the settings", () => {
  const [switched] = found({ websites: [{ ...website, mode: "off" }] });
  expect(switched?.sentence).toContain("off by the switch (its settings say on)");
  const [set] = found({ websites: [{ ...website, mode: "watch", settingsMode: "watch" }] });
  expect(set?.sentence).toBe("main is in mode watch: shoppers see the store’s own pages.");
});

it("repeats what a sync said, once and as a sentence", () => {
  const [failed] = found({ syncs: [{ ...sync, outcome: "failed", message: "Adobe answered 503." }] });
  expect(failed?.sentence).toBe("The last sync of prod failed: Adobe answered 503.");
});
