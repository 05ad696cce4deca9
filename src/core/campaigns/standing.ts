/** How live campaigns stand: which are over, which name an audience that is gone, and what uses an audience. */

import { type AudienceId, parseAudienceId } from "../audience.ts";
import type { Banner } from "../banner.ts";
import type { Campaigns } from "../campaigns.ts";
import { audiencesIn, type Condition } from "../condition.ts";
import type { Offer } from "../offer.ts";
import { isRecord, parseRecord } from "../record.ts";
import type { Schedule } from "../schedule.ts";

export type Phase = "live" | "planned" | "over";

/** A name of the campaigns file, and its ids in all sandboxes. */
export interface NamedIds {
  readonly name: string;
  readonly ids: readonly AudienceId[];
}

export type NamesById = ReadonlyMap<AudienceId, NamedIds>;

/** The synced audiences of each website by its code; a website without a synced list is not there. */
export type SyncedByWebsite = ReadonlyMap<string, ReadonlySet<AudienceId>>;

export type Risk =
  | { readonly kind: "over"; readonly sinceMs: number }
  /** Every variant is. */
  | { readonly kind: "variants-over" }
  /** In the synced list of none of these websites. */
  | { readonly kind: "vanished"; readonly audience: AudienceId; readonly websites: readonly string[] }
  | { readonly kind: "unknown-website"; readonly websites: readonly string[] };

/** What names an audience. */
export interface Use {
  readonly kind: "banner" | "offer";
  readonly id: string;
}

/** What the risks are looked for with. */
export interface Surroundings {
  /** Codes of the settings. */
  readonly websites: readonly string[];
  readonly names: NamesById;
  readonly synced: SyncedByWebsite;
  readonly nowMs: number;
}

export function phaseOf(schedule: Schedule | null, nowMs: number): Phase {
  if (schedule === null) return "live";
  if (schedule.untilMs !== null && nowMs >= schedule.untilMs) return "over";
  return schedule.fromMs !== null && nowMs < schedule.fromMs ? "planned" : "live";
}

/** Of a text that was checked once; what can't be read has no names. */
export function readNames(file: string): NamesById {
  const names = new Map<AudienceId, NamedIds>();
  const audiences = parseRecord(file.replace(/^\uFEFF/, ""))?.["audiences"];
  for (const [name, written] of Object.entries(isRecord(audiences) ? audiences : {})) {
    const ids = [written].flat().flatMap((id) => (typeof id === "string" ? (parseAudienceId(id) ?? []) : []));
    for (const id of ids) names.set(id, { name, ids });
  }
  return names;
}

export function findBannerRisks(banner: Banner, around: Surroundings): Risk[] {
  const { schedule, variants, websites } = banner;
  const over = findOver(schedule, around.nowMs);
  const variantsOver =
    over.length === 0 && variants.every((one) => phaseOf(one.schedule, around.nowMs) === "over");
  return [
    ...over,
    ...(variantsOver ? [{ kind: "variants-over" } as const] : []),
    ...findUnknownWebsites(websites, around),
    ...findVanished(
      variants.map((variant) => variant.for),
      websites,
      around,
    ),
  ];
}

export function findOfferRisks(offer: Offer, around: Surroundings): Risk[] {
  return [
    ...findOver(offer.schedule, around.nowMs),
    ...findUnknownWebsites(offer.websites, around),
    ...findVanished([offer.for], offer.websites, around),
  ];
}

function findOver(schedule: Schedule | null, nowMs: number): Risk[] {
  const sinceMs = schedule?.untilMs ?? null;
  return sinceMs !== null && nowMs >= sinceMs ? [{ kind: "over", sinceMs }] : [];
}

function findUnknownWebsites(codes: readonly string[] | null, { websites }: Surroundings): Risk[] {
  const unknown = (codes ?? []).filter((code) => !websites.includes(code));
  return unknown.length === 0 ? [] : [{ kind: "unknown-website", websites: unknown }];
}

interface Absent {
  readonly audience: AudienceId;
  /** Its own and those that its name has in other sandboxes: one of them is enough. */
  readonly ids: readonly AudienceId[];
  /** In whose synced lists it is not. */
  readonly websites: readonly string[];
}

export function findAbsent(
  conditions: readonly Condition[],
  codes: readonly string[] | null,
  { websites, names, synced }: Pick<Surroundings, "websites" | "names" | "synced">,
): Absent[] {
  const seen = new Set<AudienceId>();
  return conditions.flatMap(audiencesIn).flatMap((audience) => {
    if (seen.has(audience)) return [];
    const ids = names.get(audience)?.ids ?? [audience];
    for (const id of [audience, ...ids]) seen.add(id);
    const without = (codes ?? websites).filter((code) => {
      const list = synced.get(code);
      return list !== undefined && !ids.some((id) => list.has(id));
    });
    return without.length === 0 ? [] : [{ audience, ids, websites: without }];
  });
}

function findVanished(...asked: Parameters<typeof findAbsent>): Risk[] {
  return findAbsent(...asked).map(({ audience, websites }) => ({ kind: "vanished", audience, websites }));
}

/** By audience, in the order of the file. */
export function findUses({ banners, offers }: Campaigns): ReadonlyMap<AudienceId, readonly Use[]> {
  const uses = new Map<AudienceId, Use[]>();
  const add = (ids: readonly AudienceId[], use: Use) => {
    for (const id of new Set(ids)) uses.set(id, [...(uses.get(id) ?? []), use]);
  };
  for (const { id, variants } of banners) {
    add(
      variants.flatMap((variant) => audiencesIn(variant.for)),
      { kind: "banner", id },
    );
  }
  for (const offer of offers) add(audiencesIn(offer.for), { kind: "offer", id: offer.id });
  return uses;
}
