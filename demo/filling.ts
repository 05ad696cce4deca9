/** What the demo begins with: campaigns, published as a merchandiser would, and a synced list. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Miniflare } from "miniflare";
import { publishCampaigns } from "../src/edge/publish.ts";
import type { Edition } from "./store/settings.ts";

export interface Filling {
  readonly trust: "claimed" | "verified";
  readonly edition: Edition | undefined;
  readonly adminToken: string;
  readonly adminPath: string;
}

/** What a deployed Worker would have been given before its first shopper: campaigns, and a synced list. */
export async function fill(miniflare: Miniflare, options: Filling): Promise<void> {
  const file = await readCampaigns(options);
  if (!(await publishThroughDashboard(miniflare, file, options))) {
    await publishDirectly(miniflare, file, options);
  }
  await (await miniflare.getWorker("edge")).scheduled({ cron: "*/15 * * * *" });
}

/** So that the demo begins with a version 1 to go back to; false where a test has other keys, or no dashboard. */
async function publishThroughDashboard(
  miniflare: Miniflare,
  file: string,
  { adminToken }: Filling,
): Promise<boolean> {
  const edge = await miniflare.getWorker("edge");
  const note = encodeURIComponent("The demo begins");
  const answer = await edge.fetch(`http://admin.localhost/api/campaigns?note=${note}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${adminToken}`, "if-match": '"v0"' },
    body: file,
  });
  await answer.arrayBuffer();
  // 412: what an earlier demo kept in the same folder has a history already.
  return answer.status === 200;
}

async function publishDirectly(miniflare: Miniflare, file: string, { adminPath }: Filling): Promise<void> {
  const kv = await miniflare.getKVNamespace("KV", "edge");
  const published = await publishCampaigns(
    kv,
    file,
    { websites: ["main"], adminPath },
    new Date().toISOString(),
  );
  if (!published.ok) throw new Error(`demo/campaigns.json: ${JSON.stringify(published.error)}`);
}

/** A Commerce without Adobe's extension gets the offers: with it, its own price rules look at the audiences. */
async function readCampaigns({ trust, edition }: Filling): Promise<string> {
  const file = await readFile(fileURLToPath(import.meta.resolve("./campaigns.json")), "utf8");
  // A banner takes a claim unless it says otherwise; here the forger shall not even see a picture.
  const written = JSON.parse(file) as { readonly banners: readonly object[] };
  const banners = written.banners.map((banner) => ({ ...banner, trust: "verified" }));
  const demanding = trust === "claimed" ? written : { ...written, banners };
  if (edition === undefined || edition === "commerce+audiences") return JSON.stringify(demanding);
  const offers: unknown = JSON.parse(
    await readFile(fileURLToPath(import.meta.resolve("./offers.json")), "utf8"),
  );
  return JSON.stringify({ ...demanding, offers });
}
