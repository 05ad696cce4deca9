/** The control plane: one Durable Object, the one writer of campaigns' versions, reports, audit log and sync runs. */

import { DurableObject } from "cloudflare:workers";
import { compareLive, describeFound, type LiveState, readFound } from "../core/drift.ts";
import type { SyncOrder } from "../core/sync.ts";
import type { SyncReport } from "../core/sync-report.ts";
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
import { openSyncRuns, type SyncEnv } from "./control/sync-runs.ts";
import { openTables } from "./control/tables.ts";
import { describeError } from "./log.ts";
import { syncKey } from "./sync.ts";

/** KV takes one write a second for a key; what it did not take is tried again after so long. */
const RESEND_MS = 2_000;

export class Control extends DurableObject<SyncEnv> implements ControlCalls {
  readonly #tables = openTables(this.ctx.storage);
  readonly #runs = openSyncRuns(this.#tables, this.env);
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
    return this.#runs.list(Date.now());
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
    const nowMs = Date.now();
    if (actor !== null) {
      const account = syncKey(order);
      const detail = order.shrinkConfirmed ? `${account}, may shrink` : account;
      this.#audit({ at: new Date(nowMs).toISOString(), actor, action: "sync", detail });
    }
    const paused = this.#runs.begin(order, nowMs);
    if (paused !== null) return paused;
    const report = this.#runs.wait(order);
    await this.#wake(nowMs);
    return report;
  }

  /** One tick of one sync an invocation: each has its own limits. */
  override async alarm(): Promise<void> {
    await this.#send();
    await this.#runs.tickDue();
    const next = this.#runs.nextDueMs();
    if (next !== null) await this.#wake(next);
    if (this.#tables.unsent().length > 0) await this.#wake(Date.now() + RESEND_MS);
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
