/** The report of the last sync in KV, one for each account. */

import { readReport, type SyncReport } from "../core/sync-report.ts";
import type { AdobeAccount } from "../core/website.ts";

/** The last sync's report as the dashboard shows it; null where none was ever kept. */
export async function loadSyncReport(kv: KVNamespace, account: AdobeAccount): Promise<SyncReport | null> {
  const text = await kv.get(reportKey(account), "text");
  return text === null ? null : readReport(text);
}

/** Throws what KV throws. */
export async function saveReport(
  kv: KVNamespace | undefined,
  account: AdobeAccount,
  report: SyncReport,
): Promise<void> {
  await kv?.put(reportKey(account), JSON.stringify(report));
}

function reportKey({ organizationId, sandbox }: AdobeAccount): string {
  return `sync-report:${organizationId}:${sandbox}`;
}
