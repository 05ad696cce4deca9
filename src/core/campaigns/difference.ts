/** What differs between two campaigns files: audiences, banners and offers that came, went or changed, by name. */

import { isRecord, parseRecord } from "../record.ts";

export interface PartDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface CampaignsDifference {
  readonly audiences: PartDifference;
  readonly banners: PartDifference;
  readonly offers: PartDifference;
}

/** Of texts that were checked once; whatever can't be read counts as empty. null before: there was none. */
export function compareCampaigns(before: string | null, after: string): CampaignsDifference {
  const [old, now] = [readParts(before), readParts(after)];
  return {
    audiences: compareParts(old.audiences, now.audiences),
    banners: compareParts(old.banners, now.banners),
    offers: compareParts(old.offers, now.offers),
  };
}

type Part = ReadonlyMap<string, string>;

function readParts(text: string | null): { audiences: Part; banners: Part; offers: Part } {
  const file = (text === null ? null : parseRecord(text)) ?? {};
  const names = isRecord(file["audiences"]) ? Object.entries(file["audiences"]) : [];
  return {
    audiences: new Map(names.map(([name, written]) => [name, JSON.stringify(written)])),
    banners: byId(file["banners"]),
    offers: byId(file["offers"]),
  };
}

function byId(list: unknown): Part {
  const parts = new Map<string, string>();
  for (const one of Array.isArray(list) ? list : []) {
    if (isRecord(one) && typeof one["id"] === "string") parts.set(one["id"], JSON.stringify(one));
  }
  return parts;
}

function compareParts(before: Part, after: Part): PartDifference {
  const names = [...after.keys()];
  return {
    added: names.filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: names.filter((name) => before.has(name) && before.get(name) !== after.get(name)),
  };
}
