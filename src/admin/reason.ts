/** Why a shopper sees it or does not, as sentences: each reason of a plan in the words of the shop. */

import type { ChoiceReason, PassedReason } from "../core/banner.ts";
import type { OfferReason } from "../core/offer.ts";
import type { PassReason } from "../core/page.ts";

type Words<Reason extends string> = Readonly<Record<Reason, string>>;

/** Why a variant is not the one. */
export const passedWords: Words<PassedReason> = {
  "condition-fails": "it is for other audiences",
  "no-membership": "this shopper is in no audience",
  "not-verified": "only the browser says so, and this banner believes Adobe alone",
  "not-scheduled": "it is not live at that time",
  "other-share": "this visitor is in the share of another variant, or in the rest",
  "no-visitor": "it is split, and nobody knows this browser: name a visitor to be dealt in",
  holdout: "this visitor is kept back, to measure against",
};

const notYet = "Commerce has not given the block’s content (yet)";
const notByItself = "the block’s content can’t be put into a page by itself";

export const choiceWords: Words<ChoiceReason> = {
  ...passedWords,
  "condition-holds": "its condition holds, and no variant before it is for this shopper",
  "no-condition-holds": "none of its variants is for this shopper",
  "admin-signed-in": "who is signed in to Commerce’s admin sees what is really there",
  "page-type-decides": "its condition holds; whether the page is of its type is only known as it goes by",
  "other-page-type": "it is for pages of another type",
  "content-pending": notYet,
  "content-unanswered": notYet,
  "no-such-block": "Commerce has no such block",
  "content-too-long": notByItself,
  "unresolved-directive": notByItself,
  "breaks-page": notByItself,
  "no-dynamic-blocks": "this Commerce has no dynamic blocks",
  "no-audience-id": "this Commerce can’t say for whom a block is",
  "other-store-view": "it is for other store views",
  "other-device": "it is for other devices",
  "other-banner-of-group": "this visitor is dealt another banner of its group",
};

export const offerWords: Words<OfferReason> = {
  "condition-holds": "its condition holds",
  "no-condition-holds": passedWords["condition-fails"],
  "not-scheduled": passedWords["not-scheduled"],
  "no-membership": passedWords["no-membership"],
  "not-verified": "only the browser says so, and this offer believes Adobe alone",
  "no-offers": "there are no offers",
};

const noPage = "This is no page that somebody opens.";

/** Of a page that goes out as it is. */
export const passWords: Words<PassReason> = {
  "no-banner-here": "No banner stands on this page: it goes out byte for byte as Commerce sends it.",
  "reserved-path":
    "This is the shop’s machinery (cart, checkout, account, admin): no banner is ever put here.",
  "no-campaigns": "There are no campaigns, so every page is the store’s own.",
  "staging-preview": "Commerce’s own staging preview is left alone.",
  method: noPage,
  upgrade: noPage,
};
