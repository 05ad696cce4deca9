/** What the address bar says of the campaigns page (search, which ones, page), and what is left of the campaigns. */

import type { Banner } from "../core/banner.ts";
import { type Phase, phaseOf } from "../core/campaigns/standing.ts";
import { describeWhere, describeWhom } from "../core/campaigns/words.ts";
import type { Offer } from "../core/offer.ts";
import type { Context } from "./live-campaigns.ts";
import type { Concern } from "./risk.ts";

/** `look`: those with something wrong. */
export const SELECTIONS = ["all", "live", "planned", "over", "look"] as const;
export type Selection = (typeof SELECTIONS)[number];

export interface CampaignListing {
  readonly search: string;
  readonly selection: Selection;
  /** From 1. */
  readonly page: number;
}

export type Item =
  | { readonly kind: "banner"; readonly banner: Banner; readonly risks: readonly Concern[] }
  | { readonly kind: "offer"; readonly offer: Offer; readonly risks: readonly Concern[] };

export interface ListedCampaigns {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  readonly found: number;
}

/** With their pictures more would be slow to read and to load. */
export const PAGE_SIZE = 30;
const MAX_SEARCH_LENGTH = 200;

export function readCampaignListing(query: URLSearchParams): CampaignListing {
  const page = Number(query.get("page") ?? 1);
  return {
    search: (query.get("q") ?? "").trim().slice(0, MAX_SEARCH_LENGTH),
    selection: SELECTIONS.find((one) => one === query.get("show")) ?? "all",
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
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
  { search, selection, page: wanted }: CampaignListing,
  context: Context,
): ListedCampaigns {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((item) => {
    const text = textOf(item, context).toLowerCase();
    return isSelected(item, selection, context) && words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(wanted, pages);
  return { items: found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), page, pages, found: found.length };
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
