/** Totals of what was counted: the questions in SQL, and what their rows say. docs/counting.md names the columns. */

type Row = Readonly<Record<string, unknown>>;

/** Of the last 24 hours. */
export interface Totals {
  /** Banners that were shown, and those that were kept back to compare. */
  readonly shown: number;
  readonly heldBack: number;
  /** The same, by what was known of who looked. */
  readonly verified: number;
  readonly claimed: number;
  readonly unknown: number;
  readonly orders: number;
  /** By reason, the most frequent first. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
  /** Pages for which Commerce took longer than `pageDeadlineMs`. */
  readonly overruns: number;
}

/** `_sample_interval`: a row may stand for several points. The dataset's name is checked where it is set. */
export function writeTotalsQuery(dataset: string): string {
  return `SELECT blob7 AS kind, blob5 AS trust, blob4 AS reason, SUM(_sample_interval) AS total
FROM ${dataset} WHERE timestamp > NOW() - INTERVAL '1' DAY GROUP BY kind, trust, reason FORMAT JSON`;
}

/** The variants that were shown to anybody in a week. */
export function writeShownQuery(dataset: string): string {
  return `SELECT blob2 AS banner, blob3 AS variant, SUM(_sample_interval) AS total
FROM ${dataset} WHERE timestamp > NOW() - INTERVAL '7' DAY AND blob4 = 'condition-holds' AND blob7 != 'order'
GROUP BY banner, variant FORMAT JSON`;
}

export function readTotals(rows: readonly Row[]): Totals {
  const sum = (holds: (row: Row) => boolean) =>
    rows.filter(holds).reduce((total, row) => total + readCount(row), 0);
  const isExposure = ({ kind }: Row) => kind === "page" || kind === "headless";
  const reasons = new Map<string, number>();
  for (const row of rows) {
    if (row["kind"] !== "refused") continue;
    const reason = String(row["reason"]);
    reasons.set(reason, (reasons.get(reason) ?? 0) + readCount(row));
  }
  return {
    shown: sum((row) => isExposure(row) && row["reason"] === "condition-holds"),
    heldBack: sum((row) => isExposure(row) && row["reason"] !== "condition-holds"),
    verified: sum((row) => isExposure(row) && row["trust"] === "verified"),
    claimed: sum((row) => isExposure(row) && row["trust"] === "claimed"),
    unknown: sum((row) => isExposure(row) && row["trust"] === "none"),
    orders: sum(({ kind }) => kind === "order"),
    refused: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
    overruns: sum(({ kind }) => kind === "overrun"),
  };
}

/** Keyed as `wasShown` asks for it. */
export function readShown(rows: readonly Row[]): (banner: string, variant: string) => boolean {
  const shown = new Set(rows.map(({ banner, variant }) => JSON.stringify([banner, variant])));
  return (banner, variant) => shown.has(JSON.stringify([banner, variant]));
}

/** ClickHouse writes 64-bit numbers as texts. */
function readCount({ total }: Row): number {
  const count = Number(total);
  return Number.isFinite(count) && count > 0 ? Math.round(count) : 0;
}
