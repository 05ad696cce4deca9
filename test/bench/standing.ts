/** What a contestant is before anybody asks it much: its size, its start, its first byte, its memory, what it adds. */

import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { type Contestant, type Entry, startContestant } from "./contestant.ts";
import { jobs } from "./jobs.ts";
import { VIP } from "./page.ts";

export interface Standing {
  readonly contestant: string;
  readonly bundleKb: number;
  readonly gzipKb: number;
  /** CPU from the start of workerd to the end of the first answer, beside what workerd itself takes. */
  readonly addedStartCpuMs: number;
  readonly firstAnswerMs: number;
  /** First byte of a page of which the origin sends 12 KB at once and the rest 300 ms later. */
  readonly slowFirstByteMs: number;
  /** Bytes of a 100 KB page's body that the origin did not send, for a visitor for whom nothing is changed. */
  readonly addedBytes: number;
  /** The same in header lines. */
  readonly addedHeaderBytes: number;
}

const AGENT = jobs[0]?.headers["user-agent"] ?? "";
const STARTS = 3;

interface Timed {
  readonly firstByteMs: number;
  readonly bodyBytes: number;
  readonly headerBytes: number;
}

export async function measureStanding(name: string, entry: Entry): Promise<Standing> {
  const starts: { cpuMs: number; answerMs: number }[] = [];
  for (let round = 0; round < STARTS; round += 1) {
    const fresh = await startContestant(entry);
    const startedAtMs = performance.now();
    await get(fresh, "/100", {});
    starts.push({ answerMs: performance.now() - startedAtMs, cpuMs: fresh.cpuMs() });
    await fresh.stop();
  }
  const contestant = await startContestant(entry);
  try {
    const cookie = { cookie: `aep-segments-membership=${VIP}` };
    await get(contestant, "/slow/100", cookie);
    const slow: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      slow.push((await get(contestant, "/slow/100", cookie)).firstByteMs);
    }
    const untargeted = await get(contestant, "/100", {});
    return {
      contestant: name,
      bundleKb: toKb(Buffer.byteLength(entry.script)),
      gzipKb: toKb(gzipSync(entry.script).length),
      addedStartCpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
      firstAnswerMs: round1(median(starts.map(({ answerMs }) => answerMs))),
      slowFirstByteMs: round1(median(slow)),
      addedBytes: untargeted.bodyBytes,
      addedHeaderBytes: untargeted.headerBytes,
    };
  } finally {
    await contestant.stop();
  }
}

/** Starts and sizes as what they add to the first one's, which is the passthrough. */
export function againstFirst(table: readonly Standing[]): Standing[] {
  const first = table[0];
  return table.map((one) => ({
    ...one,
    addedStartCpuMs: one.addedStartCpuMs - (first?.addedStartCpuMs ?? 0),
    addedBytes: one.addedBytes - (first?.addedBytes ?? 0),
    addedHeaderBytes: one.addedHeaderBytes - (first?.addedHeaderBytes ?? 0),
  }));
}

function get({ url }: Contestant, path: string, headers: Readonly<Record<string, string>>): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const all = { host: "shop.test", "user-agent": AGENT, "accept-encoding": "identity", ...headers };
    const outgoing = httpRequest(url + path, { headers: all, agent: false }, (incoming) => {
      let firstByteMs: number | null = null;
      let bodyBytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        firstByteMs ??= performance.now() - startedAtMs;
        bodyBytes += chunk.length;
      });
      incoming.on("error", reject);
      incoming.on("end", () => {
        const lines = incoming.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
        resolve({ firstByteMs: firstByteMs ?? 0, bodyBytes, headerBytes: lines });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const toKb = (bytes: number) => round1(bytes / 1000);
const round1 = (number: number) => Number(number.toFixed(1));
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
