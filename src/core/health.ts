/** Health: what is known of the parts, each with a verdict and a sentence that says what follows from it. */

import { describeLiveState, type LiveState } from "./drift.ts";
import type { Mode } from "./website.ts";

/** `fail` needs somebody now, `warn` this week. */
export type Verdict = "pass" | "warn" | "fail";

export interface Check {
  /** Of the part, like `sync:prod`. */
  readonly name: string;
  readonly verdict: Verdict;
  /** With the cure where there is something to cure. */
  readonly sentence: string;
}

export interface SyncFacts {
  readonly sandbox: string;
  readonly list: "synced" | "never-synced" | "unreadable";
  /** null: never. */
  readonly syncedAtMs: number | null;
  /** Of the last one that was tried; null: none is known. */
  readonly outcome: "saved" | "kept" | "failed" | null;
  readonly message: string;
}

export interface WebsiteFacts {
  readonly code: string;
  /** In force. */
  readonly mode: Mode;
  /** Of the settings, which the switch goes over. */
  readonly settingsMode: Mode;
  readonly rollout: number;
  /** In this isolate; null: Adobe is asked. */
  readonly adobeRestsUntilMs: number | null;
}

export interface IsolateFacts {
  readonly rung: "memory" | "kv" | "embedded" | "none";
  readonly version: string | null;
  readonly ageMs: number | null;
}

export interface HealthFacts {
  readonly nowMs: number;
  readonly kv: "bound" | "unbound";
  readonly control: "answers" | "silent" | "unbound";
  /** Whether KV holds what was published; null: the control plane does not say. */
  readonly live: LiveState | null;
  readonly signing: "on" | "off";
  readonly syncs: readonly SyncFacts[];
  readonly websites: readonly WebsiteFacts[];
  readonly isolate: IsolateFacts;
  readonly warnings: readonly string[];
}

const HOUR_MS = 3_600_000;
/** The cron asks four times an hour; a day of silence is a cron that is off. */
const STALE_MS = 24 * HOUR_MS;
/** An isolate renews what it serves each half minute that it is asked. */
const OLD_MS = 5 * 60_000;

export function judgeHealth(facts: HealthFacts): readonly Check[] {
  return [
    judgeKv(facts),
    judgeControl(facts),
    ...(facts.live === null ? [] : [judgeLive(facts.live)]),
    judgeSigning(facts),
    judgeIsolate(facts),
    ...facts.syncs.map((sync) => judgeSync(sync, facts.nowMs)),
    ...facts.websites.flatMap(judgeWebsite),
    ...facts.warnings.map((sentence): Check => ({ name: "settings", verdict: "warn", sentence })),
  ];
}

export function worstOf(checks: readonly Check[]): Verdict {
  const verdicts = new Set(checks.map(({ verdict }) => verdict));
  return (["fail", "warn"] as const).find((one) => verdicts.has(one)) ?? "pass";
}

function judgeKv({ kv }: HealthFacts): Check {
  return kv === "bound"
    ? { name: "kv", verdict: "pass", sentence: "KV is bound." }
    : {
        name: "kv",
        verdict: "fail",
        sentence: "No KV namespace is bound as KV: shoppers get the campaigns of the deployment alone.",
      };
}

function judgeControl({ control }: HealthFacts): Check {
  switch (control) {
    case "answers":
      return { name: "control", verdict: "pass", sentence: "The control plane answers." };
    case "silent":
      return {
        name: "control",
        verdict: "fail",
        sentence: "The control plane does not answer: nothing can be published; shoppers don’t notice.",
      };
    case "unbound":
      return {
        name: "control",
        verdict: "warn",
        sentence: "No control plane is bound as CONTROL: nothing can be published from here.",
      };
  }
}

/** Drift is put right by the next scheduled run; until then shoppers get something else than what was published. */
function judgeLive(live: LiveState): Check {
  const sentence = describeLiveState(live);
  switch (live.kind) {
    case "unmanaged":
    case "same":
    case "on-its-way":
      return { name: "published", verdict: "pass", sentence };
    case "unknown":
      return { name: "published", verdict: "warn", sentence };
    case "drifted":
      return { name: "published", verdict: "fail", sentence };
  }
}

function judgeSigning({ signing }: HealthFacts): Check {
  return signing === "on"
    ? { name: "signing", verdict: "pass", sentence: "Memberships are signed." }
    : {
        name: "signing",
        verdict: "warn",
        sentence:
          "No SIGNING_SECRET is set: no membership is verified, and no page is previewed " +
          "(npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET).",
      };
}

function judgeIsolate({ isolate: { rung, version, ageMs } }: HealthFacts): Check {
  const name = "campaigns";
  const named = version === null ? "" : ` ${version}`;
  switch (rung) {
    case "memory":
    case "kv": {
      const old = ageMs !== null && ageMs > OLD_MS;
      const age = ageMs === null ? "" : `, read from KV ${describeAge(ageMs)} ago`;
      const sentence = `This isolate serves the campaigns${named}${age}.`;
      return { name, verdict: old ? "warn" : "pass", sentence };
    }
    case "embedded":
      return {
        name,
        verdict: "pass",
        sentence: "Nothing was published: the campaigns of the deployment are served.",
      };
    case "none":
      return {
        name,
        verdict: "fail",
        sentence: "No campaigns can be read: every page is the store’s own. Publish them again.",
      };
  }
}

function describeAge(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  return seconds === 1 ? "a second" : `${seconds} seconds`;
}

function judgeSync({ sandbox, list, syncedAtMs, outcome, message }: SyncFacts, nowMs: number): Check {
  const name = `sync:${sandbox}`;
  if (list === "unreadable") {
    return { name, verdict: "fail", sentence: `The list of ${sandbox} can’t be read: a sync mends it.` };
  }
  if (outcome === "failed" || outcome === "kept") {
    const what = outcome === "failed" ? "failed" : "kept the old list";
    return {
      name,
      verdict: "warn",
      sentence: `The last sync of ${sandbox} ${what}: ${endSentence(message)}`,
    };
  }
  if (list === "never-synced" || syncedAtMs === null) {
    return {
      name,
      verdict: "warn",
      sentence: `${sandbox} was never synced: Sync now, or wait for the cron.`,
    };
  }
  if (nowMs - syncedAtMs > STALE_MS) {
    const hours = Math.floor((nowMs - syncedAtMs) / HOUR_MS);
    const sentence = `${sandbox} was synced ${hours} hours ago: is the cron on (triggers in wrangler.toml)?`;
    return { name, verdict: "warn", sentence };
  }
  const minutes = Math.floor(Math.max(0, nowMs - syncedAtMs) / 60_000);
  const ago = minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
  const sentence = minutes < 2 ? `${sandbox} was synced just now.` : `${sandbox} was synced ${ago} ago.`;
  return { name, verdict: "pass", sentence };
}

function judgeWebsite(website: WebsiteFacts): readonly Check[] {
  const { code, mode, settingsMode, rollout, adobeRestsUntilMs } = website;
  const name = `website:${code}`;
  const switched = mode === settingsMode ? "" : ` by the switch (its settings say ${settingsMode})`;
  const shown: Check =
    mode === "on"
      ? {
          name,
          verdict: "pass",
          sentence: `${code} is on${switched}${rollout < 100 ? ` for ${rollout} % of the visitors` : ""}.`,
        }
      : {
          name,
          verdict: "warn",
          sentence: `${code} is in mode ${mode}${switched}: shoppers see the store’s own pages.`,
        };
  if (adobeRestsUntilMs === null) return [shown];
  const sentence = `Adobe failed several times for ${code} and is left alone for some seconds; in this isolate.`;
  return [shown, { name: `adobe:${code}`, verdict: "warn", sentence }];
}

function endSentence(text: string): string {
  return `${text.replace(/\.*$/, "")}.`;
}
