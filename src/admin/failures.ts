/** Wrong tokens, counted in this isolate: who guesses ten times waits until the minute is over. */

/**
 * Each isolate counts for itself, and an attacker meets several: this slows guessing, it does not end it.
 * What ends it is the token's length.
 */
export interface Failures {
  /** Seconds that this client still has to wait; null: it may try. */
  waitSeconds(client: string, nowMs: number): number | null;
  add(client: string, nowMs: number): void;
}

const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
/** More clients than that in a minute are an attack from everywhere: then every new one waits. */
const MAX_CLIENTS = 1_000;

export function openFailures(): Failures {
  const counts = new Map<string, { count: number; readonly endsAtMs: number }>();

  function forgetOld(nowMs: number): void {
    for (const [client, { endsAtMs }] of counts) if (endsAtMs <= nowMs) counts.delete(client);
  }

  return {
    waitSeconds(client, nowMs) {
      const known = counts.get(client);
      if (known !== undefined && nowMs < known.endsAtMs) {
        return known.count < MAX_FAILURES ? null : Math.ceil((known.endsAtMs - nowMs) / 1000);
      }
      if (counts.size >= MAX_CLIENTS) forgetOld(nowMs);
      return counts.size < MAX_CLIENTS ? null : WINDOW_MS / 1000;
    },
    add(client, nowMs) {
      const known = counts.get(client);
      if (known !== undefined && nowMs < known.endsAtMs) known.count += 1;
      else counts.set(client, { count: 1, endsAtMs: nowMs + WINDOW_MS });
    },
  };
}

/** Cloudflare writes this header itself. One subscriber owns a whole IPv6 /64: that is one client. */
export function clientOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  if (!address.includes(":")) return address;
  const [before = "", after] = address.split("::");
  const groups = before.split(":");
  if (after !== undefined) {
    const missing = 8 - groups.length - after.split(":").length;
    for (let index = 0; index < missing; index += 1) groups.push("0");
  }
  return groups.slice(0, 4).join(":");
}
