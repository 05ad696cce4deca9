/** `npm run bench`: contestants in turns, in bare workerd; what a request costs, as ratios to a plain passthrough. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contestant, startContestant } from "./contestant.ts";
import { type EntryName, openEntries, SECRET } from "./entries.ts";
import { timeFirstBytes } from "./first-byte.ts";
import { type Job, jobs, page, personalized } from "./jobs.ts";
import { calibrate, check, type Figures, time } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { judge, summarize } from "./report.ts";
import { againstFirst, measureStanding, type Standing } from "./standing.ts";
import { startOrigin } from "./start-origin.ts";

const { values: flags } = parseArgs({
  options: {
    /** Every figure and ratio, for machines. */
    json: { type: "string" },
    /** A regular expression over the jobs' names; the baselines of what it finds run with it. */
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    /** Milliseconds of CPU that each job burns in each round; the kernel counts them in tens. */
    cpu: { type: "string", default: "500" },
    /** Pairs of pages for what a question to Adobe adds to the first byte. */
    pairs: { type: "string", default: "20" },
    /** Sizes, starts and first bytes are left out, too. */
    quick: { type: "boolean", default: false },
  },
});

function pickJobs(pattern: RegExp): Job[] {
  const wanted = new Set(jobs.filter(({ name }) => pattern.test(name)).map(({ name }) => name));
  const named = (name: string) => jobs.find((job) => job.name === name);
  for (const name of wanted) wanted.add(named(name)?.baseline ?? name);
  return jobs.filter(({ name }) => wanted.has(name));
}

async function timeJobs(picked: readonly Job[], contestants: ReadonlyMap<EntryName, Contestant>) {
  const of = ({ entry }: Job) => {
    const contestant = contestants.get(entry);
    if (contestant === undefined) throw new Error(`${entry} was not started`);
    return contestant;
  };
  const planned: { job: Job; requests: number }[] = [];
  for (const job of picked) {
    await check(job, of(job));
    planned.push({ job, requests: await calibrate(job, of(job), Number(flags.cpu)) });
  }
  const rounds: Figures[] = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const { job, requests } of planned) rounds.push(await time(job, of(job), requests));
  }
  // What was right before it was timed is so still.
  for (const { job } of planned) await check(job, of(job));
  return rounds;
}

async function main(): Promise<void> {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  const origin = await startOrigin();
  const entries = await openEntries(origin.url);
  const picked = pickJobs(new RegExp(flags.only, "i"));
  const contestants = new Map<EntryName, Contestant>();
  try {
    const standing: Standing[] = [];
    if (!flags.quick) {
      for (const name of ["passthrough", "minimal", "ours", "optimizely", "growthbook"] as const)
        standing.push(await measureStanding(name, entries[name]));
    }
    for (const name of new Set(picked.map(({ entry }) => entry)))
      contestants.set(name, await startContestant(entries[name]));
    const rounds = await timeJobs(picked, contestants);
    const summary = summarize(picked, rounds);
    const aims = judge(rounds);
    const peakMb = Object.fromEntries(
      [...contestants].map(([name, one]) => [name, Math.round(one.peakBytes() / 1e6)]),
    );
    const contestantTable = againstFirst(standing).map((one) => ({
      ...one,
      "peak MB": peakMb[one.contestant] ?? null,
    }));
    const script = readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8");
    const pages = { plain: page, personalized, secret: SECRET };
    const firstBytes = flags.quick ? [] : await timeFirstBytes(script, pages, Number(flags.pairs));
    const machine = describeMachine();
    console.log(Object.values(machine).join(", "));
    console.table(summary);
    if (contestantTable.length > 0) console.table(contestantTable);
    if (firstBytes.length > 0) console.table(firstBytes);
    console.table(aims);
    if (flags.json) {
      const all = { machine, summary, aims, contestants: contestantTable, peakMb, firstBytes, rounds };
      writeFileSync(flags.json, `${JSON.stringify(all, null, 2)}\n`);
    }
  } finally {
    for (const contestant of contestants.values()) await contestant.stop();
    origin.stop();
  }
}

await main();
