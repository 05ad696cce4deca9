/** This isolate's replica of one KV value: read from memory, renewed in the background, the last good one kept. */

import type { Result } from "../core/result.ts";
import { withinBudget } from "./budget.ts";
import { describeError, type Log } from "./log.ts";

/**
 * Where the value that is served came from; the rungs of the ladder, from the best down. `memory` was filled from KV
 * by an earlier request, `none` leaves the origin untouched.
 */
export type Rung = "memory" | "kv" | "embedded" | "none";

export interface Held<T> {
  readonly value: T | null;
  readonly rung: Rung;
}

/** What lives on after the answer, as `ExecutionContext.waitUntil` lets it. */
export type WaitUntil = (work: Promise<unknown>) => void;

export interface Replica<T> {
  /** Without a wait while the isolate is warm; a cold one waits for KV, but never over the budget, or `patienceMs`. */
  read(nowMs: number, waitUntil: WaitUntil, patienceMs?: number): Held<T> | Promise<Held<T>>;
  /** When KV was last read to the end; null: never, or there is none. */
  loadedAt(): number | null;
  /** Whether there is a KV to load it from. */
  readonly isBound: boolean;
}

export interface ReplicaOptions<T> {
  readonly kv: KVNamespace | undefined;
  readonly key: string;
  /** Reads the stored text; a reason where it can't be used. */
  readonly parse: (text: string) => Result<T, string> | Promise<Result<T, string>>;
  /** Older than that, it is asked for again; KV itself may be a minute behind. */
  readonly freshMs: number;
  /** What a cold isolate's request may wait for KV. */
  readonly budgetMs: number;
  /** The last rung. */
  readonly embedded: T | null;
  /** A key that is gone: keep the last good value (nobody deletes it on purpose), or forget it. */
  readonly whenAbsent: "keep" | "forget";
  readonly log: Log;
}

/** After a failure, and while an answer is awaited, KV is not asked again for that long. */
const PAUSE_MS = 5_000;

export function openReplica<T>(options: ReplicaOptions<T>): Replica<T> {
  const { kv, key, parse, freshMs, budgetMs, embedded, whenAbsent, log } = options;
  const fallback: Held<T> = { value: embedded, rung: embedded === null ? "none" : "embedded" };
  let held: Held<T> | null = null;
  /** The same for the requests after the one that loaded it. */
  let remembered: Held<T> = fallback;
  let heldText: string | null = null;
  let loadedAtMs = 0;
  // A time, not a promise: a request that waits for another one's I/O is cancelled with it in production.
  let pausedUntilMs = 0;
  /** Paused because of the budget alone: who has more patience may still get an answer. */
  let worthWaiting = false;

  async function load(store: KVNamespace, nowMs: number): Promise<Held<T>> {
    let text: string | null;
    try {
      text = await store.get(key, "text");
    } catch (error) {
      pausedUntilMs = nowMs + PAUSE_MS;
      worthWaiting = false;
      log.warn("kv-unreadable", { key, error: describeError(error) }, nowMs, key);
      return held ?? fallback;
    }
    loadedAtMs = nowMs;
    if (text === null) {
      if (held === null || whenAbsent === "forget") [held, remembered] = [fallback, fallback];
      heldText = null;
    } else if (text !== heldText) await adopt(text, nowMs);
    return held ?? fallback;
  }

  async function adopt(text: string, nowMs: number): Promise<void> {
    const parsed = await parse(text);
    if (parsed.ok) {
      held = { value: parsed.value, rung: "kv" };
      remembered = { value: parsed.value, rung: "memory" };
    } else {
      log.warn("kv-unusable", { key, reason: parsed.error }, nowMs, key);
      held ??= fallback;
    }
    heldText = text;
  }

  async function loadCold(
    store: KVNamespace,
    { nowMs, waitUntil, patienceMs }: { nowMs: number; waitUntil: WaitUntil; patienceMs: number },
  ): Promise<Held<T>> {
    const loading = load(store, nowMs);
    waitUntil(loading);
    const inTime = await withinBudget(loading, patienceMs);
    if (inTime !== null) return inTime;
    pausedUntilMs = nowMs + PAUSE_MS;
    worthWaiting = patienceMs <= budgetMs;
    log.warn("kv-slow", { key, budgetMs: patienceMs }, nowMs, key);
    return held ?? fallback;
  }

  return {
    read(nowMs, waitUntil, patienceMs = budgetMs) {
      if (kv === undefined) return fallback;
      const paused = nowMs < pausedUntilMs;
      if (held === null) {
        const waits = !paused || (worthWaiting && patienceMs > budgetMs);
        return waits ? loadCold(kv, { nowMs, waitUntil, patienceMs }) : fallback;
      }
      if (!paused && nowMs - loadedAtMs >= freshMs) {
        pausedUntilMs = nowMs + PAUSE_MS;
        waitUntil(load(kv, nowMs));
      }
      return remembered;
    },
    loadedAt: () => (loadedAtMs === 0 ? null : loadedAtMs),
    isBound: kv !== undefined,
  };
}
