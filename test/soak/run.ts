/** `npm run soak`: minutes of mixed traffic with everything going wrong by turns; no wrong answer, and memory stays flat. */

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import build from "../build.ts";
import { gather, go, VISITS, wrongIn } from "../worker/crowd.ts";
import { memberOf } from "../worker/shop.ts";
import { callSdk, openVerifiedShop, type VerifiedShop, visitor } from "../worker/verified-shop.ts";
import { answerSoak, turn, wrongWith } from "./faults.ts";
import { openHeap } from "./heap.ts";

const AT_ONCE = 12;
const TURN_MS = 2_000;
const SAMPLE_MS = 250;
/** What a page waits for Adobe at most; of KV it is 100 ms. Who has to wait for Adobe waits 5 s; a busy machine alone adds less. */
const BUDGET_MS = 150;
const TOO_LATE_MS = 4_900;
const JUDGED_MINUTES = 5;

interface Tally {
  answers: number;
  faulty: number;
  readonly wrong: string[];
  readonly ms: number[];
  readonly megabytes: number[];
}

function readMinutes(): number {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes: a number of minutes, not "${values.minutes}"`);
  return minutes;
}

async function soak(minutes: number): Promise<Tally> {
  const website = { budgetMs: BUDGET_MS };
  const shop = await openVerifiedShop({ answer: answerSoak, banners: [], inspected: true, website });
  const tally: Tally = { answers: 0, faulty: 0, wrong: [], ms: [], megabytes: [] };
  const endsAt = Date.now() + minutes * 60_000;
  const lasting = () => Date.now() < endsAt && tally.wrong.length < 20;
  const shoppers = gather(shop, 200);
  await turn(shop, 0);
  const traffic = async (lane: number) => {
    for (let n = lane; lasting(); n += AT_ONCE) {
      const shopper = shoppers[(n * 7919) % shoppers.length];
      const visit = VISITS[n % VISITS.length];
      if (n % 40 < 3) await goWrong(shop, ["break", "busy", "long"][n % 40] ?? "", tally);
      else if (n % 40 === 3 && shopper) await callSdk(shop, { headers: [visitor(shopper.ecid)] });
      else if (shopper && visit) {
        const seen = await go(shop, shopper, visit);
        note(tally, wrongIn(seen, "default"), seen.ms);
      }
    }
  };
  const turning = async () => {
    for (let n = 1; lasting(); n += 1) {
      await sleep(TURN_MS);
      await turn(shop, n);
      // What the pretend hosts remember is not ours.
      for (const list of [shop.origin.seen, shop.adobe.seen, shop.edge.logs]) list.length = 0;
    }
  };
  const heap = await openHeap(shop.edge.miniflare);
  const sampling = async () => {
    for (; lasting(); await sleep(SAMPLE_MS)) tally.megabytes.push(await heap.usedMegabytes());
  };
  const lanes = Array.from({ length: AT_ONCE }, (_, lane) => traffic(lane));
  await Promise.all([...lanes, turning(), sampling()]);
  heap.close();
  await shop.stop();
  return tally;
}

async function goWrong(shop: VerifiedShop, fault: string, tally: Tally): Promise<void> {
  const startedAt = performance.now();
  const headers = [memberOf("not an audience")];
  const got = await shop.edge.send(`/women.html?${fault}`, { headers }).then(
    (answer) => ({ status: answer.status, text: answer.text() }),
    () => "broken" as const,
  );
  tally.faulty += 1;
  note(tally, wrongWith(fault, got), performance.now() - startedAt);
}

function note(tally: Tally, wrong: string | null, ms: number): void {
  tally.answers += 1;
  tally.ms.push(ms);
  if (wrong !== null) tally.wrong.push(wrong);
  else if (ms > TOO_LATE_MS) tally.wrong.push(`an answer after ${Math.round(ms)} ms`);
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** By fifths of the time; the first is the warming up. The heap's floor: what is left when garbage was just collected. */
function memoryOf({ megabytes }: Tally, minutes: number) {
  const fifth = Math.max(1, Math.floor(megabytes.length / 5));
  const fifths = [0, 1, 2, 3, 4].map((n) => Math.min(...megabytes.slice(n * fifth, (n + 1) * fifth)));
  const [, warm = 0, , , end = 0] = fifths;
  return { fifths, flat: minutes < JUDGED_MINUTES || end <= warm * 1.2 + 5 };
}

const minutes = readMinutes();
build();
const tally = await soak(minutes);
const sorted = [...tally.ms].sort((one, other) => one - other);
const memory = memoryOf(tally, minutes);
const ms = (share: number) => `${Math.round(percentile(sorted, share))} ms`;
console.log(
  `${minutes} minutes: ${tally.answers} answers, of which ${tally.faulty} of pages that went wrong`,
);
console.log(`wrong: ${tally.wrong.length === 0 ? "none" : tally.wrong.slice(0, 10).join("; ")}`);
console.log(`time: p50 ${ms(0.5)}, p99 ${ms(0.99)}, slowest ${ms(1)}`);
const megabytes = memory.fifths.map((one) => one.toFixed(1)).join(", ");
console.log(`heap in use by fifths: ${megabytes} MB${memory.flat ? "" : ": it grows"}`);
process.exitCode = tally.wrong.length === 0 && memory.flat ? 0 : 1;
