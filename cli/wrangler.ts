/** Wrangler as a child process, for what only it can do: KV and secrets at Cloudflare. */

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Deployment } from "./deployment.ts";

export interface Finished {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

const PACKAGE = createRequire(import.meta.url).resolve("wrangler/package.json");
export const EXECUTABLE = join(dirname(PACKAGE), "bin", "wrangler.js");

export type SecretNames =
  | { readonly kind: "known"; readonly names: readonly string[] }
  | { readonly kind: "unknown"; readonly reason: string };

/** The names of the deployed Worker's secrets; their values never leave Cloudflare. */
export async function listSecrets(deployment: Deployment): Promise<SecretNames> {
  const { exitCode, output, errors } = await runWrangler(deployment, ["secret", "list", "--format", "json"]);
  if (exitCode !== 0) return { kind: "unknown", reason: sentenceOf(errors) };
  try {
    const secrets = JSON.parse(output.slice(output.indexOf("["))) as { readonly name: string }[];
    return { kind: "known", names: secrets.map(({ name }) => name) };
  } catch {
    return { kind: "unknown", reason: "wrangler's answer can't be read" };
  }
}

export function runWrangler({ configPath, env }: Deployment, words: readonly string[]): Promise<Finished> {
  const common = ["--config", configPath, ...(env === undefined ? [] : ["--env", env])];
  // Node warns on stderr where both are set, and what stands there is read as wrangler's error.
  const { FORCE_COLOR: _, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EXECUTABLE, ...words, ...common], {
      // A login that wrangler asks for is a browser page; what it prints on the way is kept for the error.
      stdio: ["inherit", "pipe", "pipe"],
      env: { ...inherited, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
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

/** Wrangler's error as one sentence, without its frame of symbols and paths of log files. */
export function sentenceOf(errors: string): string {
  if (errors.includes("CLOUDFLARE_API_TOKEN")) {
    return "wrangler is not signed in; run `npx wrangler login` once, or set CLOUDFLARE_API_TOKEN";
  }
  const lines = stripVTControlCharacters(errors)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.includes("Logs were written"));
  const said = lines.find((line) => line.includes("ERROR")) ?? lines[0];
  return said?.replace(/^[^A-Za-z]*(?:(?:ERROR|WARNING)\]?)?\s*/, "") ?? "wrangler ended without a word";
}
