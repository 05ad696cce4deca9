/** What publishing a file would do that may not be meant: told before it is live, and never a reason to refuse it. */

import type { Banner, Variant } from "../banner.ts";
import type { Campaigns } from "../campaigns.ts";
import { isForEveryone } from "../condition.ts";
import type { Offer } from "../offer.ts";
import type { Problem } from "../problem.ts";
import { findBannerRisks, findOfferRisks, phaseOf, type Risk, type Surroundings } from "./standing.ts";
import { listWords, type NameOf } from "./words.ts";

export type PublishRisk =
  /** A banner or an offer that shoppers have now. */
  | { readonly kind: "removed" }
  | { readonly kind: "paused" }
  /** None of its variants is left, so all that was measured of it ends here. */
  | { readonly kind: "variants-replaced"; readonly variants: readonly string[] }
  /** Percent. */
  | { readonly kind: "share-lowered"; readonly variant: string; readonly from: number; readonly to: number }
  | { readonly kind: "opened-to-everyone"; readonly variant: string }
  | { readonly kind: "coupon-changed"; readonly from: string; readonly to: string }
  | { readonly kind: "no-longer-exclusive"; readonly coupon: string }
  /** A client's own word counts from now on. */
  | { readonly kind: "trust-lowered" }
  /** As the dashboard tells it of what is live. */
  | { readonly kind: "standing"; readonly risk: Risk };

export interface PlacedRisk {
  readonly at: { readonly kind: "banner" | "offer"; readonly id: string };
  readonly risk: PublishRisk;
}

/** Only what the new file brings: what was so before has been told, and would teach people to click it away. */
export function findPublishRisks(
  before: Campaigns | null,
  after: Campaigns,
  around: Surroundings,
): PlacedRisk[] {
  const banners = findPartRisks("banner", before?.banners ?? [], after.banners, (old, now) => [
    ...(old === null ? [] : compareBanners(old, now, around)),
    ...bringsAnew(old === null ? [] : findBannerRisks(old, around), findBannerRisks(now, around)),
  ]);
  const offers = findPartRisks("offer", before?.offers ?? [], after.offers, (old, now) => [
    ...(old === null ? [] : compareOffers(old, now, around)),
    ...bringsAnew(old === null ? [] : findOfferRisks(old, around), findOfferRisks(now, around)),
  ]);
  const isLive = (one: Banner | Offer) => phaseOf(one.schedule, around.nowMs) === "live";
  return [
    ...findRemoved("banner", (before?.banners ?? []).filter(isLive), after.banners),
    ...findRemoved("offer", (before?.offers ?? []).filter(isLive), after.offers),
    ...banners,
    ...offers,
  ];
}

function findPartRisks<T extends Banner | Offer>(
  kind: PlacedRisk["at"]["kind"],
  before: readonly T[],
  after: readonly T[],
  risksOf: (old: T | null, now: T) => readonly PublishRisk[],
): PlacedRisk[] {
  const known = new Map(before.map((one) => [one.id, one]));
  return after.flatMap((now) =>
    risksOf(known.get(now.id) ?? null, now).map((risk) => ({ at: { kind, id: now.id }, risk })),
  );
}

function findRemoved(
  kind: PlacedRisk["at"]["kind"],
  before: readonly (Banner | Offer)[],
  after: readonly (Banner | Offer)[],
): PlacedRisk[] {
  const left = new Set(after.map(({ id }) => id));
  return before
    .filter(({ id }) => !left.has(id))
    .map(({ id }) => ({ at: { kind, id }, risk: { kind: "removed" } }));
}

function bringsAnew(before: readonly Risk[], after: readonly Risk[]): PublishRisk[] {
  const told = new Set(before.map((risk) => JSON.stringify(risk)));
  return after.filter((risk) => !told.has(JSON.stringify(risk))).map((risk) => ({ kind: "standing", risk }));
}

function compareBanners(old: Banner, now: Banner, around: Surroundings): PublishRisk[] {
  const risks = compareSchedules(old, now, around);
  if (old.trust === "verified" && now.trust === "claimed") risks.push({ kind: "trust-lowered" });
  const left = new Map(now.variants.map((variant) => [variant.id, variant]));
  if (old.variants.length > 0 && !old.variants.some(({ id }) => left.has(id))) {
    risks.push({ kind: "variants-replaced", variants: old.variants.map(({ id }) => id) });
  }
  for (const variant of old.variants) {
    const same = left.get(variant.id);
    if (same !== undefined) risks.push(...compareVariants(variant, same));
  }
  return risks;
}

function compareVariants(old: Variant, now: Variant): PublishRisk[] {
  const risks: PublishRisk[] = [];
  const [from, to] = [old.share ?? 100, now.share ?? 100];
  if (to < from) risks.push({ kind: "share-lowered", variant: now.id, from, to });
  if (!isForEveryone(old.for) && isForEveryone(now.for)) {
    risks.push({ kind: "opened-to-everyone", variant: now.id });
  }
  return risks;
}

function compareOffers(old: Offer, now: Offer, around: Surroundings): PublishRisk[] {
  const risks = compareSchedules(old, now, around);
  if (old.trust === "verified" && now.trust === "claimed") risks.push({ kind: "trust-lowered" });
  if (old.coupon !== now.coupon) risks.push({ kind: "coupon-changed", from: old.coupon, to: now.coupon });
  if (old.exclusive && !now.exclusive) risks.push({ kind: "no-longer-exclusive", coupon: now.coupon });
  return risks;
}

function compareSchedules(old: Banner | Offer, now: Banner | Offer, { nowMs }: Surroundings): PublishRisk[] {
  const paused = phaseOf(old.schedule, nowMs) === "live" && phaseOf(now.schedule, nowMs) === "planned";
  return paused ? [{ kind: "paused" }] : [];
}

/** Where, and what follows from it. */
export function describePublishRisk({ at, risk }: PlacedRisk, { names }: Surroundings): Problem {
  return { path: `${at.kind}s.${at.id}`, message: describe(at.kind, risk, names) };
}

function describe(noun: string, risk: PublishRisk, names: Surroundings["names"]): string {
  switch (risk.kind) {
    case "removed":
      return `shoppers have this ${noun} now, and it is not in the file: it ends at once`;
    case "paused":
      return `shoppers have this ${noun} now, and with the new schedule not until later`;
    case "variants-replaced":
      return `none of its variants is left (${listWords(risk.variants, "and")}): what was counted for them ends`;
    case "share-lowered":
      return `variant ${risk.variant} goes from ${risk.from} % to ${risk.to} %: some who see it now will not`;
    case "opened-to-everyone":
      return `variant ${risk.variant} was for an audience, and is for everyone now`;
    case "coupon-changed":
      return `its code changes from ${risk.from} to ${risk.to}: carts that have the old one lose it, and Commerce needs the new one`;
    case "no-longer-exclusive":
      return `${risk.coupon} is no longer exclusive: whoever knows the code can use it`;
    case "trust-lowered":
      return "its trust goes from verified to claimed: anybody can write themselves into its audience";
    case "standing":
      return describeRisk(risk.risk, (id) => names.get(id)?.name ?? id);
  }
}

/** As the dashboard and a publishing tell it. */
export function describeRisk(risk: Risk, nameOf: NameOf): string {
  switch (risk.kind) {
    case "over":
      return "its schedule is over already: nobody will see it";
    case "variants-over":
      return "each of its variants is over already: everybody sees the store’s own";
    case "unknown-website":
      return `${listWords(risk.websites, "and")} is no website of the settings`;
    case "vanished": {
      const where = listWords(risk.websites, "and");
      return `the audience ${nameOf(risk.audience)} is not in the synced list of ${where}: nobody is in it there`;
    }
  }
}
