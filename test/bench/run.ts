/** `npm run bench`: requests a second and CPU per request in workerd, as ratios to a plain passthrough. */

import { execFileSync, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { compileCampaigns } from "./campaigns.ts";
import { type Contestant, startContestant } from "./contestant.ts";
import { timeFirstBytes } from "./first-byte.ts";
import { type Job, jobs, page, personalized, SECRET } from "./jobs.ts";
import { VARIANT } from "./page.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    /** Pairs of pages for the times to first byte; with `--rounds 0` nothing else is timed. */
    pairs: { type: "string", default: "40" },
  },
});

const passthrough = `export default { fetch(request, env) {
  const url = new URL(request.url);
  return fetch(new Request(env.ORIGIN + url.pathname + url.search, request));
} };`;

const minimal = `export default { async fetch(request, env) {
  const url = new URL(request.url);
  const response = await fetch(new Request(env.ORIGIN + url.pathname + url.search, request));
  return new HTMLRewriter().on("#hero", {
    element(element) { element.setInnerContent(env.VARIANT, { html: true }); },
  }).transform(response);
} };`;

interface Figures {
  readonly job: string;
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function check(job: Job, url: string): Promise<void> {
  const response = await fetch(url + job.path, request(job));
  const text = await response.text();
  if (text !== job.expected)
    throw new Error(`${job.name}: a wrong answer (${response.status}, ${text.length} characters)`);
}

function request(job: Job) {
  const headers = { ...job.headers, host: "shop.test", "accept-encoding": "identity" };
  return job.body === undefined ? { headers } : { method: "POST" as const, headers, body: job.body };
}

async function time(job: Job, contestant: Contestant, seconds: number): Promise<Figures> {
  const cpuBefore = contestant.cpuMs();
  const result = await autocannon({
    url: contestant.url + job.path,
    connections: 8,
    duration: seconds,
    idReplacement: true,
    ...request(job),
  });
  const answered = result["2xx"];
  if (answered === 0 || result.non2xx > 0 || result.errors > 0)
    throw new Error(`${job.name}: errors under load`);
  return {
    job: job.name,
    requestsPerSecond: answered / result.duration,
    cpuMsPerRequest: (contestant.cpuMs() - cpuBefore) / answered,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

function summarize(rounds: readonly Figures[]) {
  return jobs.map((job) => {
    const own = rounds.filter((figures) => figures.job === job.name);
    const base = rounds.filter((figures) => figures.job === job.baseline);
    // Ratios are made round by round, of neighbours in time, before the median is taken: the machine is noisy.
    const ratio = (of: (figures: Figures) => number) =>
      median(own.map((figures, round) => of(figures) / of(base[round] ?? figures)));
    return {
      job: job.name,
      "req/s": Math.round(median(own.map((figures) => figures.requestsPerSecond))),
      "CPU ms/req": Number(median(own.map((figures) => figures.cpuMsPerRequest)).toFixed(3)),
      "p50 ms": median(own.map((figures) => figures.p50Ms)),
      "p99 ms": median(own.map((figures) => figures.p99Ms)),
      "× req/s": Number(ratio((figures) => figures.requestsPerSecond).toFixed(2)),
      "× CPU": Number(ratio((figures) => figures.cpuMsPerRequest).toFixed(2)),
    };
  });
}

async function main(): Promise<void> {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  const bundle = readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8");
  const origin = fork(new URL("origin.ts", import.meta.url));
  const port = await new Promise<number>((resolve) =>
    origin.once("message", (value) => resolve(Number(value))),
  );
  const ORIGIN = `http://127.0.0.1:${port}`;
  const website = { hosts: ["shop.test", "127.0.0.1"], origin: ORIGIN.replace("127.0.0.1", "localhost") };
  const verified = {
    adobe: { organizationId: "BENCH@AdobeOrg" },
    datastreamId: "b7a9c0de-0000-4000-8000-000000000001",
    pull: "never",
  };
  const kv = { campaigns: await compileCampaigns() };
  const offers = [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed" }];
  const contestants = {
    passthrough: await startContestant({ script: passthrough, bindings: { ORIGIN } }),
    minimal: await startContestant({ script: minimal, bindings: { ORIGIN, VARIANT } }),
    ours: await startContestant({
      script: bundle,
      bindings: { WEBSITES: { main: { ...website, dynamicBlocks: "off" } } },
      kv,
    }),
    signed: await startContestant({
      script: bundle,
      bindings: { WEBSITES: { main: { ...website, ...verified } }, SIGNING_SECRET: SECRET },
      kv,
    }),
    offers: await startContestant({
      script: bundle,
      bindings: { WEBSITES: { main: website } },
      kv: { campaigns: await compileCampaigns(offers) },
    }),
  };
  try {
    for (const job of jobs) await check(job, contestants[job.contestant].url);
    for (const job of jobs) await time(job, contestants[job.contestant], 1);
    const rounds: Figures[] = [];
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      for (const job of jobs)
        rounds.push(await time(job, contestants[job.contestant], Number(flags.seconds)));
    }
    const summary = summarize(rounds);
    if (rounds.length > 0) console.table(summary);
    const pages = { plain: page, personalized, secret: SECRET };
    const firstBytes = await timeFirstBytes(bundle, pages, Number(flags.pairs));
    console.table(firstBytes);
    const at = new Date().toISOString();
    if (flags.json) writeFileSync(flags.json, JSON.stringify({ at, summary, firstBytes, rounds }, null, 2));
  } finally {
    for (const contestant of Object.values(contestants)) await contestant.stop();
    origin.kill();
  }
}

await main();
