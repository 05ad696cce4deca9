/** Banners: which of them stand on a page, which variant a shopper sees in each, and why. */

import type { AudienceId } from "./audience.ts";
import { audiencesIn, type Condition, matches } from "./condition.ts";
import { isTrusted, type Membership, type Trust } from "./membership.ts";
import { matchesPath, type PathPattern, readablePath } from "./path.ts";
import type { Put } from "./put.ts";

export interface Variant {
  readonly id: string;
  readonly for: Condition;
  readonly put: Put;
}

/** A place in a page, or a dynamic block, and what may stand there; the default is always the origin's own. */
export interface Banner {
  readonly id: string;
  /** Codes; null means all websites. */
  readonly websites: readonly string[] | null;
  /** Empty for a banner that stands for a dynamic block alone; its selector is empty then. */
  readonly paths: readonly PathPattern[];
  readonly selector: string;
  /** The uid of the dynamic block that it stands for in a headless storefront. */
  readonly dynamicBlock: string | null;
  /** What a membership must be to count here; a picture is no money, so a claim may do. */
  readonly trust: Trust;
  /** The first whose condition holds is shown. */
  readonly variants: readonly Variant[];
}

export type ChoiceReason =
  | "condition-holds"
  | "no-condition-holds"
  | "no-membership"
  | "not-verified"
  | "admin-signed-in";

/** One variant or none, and the reason. */
export interface Choice {
  readonly banner: string;
  readonly variant: string | null;
  readonly reason: ChoiceReason;
}

/** The campaigns as one website's requests need them: found by path without looking at each banner. */
export interface BannerIndex {
  readonly exact: ReadonlyMap<string, readonly Banner[]>;
  readonly prefixes: readonly Banner[];
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
  const prefixes: Banner[] = [];
  const blocks = new Map<string, Banner>();
  for (const banner of banners) {
    if (banner.websites !== null && !banner.websites.includes(website)) continue;
    if (banner.dynamicBlock !== null) blocks.set(banner.dynamicBlock, banner);
    for (const { kind, path } of banner.paths) {
      if (kind === "exact") exact.set(path, [...(exact.get(path) ?? []), banner]);
    }
    // Published while an admin path was known, served where it is not: then "/*" is left out.
    const safe = banner.paths.filter((pattern) => pattern.path !== "/" || adminPath !== null);
    if (safe.some((pattern) => pattern.kind === "prefix")) prefixes.push({ ...banner, paths: safe });
  }
  return { exact, prefixes, blocks, audiences: bannerAudiences(banners) };
}

/** Every audience that a condition of the banners names. */
export function bannerAudiences(banners: readonly Banner[]): ReadonlySet<AudienceId> {
  return new Set(banners.flatMap(({ variants }) => variants.flatMap((variant) => audiencesIn(variant.for))));
}

/** The banners that stand on that page, in the order of the file's exact paths, then its prefixes. */
export function findBanners(index: BannerIndex, pathname: string): readonly Banner[] {
  const path = readablePath(pathname);
  const exact = index.exact.get(path) ?? [];
  if (index.prefixes.length === 0) return exact;
  const under = index.prefixes.filter(
    (banner) =>
      !exact.some(({ id }) => id === banner.id) &&
      banner.paths.some((pattern) => pattern.kind === "prefix" && matchesPath(pattern, path)),
  );
  return under.length === 0 ? exact : [...exact, ...under];
}

/** The first variant whose condition holds. Without a membership nobody is anywhere: the default stands. */
export function chooseVariant(
  banner: Banner,
  membership: Membership,
): { readonly choice: Choice; readonly variant: Variant | null } {
  if (membership.kind === "none") {
    return { choice: { banner: banner.id, variant: null, reason: "no-membership" }, variant: null };
  }
  if (!isTrusted(membership.trust, banner.trust)) {
    return { choice: { banner: banner.id, variant: null, reason: "not-verified" }, variant: null };
  }
  const variant = banner.variants.find((candidate) => matches(candidate.for, membership.audiences)) ?? null;
  const reason = variant ? "condition-holds" : "no-condition-holds";
  return { choice: { banner: banner.id, variant: variant?.id ?? null, reason }, variant };
}
