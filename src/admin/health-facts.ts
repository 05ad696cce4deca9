/** What the health is judged from: KV, the control plane, this isolate, and what was counted. */

import type { LiveState } from "../core/drift.ts";
import { type Check, type HealthFacts, judgeHealth, type SyncFacts } from "../core/health.ts";
import { readTotals, type Totals, writeTotalsQuery } from "../core/totals.ts";
import { type AnalyticsApi, askAnalytics } from "../edge/analytics-api.ts";
import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import type { Services } from "../edge/services.ts";
import { modeOf } from "../edge/switch.ts";
import { type AccountSource, groupWebsites, loadHolding, loadLastSync } from "./accounts.ts";
import type { Signing } from "./signing.tsx";

export interface HealthSource extends AccountSource {
  /** What this very isolate serves shoppers with. */
  readonly services: Services;
  readonly control: ControlCalls | null;
  readonly signing: Signing;
  readonly analyticsApi: AnalyticsApi | null;
  /** Of the settings. */
  readonly warnings: readonly string[];
}

export interface Health {
  readonly facts: HealthFacts;
  readonly checks: readonly Check[];
  readonly counted: CountedDay;
}

export type CountedDay =
  | { readonly kind: "counted"; readonly totals: Totals }
  /** `reason` is a sentence with the cure. */
  | { readonly kind: "unknown"; readonly reason: string };

const CONTROL_BUDGET_MS = 5_000;

export async function loadHealth(source: HealthSource): Promise<Health> {
  const [facts, counted] = await Promise.all([loadFacts(source), loadDay(source)]);
  return { facts, checks: judgeHealth(facts), counted };
}

async function loadFacts(source: HealthSource): Promise<HealthFacts> {
  const { services, websites, kv, control, signing, warnings, now } = source;
  const nowMs = now();
  const later = () => undefined;
  const [override, campaigns, live, syncs] = await Promise.all([
    services.switch.read(nowMs, later),
    services.campaigns.read(nowMs, later),
    control === null ? null : askLive(control),
    Promise.all(groupWebsites(websites).connected.map((account) => loadSync(kv, account))),
  ]);
  const loadedAtMs = services.campaigns.loadedAt();
  return {
    nowMs,
    kv: kv === undefined ? "unbound" : "bound",
    control: control === null ? "unbound" : live === null ? "silent" : "answers",
    live,
    signing,
    syncs,
    websites: websites.map((website) => ({
      code: website.code,
      mode: modeOf(website, override.value),
      settingsMode: website.mode,
      rollout: website.rollout,
      adobeRestsUntilMs: services.breakers.get(website.code)?.restsUntil(nowMs) ?? null,
    })),
    isolate: {
      rung: campaigns.rung,
      version: campaigns.value?.version ?? null,
      ageMs: loadedAtMs === null ? null : Math.max(0, nowMs - loadedAtMs),
    },
    // What a check of its own tells better.
    warnings: warnings.filter((one) => !/^no KV|^no Durable Object|SIGNING_SECRET is not set/.test(one)),
  };
}

type Account = Parameters<typeof loadHolding>[1];

async function loadSync(kv: KVNamespace | undefined, account: Account): Promise<SyncFacts> {
  const [holding, report] = await Promise.all([loadHolding(kv, account), loadLastSync(kv, account)]);
  return {
    sandbox: account.adobe.sandbox,
    list: holding.kind,
    syncedAtMs: holding.kind === "synced" ? holding.list.syncedAtMs : null,
    outcome: report?.outcome ?? null,
    message: holding.kind === "unreadable" ? holding.reason : (report?.message ?? ""),
  };
}

/** null: it does not answer. */
function askLive(control: ControlCalls): Promise<LiveState | null> {
  return withinBudget(control.checkLive(), CONTROL_BUDGET_MS).catch(() => null);
}

async function loadDay({ analyticsApi, services }: HealthSource): Promise<CountedDay> {
  if (analyticsApi === null) {
    const counting =
      services.analytics === null ? "Nothing is counted: no dataset is bound as ANALYTICS. " : "";
    const reason = `${counting}Not configured: totals are asked with ANALYTICS_ACCOUNT_ID and the secret ANALYTICS_TOKEN.`;
    return { kind: "unknown", reason };
  }
  const rows = await askAnalytics(analyticsApi, writeTotalsQuery(analyticsApi.dataset));
  return rows.ok
    ? { kind: "counted", totals: readTotals(rows.value) }
    : { kind: "unknown", reason: rows.error };
}
