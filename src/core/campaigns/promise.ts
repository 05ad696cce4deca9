/** Promises: what a banner tells its shoppers of a code, and whether the offer of that code keeps it. */

import type { AudienceId } from "../audience.ts";
import type { Banner, Variant } from "../banner.ts";
import { audiencesIn, type Condition, isForEveryone, matches } from "../condition.ts";
import type { Offer } from "../offer.ts";
import { type Change, placesOf } from "../put.ts";
import type { Schedule } from "../schedule.ts";
import type { NamesById, Surroundings } from "./standing.ts";
import { readText } from "./words.ts";

export type Breach =
  /** It tells a code that is no offer's, so nobody gets it by being in an audience. */
  | { readonly kind: "no-offer"; readonly variant: string; readonly code: string }
  /** Shown also to who is in these audiences and no others of either; empty: in none. */
  | {
      readonly kind: "other-audience";
      readonly variant: string;
      readonly offer: Offer;
      readonly shownTo: readonly AudienceId[];
    }
  /** Shown also before `fromMs`, or from `untilMs` on, when the offer is not live. */
  | {
      readonly kind: "other-dates";
      readonly variant: string;
      readonly offer: Offer;
      readonly fromMs: number | null;
      readonly untilMs: number | null;
    }
  /** The banner takes a browser's word, and the offer Adobe's alone. */
  | { readonly kind: "other-trust"; readonly variant: string; readonly offer: Offer }
  | {
      readonly kind: "other-website";
      readonly variant: string;
      readonly offer: Offer;
      readonly websites: readonly string[];
    };

type Around = Pick<Surroundings, "websites" | "names" | "nowMs">;

/** Of each variant that names a code; where several offers have it, the one that comes nearest counts. */
export function findBreaches(banner: Banner, offers: readonly Offer[], around: Around): readonly Breach[] {
  return banner.variants.flatMap((variant) => {
    const shown = intersect(banner.schedule, variant.schedule);
    if (shown.untilMs !== null && around.nowMs >= shown.untilMs) return [];
    const text = textOf(variant, banner.selector);
    const promised = offers.filter(({ coupon }) => namesCode(text, coupon));
    const codes = [...new Set(promised.map(({ coupon }) => coupon))];
    const kept = codes.flatMap((code) => {
      const judged = promised
        .filter(({ coupon }) => coupon === code)
        .map((offer) => judge({ banner, variant, shown }, offer, around));
      return judged.reduce((best, one) => (one.length < best.length ? one : best));
    });
    const unknown = codesIn(text).filter((code) => !codes.includes(code));
    return [...kept, ...unknown.map((code): Breach => ({ kind: "no-offer", variant: variant.id, code }))];
  });
}

interface Promised {
  readonly banner: Banner;
  readonly variant: Variant;
  readonly shown: Schedule;
}

function judge({ banner, variant, shown }: Promised, offer: Offer, around: Around): Breach[] {
  const breaches: Breach[] = [];
  const about = { variant: variant.id, offer };
  const websites = (banner.websites ?? around.websites).filter(
    (code) => offer.websites !== null && !offer.websites.includes(code),
  );
  if (websites.length > 0) breaches.push({ kind: "other-website", ...about, websites });
  const shownTo = findStranger(banner.variants, variant, offer.for, around.names);
  if (shownTo !== null) breaches.push({ kind: "other-audience", ...about, shownTo });
  const given = offer.schedule ?? { fromMs: null, untilMs: null };
  const early = (given.fromMs ?? 0) > Math.max(shown.fromMs ?? 0, around.nowMs);
  const late = given.untilMs !== null && (shown.untilMs === null || shown.untilMs > given.untilMs);
  if (early || late) {
    const { fromMs, untilMs } = given;
    breaches.push({
      kind: "other-dates",
      ...about,
      fromMs: early ? fromMs : null,
      untilMs: late ? untilMs : null,
    });
  }
  if (banner.trust === "claimed" && offer.trust === "verified" && !isForEveryone(variant.for)) {
    breaches.push({ kind: "other-trust", ...about });
  }
  return breaches;
}

function intersect(a: Schedule | null, b: Schedule | null): Schedule {
  const froms = [a?.fromMs, b?.fromMs].filter((one) => one != null);
  const untils = [a?.untilMs, b?.untilMs].filter((one) => one != null);
  return {
    fromMs: froms.length === 0 ? null : Math.max(...froms),
    untilMs: untils.length === 0 ? null : Math.min(...untils),
  };
}

/** So many audiences are tried in all their mixtures; of more, nothing is said. */
const MAX_TRIED = 10;

/**
 * The fewest audiences with which somebody sees the variant and does not get what is for `given`; null: there is
 * nobody like that, or too many mixtures to try. Chance has no say: who could be dealt another variant may see this.
 */
function findStranger(
  variants: readonly Variant[],
  variant: Variant,
  given: Condition,
  names: NamesById,
): readonly AudienceId[] | null {
  const before = variants
    .slice(0, variants.indexOf(variant))
    .filter(({ share, schedule }) => share === null && schedule === null);
  const conditions = [variant.for, given, ...before.map((one) => one.for)];
  const groups = groupIds(conditions.flatMap(audiencesIn), names);
  if (groups.length > MAX_TRIED) return null;
  const mixtures = Array.from({ length: 2 ** groups.length }, (_, bits) =>
    groups.filter((__, index) => (bits >> index) % 2 === 1),
  ).sort((a, b) => a.length - b.length);
  for (const mixture of mixtures) {
    const ids = new Set(mixture.flat());
    // Of somebody in no audience nothing is known: they see what is for everyone, and get nothing.
    const sees = (condition: Condition) =>
      isForEveryone(condition) || (ids.size > 0 && matches(condition, ids));
    const gets = ids.size > 0 && matches(given, ids);
    if (sees(variant.for) && !gets && !before.some((one) => sees(one.for)))
      return mixture.flatMap(([id]) => id ?? []);
  }
  return null;
}

/** The ids of one audience in all sandboxes stand together. */
function groupIds(ids: readonly AudienceId[], names: NamesById): readonly (readonly AudienceId[])[] {
  const groups = new Map<AudienceId, readonly AudienceId[]>();
  for (const id of ids) {
    const all = names.get(id)?.ids ?? [id];
    groups.set(all[0] ?? id, all);
  }
  return [...groups.values()];
}

/** What it says in any store view. */
function textOf({ put, storeViewPuts }: Variant, selector: string): string {
  return [put, ...Object.values(storeViewPuts ?? {})]
    .flatMap((one) => placesOf(one, selector))
    .flatMap(({ changes }) => changes.map(readChange))
    .join(" · ");
}

function readChange(change: Change): string {
  switch (change.kind) {
    case "image":
      return `${change.image.alt} · ${change.image.heading ?? ""}`;
    case "attributes":
      return change.attributes.map(([, value]) => value ?? "").join(" · ");
    case "class":
    case "remove":
    case "cms-block":
    case "dynamic-blocks":
      return "";
    case "rotator":
    case "content":
    case "element":
    case "before":
    case "after":
    case "prepend":
    case "append":
      return readText(change.html);
  }
}

/** In the very case: shorter codes, and those that are words in small letters, would be found by accident. */
function namesCode(text: string, code: string): boolean {
  if (code.length < 3) return false;
  const escaped = code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, "u").test(text);
}

/** What stands in capitals behind the word "code" in the languages of most shops. */
const CODE_BEHIND =
  /(?<!\p{L})(?:[Cc]ode(?: promo)?|[Cc]oupon|(?:Gutschein|Rabatt|Aktions)code|[Cc]ódigo|[Cc]odice|[Kk]od)[ :„“"«'·]+([A-Z][A-Z0-9_-]{3,})(?![\p{L}\p{N}])/gu;

function codesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(CODE_BEHIND)].map(([, code = ""]) => code))];
}
