/** Splits: which share of the shoppers gets a variant, who is held out, and whose banner of a group it is. */

import { BUCKETS, bucketOf } from "./bucket.ts";

const BUCKETS_PER_PERCENT = BUCKETS / 100;

/** The banners of which a visitor sees one alone, by their ids, in the order of the file. */
export interface Group {
  readonly name: string;
  readonly banners: readonly string[];
}

/** The shares of one banner's variants as they are dealt out, in the order of priority. */
export interface Deal {
  /** Percent that no variant before has. */
  readonly left: number;
  /** Whether a variant before has this visitor. */
  readonly taken: boolean;
}

export const UNDEALT: Deal = { left: 100, taken: false };

/**
 * Each variant draws from those whom none before it has, by a hash of its own, as many as make its share of all. So
 * a share that grows takes visitors from the variants after it and from the rest, and gives none of its own back.
 */
export function dealShare(
  deal: Deal,
  visitor: string,
  { banner, variant, share }: { readonly banner: string; readonly variant: string; readonly share: number },
): { readonly deal: Deal; readonly mine: boolean } {
  const threshold = deal.left <= share ? BUCKETS : Math.round((BUCKETS * share) / deal.left);
  const mine = !deal.taken && deal.left > 0 && bucketOf(visitor, `split:${banner}:${variant}`) < threshold;
  return { deal: { left: deal.left - share, taken: deal.taken || mine }, mine };
}

/** Whether that visitor is among the first `holdout` percent; whoever is stays when it grows. */
export function isHeldOut(
  visitor: string,
  { id, holdout }: { readonly id: string; readonly holdout: number },
): boolean {
  return bucketOf(visitor, `holdout:${id}`) < holdout * BUCKETS_PER_PERCENT;
}

/**
 * The banner of the group in which this visitor has the highest bucket; of equal ones the first. A banner that joins
 * takes visitors from the others, and moves nobody between those.
 */
export function bannerOfGroup(visitor: string, { name, banners }: Group): string | null {
  let chosen: string | null = null;
  let highest = -1;
  for (const banner of banners) {
    const bucket = bucketOf(visitor, `group:${name}:${banner}`);
    if (bucket <= highest) continue;
    highest = bucket;
    chosen = banner;
  }
  return chosen;
}
