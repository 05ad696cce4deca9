/** What the control plane can be asked, and what it answers: plain values, over a call that may fail. */

import type { CampaignsDifference } from "../../core/campaigns/difference.ts";
import type { LiveState } from "../../core/drift.ts";
import type { SyncOrder, SyncRun } from "../../core/sync.ts";
import type { SyncReport } from "../../core/sync-report.ts";

/** The binding CONTROL. There is one object, so that there is one writer. */
export interface ControlNamespace {
  getByName(name: string): ControlCalls;
}

/** Who changes something, and from where, as the lock knows it. */
export interface Actor {
  readonly name: string;
  /** The address that asked; empty where it is not known. */
  readonly from: string;
}

export interface Version {
  /** Counted from 1. */
  readonly number: number;
  readonly state: "draft" | "published";
  /** Of the compiled form; what the edge calls the version. */
  readonly digest: string;
  readonly at: string;
  readonly who: string;
  readonly from: string;
  readonly note: string;
  /** The older version whose file this is; null: a file of its own. */
  readonly restores: number | null;
  /** To the version that was live before it. */
  readonly difference: CampaignsDifference;
  readonly bytes: number;
}

export interface VersionFile {
  readonly version: Version;
  /** As the merchandiser wrote it. */
  readonly file: string;
}

export interface NewVersion {
  readonly state: Version["state"];
  readonly file: string;
  readonly digest: string;
  /** As the edge reads it. */
  readonly compiled: string;
  readonly note: string;
  readonly restores: number | null;
  readonly difference: CampaignsDifference;
  readonly actor: Actor;
  /** The number of the version that was changed; 0: none was live. */
  readonly basedOn: number;
}

export type Kept =
  | {
      readonly kind: "kept";
      readonly version: Version /** null: KV has it. */;
      readonly pending: string | null;
    }
  /** Another version is live than the one that was changed. */
  | { readonly kind: "conflict"; readonly current: Version | null }
  | { readonly kind: "unbound" };

/** How far a sync is that is under way. */
export interface SyncProgress {
  readonly organizationId: string;
  readonly sandbox: string;
  readonly startedAt: string;
  readonly step: SyncRun["step"]["kind"];
  /** Audiences so far. */
  readonly taken: number;
  /** Adobe asked for a pause until then; null: it goes on. */
  readonly pausedUntil: string | null;
}

export interface AuditEntry {
  readonly at: string;
  readonly who: string;
  readonly from: string;
  readonly action: "publish" | "rollback" | "draft" | "sync" | "republish" | "preview";
  readonly detail: string;
}

/** A new stub for each call: one that has failed stays broken. */
export function openControl(namespace: ControlNamespace | undefined): ControlCalls | null {
  if (namespace === undefined) return null;
  const stub = () => namespace.getByName("control");
  return {
    readCurrent: async () => stub().readCurrent(),
    readVersion: async (number) => stub().readVersion(number),
    listVersions: async (limit, before) => stub().listVersions(limit, before),
    keepVersion: async (version) => stub().keepVersion(version),
    sync: async (order, actor) => stub().sync(order, actor),
    listRunning: async () => stub().listRunning(),
    listReports: async (limit) => stub().listReports(limit),
    listAudit: async (limit) => stub().listAudit(limit),
    recordPreview: async (actor, detail) => stub().recordPreview(actor, detail),
    checkLive: async () => stub().checkLive(),
    mendLive: async () => stub().mendLive(),
  };
}

export interface ControlCalls {
  /** The live version; null: none was published through the control plane. */
  readCurrent(): Promise<VersionFile | null>;
  readVersion(number: number): Promise<VersionFile | null>;
  /** The newest first, from the one before `before` on; null: from the newest. */
  listVersions(limit: number, before: number | null): Promise<readonly Version[]>;
  keepVersion(version: NewVersion): Promise<Kept>;
  /** Answers when the sync ends or has to pause; who asks during one waits for the same. */
  sync(order: SyncOrder, actor: Actor | null): Promise<SyncReport>;
  listRunning(): Promise<readonly SyncProgress[]>;
  listReports(limit: number): Promise<readonly SyncReport[]>;
  listAudit(limit: number): Promise<readonly AuditEntry[]>;
  /** A preview link is about to be given out. */
  recordPreview(actor: Actor, detail: string): Promise<void>;
  /** Whether KV holds what was published. */
  checkLive(): Promise<LiveState>;
  /** The same; where KV holds something else, the published version is put back, and the audit log has it. */
  mendLive(): Promise<LiveState>;
}
