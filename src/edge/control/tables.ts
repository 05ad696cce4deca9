/** The control plane's tables: every statement of SQL, and the schema's version. */

import type { SyncOrder, SyncRun } from "../../core/sync.ts";
import { readReport, type SyncReport } from "../../core/sync-report.ts";
import type { SyncPart } from "../sync.ts";
import type { AuditEntry, NewVersion, Version, VersionFile } from "./calls.ts";

/** What stands here may be added to, never changed: objects out there have run it. One entry a schema version. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE version (
     number INTEGER PRIMARY KEY, state TEXT NOT NULL, about TEXT NOT NULL, file TEXT NOT NULL);
   CREATE TABLE unsent (key TEXT PRIMARY KEY, text TEXT NOT NULL, revision INTEGER NOT NULL);
   CREATE TABLE audit (id INTEGER PRIMARY KEY, entry TEXT NOT NULL);
   CREATE TABLE report (id INTEGER PRIMARY KEY, report TEXT NOT NULL);
   CREATE TABLE run (
     account TEXT PRIMARY KEY, plan TEXT NOT NULL, run TEXT NOT NULL, due INTEGER NOT NULL, touched INTEGER NOT NULL);
   CREATE TABLE part (
     account TEXT NOT NULL, published INTEGER NOT NULL, seq INTEGER NOT NULL, marks TEXT NOT NULL,
     text TEXT NOT NULL, PRIMARY KEY (account, published, seq));`,
  "CREATE TABLE live (key TEXT PRIMARY KEY, text TEXT NOT NULL, revision INTEGER NOT NULL, sent INTEGER);",
];

const MAX_VERSIONS = 200;
const MAX_REPORTS = 100;
const MAX_AUDIT = 1_000;

export interface StoredRun {
  readonly account: string;
  readonly order: SyncOrder;
  readonly run: SyncRun;
  readonly dueMs: number;
  readonly touchedMs: number;
}

export interface Unsent {
  readonly key: string;
  readonly text: string;
  readonly revision: number;
}

/** What was last sent to KV under that key. */
export interface LiveText extends Unsent {
  /** When KV took it; null: not yet. */
  readonly sentMs: number | null;
}

export type Tables = ReturnType<typeof openTables>;

type Row = Record<string, SqlStorageValue>;

export function openTables(storage: DurableObjectStorage) {
  const { sql } = storage;
  const rows = (statement: string, ...values: SqlStorageValue[]): Row[] =>
    sql.exec<Row>(statement, ...values).toArray();
  const first = (statement: string, ...values: SqlStorageValue[]): Row | null =>
    rows(statement, ...values)[0] ?? null;
  migrate();

  function migrate(): void {
    rows("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)");
    const done = Number(first("SELECT MAX(version) AS version FROM schema")?.["version"] ?? 0);
    MIGRATIONS.slice(done).forEach((statements, index) => {
      storage.transactionSync(() => {
        sql.exec(statements);
        rows("INSERT INTO schema VALUES (?)", done + index + 1);
      });
    });
  }

  function trim(table: "audit" | "report", keep: number): void {
    rows(`DELETE FROM ${table} WHERE id <= (SELECT MAX(id) FROM ${table}) - ?`, keep);
  }

  return {
    current(): VersionFile | null {
      return toVersionFile(
        first("SELECT * FROM version WHERE state = 'published' ORDER BY number DESC LIMIT 1"),
      );
    },
    version(number: number): VersionFile | null {
      return toVersionFile(first("SELECT * FROM version WHERE number = ?", number));
    },
    versions(limit: number, before: number | null): Version[] {
      const found = rows(
        "SELECT number, about FROM version WHERE number < ? ORDER BY number DESC LIMIT ?",
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      );
      return found.map(({ number, about }) => toVersion(number, about));
    },
    /** What is live may be older than all that are kept otherwise. */
    addVersion(written: NewVersion, at: string): Version {
      const { file, compiled: _, basedOn: __, actor, ...about } = written;
      const last = Number(first("SELECT MAX(number) AS number FROM version")?.["number"] ?? 0);
      const bytes = new TextEncoder().encode(file).byteLength;
      const version = { number: last + 1, ...about, at, who: actor.name, from: actor.from, bytes };
      rows(
        "INSERT INTO version VALUES (?, ?, ?, ?)",
        version.number,
        version.state,
        JSON.stringify(version),
        file,
      );
      rows(
        `DELETE FROM version WHERE number <= ? AND number <>
           (SELECT MAX(number) FROM version WHERE state = 'published')`,
        version.number - MAX_VERSIONS,
      );
      return version;
    },

    unsent(): Unsent[] {
      return rows("SELECT * FROM unsent").map(({ key, text, revision }) => ({
        key: String(key),
        text: String(text),
        revision: Number(revision),
      }));
    },
    send(key: string, text: string, revision: number): void {
      rows("INSERT OR REPLACE INTO unsent VALUES (?, ?, ?)", key, text, revision);
      rows("INSERT OR REPLACE INTO live VALUES (?, ?, ?, NULL)", key, text, revision);
    },
    sent({ key, revision }: Unsent, nowMs: number): void {
      rows("DELETE FROM unsent WHERE key = ? AND revision = ?", key, revision);
      rows("UPDATE live SET sent = ? WHERE key = ? AND revision = ?", nowMs, key, revision);
    },
    /** null: nothing was sent since this table is there. */
    live(key: string): LiveText | null {
      const row = first("SELECT * FROM live WHERE key = ?", key);
      if (row === null) return null;
      const sentMs = row["sent"] === null ? null : Number(row["sent"]);
      return { key, text: String(row["text"]), revision: Number(row["revision"]), sentMs };
    },
    numberOf(digest: string): number | null {
      const found = first(
        "SELECT MAX(number) AS number FROM version WHERE json_extract(about, '$.digest') = ?",
        digest,
      );
      return found?.["number"] == null ? null : Number(found["number"]);
    },

    addAudit(entry: AuditEntry): void {
      rows("INSERT INTO audit (entry) VALUES (?)", JSON.stringify(entry));
      trim("audit", MAX_AUDIT);
    },
    audit(limit: number): AuditEntry[] {
      const found = rows("SELECT entry FROM audit ORDER BY id DESC LIMIT ?", limit);
      return found.map(({ entry }) => JSON.parse(String(entry)) as AuditEntry);
    },
    addReport(report: SyncReport): void {
      rows("INSERT INTO report (report) VALUES (?)", JSON.stringify(report));
      trim("report", MAX_REPORTS);
    },
    reports(limit: number): SyncReport[] {
      const found = rows("SELECT report FROM report ORDER BY id DESC LIMIT ?", limit);
      return found.flatMap(({ report }) => readReport(String(report)) ?? []);
    },

    runs(): StoredRun[] {
      return rows("SELECT * FROM run ORDER BY due").map((row) => ({
        account: String(row["account"]),
        order: JSON.parse(String(row["plan"])) as SyncOrder,
        run: JSON.parse(String(row["run"])) as SyncRun,
        dueMs: Number(row["due"]),
        touchedMs: Number(row["touched"]),
      }));
    },
    saveRun({ account, order, run, dueMs, touchedMs }: StoredRun): void {
      rows(
        "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?)",
        account,
        JSON.stringify(order),
        JSON.stringify(run),
        dueMs,
        touchedMs,
      );
    },
    endRun(account: string): void {
      rows("DELETE FROM run WHERE account = ?", account);
      rows("DELETE FROM part WHERE account = ? AND published = 0", account);
    },

    addPart(account: string, { marks, text }: SyncPart): void {
      rows(
        `INSERT INTO part SELECT ?, 0, COALESCE(MAX(seq), 0) + 1, ?, ? FROM part WHERE account = ? AND published = 0`,
        account,
        JSON.stringify(marks),
        text,
        account,
      );
    },
    parts(account: string): SyncPart[] {
      const found = rows(
        "SELECT marks, text FROM part WHERE account = ? AND published = 0 ORDER BY seq",
        account,
      );
      return found.map(({ marks, text }) => ({ marks: JSON.parse(String(marks)), text: String(text) }));
    },
    /** null: nothing was published from here yet. */
    publishedMarks(account: string): SyncPart["marks"] | null {
      const found = rows("SELECT marks FROM part WHERE account = ? AND published = 1 ORDER BY seq", account);
      if (found.length === 0) return null;
      return found.flatMap(({ marks }) => JSON.parse(String(marks)) as SyncPart["marks"]);
    },
    /** The texts are in KV now; only what the next list is compared with stays. */
    publishParts(account: string): void {
      rows("DELETE FROM part WHERE account = ? AND published = 1", account);
      rows("UPDATE part SET published = 1, text = '' WHERE account = ? AND published = 0", account);
    },
  };
}

function toVersionFile(row: Row | null): VersionFile | null {
  if (row === null) return null;
  return { version: toVersion(row["number"], row["about"]), file: String(row["file"]) };
}

function toVersion(number: SqlStorageValue | undefined, about: SqlStorageValue | undefined): Version {
  return { ...(JSON.parse(String(about)) as Version), number: Number(number) };
}
