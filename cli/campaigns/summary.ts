/** A campaigns file in words: how much is in it, which places it names, and who sees what there. */

import * as v from "valibot";
import { type Banner, bannerAudiences } from "../../src/core/banner.ts";
import { campaignsFile } from "../../src/core/campaigns/file.ts";
import { readNames } from "../../src/core/campaigns/standing.ts";
import {
  describePut,
  describeWhere,
  describeWhom,
  listWords,
  type NameOf,
} from "../../src/core/campaigns/words.ts";
import type { Campaigns } from "../../src/core/campaigns.ts";
import { count, paint } from "../command.ts";

type CampaignsFile = v.InferOutput<typeof campaignsFile>;
type WrittenBanner = CampaignsFile["banners"][number];

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
export function describeCampaigns(file: CampaignsFile, campaigns: Campaigns): string {
  const names = readNames(JSON.stringify(file));
  const nameOf: NameOf = (id) => names.get(id)?.name ?? id;
  const lines = campaigns.banners.flatMap((banner, index) =>
    describeBanner(banner, file.banners[index], nameOf),
  );
  const used = new Set([...bannerAudiences(campaigns.banners)].map(nameOf));
  const unused = Object.keys(file.audiences).filter((name) => !used.has(name));
  if (unused.length > 0) {
    lines.push("", paint("dim", `No banner is for ${listWords(unused, "or")}: named, but not used.`));
  }
  return lines.join("\n");
}

/** Times as they are written: whoever wrote them finds them again. */
function describeBanner(banner: Banner, written: WrittenBanner | undefined, nameOf: NameOf): string[] {
  const { id, websites, holdout, group, variants, selector } = banner;
  const where = websites === null ? "" : `, website ${listWords(websites, "or")}`;
  const alone = group === null ? "" : `, one of the group ${group.name}`;
  return [
    "",
    `${paint("bold", id)}: ${describeWhere(banner)}${where}${describeSchedule(written?.schedule)}${alone}`,
    ...(holdout > 0 ? [`  the store's own for ${holdout} % of the visitors, to measure against`] : []),
    ...variants.flatMap((variant, index) => {
      const order = index === 0 ? "" : "else ";
      const share = variant.share === null ? "" : `${variant.share} % of `;
      const who = describeWhom(variant.for, nameOf);
      const when = describeSchedule(written?.variants[index]?.schedule);
      return [
        `  ${order}${variant.id} for ${share}${who}${when}`,
        `    ${paint("dim", describePut(variant, selector))}`,
      ];
    }),
    "  else the store's own",
  ];
}

/** `, from 2026-11-27T00:00 (Europe/Berlin)` */
function describeSchedule(schedule: WrittenBanner["schedule"]): string {
  if (schedule === undefined) return "";
  const { from, until, timeZone } = schedule;
  const zone = timeZone === undefined ? "" : ` (${timeZone})`;
  return `${from === undefined ? "" : `, from ${from}`}${until === undefined ? "" : `, until ${until}`}${zone}`;
}
