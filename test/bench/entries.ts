/** Who takes part: passthrough, the least that edits, ours as settings make it, and the peers from npm. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { compileCampaigns } from "./campaigns.ts";
import type { Entry } from "./contestant.ts";
import { VARIANT } from "./page.ts";

export const SECRET = "a secret of the benchmark, and of nothing else";

const passthrough = `export default { fetch(request, env) {
  const url = new URL(request.url);
  return fetch(new Request(env.ORIGIN + url.pathname + url.search, request));
} };`;

const minimal = `export default { async fetch(request, env) {
  const url = new URL(request.url);
  const response = await fetch(new Request(env.ORIGIN + url.pathname + url.search, request));
  return new HTMLRewriter().on("#hero", {
    element(element) { element.setInnerContent(env.VARIANT, { html: true }); },
  }).transform(response);
} };`;

export type EntryName =
  | "passthrough"
  | "minimal"
  | "ours"
  | "signed"
  | "offers"
  | "growthbook"
  | "optimizely";

export async function openEntries(ORIGIN: string): Promise<Readonly<Record<EntryName, Entry>>> {
  const ours = readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8");
  // Another name of the machine than the one that the clients use: an origin can't be a host of its own website.
  const website = { hosts: ["shop.test", "127.0.0.1"], origin: ORIGIN.replace("127.0.0.1", "localhost") };
  const verified = {
    adobe: { organizationId: "BENCH@AdobeOrg" },
    datastreamId: "b7a9c0de-0000-4000-8000-000000000001",
    pull: "never",
  };
  const kv = { campaigns: await compileCampaigns() };
  const offers = [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed" }];
  return {
    passthrough: { script: passthrough, bindings: { ORIGIN } },
    minimal: { script: minimal, bindings: { ORIGIN, VARIANT } },
    ours: { script: ours, bindings: { WEBSITES: { main: { ...website, dynamicBlocks: "off" } } }, kv },
    signed: {
      script: ours,
      bindings: { WEBSITES: { main: { ...website, ...verified } }, SIGNING_SECRET: SECRET },
      kv,
    },
    offers: {
      script: ours,
      bindings: { WEBSITES: { main: website } },
      kv: { campaigns: await compileCampaigns({ offers }) },
    },
    growthbook: { script: bundlePeer("growthbook"), bindings: { ORIGIN } },
    optimizely: { script: bundlePeer("optimizely"), bindings: { ORIGIN } },
  };
}

/** As wrangler bundles a Worker, minified. */
export function bundlePeer(name: "growthbook" | "optimizely"): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
