/** The control plane's syncs: one run an account, kept between its ticks, and who waits for what comes of it. */

import type { Problem } from "../../core/problem.ts";
import { beginSync, type SyncOrder } from "../../core/sync.ts";
import { failedReport, type SyncReport } from "../../core/sync-report.ts";
import { type CredentialSecrets, NO_CREDENTIALS, readCredentialBook } from "../credentials.ts";
import { describeError, openLog } from "../log.ts";
import { keepReport, type SyncDeps, type SyncStore, syncKey, type Tick, tickSync } from "../sync.ts";
import type { SyncProgress } from "./calls.ts";
import type { StoredRun, Tables } from "./tables.ts";

/** Of the Worker's environment. */
export interface SyncEnv extends CredentialSecrets {
  readonly KV?: KVNamespace;
}

/** A run that nothing has touched for so long has lost its alarm: it is begun anew. */
const STALE_MS = 20 * 60_000;
/** Who waits for a sync is told of a longer pause at once. */
const SHORT_PAUSE_MS = 5_000;

export function openSyncRuns(tables: Tables, env: SyncEnv) {
  const log = openLog();
  const waiting = new Map<string, ((report: SyncReport) => void)[]>();

  function takeWaiting(account: string): readonly ((report: SyncReport) => void)[] {
    const taken = waiting.get(account) ?? [];
    waiting.delete(account);
    return taken;
  }

  async function tick(stored: StoredRun): Promise<void> {
    const { account, order } = stored;
    const tick = await tickSafely(stored);
    const nowMs = Date.now();
    if (tick.kind === "ended") {
      tables.endRun(account);
      tables.addReport(tick.report);
      // Before anything is awaited: who asks from now on waits for another sync.
      const told = takeWaiting(account);
      await keepReport(env.KV, order, tick.report);
      for (const resolve of told) resolve(tick.report);
      return;
    }
    const waitMs = tick.kind === "pauses" ? tick.waitMs : 0;
    const { sandbox } = order.account;
    const { step, taken, calls } = tick.run;
    log.write({ event: "sync-tick", sandbox, step: step.kind, taken, calls, waitMs });
    // Somebody may have confirmed meanwhile that the list may shrink.
    const latest = tables.runs().find((one) => one.account === account)?.order ?? order;
    tables.saveRun({ account, order: latest, run: tick.run, dueMs: nowMs + waitMs, touchedMs: nowMs });
    if (tick.kind !== "pauses" || waitMs <= SHORT_PAUSE_MS) return;
    for (const resolve of takeWaiting(account)) resolve(tick.report);
  }

  /** What throws here is ours to mend; nobody shall wait for it, and no alarm repeat it. */
  async function tickSafely({ account, order, run }: StoredRun): Promise<Tick> {
    try {
      return await tickSync(order, run, storeOf(account), deps());
    } catch (error) {
      const times = { startedAtMs: run.startedAtMs, nowMs: Date.now() };
      const message = `the sync broke off: ${describeError(error)}`;
      return { kind: "ended", report: failedReport(order.account, message, times) };
    }
  }

  function deps(): SyncDeps {
    // Read anew for each tick, so that they are in this object's memory no longer than that; the order has none.
    const problems: Problem[] = [];
    const read = readCredentialBook(env, problems);
    // With a half of it wrong, one website would be asked for with another's.
    const credentials = problems.length === 0 ? read : NO_CREDENTIALS;
    return { kv: env.KV, credentials, now: () => Date.now() };
  }

  function storeOf(account: string): SyncStore {
    return {
      published: () => tables.publishedMarks(account),
      parts: () => tables.parts(account),
      add: (part) => tables.addPart(account, part),
      publish: () => tables.publishParts(account),
    };
  }

  return {
    list(nowMs: number): SyncProgress[] {
      return tables.runs().map(({ order, run, dueMs }) => ({
        organizationId: order.account.organizationId,
        sandbox: order.account.sandbox,
        startedAt: new Date(run.startedAtMs).toISOString(),
        step: run.step.kind,
        taken: run.taken,
        pausedUntil: dueMs > nowMs ? new Date(dueMs).toISOString() : null,
      }));
    },

    /** Begins a run, or joins the one that is under way. A report: that one pauses, and is not worth waiting for. */
    begin(order: SyncOrder, nowMs: number): SyncReport | null {
      const account = syncKey(order);
      const running = tables.runs().find((one) => one.account === account);
      if (running === undefined || nowMs - running.touchedMs > STALE_MS) {
        tables.endRun(account);
        const run = beginSync(order, nowMs);
        tables.saveRun({ account, order, run, dueMs: nowMs, touchedMs: nowMs });
      } else if (order.shrinkConfirmed && !running.order.shrinkConfirmed) {
        tables.saveRun({ ...running, order: { ...running.order, shrinkConfirmed: true } });
      }
      if (running === undefined || running.dueMs - nowMs <= SHORT_PAUSE_MS) return null;
      const seconds = Math.ceil((running.dueMs - nowMs) / 1000);
      const message = `Adobe asked for a pause; the sync that is under way goes on in ${seconds} s`;
      const times = { startedAtMs: running.run.startedAtMs, nowMs };
      return { ...failedReport(order.account, message, times), outcome: "kept" };
    },

    /** For the end of that account's run, or for its next longer pause. */
    wait(order: SyncOrder): Promise<SyncReport> {
      const account = syncKey(order);
      const { promise, resolve } = Promise.withResolvers<SyncReport>();
      waiting.set(account, [...(waiting.get(account) ?? []), resolve]);
      return promise;
    },

    /** One tick of the run that is due first, if one is. */
    async tickDue(): Promise<void> {
      const due = tables.runs().find(({ dueMs }) => dueMs <= Date.now());
      if (due !== undefined) await tick(due);
    },

    nextDueMs(): number | null {
      return tables.runs()[0]?.dueMs ?? null;
    },
  };
}
