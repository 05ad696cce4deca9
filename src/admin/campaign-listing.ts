/** What the address bar says of the campaigns page (search, which ones, page), and what is left of the campaigns. */

import type { Banner } from "../core/banner.ts";
import { type Phase, phaseOf } from "../core/campaigns/standing.ts";
import { describeWhere, describeWhom } from "../core/campaigns/words.ts";
import type { Offer } from "../core/offer.ts";
import { type Asked, cutPage, type FoundPage, matchWords, readAsked } from "./found.ts";
import type { Context } from "./live-campaigns.ts";
import type { Concern } from "./risk.ts";

/** `look`: those with something wrong. */
export const SELECTIONS = ["all", "live", "planned", "over", "look"] as const;
export type Selection = (typeof SELECTIONS)[number];

export interface CampaignListing extends Asked {
  readonly selection: Selection;
}

export type Item =
  | { readonly kind: "banner"; readonly banner: Banner; readonly risks: readonly Concern[] }
  | { readonly kind: "offer"; readonly offer: Offer; readonly risks: readonly Concern[] };

/** With their pictures more would be slow to read and to load. */
export const PAGE_SIZE = 30;

export function readCampaignListing(query: URLSearchParams): CampaignListing {
  return {
    ...readAsked(query),
    selection: SELECTIONS.find((one) => one === query.get("show")) ?? "all",
  };
}

export function campaignsAddress({ search, selection, page }: CampaignListing): string {
  const query = new URLSearchParams({
    ...(search === "" ? {} : { q: search }),
    ...(selection === "all" ? {} : { show: selection }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString();
  return query === "" ? "/campaigns" : `/campaigns?${query}`;
}

export function listCampaigns(
  items: readonly Item[],
  { search, selection, page }: CampaignListing,
  context: Context,
): FoundPage<Item> {
  const matches = matchWords(search);
  const found = items.filter(
    (item) => isSelected(item, selection, context) && matches(textOf(item, context)),
  );
  return cutPage(found, PAGE_SIZE, page);
}

export function phaseOfItem(item: Item, nowMs: number): Phase {
  return phaseOf(item.kind === "banner" ? item.banner.schedule : item.offer.schedule, nowMs);
}

function isSelected(item: Item, selection: Selection, { around }: Context): boolean {
  if (selection === "all") return true;
  if (selection === "look") return item.risks.length > 0;
  return phaseOfItem(item, around.nowMs) === selection;
}

/** All that its card says of who and where. */
function textOf(item: Item, { nameOf }: Context): string {
  if (item.kind === "offer") {
    const { id, coupon, websites, for: condition } = item.offer;
    return [id, coupon, ...(websites ?? []), describeWhom(condition, nameOf)].join("\n");
  }
  const { id, websites, variants } = item.banner;
  const whom = variants.flatMap((variant) => [variant.id, describeWhom(variant.for, nameOf)]);
  return [id, describeWhere(item.banner), ...(websites ?? []), ...whom].join("\n");
}
