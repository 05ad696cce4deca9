/** Checks the types of every project: the core for itself, the Worker, the demo, and what runs in Node. */

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type ExitCode, paint, ROOT, readArguments, runCommand, wrongUsage } from "./command.ts";

const help = `
node cli/types.ts
  Runs tsc for src/core (no platform at all), src, demo and test (with cli); ends with 1 where one of them fails.
`;

const PROJECTS = ["src/core", "src", "demo", "test"];
const PACKAGE = createRequire(import.meta.url).resolve("typescript/package.json");
const EXECUTABLE = join(dirname(PACKAGE), "bin", "tsc");

export async function runTypes(words: string[]): Promise<ExitCode> {
  const { positionals } = readArguments(words, {});
  if (positionals.length > 0) throw wrongUsage("types takes no arguments: it always checks every project.");
  const results = await Promise.all(PROJECTS.map(checkProject));
  for (const { project, exitCode, output } of results) {
    const verdict = exitCode === 0 ? paint("green", "ok") : paint("red", "wrong");
    console.log(`${project.padEnd(8)}  ${verdict}`);
    if (exitCode !== 0) console.log(output.trim());
  }
  return results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
}

function checkProject(project: string): Promise<{ project: string; exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EXECUTABLE, "-p", project], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ project, exitCode: code ?? 1, output }));
  });
}

if (import.meta.main) await runCommand(help, runTypes);
