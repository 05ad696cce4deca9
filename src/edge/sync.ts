/** The sync: ask Adobe for its audiences, compare, save. An empty or failed answer never replaces a good list. */

import { type AudienceChanges, compareAudiences } from "../core/audience.ts";
import type { AdobeAccount, Website } from "../core/website.ts";
import { type AdobeCredentials, fetchAudiences, fetchToken } from "./adobe.ts";
import { audiencesKey, loadAudiences, saveAudiences } from "./audiences.ts";
import { describeError } from "./log.ts";

export interface SyncReport {
  readonly at: string;
  readonly organizationId: string;
  readonly sandbox: string;
  readonly outcome: "saved" | "kept" | "failed";
  /** In words for the operator; no secret, no token. */
  readonly message: string;
  readonly count: number | null;
  readonly changes: AudienceChanges | null;
  readonly durationMs: number;
}

export interface SyncOptions {
  readonly kv: KVNamespace | undefined;
  readonly credentials: AdobeCredentials | null;
  readonly now: () => number;
}

/** Each sandbox once, however many websites share it. */
export async function syncAudiences(
  websites: readonly Website[],
  options: SyncOptions,
): Promise<SyncReport[]> {
  const accounts = new Map<string, AdobeAccount>();
  for (const { adobe } of websites) if (adobe) accounts.set(audiencesKey(adobe), adobe);
  const reports: SyncReport[] = [];
  for (const account of accounts.values()) {
    const report = await syncAccount(account, options);
    await options.kv?.put(reportKey(account), JSON.stringify(report)).catch(() => undefined);
    reports.push(report);
  }
  return reports;
}

/** The last sync's report as the dashboard shows it; null where none was ever kept. */
export async function loadSyncReport(kv: KVNamespace, account: AdobeAccount): Promise<SyncReport | null> {
  const text = await kv.get(reportKey(account), "text");
  return text === null ? null : readReport(text);
}

/** What another version of us wrote must not break the page that shows it. */
function readReport(text: string): SyncReport | null {
  try {
    const report = JSON.parse(text) as Partial<SyncReport> | null;
    const { at, outcome, message, changes } = report ?? {};
    const timed = typeof at === "string" && !Number.isNaN(Date.parse(at));
    const known = outcome === "saved" || outcome === "kept" || outcome === "failed";
    const told = typeof message === "string" && (changes === null || typeof changes?.added === "number");
    return timed && known && told ? (report as SyncReport) : null;
  } catch {
    return null;
  }
}

function reportKey({ organizationId, sandbox }: AdobeAccount): string {
  return `sync-report:${organizationId}:${sandbox}`;
}

async function syncAccount(
  account: AdobeAccount,
  { kv, credentials, now }: SyncOptions,
): Promise<SyncReport> {
  const startedAtMs = now();
  const report = (
    outcome: SyncReport["outcome"],
    message: string,
    found: { count: number; changes: AudienceChanges } | null = null,
  ): SyncReport => ({
    at: new Date(startedAtMs).toISOString(),
    organizationId: account.organizationId,
    sandbox: account.sandbox,
    outcome,
    message,
    count: found?.count ?? null,
    changes: found?.changes ?? null,
    durationMs: now() - startedAtMs,
  });
  if (kv === undefined) return report("failed", "no KV namespace is bound as KV");
  if (credentials === null) {
    return report("failed", "the secrets ADOBE_CLIENT_ID and ADOBE_CLIENT_SECRET are not both set");
  }
  const token = await fetchToken(account, credentials);
  if (!token.ok) return report("kept", `token: ${token.error.message}`);
  const found = await fetchAudiences(account, credentials, token.value);
  if (!found.ok) return report("kept", `audiences: ${found.error.message}`);
  const { audiences, skipped } = found.value;
  if (audiences.length === 0) return report("kept", "Adobe answered with an empty list");
  try {
    const before = await loadAudiences(kv, account);
    await saveAudiences(kv, account, { syncedAtMs: now(), audiences });
    const changes = compareAudiences(before.ok ? (before.value?.audiences ?? []) : [], audiences);
    const words = `${audiences.length} audiences: ${changes.added} new, ${changes.changed} changed, ${changes.removed} gone`;
    const left = skipped === 0 ? "" : `; ${skipped} left out, without an id or a name that can be read`;
    return report("saved", words + left, { count: audiences.length, changes });
  } catch (error) {
    return report("failed", `KV could not be read or written: ${describeError(error)}`);
  }
}
