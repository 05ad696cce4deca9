/** The control plane: one Durable Object, the one writer of campaigns' versions, reports, audit log and sync runs. */

import { DurableObject } from "cloudflare:workers";
import { compareLive, describeFound, type LiveState, readFound } from "../core/drift.ts";
import type { Problem } from "../core/problem.ts";
import { beginSync, type SyncOrder } from "../core/sync.ts";
import { failedReport, type SyncReport } from "../core/sync-report.ts";
import { CAMPAIGNS_KEY } from "./campaigns.ts";
import type {
  Actor,
  AuditEntry,
  ControlCalls,
  Kept,
  NewVersion,
  SyncProgress,
  Version,
  VersionFile,
} from "./control/calls.ts";
import { openTables, type StoredRun } from "./control/tables.ts";
import { type CredentialSecrets, NO_CREDENTIALS, readCredentialBook } from "./credentials.ts";
import { describeError, openLog } from "./log.ts";
import { keepReport, type SyncDeps, type SyncStore, syncKey, type Tick, tickSync } from "./sync.ts";

/** Of the Worker's environment. */
export interface ControlEnv extends CredentialSecrets {
  readonly KV?: KVNamespace;
}

/** KV takes one write a second for a key; what it did not take is tried again after so long. */
const RESEND_MS = 2_000;
/** A run that nothing has touched for so long has lost its alarm: it is begun anew. */
const STALE_MS = 20 * 60_000;
/** Who waits for a sync is told of a longer pause at once. */
const SHORT_PAUSE_MS = 5_000;

export class Control extends DurableObject<ControlEnv> implements ControlCalls {
  readonly #tables = openTables(this.ctx.storage);
  readonly #waiting = new Map<string, ((report: SyncReport) => void)[]>();
  readonly #log = openLog();
  #sending: Promise<unknown> = Promise.resolve();

  async readCurrent(): Promise<VersionFile | null> {
    return this.#tables.current();
  }

  async readVersion(number: number): Promise<VersionFile | null> {
    return this.#tables.version(number);
  }

  async listVersions(limit: number, before: number | null): Promise<Version[]> {
    return this.#tables.versions(limit, before);
  }

  async listRunning(): Promise<SyncProgress[]> {
    return this.#tables.runs().map(({ order, run, dueMs }) => ({
      organizationId: order.account.organizationId,
      sandbox: order.account.sandbox,
      startedAt: new Date(run.startedAtMs).toISOString(),
      step: run.step.kind,
      taken: run.taken,
      pausedUntil: dueMs > Date.now() ? new Date(dueMs).toISOString() : null,
    }));
  }

  async listReports(limit: number): Promise<SyncReport[]> {
    return this.#tables.reports(limit);
  }

  async listAudit(limit: number): Promise<AuditEntry[]> {
    return this.#tables.audit(limit);
  }

  async recordPreview(actor: Actor, detail: string): Promise<void> {
    this.#audit({ at: new Date().toISOString(), actor, action: "preview", detail });
  }

  async checkLive(): Promise<LiveState> {
    const published = this.#tables.live(CAMPAIGNS_KEY);
    if (published === null) return this.#describeUnsent();
    const number = published.revision;
    if (this.env.KV === undefined) return { kind: "unknown", reason: "No KV namespace is bound as KV." };
    try {
      const held = await this.env.KV.get(CAMPAIGNS_KEY, "text");
      const kind = compareLive({ ...published, number }, held, Date.now());
      if (kind !== "drifted") return { kind, number };
      const found = readFound(held, (digest) => this.#tables.numberOf(digest));
      return { kind, number, found, mended: false };
    } catch (error) {
      return { kind: "unknown", reason: `KV did not answer (${describeError(error)}).` };
    }
  }

  async mendLive(): Promise<LiveState> {
    const state = await this.checkLive();
    const published = this.#tables.live(CAMPAIGNS_KEY);
    // Another version may have been published while KV was asked: that one is on its way.
    if (state.kind !== "drifted" || published?.revision !== state.number) return state;
    const detail = `version ${state.number}: KV held ${describeFound(state.found)}`;
    const actor = { name: "control plane", from: "" };
    this.ctx.storage.transactionSync(() => {
      this.#audit({ at: new Date().toISOString(), actor, action: "republish", detail });
      this.#tables.send(CAMPAIGNS_KEY, published.text, published.revision);
    });
    await this.#wake(Date.now() + RESEND_MS);
    await this.#send();
    return { ...state, mended: true };
  }

  #describeUnsent(): LiveState {
    const current = this.#tables.current();
    if (current === null) return { kind: "unmanaged" };
    const { number } = current.version;
    const reason = `Version ${number} was published by an older Worker: publish it again, and KV is watched.`;
    return { kind: "unknown", reason };
  }

  /** The version is kept and on its way to KV at once, or not at all: a caller that goes away changes nothing. */
  async keepVersion(written: NewVersion): Promise<Kept> {
    if (written.state === "published" && this.env.KV === undefined) return { kind: "unbound" };
    const current = this.#tables.current()?.version ?? null;
    if (written.state === "published" && (current?.number ?? 0) !== written.basedOn) {
      return { kind: "conflict", current };
    }
    const at = new Date().toISOString();
    const version = this.ctx.storage.transactionSync(() => {
      const added = this.#tables.addVersion(written, at);
      const { actor, note, restores } = written;
      const action = added.state === "draft" ? "draft" : restores === null ? "publish" : "rollback";
      const detail = `version ${added.number}${restores === null ? "" : `, which is ${restores} again`}`;
      this.#audit({ at, actor, action, detail: note === "" ? detail : `${detail}: ${note}` });
      if (added.state === "published") this.#tables.send(CAMPAIGNS_KEY, written.compiled, added.number);
      return added;
    });
    if (version.state === "draft") return { kind: "kept", version, pending: null };
    // Before KV is asked: whatever happens to this invocation, the alarm sends it.
    await this.#wake(Date.now() + RESEND_MS);
    return { kind: "kept", version, pending: await this.#send() };
  }

  async sync(order: SyncOrder, actor: Actor | null): Promise<SyncReport> {
    const account = syncKey(order);
    const nowMs = Date.now();
    const running = this.#tables.runs().find((one) => one.account === account);
    if (actor !== null) {
      const detail = order.shrinkConfirmed ? `${account}, may shrink` : account;
      this.#audit({ at: new Date(nowMs).toISOString(), actor, action: "sync", detail });
    }
    if (running === undefined || nowMs - running.touchedMs > STALE_MS) {
      this.#tables.endRun(account);
      const run = beginSync(order, nowMs);
      this.#tables.saveRun({ account, order, run, dueMs: nowMs, touchedMs: nowMs });
    } else if (order.shrinkConfirmed && !running.order.shrinkConfirmed) {
      this.#tables.saveRun({ ...running, order: { ...running.order, shrinkConfirmed: true } });
    }
    if (running !== undefined && running.dueMs - nowMs > SHORT_PAUSE_MS) {
      const seconds = Math.ceil((running.dueMs - nowMs) / 1000);
      const message = `Adobe asked for a pause; the sync that is under way goes on in ${seconds} s`;
      const times = { startedAtMs: running.run.startedAtMs, nowMs };
      return { ...failedReport(order.account, message, times), outcome: "kept" };
    }
    const { promise, resolve } = Promise.withResolvers<SyncReport>();
    this.#waiting.set(account, [...(this.#waiting.get(account) ?? []), resolve]);
    await this.#wake(nowMs);
    return promise;
  }

  /** One tick of one sync an invocation: each has its own limits. */
  override async alarm(): Promise<void> {
    await this.#send();
    const due = this.#tables.runs().find(({ dueMs }) => dueMs <= Date.now());
    if (due !== undefined) await this.#tick(due);
    const next = this.#tables.runs()[0]?.dueMs;
    if (next !== undefined) await this.#wake(next);
    if (this.#tables.unsent().length > 0) await this.#wake(Date.now() + RESEND_MS);
  }

  async #tick(stored: StoredRun): Promise<void> {
    const { account, order } = stored;
    const tick = await this.#tickSafely(stored);
    const nowMs = Date.now();
    if (tick.kind === "ended") {
      this.#tables.endRun(account);
      this.#tables.addReport(tick.report);
      // Before anything is awaited: who asks from now on waits for another sync.
      const waiting = this.#takeWaiting(account);
      await keepReport(this.env.KV, order, tick.report);
      for (const resolve of waiting) resolve(tick.report);
      return;
    }
    const waitMs = tick.kind === "pauses" ? tick.waitMs : 0;
    const { sandbox } = order.account;
    const { step, taken, calls } = tick.run;
    this.#log.write({ event: "sync-tick", sandbox, step: step.kind, taken, calls, waitMs });
    // Somebody may have confirmed meanwhile that the list may shrink.
    const latest = this.#tables.runs().find((one) => one.account === account)?.order ?? order;
    const dueMs = nowMs + waitMs;
    this.#tables.saveRun({ account, order: latest, run: tick.run, dueMs, touchedMs: nowMs });
    if (tick.kind !== "pauses" || waitMs <= SHORT_PAUSE_MS) return;
    for (const resolve of this.#takeWaiting(account)) resolve(tick.report);
  }

  /** What throws here is ours to mend; nobody shall wait for it, and no alarm repeat it. */
  async #tickSafely({ account, order, run }: StoredRun): Promise<Tick> {
    try {
      return await tickSync(order, run, this.#storeOf(account), this.#deps());
    } catch (error) {
      const times = { startedAtMs: run.startedAtMs, nowMs: Date.now() };
      const message = `the sync broke off: ${describeError(error)}`;
      return { kind: "ended", report: failedReport(order.account, message, times) };
    }
  }

  #takeWaiting(account: string): readonly ((report: SyncReport) => void)[] {
    const waiting = this.#waiting.get(account) ?? [];
    this.#waiting.delete(account);
    return waiting;
  }

  #deps(): SyncDeps {
    // Read anew for each tick, so that they are in this object's memory no longer than that; the order has none.
    const problems: Problem[] = [];
    const read = readCredentialBook(this.env, problems);
    // With a half of it wrong, one website would be asked for with another's.
    const credentials = problems.length === 0 ? read : NO_CREDENTIALS;
    return { kv: this.env.KV, credentials, now: () => Date.now() };
  }

  #storeOf(account: string): SyncStore {
    return {
      published: () => this.#tables.publishedMarks(account),
      parts: () => this.#tables.parts(account),
      add: (part) => this.#tables.addPart(account, part),
      publish: () => this.#tables.publishParts(account),
    };
  }

  /** One after the other, so that an older version never lands after a newer one. null: all is in KV. */
  #send(): Promise<string | null> {
    const sending = this.#sending.then(async () => {
      for (const unsent of this.#tables.unsent()) {
        try {
          await this.env.KV?.put(unsent.key, unsent.text);
          this.#tables.sent(unsent, Date.now());
        } catch (error) {
          return describeError(error);
        }
      }
      return null;
    });
    this.#sending = sending;
    return sending;
  }

  /** There is one alarm: an earlier one stays. */
  async #wake(atMs: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > atMs) await this.ctx.storage.setAlarm(atMs);
  }

  #audit({
    at,
    actor,
    action,
    detail,
  }: Pick<AuditEntry, "at" | "action" | "detail"> & { actor: Actor }): void {
    this.#tables.addAudit({ at, who: actor.name, from: actor.from, action, detail: detail.slice(0, 1_000) });
  }
}
