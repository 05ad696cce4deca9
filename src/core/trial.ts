/** Try it: what a shopper would see of a page and get in the cart, by the very plans of a live request. */

import type { AudienceId } from "./audience.ts";
import type { BannerIndex, Shopper } from "./banner.ts";
import type { Membership, Trust } from "./membership.ts";
import { judgeOffer, type Offer, type OfferIndex, type OfferReason } from "./offer.ts";
import { type PagePlan, planPage } from "./page.ts";
import type { Website } from "./website.ts";

/** A shopper who is made up, and the page that they open. */
export interface Trial extends Shopper {
  readonly website: Pick<Website, "code" | "pathPrefix">;
  /** As the platform writes it, without the query. */
  readonly path: string;
  /** Classes of `<body>`; null: nobody knows them. */
  readonly pageTypes: readonly string[] | null;
}

/** What the website has to choose from; null: it has no campaigns. */
export interface TrialStock {
  readonly index: BannerIndex | null;
  readonly offers: OfferIndex | null;
  readonly adminPath: string | null;
}

export interface TrialOffer {
  readonly offer: Offer;
  readonly reason: OfferReason;
  /** The first whose condition holds; a cart gets that one alone. */
  readonly given: boolean;
}

export interface TrialPlan {
  readonly page: PagePlan;
  /** In order of priority. */
  readonly offers: readonly TrialOffer[];
}

export function planTrial(trial: Trial, { index, offers, adminPath }: TrialStock): TrialPlan {
  const page = planPage({
    ...trial,
    method: "GET",
    upgrade: false,
    index,
    adminPath,
    adminSignedIn: false,
    marked: true,
    stagingPreview: false,
  });
  const judged = (offers?.offers ?? []).map((offer) => ({
    offer,
    reason: judgeOffer(offer, trial.membership, trial.nowMs),
  }));
  const given = judged.find(({ reason }) => reason === "condition-holds");
  return { page, offers: judged.map((one) => ({ ...one, given: one === given })) };
}

/** A made-up shopper's: of the trust that is tried, and never a visit's own. */
export function trialMembership(audiences: readonly AudienceId[], trust: Trust): Membership {
  if (audiences.length === 0) return { kind: "none", reason: "empty", trust, lost: [] };
  const ids = new Set(audiences);
  return { kind: "member", source: "preview", trust, audiences: ids, unknown: null, lost: [] };
}
