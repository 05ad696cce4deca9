/** Banners: which of them stand on a page, which variant a shopper sees in each, and why. */

import type { AudienceId } from "./audience.ts";
import type { ContentProblem } from "./commerce-content.ts";
import { audiencesIn, type Condition, isForEveryone, matches } from "./condition.ts";
import type { DeviceClass } from "./device-class.ts";
import { isTrusted, type Membership, type Trust } from "./membership.ts";
import { mayBeAdmin, type PathPattern, readablePath } from "./path.ts";
import { findByPath, indexPaths, type PathIndex } from "./path-index.ts";
import type { Put } from "./put.ts";
import type { BlockChoice, FillProblem } from "./rotator.ts";
import { isLive, type Schedule } from "./schedule.ts";
import { bannerOfGroup, dealShare, type Group, isHeldOut, UNDEALT } from "./split.ts";
import { pickForStoreView } from "./store-view.ts";

export interface Variant {
  readonly id: string;
  readonly for: Condition;
  readonly schedule: Schedule | null;
  /** Percent of the shoppers for whom its condition holds; null: all whom no variant before has. */
  readonly share: number | null;
  /** What pages and analytics may call it; null: nothing that can be read. */
  readonly publicName: string | null;
  readonly put: Put;
  /** By the code of the store view, where it is another one there; null where it is the same in all. */
  readonly storeViewPuts: Readonly<Record<string, Put>> | null;
}

/** A place in a page, or a dynamic block, and what may stand there; the default is always the origin's own. */
export interface Banner {
  readonly id: string;
  /** Codes; null means all websites. */
  readonly websites: readonly string[] | null;
  /** Codes; null means all store views. */
  readonly storeViews: readonly string[] | null;
  /** Empty for a banner that stands for a dynamic block alone; its selector is empty then. */
  readonly paths: readonly PathPattern[];
  /** Classes of `<body>`, of which a page has one; null: any page. A dynamic block is on none. */
  readonly pageTypes: readonly string[] | null;
  readonly device: DeviceClass | null;
  readonly selector: string;
  /** The uid of the dynamic block that it stands for in a headless storefront. */
  readonly dynamicBlock: string | null;
  /** What a membership must be to count here; a picture is no money, so a claim may do. */
  readonly trust: Trust;
  readonly schedule: Schedule | null;
  /** Percent of the visitors who see the default, so that the difference can be measured. */
  readonly holdout: number;
  /** Of these banners a visitor sees one alone. */
  readonly group: Group | null;
  /** The first whose condition holds is shown. */
  readonly variants: readonly Variant[];
}

/** What a choice depends on. */
export interface Shopper {
  readonly membership: Membership;
  readonly nowMs: number;
  /** What stays the same of this browser; null: nobody knows it, so no split has it. */
  readonly visitor: string | null;
  readonly storeView: string | null;
  readonly device: DeviceClass;
}

/** Why a variant was passed over. */
export type PassedReason =
  | "condition-fails"
  | "no-membership"
  | "not-verified"
  | "not-scheduled"
  | "other-share"
  | "no-visitor"
  | "holdout";

export type ChoiceReason =
  | "condition-holds"
  /** It holds; whether the page has the banner's type is only known as it goes by. */
  | "page-type-decides"
  | "other-page-type"
  | "no-condition-holds"
  | "admin-signed-in"
  | "other-store-view"
  | "other-device"
  | "other-banner-of-group"
  | ContentProblem
  | Exclude<PassedReason, "condition-fails">;

export interface Passed {
  readonly variant: string;
  readonly reason: PassedReason;
}

/** One variant or none, and the reason. */
export interface Choice {
  readonly banner: string;
  readonly variant: string | null;
  readonly reason: ChoiceReason;
  /** The variants that come before, each with why it was not shown; those after it were not looked at. */
  readonly passed: readonly Passed[];
  /** Of a rotator that was seen before: its blocks, each with why it is shown or not. */
  readonly blocks?: readonly BlockChoice[];
  /** Of a rotator that was seen before: why it would be left to Commerce's own script. */
  readonly left?: FillProblem;
}

/** Found in the order of priority, or none. */
export interface Chosen {
  readonly choice: Choice;
  readonly variant: Variant | null;
  /** The variant's in the shopper's store view. */
  readonly put: Put | null;
}

/** The campaigns as one website's requests need them: found by path without looking at each banner. */
export interface BannerIndex {
  readonly exact: ReadonlyMap<string, readonly Banner[]>;
  /** Those with a star in a path. */
  readonly patterns: readonly Banner[];
  /** The same, by those paths. */
  readonly byPattern: PathIndex<Banner>;
  /** By the uid of the dynamic block that each stands for. */
  readonly blocks: ReadonlyMap<string, Banner>;
  /** Every audience that a condition of the campaigns names. */
  readonly audiences: ReadonlySet<AudienceId>;
}

export function indexBanners(
  banners: readonly Banner[],
  website: string,
  adminPath: string | null,
): BannerIndex {
  const exact = new Map<string, Banner[]>();
  const patterns: Banner[] = [];
  const blocks = new Map<string, Banner>();
  for (const banner of banners) {
    if (banner.websites !== null && !banner.websites.includes(website)) continue;
    if (banner.dynamicBlock !== null) blocks.set(banner.dynamicBlock, banner);
    for (const { kind, path } of banner.paths) {
      if (kind === "exact") exact.set(path, [...(exact.get(path) ?? []), banner]);
    }
    // Published while an admin path was known, served where it is not: then "/*" is left out.
    const safe = banner.paths.filter((pattern) => !mayBeAdmin(pattern) || adminPath !== null);
    if (safe.some((pattern) => pattern.kind !== "exact")) patterns.push({ ...banner, paths: safe });
  }
  const starred = patterns.map(
    (banner) => [banner, banner.paths.filter(({ kind }) => kind !== "exact")] as const,
  );
  return { exact, patterns, byPattern: indexPaths(starred), blocks, audiences: bannerAudiences(banners) };
}

/** Every audience that a condition of the banners names. */
export function bannerAudiences(banners: readonly Banner[]): ReadonlySet<AudienceId> {
  return new Set(banners.flatMap(({ variants }) => variants.flatMap((variant) => audiencesIn(variant.for))));
}

/** The banners that stand on that page, in the order of the file's exact paths, then its patterns. */
export function findBanners(index: BannerIndex, pathname: string): readonly Banner[] {
  const path = readablePath(pathname);
  const exact = index.exact.get(path) ?? [];
  if (index.patterns.length === 0) return exact;
  const under = findByPath(index.byPattern, path).filter(({ id }) => !exact.some((one) => one.id === id));
  return under.length === 0 ? exact : [...exact, ...under];
}

/** The first variant that is for this shopper, unless the banner is not theirs now; and why, for each. */
export function chooseVariant(banner: Banner, shopper: Shopper): Chosen {
  const absent = whyAbsent(banner, shopper);
  if (absent !== null) return keepDefault(banner, absent, []);
  const unknown = whyUnknown(banner.trust, shopper.membership);
  if (unknown !== null && !banner.variants.some((variant) => isForEveryone(variant.for))) {
    return keepDefault(banner, unknown, []);
  }
  const { variant, passed } = findVariant(banner, shopper);
  if (variant === null) return keepDefault(banner, whyNone(passed), passed);
  if (banner.holdout > 0) {
    const { visitor } = shopper;
    const held = visitor === null ? "no-visitor" : isHeldOut(visitor, banner) ? "holdout" : null;
    if (held !== null) return keepDefault(banner, held, [...passed, { variant: variant.id, reason: held }]);
  }
  const choice: Choice = { banner: banner.id, variant: variant.id, reason: "condition-holds", passed };
  return { choice, variant, put: putIn(variant, shopper.storeView) };
}

function putIn({ put, storeViewPuts }: Variant, storeView: string | null): Put {
  return storeViewPuts === null ? put : (pickForStoreView(storeViewPuts, storeView) ?? put);
}

export function keepDefault(banner: Banner, reason: ChoiceReason, passed: readonly Passed[]): Chosen {
  return { choice: { banner: banner.id, variant: null, reason, passed }, variant: null, put: null };
}

function whyAbsent(
  { id, schedule, storeViews, device, group }: Banner,
  shopper: Shopper,
): ChoiceReason | null {
  if (!isLive(schedule, shopper.nowMs)) return "not-scheduled";
  if (storeViews !== null && !storeViews.includes(shopper.storeView ?? "")) return "other-store-view";
  if (device !== null && device !== shopper.device) return "other-device";
  if (group === null) return null;
  if (shopper.visitor === null) return "no-visitor";
  return bannerOfGroup(shopper.visitor, group) === id ? null : "other-banner-of-group";
}

function findVariant(
  { id: banner, trust, variants }: Banner,
  shopper: Shopper,
): { readonly variant: Variant | null; readonly passed: readonly Passed[] } {
  const passed: Passed[] = [];
  let deal = UNDEALT;
  const judge = ({ id, for: condition, share, schedule }: Variant): PassedReason | null => {
    const reason = whyNotFor(condition, trust, shopper.membership);
    if (reason !== null) return reason;
    if (share !== null) {
      if (shopper.visitor === null) return "no-visitor";
      const dealt = dealShare(deal, shopper.visitor, { banner, variant: id, share });
      deal = dealt.deal;
      if (!dealt.mine) return "other-share";
    }
    // Whose share it is waits for it: shares stay as they are dealt, whatever is live.
    return isLive(schedule, shopper.nowMs) ? null : "not-scheduled";
  };
  for (const variant of variants) {
    const reason = judge(variant);
    if (reason === null) return { variant, passed };
    passed.push({ variant: variant.id, reason });
  }
  return { variant: null, passed };
}

function whyNotFor(condition: Condition, trust: Trust, membership: Membership): PassedReason | null {
  if (isForEveryone(condition)) return null;
  const unknown = whyUnknown(trust, membership);
  if (unknown !== null || membership.kind === "none") return unknown;
  return matches(condition, membership.audiences) ? null : "condition-fails";
}

/** Without a membership nobody is anywhere: the default stands, or what is for everyone. */
function whyUnknown(trust: Trust, membership: Membership): "no-membership" | "not-verified" | null {
  if (membership.kind === "none") return "no-membership";
  return isTrusted(membership.trust, trust) ? null : "not-verified";
}

/** What came nearest to being shown. */
function whyNone(passed: readonly Passed[]): ChoiceReason {
  for (const { reason } of passed) if (reason !== "condition-fails") return reason;
  return "no-condition-holds";
}
