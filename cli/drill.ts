/** `npm run drill`: forces each rung of the ladder and each failure on the demo, and prints what a shopper got. */

import { type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { drillRows, type Row } from "./drill/rows.ts";
import type { Got } from "./drill/shopper.ts";
import { openStage } from "./drill/stage.ts";

const help = `
npm run drill
  Starts the demo on this machine, breaks KV, Adobe, Commerce, the settings and the control plane one after the other,
  and prints what a shopper got each time (docs/failures.md). Ends with 1 where a shopper got less than promised.
`;

/** What the clock of a budget may be late by. */
const LATE_MS = 50;
/** What a busy machine may add to any answer. */
const BUSY_MS = 250;

export async function runDrill(words: string[]): Promise<ExitCode> {
  const { positionals } = readArguments(words, {});
  if (positionals.length > 0) throw wrongUsage("drill takes no arguments: it always runs all of it.");
  const stage = await openStage();
  try {
    console.log(line("what breaks", "who asks", "rung", "what the shopper got", "after"));
    let failed = 0;
    for (const row of drillRows(stage.campaigns)) {
      const calmMs = await stage.clear();
      const got = await stage.play(row);
      const wrong = judge(row, got, calmMs);
      if (wrong !== null) failed += 1;
      const told = line(row.breaks, row.who, got.rung ?? "", describe(got), `${Math.round(got.ms)} ms`);
      console.log(wrong === null ? told : `${paint("red", told)}\n  ${paint("red", wrong)}`);
    }
    console.log(
      failed === 0 ? paint("green", "\nEach as promised.") : paint("red", `\n${failed} not as promised.`),
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

function line(breaks: string, who: string, rung: string, got: string, ms: string): string {
  return `${breaks.padEnd(50)}  ${who.padEnd(8)}  ${rung.padEnd(8)}  ${got.padEnd(34)}  ${ms.padStart(8)}`.trimEnd();
}

export function describe({ status, page, body, text }: Got): string {
  if (status === 0) return "nothing yet, as without us";
  if (status !== 200) return `${status} ${text.trim().slice(0, 28)}`;
  return body === "whole" ? `the ${page}, whole` : `${text.length} characters, then the break`;
}

/** Why a shopper got less than promised; null: they did not. */
export function judge({ gets, budgetMs }: Row, got: Got, calmMs: number): string | null {
  const boundMs = budgetMs === null ? null : budgetMs + LATE_MS + 2 * calmMs + BUSY_MS;
  if (boundMs !== null && got.ms > boundMs) return `expected within ${Math.round(boundMs)} ms`;
  switch (gets.kind) {
    case "page":
      if (got.status !== 200 || got.body !== "whole" || got.page !== gets.page) {
        return `expected the ${gets.page}, whole`;
      }
      return gets.rung === undefined || got.rung === gets.rung ? null : `expected the rung ${gets.rung}`;
    case "status":
      return got.status === gets.status ? null : `expected ${gets.status}`;
    case "half":
      return got.body === "broken" && got.text !== "" ? null : "expected what Commerce gave, and its break";
    case "waits":
      return got.status === 0 ? null : "expected to wait as Commerce does";
  }
}

if (import.meta.main) await runCommand(help, runDrill);
