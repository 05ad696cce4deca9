/** `npm run fuzz`: mutates what anybody sends, keeps what reaches new code of ours, and writes down what breaks a promise. */

import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { type Target, targets } from "./targets.ts";

const BATCH = 64;
const SLOW_MS = 500;
const CASES = new URL("../cases/fuzz/", import.meta.url);

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    only: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});

/** mulberry32: the same seed, the same run. */
let state = Number(values.seed);
function below(limit: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}

const tokens = [
  ..."{}[]()\"'\\,:;$@#!=&%<>/.- \n\0",
  '"""',
  "...",
  "-->",
  "\\u",
  "null",
  "1e9",
  "\u00e9",
  "\ud800",
  "\ufeff",
];

function mutate(text: string, corpus: readonly string[]): string {
  let mutant = text;
  for (let n = 1 + below(4); n > 0; n -= 1) {
    const at = below(mutant.length + 1);
    const end = at + below(Math.min(24, mutant.length - at + 1));
    const other = corpus[below(corpus.length)] ?? "";
    const from = below(other.length + 1);
    const inserted = [
      tokens[below(tokens.length)] ?? "",
      mutant.slice(at, end),
      other.slice(from, from + below(40)),
      "",
    ];
    const keeps = below(2) === 0;
    mutant = mutant.slice(0, at) + (inserted[below(inserted.length)] ?? "") + mutant.slice(keeps ? at : end);
  }
  return mutant.slice(0, 20_000);
}

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** Blocks of ours that ran since the last time. */
async function takeCoverage(): Promise<string[]> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  return result
    .filter(({ url }) => url.includes("/src/"))
    .flatMap(({ scriptId, functions }) =>
      functions.flatMap(({ ranges }) =>
        ranges
          .filter(({ count }) => count > 0)
          .map(({ startOffset, endOffset }) => `${scriptId}:${startOffset}-${endOffset}`),
      ),
    );
}

/** What is wrong with it; null: no promise is broken. */
function tryOne({ check }: Target, text: string): string | null {
  // Of CPU, not of the clock: what else the machine does is nobody's promise.
  const before = process.cpuUsage();
  try {
    check(text);
  } catch (error) {
    return String(error);
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  return ms > SLOW_MS ? `takes ${Math.round(ms)} ms` : null;
}

async function fuzz(target: Target, minutes: number): Promise<number> {
  const corpus = [...target.seeds];
  const seen = new Set<string>();
  const broken = new Map<string, string>();
  const isNew = (blocks: readonly string[]) => {
    const before = seen.size;
    for (const block of blocks) seen.add(block);
    return seen.size > before;
  };
  const run = (text: string) => {
    const wrong = tryOne(target, text);
    if (wrong !== null && !broken.has(wrong)) broken.set(wrong, text);
  };
  for (const seed of corpus) run(seed);
  isNew(await takeCoverage());
  let tried = 0;
  for (const endsAt = Date.now() + minutes * 60_000; Date.now() < endsAt; ) {
    const batch = Array.from({ length: BATCH }, () => mutate(corpus[below(corpus.length)] ?? "", corpus));
    for (const text of batch) run(text);
    tried += batch.length;
    // One look for many; only where something is new is it worth to find out which one it was.
    const fresh = (await takeCoverage()).filter((block) => !seen.has(block));
    for (const text of fresh.length > 0 ? batch : []) {
      run(text);
      if (isNew((await takeCoverage()).filter((block) => fresh.includes(block)))) corpus.push(text);
    }
    for (const block of fresh) seen.add(block);
  }
  console.log(
    `${target.name}: ${tried} texts, ${seen.size} blocks, ${corpus.length} kept, ${broken.size} broken promises`,
  );
  for (const [wrong, text] of broken) console.log(`  ${wrong}: ${JSON.stringify(text).slice(0, 200)}`);
  if (broken.size > 0) {
    mkdirSync(CASES, { recursive: true });
    writeFileSync(
      new URL(`${target.name}.json`, CASES),
      `${JSON.stringify([...broken.values()], null, 2)}\n`,
    );
  }
  return broken.size;
}

let found = 0;
for (const target of targets) {
  if (values.only === undefined || values.only === target.name)
    found += await fuzz(target, Number(values.minutes));
}
process.exitCode = found === 0 ? 0 : 1;
