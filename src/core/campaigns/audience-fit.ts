/** Whether audiences fit what uses them: quick enough for it, activated for its website, and seen by anybody. */

import type { Audience, AudienceId } from "../audience.ts";
import type { Banner } from "../banner.ts";
import { audiencesIn, type Condition } from "../condition.ts";
import type { Offer } from "../offer.ts";
import type { Schedule } from "../schedule.ts";
import { findAbsent, phaseOf, type Surroundings } from "./standing.ts";

export type Misfit =
  /** In the list of other websites alone. */
  | { readonly kind: "elsewhere"; readonly audience: AudienceId; readonly websites: readonly string[] }
  /** Live for so many hours, and who comes into the audience is known a day later. */
  | { readonly kind: "too-slow"; readonly audience: AudienceId; readonly hours: number }
  /** Nobody there is verified: there is no datastream, and nothing is signed. */
  | { readonly kind: "never-verified"; readonly websites: readonly string[] }
  /** Live for a week, and counted as shown to nobody. */
  | { readonly kind: "unseen"; readonly variant: string };

/** What is counted, where counting is on. */
export interface Counted {
  /** Since when what is live is live. */
  readonly sinceMs: number;
  readonly wasShown: (banner: string, variant: string) => boolean;
}

export interface FitAround extends Pick<Surroundings, "websites" | "names" | "synced" | "nowMs"> {
  readonly audiences: ReadonlyMap<AudienceId, Pick<Audience, "evaluation">>;
  /** Codes of the websites where Adobe's word can reach us. */
  readonly verifying: readonly string[];
  /** null: nothing is counted, or it can't be asked. */
  readonly counted: Counted | null;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Batch segmentation runs once a day (Adobe, "Evaluation methods"); in two days everybody had their turn. */
const QUICK_MS = 48 * HOUR_MS;

export function findBannerMisfits(banner: Banner, around: FitAround): readonly Misfit[] {
  const { schedule, variants, websites, trust } = banner;
  const conditions = variants.map((variant) => variant.for);
  const uses = variants.map((variant) => [variant.for, variant.schedule ?? schedule] as const);
  return [
    ...findElsewhere(conditions, websites, around),
    ...findSlow(uses, around),
    ...(trust === "verified" ? findUnverified(websites, around) : []),
    ...findUnseen(banner, around),
  ];
}

export function findOfferMisfits(offer: Offer, around: FitAround): readonly Misfit[] {
  return [
    ...findElsewhere([offer.for], offer.websites, around),
    ...findSlow([[offer.for, offer.schedule]], around),
    ...(offer.trust === "verified" ? findUnverified(offer.websites, around) : []),
  ];
}

/** What is in no list at all has vanished. */
function findElsewhere(
  conditions: readonly Condition[],
  codes: readonly string[] | null,
  around: FitAround,
): readonly Misfit[] {
  return findAbsent(conditions, codes, around)
    .filter(({ ids }) => ids.some((id) => around.audiences.has(id)))
    .map(({ audience, websites }) => ({ kind: "elsewhere", audience, websites }));
}

function findSlow(
  uses: readonly (readonly [Condition, Schedule | null])[],
  { audiences, nowMs }: FitAround,
): readonly Misfit[] {
  const found = new Map<AudienceId, Misfit>();
  for (const [condition, schedule] of uses) {
    if (schedule?.fromMs == null || schedule.untilMs === null || nowMs >= schedule.untilMs) continue;
    const lengthMs = schedule.untilMs - schedule.fromMs;
    if (lengthMs >= QUICK_MS) continue;
    for (const audience of audiencesIn(condition)) {
      const evaluation = audiences.get(audience)?.evaluation ?? [];
      const slow = evaluation.length > 0 && evaluation.every((kind) => kind === "batch");
      const hours = Math.max(1, Math.round(lengthMs / HOUR_MS));
      if (slow) found.set(audience, { kind: "too-slow", audience, hours });
    }
  }
  return [...found.values()];
}

function findUnverified(
  codes: readonly string[] | null,
  { websites, verifying }: FitAround,
): readonly Misfit[] {
  const never = (codes ?? websites).filter((code) => websites.includes(code) && !verifying.includes(code));
  return never.length === 0 ? [] : [{ kind: "never-verified", websites: never }];
}

function findUnseen({ id, schedule, variants }: Banner, { counted, nowMs }: FitAround): readonly Misfit[] {
  if (counted === null || nowMs - counted.sinceMs < WEEK_MS) return [];
  const wasLive = (one: Schedule | null) =>
    phaseOf(one, nowMs) === "live" && phaseOf(one, nowMs - WEEK_MS) === "live";
  return variants
    .filter((variant) => wasLive(schedule) && wasLive(variant.schedule))
    .filter((variant) => !counted.wasShown(id, variant.id))
    .map((variant) => ({ kind: "unseen", variant: variant.id }));
}
