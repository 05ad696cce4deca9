/** The breaker: when Adobe is in trouble it is left alone, and nobody asks it more often than it allows; so for Commerce's content. */

/** After so many failures in a row a website's Adobe is left alone for a while. */
const FAILURES_TO_REST = 5;
const REST_MS = 10_000;
/** Adobe's `Retry-After` is obeyed up to here. */
const MAX_REST_MS = 60_000;

/** Adobe allows an organization 1,500 lookups a second over all data centres; this is one isolate's share. */
const MAX_PER_SECOND = 50;

/** So many visitors are remembered as being asked about. */
const MAX_ASKING = 10_000;

export interface Breaker {
  /** Whether that visitor may be asked about now; if so, nobody asks about the same one before `end` or `patienceMs`. */
  start(subject: string, patienceMs: number, nowMs: number): boolean;
  /** That visitor may be asked about again. */
  end(subject: string): void;
  /** Adobe answered, whatever it said. */
  succeed(): void;
  /** Adobe's own fault; `retryAfterMs` is what it asked for. */
  fail(nowMs: number, retryAfterMs: number | null): void;
  /** Until when nobody is asked about; null: Adobe is asked. */
  restsUntil(nowMs: number): number | null;
}

/** Open or closed by failures; after its rest one question goes ahead, and the others wait for what comes of it. */
export function openBreaker(): Breaker {
  let failures = 0;
  let restUntilMs = 0;
  let resting = false;
  let second = 0;
  let asked = 0;
  /** By visitor, until when: a time and never a promise, which another request must not wait for. */
  const asking = new Map<string, number>();
  return {
    start(subject, patienceMs, nowMs) {
      if (nowMs < restUntilMs || nowMs < (asking.get(subject) ?? 0)) return false;
      const now = Math.floor(nowMs / 1000);
      if (second !== now) [second, asked] = [now, 0];
      if (asked >= MAX_PER_SECOND) return false;
      asked += 1;
      // The one that goes ahead: until it has come back, or should have, the rest goes on for all others.
      if (resting) restUntilMs = nowMs + patienceMs;
      if (asking.size >= MAX_ASKING) asking.clear();
      asking.set(subject, nowMs + patienceMs);
      return true;
    },
    end(subject) {
      asking.delete(subject);
    },
    succeed() {
      failures = 0;
      resting = false;
      restUntilMs = 0;
    },
    fail(nowMs, retryAfterMs) {
      failures += 1;
      if (retryAfterMs === null && failures < FAILURES_TO_REST && !resting) return;
      failures = 0;
      resting = true;
      restUntilMs = nowMs + Math.min(Math.max(retryAfterMs ?? 0, REST_MS), MAX_REST_MS);
    },
    restsUntil: (nowMs) => (nowMs < restUntilMs ? restUntilMs : null),
  };
}
