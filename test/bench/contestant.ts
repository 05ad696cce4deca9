/** A contestant: one script in a workerd of its own, whose CPU the kernel counts. */

import { readdirSync, readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

export interface Contestant {
  readonly url: string;
  /** CPU of its workerd so far, user and system, in milliseconds; 10 ms is the kernel's step. */
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

/** Process ids of every workerd that runs; only those that a contestant started are ever looked at. */
export function findWorkerds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProc(pid, "comm").trim() === "workerd");
}

/** proc(5): fields 14 and 15, in ticks of 10 ms. */
export function readCpuMs(pid: number): number {
  const fields = readProc(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

/** proc(5): `VmHWM` of status, in KiB. */
function readPeakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readProc(pid, "status"))?.[1] ?? 0) * 1024;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
