/** A contestant: one script in a workerd of its own, whose CPU the kernel counts. */

import { readdirSync, readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

export interface Contestant {
  readonly url: string;
  /** CPU of its workerd so far, user and system, in milliseconds. */
  cpuMs(): number;
  /** The most memory that its workerd has had, in bytes. */
  peakBytes(): number;
  stop(): Promise<void>;
}

/** What is deployed: a script, and what it is bound to. */
export interface Entry {
  readonly script: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly kv?: Readonly<Record<string, string>>;
}

export async function startContestant(options: Entry): Promise<Contestant> {
  const before = new Set(findWorkerds());
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      name: "contestant",
      modules: [{ type: "ESModule", path: "worker.js", contents: options.script }],
      compatibilityDate: "2026-10-01",
      bindings: options.bindings as Record<string, never>,
      kvNamespaces: { KV: "bench" },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      // Log lines cost the isolate what they cost in production; printing them here would cost this process.
      handleStructuredLogs: () => undefined,
    }),
  );
  await miniflare.ready;
  const kv = await miniflare.getKVNamespace("KV");
  for (const [key, value] of Object.entries(options.kv ?? {})) await kv.put(key, value);
  const own = findWorkerds().filter((pid) => !before.has(pid));
  const url = (await miniflare.unsafeGetDirectURL()).origin;
  return {
    url,
    cpuMs: () => own.reduce((sum, pid) => sum + readCpuMs(pid), 0),
    peakBytes: () => own.reduce((sum, pid) => sum + readPeakBytes(pid), 0),
    stop: () => miniflare.dispose(),
  };
}

/** Process ids of every workerd below this process: another run beside it has its own. */
export function findWorkerds(): number[] {
  return listIn("/proc").filter((pid) => readProc(`${pid}/comm`).trim() === "workerd" && isBelowUs(pid));
}

/** proc(5): field 4 of stat is the parent; a process that has ended has none. */
function isBelowUs(pid: number): boolean {
  const parent = readStat(pid, 4);
  return parent === process.pid || (parent > 0 && isBelowUs(parent));
}

/**
 * schedstat counts the nanoseconds of the threads that run; stat those that have ended too, user and system, but in
 * ticks of 10 ms each, cut off. Neither is ever more than what was spent.
 */
export function readCpuMs(pid: number): number {
  const threads = listIn(`/proc/${pid}/task`).map((thread) =>
    Number(readProc(`${pid}/task/${thread}/schedstat`).split(" ")[0]),
  );
  const ofThreads = threads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
  return Math.max(ofThreads, (readStat(pid, 14) + readStat(pid, 15)) * 10);
}

/** proc(5): `VmHWM` of status, in KiB. */
function readPeakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1] ?? 0) * 1024;
}

/** A field of stat, counted from 1 as proc(5) does; 0 where there is none. What is before the third may hold anything. */
function readStat(pid: number, field: number): number {
  const fields = readProc(`${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return Number(fields[field - 3] ?? 0);
}

/** The entries that are numbers: processes, or threads. */
function listIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch {
    return "";
  }
}
