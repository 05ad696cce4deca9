/** The log: a line of JSON for what is told of a request, warnings at most once a minute each. Never a shopper or an audience. */

export interface Log {
  /** One line about one request or one run of the cron. */
  write(entry: Readonly<Record<string, unknown>>): void;
  /** A problem of the isolate, at most once a minute for each `event`, and each `subject` where it has one. */
  warn(event: string, details: Readonly<Record<string, unknown>>, nowMs: number, subject?: string): void;
}

const WARNING_PAUSE_MS = 60_000;

export function openLog(): Log {
  const warnedAtMs = new Map<string, number>();
  return {
    write: (entry) => console.log(JSON.stringify(entry)),
    warn(event, details, nowMs, subject = "") {
      const about = `${event} ${subject}`;
      const last = warnedAtMs.get(about);
      if (last !== undefined && nowMs - last < WARNING_PAUSE_MS) return;
      warnedAtMs.set(about, nowMs);
      console.warn(JSON.stringify({ event, ...details }));
    },
  };
}

/** An exception as a log may hold it: its kind and first line, no stack, no value of a shopper's. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return `${error.name}: ${error.message.split("\n", 1)[0]?.slice(0, 200) ?? ""}`;
}
