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
    ...facts.warnings.map((sentence) => check("settings", "warn", sentence)),
  ];
}

export function worstOf(checks: readonly Check[]): Verdict {
  const verdicts = new Set(checks.map(({ verdict }) => verdict));
  return (["fail", "warn"] as const).find((one) => verdicts.has(one)) ?? "pass";
}

function judgeKv({ kv }: HealthFacts): Check {
  return kv === "bound"
    ? check("kv", "pass", "KV is bound.")
    : check(
        "kv",
        "fail",
        "No KV namespace is bound as KV: shoppers get the campaigns of the deployment alone.",
      );
}

function judgeControl({ control }: HealthFacts): Check {
  switch (control) {
    case "answers":
      return check("control", "pass", "The control plane answers.");
    case "silent":
      return check(
        "control",
        "fail",
        "The control plane does not answer: nothing can be published; shoppers don’t notice.",
      );
    case "unbound":
      return check(
        "control",
        "warn",
        "No control plane is bound as CONTROL: nothing can be published from here.",
      );
  }
}

/** Drift is put right by the next scheduled run; until then shoppers get something else than what was published. */
function judgeLive(live: LiveState): Check {
  return check("published", verdictOf(live), describeLiveState(live));
}

function verdictOf({ kind }: LiveState): Verdict {
  switch (kind) {
    case "unmanaged":
    case "same":
    case "on-its-way":
      return "pass";
    case "unknown":
      return "warn";
    case "drifted":
      return "fail";
  }
}

function judgeSigning({ signing }: HealthFacts): Check {
  return signing === "on"
    ? check("signing", "pass", "Memberships are signed.")
    : check(
        "signing",
        "warn",
        "No SIGNING_SECRET is set: no membership is verified, and no page is previewed " +
          "(npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET).",
      );
}

function judgeIsolate({ isolate: { rung, version, ageMs } }: HealthFacts): Check {
  const name = "campaigns";
  const named = version === null ? "" : ` ${version}`;
  switch (rung) {
    case "memory":
    case "kv": {
      const old = ageMs !== null && ageMs > OLD_MS;
      const age = ageMs === null ? "" : `, read from KV ${describeAge(ageMs)} ago`;
      return check(name, old ? "warn" : "pass", `This isolate serves the campaigns${named}${age}.`);
    }
    case "embedded":
      return check(name, "pass", "Nothing was published: the campaigns of the deployment are served.");
    case "none":
      return check(
        name,
        "fail",
        "No campaigns can be read: every page is the store’s own. Publish them again.",
      );
  }
}

function describeAge(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  return seconds === 1 ? "a second" : `${seconds} seconds`;
}

function judgeSync({ sandbox, list, syncedAtMs, outcome, message }: SyncFacts, nowMs: number): Check {
  const told = (verdict: Verdict, sentence: string) => check(`sync:${sandbox}`, verdict, sentence);
  if (list === "unreadable") return told("fail", `The list of ${sandbox} can’t be read: a sync mends it.`);
  if (outcome === "failed" || outcome === "kept") {
    const what = outcome === "failed" ? "failed" : "kept the old list";
    return told("warn", `The last sync of ${sandbox} ${what}: ${endSentence(message)}`);
  }
  if (list === "never-synced" || syncedAtMs === null) {
    return told("warn", `${sandbox} was never synced: Sync now, or wait for the cron.`);
  }
  const agoMs = Math.max(0, nowMs - syncedAtMs);
  const [minutes, hours] = [Math.floor(agoMs / 60_000), Math.floor(agoMs / HOUR_MS)];
  if (agoMs > STALE_MS) {
    return told(
      "warn",
      `${sandbox} was synced ${hours} hours ago: is the cron on (triggers in wrangler.toml)?`,
    );
  }
  const ago = minutes < 2 ? "just now" : minutes < 120 ? `${minutes} minutes ago` : `${hours} hours ago`;
  return told("pass", `${sandbox} was synced ${ago}.`);
}

function judgeWebsite(website: WebsiteFacts): readonly Check[] {
  const { code, mode, settingsMode, rollout, adobeRestsUntilMs } = website;
  const name = `website:${code}`;
  const switched = mode === settingsMode ? "" : ` by the switch (its settings say ${settingsMode})`;
  const share = rollout < 100 ? ` for ${rollout} % of the visitors` : "";
  const shown =
    mode === "on"
      ? check(name, "pass", `${code} is on${switched}${share}.`)
      : check(name, "warn", `${code} is in mode ${mode}${switched}: shoppers see the store’s own pages.`);
  if (adobeRestsUntilMs === null) return [shown];
  const sentence = `Adobe failed several times for ${code} and is left alone for some seconds; in this isolate.`;
  return [shown, check(`adobe:${code}`, "warn", sentence)];
}

function check(name: string, verdict: Verdict, sentence: string): Check {
  return { name, verdict, sentence };
}

function endSentence(text: string): string {
  return `${text.replace(/\.*$/, "")}.`;
}
