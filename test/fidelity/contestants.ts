/** The proxies that run here: the bench's contestants, and ours as a website is set up that wants a deadline. */

import { readFileSync } from "node:fs";
import { compileCampaigns } from "../bench/campaigns.ts";
import { type Contestant, type Entry, startContestant } from "../bench/contestant.ts";
import { openEntries } from "../bench/entries.ts";
import { VARIANT } from "../bench/page.ts";

/** As the peers are called in the table. */
export const CONTESTANTS = [
  "ours",
  "passthrough Worker",
  "HTMLRewriter Worker",
  "Optimizely Edge Delivery 1.0.13",
  "GrowthBook Edge 0.1.15",
] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export async function startOurs(origin: string): Promise<Contestant> {
  return startContestant(await ours(origin));
}

async function ours(origin: string): Promise<Entry> {
  const variants = [{ id: "vip", for: { any: ["vip"] }, put: { content: VARIANT } }];
  const hero = { id: "hero", paths: ["/edited/*"], selector: "#hero", variants };
  const website = {
    hosts: ["127.0.0.1"],
    origin: origin.replace("127.0.0.1", "localhost"),
    pageDeadlineMs: 1000,
  };
  return {
    script: readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8"),
    bindings: { WEBSITES: { main: website } },
    kv: { campaigns: await compileCampaigns({ banners: [hero] }) },
  };
}

export async function startOne(name: ContestantName, origin: string): Promise<Contestant> {
  if (name === "ours") return startOurs(origin);
  const entries = await openEntries(origin);
  switch (name) {
    case "passthrough Worker":
      return startContestant(entries.passthrough);
    case "HTMLRewriter Worker":
      return startContestant(entries.minimal);
    case "Optimizely Edge Delivery 1.0.13":
      return startContestant(entries.optimizely);
    case "GrowthBook Edge 0.1.15":
      return startContestant(entries.growthbook);
  }
}
