/** Each Adobe account (organization and sandbox) of the settings: its websites, audiences and last sync. */

import type { AudienceList } from "../core/audience.ts";
import { groupBySandbox } from "../core/sandbox.ts";
import type { SyncReport } from "../core/sync-report.ts";
import type { AdobeAccount, Website } from "../core/website.ts";
import { audiencesKey, loadAudiences } from "../edge/audiences.ts";
import { describeError } from "../edge/log.ts";
import { loadSyncReport } from "../edge/sync-report.ts";

/** What the pages and the machines' answers are made from. */
export interface AccountSource {
  readonly websites: readonly Website[];
  readonly kv: KVNamespace | undefined;
  readonly now: () => number;
}

/** The websites that share one organization and sandbox. */
export interface Account {
  readonly adobe: AdobeAccount;
  readonly websites: readonly string[];
}

export interface Accounts {
  readonly connected: readonly Account[];
  /** Codes of the websites without an Adobe account. */
  readonly unconnected: readonly string[];
}

export type Holding =
  | { readonly kind: "synced"; readonly list: AudienceList }
  | { readonly kind: "never-synced" }
  /** `reason` is a sentence with the cure. */
  | { readonly kind: "unreadable"; readonly reason: string };

export function groupWebsites(websites: readonly Website[]): Accounts {
  return {
    connected: groupBySandbox(websites).map((sandbox) => ({
      adobe: sandbox.account,
      websites: sandbox.websites.map(({ code }) => code),
    })),
    unconnected: websites.filter(({ adobe }) => adobe === null).map(({ code }) => code),
  };
}

export async function loadHolding(kv: KVNamespace | undefined, { adobe }: Account): Promise<Holding> {
  if (kv === undefined) {
    const reason = "No KV namespace is bound: wrangler.toml needs one with the binding KV.";
    return { kind: "unreadable", reason };
  }
  try {
    const loaded = await loadAudiences(kv, adobe);
    if (!loaded.ok) {
      const found = `What KV holds under ${audiencesKey(adobe)} is ${loaded.error}`;
      return { kind: "unreadable", reason: `${found}: a sync writes a good list over it.` };
    }
    return loaded.value === null ? { kind: "never-synced" } : { kind: "synced", list: loaded.value };
  } catch (error) {
    const reason = `KV did not answer (${describeError(error)}): try again in a minute.`;
    return { kind: "unreadable", reason };
  }
}

/** null where there is none that can be read; where KV is down, the list's own state says so. */
export async function loadLastSync(
  kv: KVNamespace | undefined,
  { adobe }: Account,
): Promise<SyncReport | null> {
  if (kv === undefined) return null;
  return loadSyncReport(kv, adobe).catch(() => null);
}

export function isReportOf({ adobe }: Account, report: SyncReport): boolean {
  return report.organizationId === adobe.organizationId && report.sandbox === adobe.sandbox;
}
