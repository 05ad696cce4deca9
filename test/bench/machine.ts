/** Where and on what a run was made: figures without it say nothing. */

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus } from "node:os";

export interface Machine {
  readonly at: string;
  readonly commit: string;
  readonly processor: string;
  readonly node: string;
  readonly workerd: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    at: new Date().toISOString(),
    commit: readCommit(),
    processor: `${all.length} × ${all[0]?.model.trim() ?? "unknown"}`,
    node: `Node ${process.versions.node}`,
    workerd: `workerd ${createRequire(import.meta.url)("workerd/package.json").version}`,
  };
}

function readCommit(): string {
  const git = (...words: string[]) =>
    execFileSync("git", words, { encoding: "utf8", cwd: import.meta.dirname }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "-uno") === "" ? "" : "+");
  } catch {
    return "no commit";
  }
}
