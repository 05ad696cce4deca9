/** The figures of all rounds as tables: medians, ratios to the baseline of the same round, and what is aimed at. */

import type { Job } from "./jobs.ts";
import type { Figures } from "./load.ts";

export interface Row {
  readonly job: string;
  readonly "req/s": number;
  readonly "CPU ms/req": number;
  readonly "p50 ms": number;
  readonly "p99 ms": number;
  readonly "× req/s": number;
  readonly "× CPU": number;
}

/** Ratios are made round by round, of neighbours in time, before the median is taken: the machine is noisy. */
export function summarize(jobs: readonly Job[], rounds: readonly Figures[]): Row[] {
  return jobs.map(({ name, baseline }) => {
    const own = rounds.filter(({ job }) => job === name);
    const of = (pick: (figures: Figures) => number) => median(own.map(pick));
    return {
      job: name,
      "req/s": Math.round(of(({ requestsPerSecond }) => requestsPerSecond)),
      "CPU ms/req": rounded(
        of(({ cpuMsPerRequest }) => cpuMsPerRequest),
        3,
      ),
      "p50 ms": of(({ p50Ms }) => p50Ms),
      "p99 ms": of(({ p99Ms }) => p99Ms),
      "× req/s": rounded(
        ratio(rounds, name, baseline, ({ requestsPerSecond }) => requestsPerSecond),
        2,
      ),
      "× CPU": rounded(cpuRatio(rounds, name, baseline), 2),
    };
  });
}

/** What one costs for each unit of what the other costs. */
export function cpuRatio(rounds: readonly Figures[], job: string, baseline: string): number {
  return ratio(rounds, job, baseline, ({ cpuMsPerRequest }) => cpuMsPerRequest);
}

function ratio(
  rounds: readonly Figures[],
  job: string,
  baseline: string,
  pick: (figures: Figures) => number,
): number {
  const base = rounds.filter((figures) => figures.job === baseline);
  const own = rounds.filter((figures) => figures.job === job);
  return median(own.map((figures, round) => pick(figures) / pick(base[round] ?? figures)));
}

/** What is aimed at: a ratio of CPU a request within one run, or a difference in milliseconds. */
interface Target {
  readonly job: string;
  readonly against: string;
  readonly unit: "×" | "ms";
  readonly atMost: number;
}

const KNOWN = "ours, place known";
const unknown = (group: string): Target => ({
  job: `${group}: ours, place not known`,
  against: `${group}: minimal HTMLRewriter`,
  unit: "×",
  atMost: 1.15,
});
const untargeted = (group: string): Target => ({
  job: `${group}: ours, no banner there`,
  against: `${group}: passthrough`,
  unit: "×",
  atMost: 1.1,
});
const against = (job: string, other: string, atMost: number): Target => ({
  job,
  against: other,
  unit: "×",
  atMost,
});

export const targets: readonly Target[] = [
  ...["page 20 KB", "page 100 KB", "page 1 MB"].map(untargeted),
  against(`page 100 KB: ${KNOWN}`, "page 100 KB: passthrough", 2),
  against(`page 100 KB: ${KNOWN}`, "page 100 KB: minimal HTMLRewriter", 0.5),
  against(`page 1 MB: ${KNOWN}`, "page 1 MB: passthrough", 2),
  ...["page 20 KB", "page 100 KB", "page 1 MB"].map(unknown),
  { job: `page 100 KB: ${KNOWN}, signed`, against: `page 100 KB: ${KNOWN}`, unit: "ms", atMost: 0.05 },
  against("graphql: ours, header only", "graphql: passthrough", 1.2),
  against("graphql: ours, remembered document", "graphql: passthrough", 1.3),
  against(`page 100 KB: ${KNOWN}`, "page 100 KB: Optimizely, snippetless", 1 / 3),
  against(`page 100 KB: ${KNOWN}`, "page 100 KB: GrowthBook, no injection", 1 / 12),
];

export interface Aim {
  readonly job: string;
  readonly against: string;
  readonly aim: string;
  readonly observed: string;
  readonly reached: "yes" | "no";
}

export function judge(rounds: readonly Figures[]): Aim[] {
  const timed = new Set(rounds.map(({ job }) => job));
  return targets
    .filter((target) => timed.has(target.job) && timed.has(target.against))
    .map((target) => {
      const observed = observe(rounds, target);
      const text = (number: number) =>
        target.unit === "×" ? `× ${rounded(number, 3)}` : `+${rounded(number, 3)} ms`;
      return {
        job: target.job,
        against: target.against.replace(/^.*: /, ""),
        aim: text(target.atMost),
        observed: text(observed),
        reached: observed <= target.atMost ? "yes" : "no",
      };
    });
}

function observe(rounds: readonly Figures[], target: Target): number {
  if (target.unit === "×") return cpuRatio(rounds, target.job, target.against);
  const of = (name: string) =>
    rounds.filter(({ job }) => job === name).map(({ cpuMsPerRequest }) => cpuMsPerRequest);
  const base = of(target.against);
  return median(of(target.job).map((cpuMs, round) => cpuMs - (base[round] ?? cpuMs)));
}

const rounded = (number: number, digits: number) => Number(number.toFixed(digits));

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
