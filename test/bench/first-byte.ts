/** What it costs a shopper to be asked about: time to first byte of a banner's page against one without a banner. */

import { Agent, request as httpRequest } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
  answer,
  DATASTREAM,
  ecidNumber,
  ecidOf,
  identity,
  identityValue,
  ORGANIZATION,
  pull,
  startEdgeNetwork,
} from "../worker/edge-network.ts";
import { startOrigin } from "../worker/origin.ts";
import { compileCampaigns } from "./campaigns.ts";
import { startContestant } from "./contestant.ts";
import { VIP } from "./page.ts";

const BUDGET_MS = 150;

interface Case {
  readonly name: string;
  readonly originMs: number;
  readonly adobeMs: number;
  /** What the banner's page has to be: Adobe's answer comes in time, or it does not. */
  readonly personalized: boolean;
}

const cases: readonly Case[] = [
  { name: "origin 80 ms, Adobe 40 ms", originMs: 80, adobeMs: 40, personalized: true },
  { name: "origin 10 ms, Adobe 40 ms", originMs: 10, adobeMs: 40, personalized: true },
  { name: "origin 10 ms, Adobe 400 ms (over the budget)", originMs: 10, adobeMs: 400, personalized: false },
];

export interface FirstByte {
  readonly case: string;
  readonly "page ms": number;
  readonly "asked ms": number;
  readonly "× page": number;
  readonly "added ms": number;
}

interface Pages {
  readonly plain: string;
  readonly personalized: string;
  readonly secret: string;
}

/** Each visitor is a new one, so that Adobe is asked for every banner's page. */
export async function timeFirstBytes(script: string, pages: Pages, rounds: number): Promise<FirstByte[]> {
  const table: FirstByte[] = [];
  for (const one of cases) table.push(await timeCase(one, script, pages, rounds));
  return table;
}

async function timeCase(one: Case, script: string, pages: Pages, rounds: number): Promise<FirstByte> {
  const origin = await startOrigin(async (_, response) => {
    await wait(one.originMs);
    response.writeHead(200, { "content-type": "text/html; charset=UTF-8", "cache-control": "max-age=86400" });
    response.end(pages.plain);
  });
  const adobe = await startEdgeNetwork();
  adobe.behave(async (question, response) => {
    await wait(one.adobeMs);
    answer(response, [identity(ecidOf(question) ?? ""), pull([VIP])]);
  });
  const website = {
    hosts: ["shop.test"],
    origin: origin.url,
    adobe: { organizationId: ORGANIZATION },
    datastreamId: DATASTREAM,
    edgeUrl: adobe.url,
    budgetMs: BUDGET_MS,
  };
  const contestant = await startContestant({
    script,
    bindings: { WEBSITES: { main: website }, SIGNING_SECRET: pages.secret },
    kv: { campaigns: await compileCampaigns() },
  });
  const agent = new Agent({ keepAlive: true });
  let visitors = 0;
  const ask = (path: string) => get(contestant.url + path, ecidNumber(visitors++), agent);
  try {
    for (let round = 0; round < 3; round += 1) {
      check(one.name, (await ask("/women.html")).text, pages.plain);
      check(one.name, (await ask("/")).text, one.personalized ? pages.personalized : pages.plain);
    }
    const pairs: (readonly [number, number])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // In turns, and each first as often as second: the machine is noisy.
      const order = round % 2 === 0 ? ["/women.html", "/"] : ["/", "/women.html"];
      const [first, second] = [await ask(order[0] ?? ""), await ask(order[1] ?? "")];
      const [page, asked] = round % 2 === 0 ? [first, second] : [second, first];
      pairs.push([page.firstByteMs, asked.firstByteMs]);
    }
    return summarize(one.name, pairs);
  } finally {
    agent.destroy();
    await contestant.stop();
    await Promise.all([origin.stop(), adobe.stop()]);
  }
}

function summarize(name: string, pairs: readonly (readonly [number, number])[]): FirstByte {
  const rounded = (number: number, digits: number) => Number(number.toFixed(digits));
  return {
    case: name,
    "page ms": rounded(median(pairs.map(([page]) => page)), 1),
    "asked ms": rounded(median(pairs.map(([, asked]) => asked)), 1),
    "× page": rounded(median(pairs.map(([page, asked]) => asked / page)), 2),
    "added ms": rounded(median(pairs.map(([page, asked]) => asked - page)), 1),
  };
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

function check(name: string, text: string, expected: string): void {
  if (text !== expected) throw new Error(`${name}: a wrong answer (${text.length} characters)`);
}

function get(url: string, ecid: string, agent: Agent): Promise<{ text: string; firstByteMs: number }> {
  const headers = {
    host: "shop.test",
    "accept-encoding": "identity",
    cookie: `PHPSESSID=abc; kndctr_ABC_AdobeOrg_identity=${identityValue(ecid)}`,
  };
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const outgoing = httpRequest(url, { headers, agent }, (incoming) => {
      const firstByteMs = performance.now() - startedAtMs;
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => resolve({ text: Buffer.concat(chunks).toString(), firstByteMs }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
