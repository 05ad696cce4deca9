/** A campaigns file in words: how much is in it, which places it names, and who sees what there. */

import * as v from "valibot";
import { campaignsFile } from "../../src/core/campaigns/file.ts";
import type { WrittenCondition, WrittenTerm } from "../../src/core/campaigns/part.ts";
import { count, listWords, paint } from "../command.ts";

type CampaignsFile = v.InferOutput<typeof campaignsFile>;
type Banner = CampaignsFile["banners"][number];

export interface Totals {
  readonly banners: number;
  readonly variants: number;
  readonly audiences: number;
}

/** Reads a file that is known to be right, with the names that its compiled form no longer has. */
export function readCampaigns(text: string): CampaignsFile {
  return v.parse(campaignsFile, JSON.parse(text.replace(/^\uFEFF/, "")));
}

export function countCampaigns({ audiences, banners }: CampaignsFile): Totals {
  return {
    banners: banners.length,
    variants: banners.reduce((sum, { variants }) => sum + variants.length, 0),
    audiences: Object.keys(audiences).length,
  };
}

/** `2 banners with 3 variants, and 2 audiences` */
export function describeTotals({ banners, variants, audiences }: Totals): string {
  return `${count(banners, "banner")} with ${count(variants, "variant")}, and ${count(audiences, "audience")}`;
}

/** A paragraph for each banner, and a line for what is named and never used. */
export function describeCampaigns(file: CampaignsFile): string {
  const lines = file.banners.flatMap(describeBanner);
  const used = new Set(
    file.banners.flatMap(({ variants }) => variants.flatMap((variant) => namesIn(variant.for))),
  );
  const unused = Object.keys(file.audiences).filter((name) => !used.has(name));
  if (unused.length > 0) {
    lines.push("", paint("dim", `No banner is for ${listWords(unused, "or")}: named, but not used.`));
  }
  return lines.join("\n");
}

function describeBanner(banner: Banner): string[] {
  const { id, websites, paths = [], selector, dynamicBlock, variants, holdout } = banner;
  const where = websites === undefined ? "" : ` of ${listWords(websites)}`;
  const pages = paths.map((path) => (path.endsWith("/*") ? `everything under ${path.slice(0, -1)}` : path));
  const places = [
    ...(selector === undefined ? [] : [`${selector} on ${listWords(pages)}`]),
    ...(dynamicBlock === undefined ? [] : [`dynamic block ${dynamicBlock} of headless storefronts`]),
  ];
  return [
    "",
    `${paint("bold", id)}: ${listWords(places)}${where}${describeLimits(banner)}`,
    ...(holdout ? [`  the store's own for ${holdout} % of the visitors, to measure against`] : []),
    ...variants.map((variant, index) => {
      const order = index === 0 ? "" : "else ";
      const share = variant.share === undefined ? "" : `${variant.share} % of the `;
      const who = variant.for === "everyone" ? "everyone" : `shoppers ${describeCondition(variant.for)}`;
      return `  ${order}${variant.id} for ${share}${who}${describeSchedule(variant.schedule)}`;
    }),
    "  else the store's own",
  ];
}

/** `, in store view fr, on mobile, from 2026-11-27T00:00, one of the group summer` */
function describeLimits({ storeViews, pageTypes, device, schedule, group }: Banner): string {
  const limits = [
    ...(storeViews === undefined ? [] : [`, in store view ${listWords(storeViews, "or")}`]),
    ...(pageTypes === undefined ? [] : [`, where the page is ${listWords(pageTypes, "or")}`]),
    ...(device === undefined ? [] : [`, on ${device}`]),
    describeSchedule(schedule),
    ...(group === undefined ? [] : [`, one of the group ${group}`]),
  ];
  return limits.join("");
}

function describeSchedule(schedule: Banner["schedule"]): string {
  if (schedule === undefined) return "";
  const { from, until, timeZone } = schedule;
  const zone = timeZone === undefined ? "" : ` (${timeZone})`;
  return `${from === undefined ? "" : `, from ${from}`}${until === undefined ? "" : `, until ${until}`}${zone}`;
}

/** `in vip or gold, in newsletter, and not in staff` */
function describeCondition({ any = [], all = [], not = [] }: WrittenCondition): string {
  const parts: string[] = [];
  if (any.length > 0) parts.push(`in ${listTerms(any, "or")}`);
  if (all.length > 0) parts.push(`in ${listTerms(all, "and")}`);
  if (not.length > 0) parts.push(`not in ${listTerms(not, "or")}`);
  return listWords(parts);
}

function listTerms(terms: readonly WrittenTerm[], conjunction: "and" | "or"): string {
  const words = terms.map((term) => (typeof term === "string" ? term : `(${describeCondition(term)})`));
  return listWords(words, conjunction);
}

function namesIn(condition: WrittenCondition | "everyone"): readonly string[] {
  if (condition === "everyone") return [];
  const { any = [], all = [], not = [] } = condition;
  return [...any, ...all, ...not].flatMap((term) => (typeof term === "string" ? [term] : namesIn(term)));
}
