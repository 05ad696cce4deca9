/** What a sync leaves behind: a report in words, with counts and the first names. */

import type { AudienceChanges } from "./audience-change.ts";
import type { AdobeAccount } from "./website.ts";

export interface SyncReport {
  readonly at: string;
  readonly organizationId: string;
  readonly sandbox: string;
  readonly outcome: "saved" | "kept" | "failed";
  /** In words for the operator; no secret, no token. */
  readonly message: string;
  readonly count: number | null;
  readonly changes: AudienceChanges | null;
  /** The list shrank by more than half, and nobody has said yet that this is right. */
  readonly needsConfirmation: boolean;
  readonly durationMs: number;
  /** Invocations that it took, and calls of Adobe. */
  readonly ticks: number;
  readonly calls: number;
}

/** Of a sync that could not even begin, or broke off. */
export function failedReport(
  { organizationId, sandbox }: AdobeAccount,
  message: string,
  { startedAtMs, nowMs }: { readonly startedAtMs: number; readonly nowMs: number },
): SyncReport {
  return {
    at: new Date(startedAtMs).toISOString(),
    organizationId,
    sandbox,
    outcome: "failed",
    message,
    count: null,
    changes: null,
    needsConfirmation: false,
    durationMs: nowMs - startedAtMs,
    ticks: 0,
    calls: 0,
  };
}

/** As a log may have it: how many, and no audience's name. */
export function withoutNames({ changes, ...report }: SyncReport): Readonly<Record<string, unknown>> {
  if (changes === null) return { ...report, changes };
  const { renamed, vanished, ...counts } = changes;
  return { ...report, changes: { ...counts, renamed: renamed.length, vanished: vanished.length } };
}

/** What another version of us wrote must not break the page that shows it. */
export function readReport(text: string): SyncReport | null {
  try {
    const report: Partial<SyncReport> | null = JSON.parse(text);
    const { at, outcome, message, changes } = report ?? {};
    const timed = typeof at === "string" && !Number.isNaN(Date.parse(at));
    const known = outcome === "saved" || outcome === "kept" || outcome === "failed";
    const told = typeof message === "string" && (changes === null || typeof changes?.added === "number");
    if (!timed || !known || !told) return null;
    return { ...EARLIER, ...report, changes: changes ? { ...NO_NAMES, ...changes } : null } as SyncReport;
  } catch {
    return null;
  }
}

/** What reports of 0.1 did not have. */
const EARLIER = { needsConfirmation: false, ticks: 1, calls: 0 };
const NO_NAMES = { kept: 0, renamed: [], vanished: [] };
