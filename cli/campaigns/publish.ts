/** Publishes a campaigns file to KV, here or at Cloudflare; what is refused is never written. */

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { publishCampaigns } from "../../src/edge/publish.ts";
import { type ExitCode, paint, readArguments, wrongUsage } from "../command.ts";
import { dashboardOptions, openDashboard } from "../dashboard.ts";
import { type Deployment, deploymentOptions, findAdminPath, readDeployment } from "../deployment.ts";
import { openKv, type Place, placeOptions, readPlace } from "../kv.ts";
import { listSecrets } from "../wrangler.ts";
import { onlyFile, printProblems, readCampaignsFile } from "./check.ts";
import { publishThrough } from "./history.ts";
import { countCampaigns, describeTotals, readCampaigns } from "./summary.ts";

const EMBEDDED = "src/campaigns.embedded.json";

export async function runPublish(words: string[]): Promise<ExitCode> {
  const options = {
    ...deploymentOptions,
    ...placeOptions,
    ...dashboardOptions,
    embed: { type: "boolean" },
    note: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  } as const;
  const { values, positionals } = readArguments(words, options);
  const file = onlyFile(positionals, "publish");
  const place = readPlace(values, "local");
  const deployment = readDeployment(values);
  const text = readCampaignsFile(file);
  if (goesThroughDashboard(values, place, deployment)) {
    if (values.embed)
      throw wrongUsage("--embed writes a file here, so it goes with --local or --remote alone.");
    return publishThrough(openDashboard(values, deployment), {
      file,
      text,
      note: values.note,
      strict: values.strict,
    });
  }
  if (values.note !== "" || values.strict) {
    const what = values.strict ? "What changes is known to" : "A note is kept by";
    throw wrongUsage(`${what} the control plane: name the dashboard with --url, and set ADMIN_TOKEN.`);
  }
  const context = {
    websites: deployment.websites,
    timeZones: deployment.timeZones,
    storeViews: deployment.storeViews,
    adminPath: await findAdminPathAt(place, deployment, text),
  };
  const published = await publishCampaigns(
    openKv(deployment, place),
    text,
    context,
    new Date().toISOString(),
  );
  if (!published.ok) {
    printProblems(file, published.error);
    console.error("Nothing was written: what was live is still live.");
    return 1;
  }
  const totals = describeTotals(countCampaigns(readCampaigns(text)));
  console.log(`${paint("green", "Published")} ${file} as version ${published.value.version}: ${totals}.`);
  console.log(whenLive(place));
  console.log(
    paint(
      "dim",
      "Written to KV directly: no history is kept, and a control plane that has published before puts its own version " +
        "back at the next quarter of an hour. With --url it is kept, and can be taken back.",
    ),
  );
  if (values.embed) {
    writeFileSync(join(dirname(deployment.configPath), EMBEDDED), `${published.value.text}\n`);
    console.log(`Also written to ${EMBEDDED}: the next deploy has it on board, for when KV can't be read.`);
  }
  return 0;
}

/** With a dashboard to talk to, that is the way: whoever else publishes is told, and nothing gets lost. */
function goesThroughDashboard(
  { url, "token-env": name }: { readonly url?: string | undefined; readonly "token-env": string },
  place: Place,
  { vars }: Deployment,
): boolean {
  if (url !== undefined) return true;
  const key = process.env[name] || process.env["CF_ACCESS_CLIENT_SECRET"];
  return place === "remote" && Boolean(vars["ADMIN_HOST"]) && Boolean(key);
}

function whenLive(place: Place): string {
  return place === "local"
    ? "It is in this machine's KV: a running `npm run dev` shows it in a few seconds."
    : "It is at Cloudflare: shoppers see it within about two minutes, as KV's caches renew.";
}

/** Not a path that any page has: set at Cloudflare, where nobody can read it back. */
const SET_BUT_SECRET = "";

/**
 * A banner on "/*" needs to know that the Worker will know the admin path. Cloudflare is asked only where
 * the answer would change what is said about the file.
 */
async function findAdminPathAt(place: Place, deployment: Deployment, text: string): Promise<string | null> {
  const known = findAdminPath(deployment, place === "local" ? "anywhere" : "environment");
  if (known !== null || place === "local" || !dependsOnAdminPath(text, deployment)) return known;
  const secrets = await listSecrets(deployment);
  if (secrets.kind === "known") return secrets.names.includes("COMMERCE_ADMIN_PATH") ? SET_BUT_SECRET : null;
  console.error(
    `Whether the secret COMMERCE_ADMIN_PATH is set at Cloudflare could not be asked (${secrets.reason}); ` +
      "it counts as not set.",
  );
  return null;
}

function dependsOnAdminPath(text: string, { websites, timeZones, storeViews }: Deployment): boolean {
  const problems = (adminPath: string | null) => {
    const parsed = parseCampaigns(text, { websites, timeZones, storeViews, adminPath });
    return parsed.ok ? 0 : parsed.error.length;
  };
  return problems(null) !== problems(SET_BUT_SECRET);
}
