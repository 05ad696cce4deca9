/** Explains what a page would be for whom: the very plan of a live request, in words or as JSON. */

import { indexBanners } from "../../src/core/banner.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import type { DeviceClass } from "../../src/core/device-class.ts";
import { indexOffers } from "../../src/core/offer.ts";
import type { PagePlan } from "../../src/core/page.ts";
import { suggestion } from "../../src/core/problem.ts";
import { chooseStoreView } from "../../src/core/store-view.ts";
import { planTrial, trialMembership } from "../../src/core/trial.ts";
import type { Website } from "../../src/core/website.ts";
import { type ExitCode, listWords, paint, readArguments, wrongUsage } from "../command.ts";
import { deploymentOptions, findAdminPath, findWebsite, readDeployment } from "../deployment.ts";
import { bookOf, findAudiences, type NamedAudience, readMoment } from "./audience-book.ts";
import { printProblems, readCampaignsFile } from "./check.ts";
import { readSplit } from "./split-wish.ts";
import { readCampaigns } from "./summary.ts";

const options = {
  ...deploymentOptions,
  campaigns: { type: "string" },
  path: { type: "string", default: "/" },
  audiences: { type: "string", multiple: true, default: [] as string[] },
  website: { type: "string" },
  at: { type: "string" },
  "store-view": { type: "string" },
  device: { type: "string", default: "desktop" },
  visitor: { type: "string" },
  split: { type: "string", multiple: true, default: [] as string[] },
  "page-type": { type: "string", multiple: true },
  json: { type: "boolean" },
} as const;

export async function runExplain(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage(`Everything has a name here; found ${positionals.join(" ")}.`);
  const { campaigns: file } = values;
  if (file === undefined) throw wrongUsage("Which file? Write: explain --campaigns campaigns.json --path /");
  const deployment = readDeployment(values);
  const website = findWebsite(values.website, deployment);
  const adminPath = findAdminPath(deployment, "anywhere");
  const text = readCampaignsFile(file);
  const parsed = parseCampaigns(text, { ...deployment, adminPath });
  if (!parsed.ok) {
    printProblems(file, parsed.error);
    return 1;
  }
  const audiences = findAudiences(values.audiences, bookOf(readCampaigns(text).audiences));
  const path = readPath(values.path);
  const nowMs = values.at === undefined ? Date.now() : readMoment(values.at);
  const ids = audiences.map(({ id }) => id);
  const membership = trialMembership(ids, "verified");
  const { banners, offers } = parsed.value;
  const split = readSplit(values.split, banners, { membership, nowMs });
  const trial = {
    website,
    path,
    nowMs,
    visitor: split?.visitor ?? values.visitor ?? null,
    pageTypes: values["page-type"] ?? null,
    storeView: chooseStoreView({
      website,
      host: website.hosts[0] ?? "",
      path,
      header: null,
      query: readStoreView(values["store-view"], website),
      cookie: null,
    }),
    device: readDevice(values.device),
    membership,
  };
  const { page: plan } = planTrial(trial, {
    index: indexBanners(banners, website.code, adminPath),
    offers: indexOffers(offers, website.code),
    adminPath,
  });
  const asked = { website: website.code, path, audiences };
  console.log(values.json ? JSON.stringify({ ...asked, plan }, null, 2) : describePlan(asked, plan));
  return 0;
}

/** What the settings don't have, no request is in. */
function readStoreView(code: string | undefined, { storeViews, defaultStoreView }: Website): string | null {
  const known = [defaultStoreView, ...storeViews];
  if (code === undefined || known.includes(code)) return code ?? null;
  throw wrongUsage(
    `There is no store view "${code}" in wrangler.toml${suggestion(code, known) || `; there is ${listWords(known)}`}`,
  );
}

function readDevice(written: string): DeviceClass {
  if (written === "mobile" || written === "desktop") return written;
  throw wrongUsage(`--device is mobile or desktop; found "${written}".`);
}

/** As the Worker sees it: encoded, and without what stands behind "?" or "#". */
export function readPath(written: string): string {
  const url = `https://path.invalid${written}`;
  if (/^\/(?!\/)/.test(written) && URL.canParse(url)) return new URL(url).pathname;
  throw wrongUsage(
    `--path is what stands behind the host in the address bar, like /sale/; found "${written}".`,
  );
}

interface Asked {
  readonly website: Website["code"];
  readonly path: string;
  readonly audiences: readonly NamedAudience[];
}

function describePlan({ website, path, audiences }: Asked, plan: PagePlan): string {
  const names = [...new Set(audiences.map(({ name }) => name))];
  const who = names.length === 0 ? "somebody in no audience" : listWords(names);
  const head = `${paint("bold", path)} of ${website}, as ${who}: `;
  if (plan.kind === "pass") return `${head}the store's own page (${inWords(plan.reason)}).`;
  const what =
    plan.kind === "default" ? "the store's own content, on a page that no cache keeps" : "personalized";
  const width = Math.max(...plan.choices.map(({ banner }) => banner.length));
  const lines = plan.choices.flatMap(({ banner, variant, reason, passed }) => [
    `  ${banner.padEnd(width)}  ${variant === null ? "the store's own" : paint("green", variant)}, ${inWords(reason)}`,
    ...passed.map((one) => `  ${"".padEnd(width)}    not ${one.variant}: ${inWords(one.reason)}`),
  ]);
  return [`${head}${what}.`, ...lines].join("\n");
}

function inWords(reason: string): string {
  return reason.replaceAll("-", " ");
}
