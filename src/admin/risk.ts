/** What is wrong with a live campaign, as a sentence with what follows from it. */

import type { AudienceId } from "../core/audience.ts";
import type { Banner } from "../core/banner.ts";
import { findBannerMisfits, findOfferMisfits, type Misfit } from "../core/campaigns/audience-fit.ts";
import { type Breach, findBreaches } from "../core/campaigns/promise.ts";
import { describeRisk } from "../core/campaigns/publish-risk.ts";
import { findBannerRisks, findOfferRisks, type Risk } from "../core/campaigns/standing.ts";
import { describeWhom, listWords, type NameOf } from "../core/campaigns/words.ts";
import type { Offer } from "../core/offer.ts";
import type { Context } from "./live-campaigns.ts";
import { formatMoment } from "./moment.tsx";

/** All that can be wrong with a banner or an offer although the file is right. */
export type Concern = Risk | Breach | Misfit;

export function findBannerConcerns(
  banner: Banner,
  offers: readonly Offer[],
  context: Context,
): readonly Concern[] {
  return [
    ...findBannerRisks(banner, context.around).filter((risk) => !isElsewhere(risk, context)),
    ...findBreaches(banner, offers, context.around),
    ...findBannerMisfits(banner, context.fit),
  ];
}

export function findOfferConcerns(offer: Offer, context: Context): readonly Concern[] {
  return [
    ...findOfferRisks(offer, context.around).filter((risk) => !isElsewhere(risk, context)),
    ...findOfferMisfits(offer, context.fit),
  ];
}

/** What has not vanished but is another website's is told so, with another cure. */
function isElsewhere(risk: Risk, { around, audiences }: Context): boolean {
  if (risk.kind !== "vanished") return false;
  const ids = around.names.get(risk.audience)?.ids ?? [risk.audience];
  return ids.some((id) => audiences.has(id));
}

export function describeConcern(risk: Concern, nameOf: NameOf): string {
  switch (risk.kind) {
    case "over":
      return `over since ${formatMoment(risk.sinceMs)}; it can go from the file`;
    case "variants-over":
    case "unknown-website":
    case "vanished":
      return describeRisk(risk, (id) => {
        const name = nameOf(id);
        return name === id ? id : `${name} (${id})`;
      });
    case "elsewhere":
      return `the audience ${nameOf(risk.audience)} is in Adobe’s list, but not for ${listWords(risk.websites, "and")}: activate it to that destination, or nobody is in it there`;
    case "too-slow":
      return `it lasts ${risk.hours === 1 ? "an hour" : `${risk.hours} hours`}, and the audience ${nameOf(risk.audience)} is counted once a day (batch): who comes into it now is seen when it is over`;
    case "never-verified":
      return `it believes Adobe alone, and on ${listWords(risk.websites, "and")} nobody is ever verified: that needs datastreamId and SIGNING_SECRET`;
    case "unseen":
      return `nobody saw the variant ${risk.variant} for a week; is its audience empty, or its place gone from the page?`;
    case "no-offer":
    case "other-audience":
    case "other-dates":
    case "other-trust":
    case "other-website":
      return describeBreach(risk, nameOf);
  }
}

function describeBreach(breach: Breach, nameOf: NameOf): string {
  if (breach.kind === "no-offer") {
    return `${breach.variant} tells the code ${breach.code}, which no offer gives: it works only where Commerce lets everybody type it`;
  }
  const { variant, offer } = breach;
  const tells = `${variant} promises ${offer.coupon} (${offer.id})`;
  switch (breach.kind) {
    case "other-audience":
      return `${tells}, and is also shown to ${describeStranger(breach.shownTo, nameOf)}, who don’t get it: it is for ${describeWhom(offer.for, nameOf)}`;
    case "other-dates":
      return `${tells}, which is ${listWords(
        [
          ...(breach.fromMs === null ? [] : [`not given before ${formatMoment(breach.fromMs)}`]),
          ...(breach.untilMs === null ? [] : [`over from ${formatMoment(breach.untilMs)} on`]),
        ],
        "and",
      )}; the banner is shown for longer`;
    case "other-trust":
      return `${tells}, which is given by Adobe’s word alone; the banner is also shown to who only says so (trust: verified would mend it)`;
    case "other-website":
      return `${tells}, which is not given on ${listWords(breach.websites, "and")}`;
  }
}

function describeStranger(shownTo: readonly AudienceId[], nameOf: NameOf): string {
  if (shownTo.length === 0) return "shoppers in no audience";
  return `shoppers who are only in ${listWords(shownTo.map(nameOf), "and")}`;
}
