/** Schedules: when something is live, written with an offset or in a time zone, daylight saving included. */

import { fail, ok, type Result } from "./result.ts";

/** `fromMs` is inclusive, `untilMs` exclusive; null: open on that side. Milliseconds since 1970. */
export interface Schedule {
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

export interface WrittenSchedule {
  /** `2026-12-24T10:00`, with seconds if wanted, and with an offset (`Z`, `+01:00`) unless there is a time zone. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** An IANA name, like `Europe/Berlin`. */
  readonly timeZone?: string | undefined;
}

export interface ScheduleProblem {
  readonly key: "from" | "until" | "timeZone";
  readonly message: string;
}

/** null is always. */
export function isLive(schedule: Schedule | null, nowMs: number): boolean {
  if (schedule === null) return true;
  const { fromMs, untilMs } = schedule;
  return (fromMs === null || nowMs >= fromMs) && (untilMs === null || nowMs < untilMs);
}

/** `defaultZone`: the website's, where neither the time nor the schedule names one. */
export function parseSchedule(
  written: WrittenSchedule,
  defaultZone: string | null = null,
): Result<Schedule, ScheduleProblem[]> {
  const problems: ScheduleProblem[] = [];
  const zone = written.timeZone ?? defaultZone;
  if (zone !== null && !isTimeZone(zone)) {
    const message = `${JSON.stringify(zone)} is no time zone; expected a name like "Europe/Berlin"`;
    return fail([{ key: "timeZone", message }]);
  }
  const read = (key: "from" | "until"): number | null => {
    const text = written[key];
    if (text === undefined) return null;
    const time = parseTime(text, zone);
    if (time.ok) return time.value;
    problems.push({ key, message: time.error });
    return null;
  };
  const schedule = { fromMs: read("from"), untilMs: read("until") };
  const { fromMs, untilMs } = schedule;
  if (fromMs !== null && untilMs !== null && untilMs <= fromMs) {
    problems.push({ key: "until", message: 'is not after "from": it would never be live' });
  }
  return problems.length === 0 ? ok(schedule) : fail(problems);
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null && !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?$/;

function parseTime(text: string, zone: string | null): Result<number, string> {
  const [, date, minutes, seconds = ":00", offset] = TIME.exec(text) ?? [];
  const wall = Date.parse(`${date}T${minutes}${seconds}Z`);
  // "2026-02-30" is no date: V8 would take it for March.
  const exists = Number.isFinite(wall) && new Date(wall).toISOString().startsWith(`${date}T${minutes}`);
  if (!exists) {
    return fail(`expected a time like 2026-12-24T10:00+01:00, found ${JSON.stringify(text.slice(0, 60))}`);
  }
  if (offset !== undefined) {
    const exact = Date.parse(text);
    return Number.isFinite(exact) ? ok(exact) : fail(`${offset} is no offset from UTC`);
  }
  if (zone === null) {
    return fail(
      'no one knows in which time zone that is: write an offset, like +01:00, or a "timeZone" beside it',
    );
  }
  return findInstant(wall, zone, text);
}

const HOUR_MS = 3_600_000;

/** Where the clocks go back, an hour comes twice: its first time is meant. */
function findInstant(wall: number, zone: string, text: string): Result<number, string> {
  const offsets = [wall - 26 * HOUR_MS, wall + 26 * HOUR_MS].map((at) => offsetAt(at, zone));
  const instants = offsets.map((offset) => wall - offset).filter((at) => at + offsetAt(at, zone) === wall);
  if (instants.length > 0) return ok(Math.min(...instants));
  return fail(`the clocks in ${zone} skip ${text}: they go forward in that hour`);
}

/** Milliseconds that the clocks of that zone are ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}
