/** `npm run bench:scale`: what a request costs as the work grows, in workerd; flat in all but what a page itself needs. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contestant, startContestant } from "./contestant.ts";
import type { Job } from "./jobs.ts";
import { calibrate, check, type Figures, time } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { type Axis, axes, type Level } from "./scale-axes.ts";
import { startOrigin } from "./start-origin.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "string" },
    /** A regular expression over the names of what grows. */
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    /** Milliseconds of CPU that each level burns in each round. */
    cpu: { type: "string", default: "300" },
  },
});

interface Row {
  readonly grows: string;
  readonly level: number;
  readonly "CPU ms/req": number;
  /** Against the smallest level of the same run. */
  readonly "× smallest": number;
  readonly expected: Axis["expected"];
}

async function measure(axis: Axis, script: string, origin: string): Promise<Row[]> {
  const website = { hosts: ["shop.test", "127.0.0.1"], origin: origin.replace("127.0.0.1", "localhost") };
  const running: { level: Level; job: Job; contestant: Contestant; requests: number }[] = [];
  try {
    for (const level of axis.levels) {
      const kv = { campaigns: await level.campaigns() };
      const bindings = { WEBSITES: { main: { ...website, ...level.website } } };
      const contestant = await startContestant({ script, bindings, kv });
      const name = `${axis.name}: ${level.size}`;
      const job: Job = { ...level.job, name, entry: "ours", baseline: name };
      running.push({ level, job, contestant, requests: 0 });
      await check(job, contestant);
    }
    for (const one of running) one.requests = await calibrate(one.job, one.contestant, Number(flags.cpu));
    const rounds: Figures[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      for (const { job, contestant, requests } of running) rounds.push(await time(job, contestant, requests));
    }
    return summarize(axis, running, rounds);
  } finally {
    for (const { contestant } of running) await contestant.stop();
  }
}

function summarize(
  axis: Axis,
  running: readonly { level: Level; job: Job }[],
  rounds: readonly Figures[],
): Row[] {
  const of = (name: string) =>
    rounds.filter(({ job }) => job === name).map(({ cpuMsPerRequest }) => cpuMsPerRequest);
  const smallest = of(running[0]?.job.name ?? "");
  return running.map(({ level, job }) => {
    const own = of(job.name);
    return {
      grows: axis.name,
      level: level.size,
      "CPU ms/req": rounded(median(own), 3),
      "× smallest": rounded(median(own.map((cpuMs, round) => cpuMs / (smallest[round] ?? cpuMs))), 2),
      expected: axis.expected,
    };
  });
}

const rounded = (number: number, digits: number) => Number(number.toFixed(digits));
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function main(): Promise<void> {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  const script = readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8");
  const origin = await startOrigin();
  const pattern = new RegExp(flags.only, "i");
  try {
    const rows: Row[] = [];
    for (const axis of axes.filter(({ name }) => pattern.test(name)))
      rows.push(...(await measure(axis, script, origin.url)));
    const machine = describeMachine();
    console.log(Object.values(machine).join(", "));
    console.table(rows);
    if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  } finally {
    origin.stop();
  }
}

await main();
