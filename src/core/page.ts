/** The plan of a page: leave it alone, keep it out of caches, or edit it so. */

import { type Banner, type BannerIndex, type Choice, chooseVariant, findBanners } from "./banner.ts";
import type { Membership } from "./membership.ts";
import { isReservedPath } from "./path.ts";
import type { Put } from "./put.ts";
import { belowPrefix } from "./virtual-host.ts";
import type { Website } from "./website.ts";

export interface Edit {
  readonly banner: string;
  readonly variant: string;
  readonly selector: string;
  readonly put: Put;
}

export type PassReason = "method" | "upgrade" | "reserved-path" | "no-campaigns" | "no-banner-here";

/**
 * `pass`: the origin's answer, byte for byte. `default`: a banner stands here and this shopper sees the
 * origin's own; only what would let a cache keep the page is taken off. `personalize`: edit it so.
 */
export type PagePlan =
  | { readonly kind: "pass"; readonly reason: PassReason }
  | { readonly kind: "default"; readonly choices: readonly Choice[] }
  | { readonly kind: "personalize"; readonly choices: readonly Choice[]; readonly edits: readonly Edit[] };

export interface PageQuestion {
  readonly website: Pick<Website, "pathPrefix">;
  readonly method: string;
  readonly path: string;
  readonly upgrade: boolean;
  readonly index: BannerIndex | null;
  readonly adminPath: string | null;
  /** Somebody who is signed in to Commerce's admin: they must see what is really there. */
  readonly adminSignedIn: boolean;
  readonly membership: Membership;
}

export function planPage(question: PageQuestion): PagePlan {
  const { index, method, path } = question;
  if (method !== "GET" && method !== "HEAD") return { kind: "pass", reason: "method" };
  if (question.upgrade) return { kind: "pass", reason: "upgrade" };
  if (index === null) return { kind: "pass", reason: "no-campaigns" };
  const banners = findBanners(index, path);
  if (banners.length === 0) return { kind: "pass", reason: "no-banner-here" };
  if (isReservedPath(belowPrefix(path, question.website), question.adminPath))
    return { kind: "pass", reason: "reserved-path" };
  if (question.adminSignedIn) return { kind: "default", choices: banners.map(keepForAdmin) };
  return chooseVariants(banners, question.membership);
}

function chooseVariants(banners: readonly Banner[], membership: Membership): PagePlan {
  const choices: Choice[] = [];
  const edits: Edit[] = [];
  for (const banner of banners) {
    const { choice, variant } = chooseVariant(banner, membership);
    choices.push(choice);
    if (variant) {
      edits.push({ banner: banner.id, variant: variant.id, selector: banner.selector, put: variant.put });
    }
  }
  return edits.length === 0 ? { kind: "default", choices } : { kind: "personalize", choices, edits };
}

function keepForAdmin(banner: Banner): Choice {
  return { banner: banner.id, variant: null, reason: "admin-signed-in" };
}
