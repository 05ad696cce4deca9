/** Checks a campaigns file and says what is wrong with it, or what it does, as a person reads it. */

import { readFileSync } from "node:fs";
import { markOf } from "../../src/core/banner-mark.ts";
import type { CampaignsContext } from "../../src/core/campaigns/compilation.ts";
import { findMissingTexts } from "../../src/core/campaigns/store-view.ts";
import { type Campaigns, parseCampaigns } from "../../src/core/campaigns.ts";
import { describeProblem, type Problem } from "../../src/core/problem.ts";
import { count, type ExitCode, paint, readArguments, wrongUsage } from "../command.ts";
import { deploymentOptions, findAdminPath, readDeployment } from "../deployment.ts";
import { tryPlaces } from "./page.ts";
import { countCampaigns, describeCampaigns, describeTotals, readCampaigns } from "./summary.ts";

export async function runCheck(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, {
    ...deploymentOptions,
    json: { type: "boolean" },
    page: { type: "string" },
    path: { type: "string" },
  });
  const file = onlyFile(positionals, "check");
  const deployment = readDeployment(values);
  const text = readCampaignsFile(file);
  const context: CampaignsContext = {
    websites: deployment.websites,
    timeZones: deployment.timeZones,
    storeViews: deployment.storeViews,
    adminPath: findAdminPath(deployment, "anywhere"),
  };
  const parsed = parseCampaigns(text, context);
  if (!parsed.ok) {
    if (values.json) console.log(JSON.stringify({ file, ok: false, problems: parsed.error }, null, 2));
    else printProblems(file, parsed.error);
    return 1;
  }
  const campaigns = readCampaigns(text);
  const totals = countCampaigns(campaigns);
  const { page, path = "/" } = values;
  const texts = findMissingTexts(campaigns, context).map(describeProblem);
  const places = page === undefined ? [] : await tryPlaces(parsed.value, page, path);
  const warnings = [...texts, ...places];
  if (values.json) {
    const marks = listMarks(parsed.value, deployment.websites ?? []);
    console.log(JSON.stringify({ file, ok: true, problems: [], warnings, marks, ...totals }, null, 2));
    return 0;
  }
  console.log(`${paint("green", `${file} is fine`)}: ${describeTotals(totals)}.`);
  console.log(describeCampaigns(campaigns, parsed.value));
  if (texts.length > 0) console.log(`\n${paint("yellow", "Not written for every store view:")}`);
  for (const text of texts) console.log(`  ${text}`);
  if (page !== undefined) {
    const all = `Each place on ${path} is in ${page}, and each is one banner's.`;
    console.log(places.length === 0 ? `\n${all}` : `\n${paint("yellow", `Of ${path}, tried on ${page}:`)}`);
    for (const place of places) console.log(`  ${place}`);
  }
  return 0;
}

/** What pages say of each variant, on each website that it is for. */
function listMarks({ banners }: Campaigns, all: readonly string[]) {
  return banners.flatMap(({ id, websites, variants }) =>
    (websites ?? all).flatMap((website) =>
      variants.map((variant) => ({
        website,
        banner: id,
        variant: variant.id,
        mark: markOf(website, id, variant),
      })),
    ),
  );
}

/** The one file that a subcommand takes. */
export function onlyFile(positionals: readonly string[], subcommand: string): string {
  const [file, ...more] = positionals;
  if (file === undefined) {
    throw wrongUsage(`Which file? Write: node cli/campaigns.ts ${subcommand} campaigns.json`);
  }
  if (more.length > 0) throw wrongUsage(`One file at a time; found ${positionals.join(" ")}.`);
  return file;
}

export function readCampaignsFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw wrongUsage(missing ? `There is no file ${file}.` : `${file} can't be read.`);
  }
}

/** Every problem, one line each, the place before the sentence. */
export function printProblems(file: string, problems: readonly Problem[]): void {
  console.error(paint("red", `${file}: ${count(problems.length, "problem")}`, process.stderr));
  for (const problem of problems) console.error(`  ${describeProblem(problem)}`);
}
