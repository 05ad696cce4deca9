/** A command's frame: its arguments, its help, and how it ends: 0 done, 1 problems found, 2 wrong usage. */

import { fileURLToPath } from "node:url";
import { type ParseArgsOptionsConfig, parseArgs, styleText } from "node:util";
import { suggestion } from "../src/core/problem.ts";

/** The folder of the project, wherever the command is called from. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export type ExitCode = 0 | 1 | 2;

/** Ends a command with one sentence for the person who called it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** What was typed can't be meant: exit code 2. */
export function wrongUsage(sentence: string): CommandError {
  return new CommandError(sentence, 2);
}

/** Runs a command and sets the exit code; the help is everything that `--help` prints. */
export async function runCommand(help: string, main: (words: string[]) => Promise<ExitCode>): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes("--help") || words.includes("-h")) {
    console.log(help.trim());
    return;
  }
  process.exitCode = await endOf(main, words);
}

/** What a command ends with; a mistake that it knows is said as one sentence. */
export async function endOf(
  main: (words: string[]) => Promise<ExitCode>,
  words: readonly string[],
): Promise<ExitCode> {
  try {
    return await main([...words]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(paint("red", error.message, process.stderr));
    return error.exitCode;
  }
}

/** `util.parseArgs`, with one sentence for each way to get it wrong. */
export function readArguments<const T extends ParseArgsOptionsConfig>(words: string[], options: T) {
  refuseSwallowed(words, Object.keys(options));
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw wrongUsage(describeMistake(error, Object.keys(options)));
  }
}

function describeMistake(error: unknown, names: readonly string[]): string {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  const written = /'(--?[^\s'=]+)/.exec(message)?.[1] ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const known = names.map((name) => `--${name}`);
    return `There is no option ${written}${suggestion(written, known) || "; --help lists the ones there are."}`;
  }
  return `${message.split(/\. |\n/, 1)[0]}; --help shows how it is written.`;
}

/** Options that npm has itself under the same name: there, what stands in its environment may be its own. */
const npmHasThem: ReadonlySet<string> = new Set(["json"]);

/**
 * `npm run campaigns:publish FILE --remote` without "--": npm keeps `--remote` for itself, and the command
 * would quietly do something else than was asked.
 */
function refuseSwallowed(words: readonly string[], names: readonly string[]): void {
  for (const name of names) {
    const inEnvironment = process.env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined;
    const written = words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (inEnvironment && !written && !npmHasThem.has(name)) {
      const script = process.env["npm_lifecycle_event"] ?? "…";
      throw wrongUsage(
        `npm kept --${name} for itself: write "--" before the options, as in: npm run ${script} -- … --${name}`,
      );
    }
  }
}

type Colour = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";

/** Colours only where a person looks at a terminal, and never against NO_COLOR. */
export function paint(colour: Colour, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(colour, text, { stream });
}

/** `1 banner`, `3 banners`; other plurals are given. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[], joint = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`;
}
