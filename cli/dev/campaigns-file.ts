/** A campaigns file that is published on this machine whenever it changes, and refused where it is wrong. */

import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import type { CampaignsContext } from "../../src/core/campaigns/compilation.ts";
import { describeProblem } from "../../src/core/problem.ts";
import { publishCampaigns } from "../../src/edge/publish.ts";
import { countCampaigns, describeTotals, readCampaigns } from "../campaigns/summary.ts";
import { count, paint, wrongUsage } from "../command.ts";
import type { Choosable } from "./shopper.ts";

export interface CampaignsFile {
  /** The audiences that the last good version names. */
  choosable(): readonly Choosable[] | null;
  stop(): Promise<void>;
}

export interface FollowOptions {
  readonly context: CampaignsContext;
  readonly put: (key: string, text: string) => Promise<void>;
  readonly onLine: (line: string) => void;
}

const LOOK_EVERY_MS = 400;

export async function followCampaigns(path: string, options: FollowOptions): Promise<CampaignsFile> {
  const { context, onLine, put } = options;
  let choosable: readonly Choosable[] | null = null;

  async function publish(): Promise<void> {
    const text = await readFile(path, "utf8");
    const published = await publishCampaigns({ put }, text, context, new Date().toISOString());
    if (!published.ok) {
      const sentences = published.error.map((problem) => `  ${describeProblem(problem)}`);
      const head = `${path}: ${count(sentences.length, "problem")}; what was live stays live.`;
      return onLine([paint("red", head), ...sentences].join("\n"));
    }
    const campaigns = readCampaigns(text);
    choosable = Object.entries(campaigns.audiences).map(([name, ids]) => ({ name, ids: [ids].flat() }));
    onLine(`${path} is live here: ${describeTotals(countCampaigns(campaigns))}.`);
  }

  await publish().catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw missing ? wrongUsage(`There is no file ${path}.`) : error;
  });
  // Editors replace a file rather than write it, so its name is watched, not what stands behind it now.
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, () => {
    publish().catch((error: unknown) => onLine(`${path} can't be read: ${String(error)}`));
  });
  return { choosable: () => choosable, stop: async () => unwatchFile(path) };
}
