/** The plan of a page: leave it alone, keep it out of caches, or edit it so. */

import {
  type Banner,
  type BannerIndex,
  type Choice,
  type Chosen,
  chooseVariant,
  findBanners,
  keepDefault,
  type Shopper,
} from "./banner.ts";
import { markOf } from "./banner-mark.ts";
import { isReservedPath } from "./path.ts";
import type { Put } from "./put.ts";
import type { Schedule } from "./schedule.ts";
import { belowPrefix } from "./virtual-host.ts";
import type { Website } from "./website.ts";

export interface Edit {
  readonly banner: string;
  readonly variant: string;
  readonly selector: string;
  /** Classes of `<body>`, of which the page must have one; null: any page. */
  readonly pageTypes: readonly string[] | null;
  readonly put: Put;
  /** What the page says of it; null: nothing. */
  readonly mark: string | null;
}

export type PassReason =
  | "method"
  | "upgrade"
  | "reserved-path"
  | "no-campaigns"
  | "no-banner-here"
  | "staging-preview";

/**
 * `pass`: the origin's answer, byte for byte. `default`: a banner stands here and this shopper sees the
 * origin's own; only what would let a cache keep the page is taken off. `personalize`: edit it so.
 */
export type PagePlan =
  | { readonly kind: "pass"; readonly reason: PassReason }
  | { readonly kind: "default"; readonly choices: readonly Choice[] }
  | { readonly kind: "personalize"; readonly choices: readonly Choice[]; readonly edits: readonly Edit[] };

export interface PageQuestion extends Shopper {
  readonly website: Pick<Website, "code" | "pathPrefix">;
  readonly method: string;
  readonly path: string;
  readonly upgrade: boolean;
  readonly index: BannerIndex | null;
  readonly adminPath: string | null;
  /** Somebody who is signed in to Commerce's admin: they must see what is really there. */
  readonly adminSignedIn: boolean;
  /** Classes of `<body>`; null: nobody knows them yet. */
  readonly pageTypes: readonly string[] | null;
  /** Whether the page may be counted: what is merely looked at before it is live carries no mark. */
  readonly marked: boolean;
  /** Commerce shows what it has planned for another day (`Preview-Version`, `___version`). */
  readonly stagingPreview: boolean;
}

export function planPage(question: PageQuestion): PagePlan {
  const { index, method, path } = question;
  if (method !== "GET" && method !== "HEAD") return { kind: "pass", reason: "method" };
  if (question.upgrade) return { kind: "pass", reason: "upgrade" };
  if (index === null) return { kind: "pass", reason: "no-campaigns" };
  const banners = bannersNear(index, path, question.nowMs);
  if (banners.length === 0) return { kind: "pass", reason: "no-banner-here" };
  if (isReservedPath(belowPrefix(path, question.website), question.adminPath))
    return { kind: "pass", reason: "reserved-path" };
  if (question.stagingPreview) return { kind: "pass", reason: "staging-preview" };
  if (question.adminSignedIn) return { kind: "default", choices: banners.map(keepForAdmin) };
  return chooseVariants(banners, question);
}

/** Whether no page at that path depends on its shopper. */
export function isBannerless(index: BannerIndex, path: string, nowMs: number): boolean {
  return bannersNear(index, path, nowMs).length === 0;
}

function bannersNear(index: BannerIndex, path: string, nowMs: number): readonly Banner[] {
  return findBanners(index, path).filter(({ schedule }) => isNear(schedule, nowMs));
}

const DAY_MS = 86_400_000;

/** What is over is gone. What comes within a day is there: Magento lets a browser keep the page that long. */
function isNear(schedule: Schedule | null, nowMs: number): boolean {
  if (schedule === null) return true;
  const { fromMs, untilMs } = schedule;
  return (fromMs === null || nowMs >= fromMs - DAY_MS) && (untilMs === null || nowMs < untilMs);
}

/** Whether this shopper would be dealt into a split if only they had an id. */
export function wantsVisitor(plan: PagePlan): boolean {
  if (plan.kind === "pass") return false;
  return plan.choices.some(
    ({ reason, passed }) =>
      reason === "no-visitor" || passed.some((variant) => variant.reason === "no-visitor"),
  );
}

function chooseVariants(banners: readonly Banner[], question: PageQuestion): PagePlan {
  const { website, marked } = question;
  const choices: Choice[] = [];
  const edits: Edit[] = [];
  for (const banner of banners) {
    const { choice, variant, put } = judgePageType(
      banner,
      chooseVariant(banner, question),
      question.pageTypes,
    );
    choices.push(choice);
    if (variant !== null && put !== null) {
      const { id, selector, pageTypes } = banner;
      const mark = marked ? markOf(website.code, id, variant) : null;
      edits.push({ banner: id, variant: variant.id, selector, pageTypes, put, mark });
    }
  }
  return edits.length === 0 ? { kind: "default", choices } : { kind: "personalize", choices, edits };
}

/** Of a banner with page types the plan promises nothing that the page may refuse. */
function judgePageType(banner: Banner, chosen: Chosen, known: PageQuestion["pageTypes"]): Chosen {
  const { pageTypes } = banner;
  const { choice } = chosen;
  if (pageTypes === null || chosen.variant === null) return chosen;
  if (known === null) return { ...chosen, choice: { ...choice, reason: "page-type-decides" } };
  return known.some((one) => pageTypes.includes(one))
    ? chosen
    : keepDefault(banner, "other-page-type", choice.passed);
}

function keepForAdmin(banner: Banner): Choice {
  return keepDefault(banner, "admin-signed-in", []).choice;
}
