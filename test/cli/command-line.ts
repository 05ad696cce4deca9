/** Runs the project's commands as a person does, and keeps a deployment of a test's own beside the real one. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { type ExitCode, endOf } from "../../cli/command.ts";

export interface Ended {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

type Environment = Readonly<Record<string, string>>;

const CLI = fileURLToPath(new URL("../../cli/", import.meta.url));

/** A command in a process of its own, as npm starts it. */
export function spawnCommand(words: readonly string[], env: Environment = {}): Promise<Ended> {
  const [file = "", ...rest] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(CLI, file), ...rest], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...plain(process.env), ...env },
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output, errors }));
  });
}

/** The same command in this process: starting one takes a second, and most of it is not what is under test. */
export async function call(
  command: (words: string[]) => Promise<ExitCode>,
  words: readonly string[],
  env: Environment = {},
): Promise<Ended> {
  const before = process.env;
  const output = vi.spyOn(console, "log").mockImplementation(() => {});
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  const linesOf = (spy: typeof output) => spy.mock.calls.map(([line]) => `${line}\n`).join("");
  process.env = { ...plain(before), ...env };
  try {
    const exitCode = await endOf(command, words);
    return { exitCode, output: linesOf(output), errors: linesOf(errors) };
  } finally {
    process.env = before;
    output.mockRestore();
    errors.mockRestore();
  }
}

/** The test runner asks for colours in its own output. */
function plain({ FORCE_COLOR: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, COMMERCE_ADMIN_PATH: "", NO_COLOR: "1" };
}

export interface TestDeployment {
  readonly folder: string;
  /** Its wrangler.toml. */
  readonly config: string;
  write(name: string, text: string): string;
  remove(): void;
}

export const twoWebsites = `
[vars.WEBSITES.main]
hosts = ["shop.example"]
mode = "watch"

[vars.WEBSITES.b2b]
hosts = ["b2b.example"]
`;

export function makeDeployment(vars: string = twoWebsites): TestDeployment {
  const folder = mkdtempSync(join(tmpdir(), "edge-audiences-test-"));
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const head = 'name = "edge-audiences"\ncompatibility_date = "2026-10-01"\nsend_metrics = false\n';
  const config = write("wrangler.toml", `${head}[[kv_namespaces]]\nbinding = "KV"\n${vars}`);
  return { folder, config, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
