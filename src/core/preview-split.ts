/** A preview's split: a made-up visitor whom the live request itself deals as somebody wants to see it. */

import { type Banner, chooseVariant } from "./banner.ts";
import type { Membership } from "./membership.ts";

/** What somebody wants to see of a banner. */
export interface SplitWish {
  readonly banner: Banner;
  /** null: what its holdout sees. */
  readonly variant: string | null;
}

/** Of a share of 0.1 percent about one in 150 misses it; a wish of several banners takes as many as their shares together. */
const MAX_TRIES = 50_000;

/** null: nobody of this membership is dealt so at that time. The place in the world does not count: who looks, goes there. */
export function findVisitor(
  wishes: readonly SplitWish[],
  { membership, nowMs }: { readonly membership: Membership; readonly nowMs: number },
): string | null {
  const anywhere = wishes.map(({ banner, variant }) => ({
    banner: { ...banner, storeViews: null, device: null },
    variant,
  }));
  for (let tried = 0; tried < MAX_TRIES; tried += 1) {
    const visitor = `preview-${tried}`;
    const shopper = { membership, nowMs, visitor, storeView: null, device: "desktop" } as const;
    const isDealt = anywhere.every(({ banner, variant }) => {
      const { choice } = chooseVariant(banner, shopper);
      return variant === null ? choice.reason === "holdout" : choice.variant === variant;
    });
    if (isDealt) return visitor;
  }
  return null;
}
