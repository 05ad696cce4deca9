/** Exposures: which of a plan's choices are counted, and what a data point says of each. */

import type { Banner, BannerIndex, Choice } from "./banner.ts";
import type { DeviceClass } from "./device-class.ts";
import type { Membership } from "./membership.ts";
import { htmlOf } from "./put.ts";

/** A row as Workers Analytics Engine takes it; `docs/counting.md` names its columns. */
export interface DataPoint {
  readonly indexes: readonly [string];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

/** `headless`: it was given to a storefront that renders itself. */
export type CountedKind = "page" | "headless";

export type PointKind = CountedKind | "order";

/** What a point says beside its choice: of a shopper nothing that would tell one from another. */
export interface CountedVisit {
  readonly website: string;
  readonly membership: Membership;
  readonly device: DeviceClass;
}

/** What became of the choices, as far as the answer tells. */
export interface Shown {
  /** Banners that are really in the answer. */
  readonly banners: ReadonlySet<string>;
  /** Banners that would be, for a shopper who is not held back. */
  readonly possible: (banner: string) => boolean;
}

/** Those of which something is to be said: see `exposuresOf`. */
export function exposedChoices(choices: readonly Choice[], { banners, possible }: Shown): readonly Choice[] {
  return choices.filter((choice) =>
    choice.variant === null ? isControl(choice) && possible(choice.banner) : banners.has(choice.banner),
  );
}

/**
 * One for each banner that was shown, and for each that was kept back so that it can be compared: by its holdout, or
 * by shares that leave a rest. The others had nothing for this shopper.
 */
export function exposuresOf(
  choices: readonly Choice[],
  shown: Shown,
  kind: CountedKind,
  visit: CountedVisit,
): readonly DataPoint[] {
  return exposedChoices(choices, shown).map((choice) => pointOf(choice, kind, visit));
}

/** Whether the default stands so that others' variants can be compared with it. */
export function isControl({ variant, reason }: Choice): boolean {
  return variant === null && (reason === "holdout" || reason === "other-share");
}

/** Whether a banner without page types stands there: of one with them, nobody looked whether the page has its type. */
export function standsOnAnyPage(banners: readonly Banner[]): (banner: string) => boolean {
  const ids = new Set(banners.filter(({ pageTypes }) => pageTypes === null).map(({ id }) => id));
  return (banner) => ids.has(banner);
}

/** Of the banners that stand for dynamic blocks: what a storefront can render of those that were chosen. */
export function shownBlocks(blocks: BannerIndex["blocks"], choices: readonly Choice[]): ReadonlySet<string> {
  const byId = new Map([...blocks.values()].map((banner) => [banner.id, banner]));
  const shown = choices.filter(({ banner, variant }) => {
    const chosen = byId.get(banner)?.variants.find(({ id }) => id === variant);
    return chosen !== undefined && htmlOf(chosen.put) !== null;
  });
  return new Set(shown.map(({ banner }) => banner));
}

export function pointOf(
  choice: Choice,
  kind: PointKind,
  { website, membership, device }: CountedVisit,
): DataPoint {
  const { banner, variant } = choice;
  // What was shown stood on a page of its type.
  const reason = choice.reason === "page-type-decides" ? "condition-holds" : choice.reason;
  const trust = membership.kind === "none" ? "none" : membership.trust;
  return {
    indexes: [website],
    blobs: [website, banner, variant ?? "", reason, trust, device, kind, comparedWith(choice)],
    doubles: [],
  };
}

/** The variant that is shown, or that a holdout keeps back; empty for the rest of a split, which is nobody's. */
function comparedWith({ variant, reason, passed }: Choice): string {
  if (variant !== null) return variant;
  return reason === "holdout" ? (passed.at(-1)?.variant ?? "") : "";
}
