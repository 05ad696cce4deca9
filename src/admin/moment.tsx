/** Times as the dashboard tells them: in UTC, because the people who read them sit in several zones. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Nov 21, 2026, 10:42 UTC` */
export function formatMoment(atMs: number): string {
  const date = new Date(atMs);
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day}, ${formatClock(date)}`;
}

/** `today, 10:42 UTC`, `yesterday, 23:05 UTC`, else the date. */
export function formatRecent(atMs: number, nowMs: number): string {
  const daysBack = Math.floor(nowMs / DAY_MS) - Math.floor(atMs / DAY_MS);
  if (daysBack === 0) return `today, ${formatClock(new Date(atMs))}`;
  if (daysBack === 1) return `yesterday, ${formatClock(new Date(atMs))}`;
  return formatMoment(atMs);
}

/** `just now`, `4 minutes ago`, `2 days ago`; `in 3 hours` where a clock is ahead of ours. */
export function formatDistance(atMs: number, nowMs: number): string {
  const distanceMs = Math.abs(nowMs - atMs);
  if (distanceMs < MINUTE_MS) return "just now";
  const words = countUnits(distanceMs);
  return atMs <= nowMs ? `${words} ago` : `in ${words}`;
}

function countUnits(distanceMs: number): string {
  if (distanceMs < HOUR_MS) return count(distanceMs / MINUTE_MS, "minute");
  if (distanceMs < DAY_MS) return count(distanceMs / HOUR_MS, "hour");
  if (distanceMs < 60 * DAY_MS) return count(distanceMs / DAY_MS, "day");
  if (distanceMs < 730 * DAY_MS) return count(distanceMs / (30.44 * DAY_MS), "month");
  return count(distanceMs / (365.25 * DAY_MS), "year");
}

function count(amount: number, unit: string): string {
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

function formatClock(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`;
}

/** What `<time>` holds for machines: to the minute, as it is shown. */
function formatIso(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

export function Moment({ atMs }: { atMs: number }) {
  return <time datetime={formatIso(atMs)}>{formatMoment(atMs)}</time>;
}

export function RecentMoment({ atMs, nowMs }: { atMs: number; nowMs: number }) {
  return <time datetime={formatIso(atMs)}>{formatRecent(atMs, nowMs)}</time>;
}
