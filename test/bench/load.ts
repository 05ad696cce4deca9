/** One job under load: the answer is checked, then as many requests as fill the time are sent and all are answered. */

import autocannon from "autocannon";
import type { Contestant } from "./contestant.ts";
import type { Job } from "./jobs.ts";

export interface Figures {
  readonly job: string;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 8;

/** Bytes of the checked answer's body, decoded. */
export async function check(job: Job, { url }: Contestant): Promise<number> {
  const method = job.body === undefined ? "GET" : "POST";
  const id = `check-${performance.now()}`;
  const body = job.body === undefined ? null : fillIn(job.body, id);
  const init = { method, headers: { ...job.headers, host: "shop.test" }, body };
  const response = await fetch(url + fillIn(job.path, id), init);
  const text = await response.text();
  if (response.status !== 200 || !job.isRight(text))
    throw new Error(`${job.name}: a wrong answer (${response.status}, ${text.length} characters)`);
  return Buffer.byteLength(text);
}

/** How many requests burn about that much CPU, found by more and more of them, which warms the isolate, too. */
export async function calibrate(job: Job, contestant: Contestant, cpuMs: number): Promise<number> {
  for (let requests = CONNECTIONS * 2; ; requests *= 3) {
    const { cpuMsPerRequest } = await time(job, contestant, requests);
    if (cpuMsPerRequest * requests < cpuMs / 4) continue;
    return Math.max(CONNECTIONS, Math.round(cpuMs / cpuMsPerRequest));
  }
}

/** A number of requests and not a time: none is cut off in its middle, so that all CPU belongs to an answer. */
export async function time(job: Job, contestant: Contestant, requests: number): Promise<Figures> {
  const cpuBefore = contestant.cpuMs();
  const { result, tookMs } = await send(job, contestant, requests);
  return {
    job: job.name,
    requests,
    requestsPerSecond: requests / (tookMs / 1000),
    cpuMsPerRequest: (contestant.cpuMs() - cpuBefore) / requests,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

interface Sent {
  readonly result: autocannon.Result;
  /** To the last answer. */
  readonly tookMs: number;
}

async function send(job: Job, contestant: Contestant, requests: number): Promise<Sent> {
  const method = job.body === undefined ? "GET" : "POST";
  let serial = 0;
  const another = () => {
    serial += 1;
    return fillIn(job.path, `${Date.now()}-${serial}`);
  };
  const startedAtMs = performance.now();
  let endedAtMs = startedAtMs;
  const options: autocannon.Options = {
    url: contestant.url,
    connections: CONNECTIONS,
    amount: requests,
    timeout: 60,
    // How often it looks whether all are answered.
    sampleInt: 10,
    idReplacement: job.body !== undefined,
    headers: { ...job.headers, host: "shop.test" },
    requests: [
      {
        method,
        path: job.path,
        ...(job.body === undefined ? {} : { body: job.body }),
        ...(job.path.includes(ID) ? { setupRequest: (one) => ({ ...one, path: another() }) } : {}),
      },
    ],
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    instance.on("response", () => {
      endedAtMs = performance.now();
    });
  });
  if (result["2xx"] < requests || result.non2xx > 0 || result.errors > 0)
    throw new Error(`${job.name}: ${result["2xx"]} of ${requests} answered, ${result.non2xx} not by 200`);
  return { result, tookMs: endedAtMs - startedAtMs };
}

const ID = "[<id>]";
const fillIn = (path: string, id: string) => path.replace(ID, id);
