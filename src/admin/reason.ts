/** Why a shopper sees it or does not, as sentences: each reason of a plan in the words of the shop. */

import type { ChoiceReason, PassedReason } from "../core/banner.ts";
import type { OfferReason } from "../core/offer.ts";
import type { PassReason } from "../core/page.ts";

export function describeChoice(reason: ChoiceReason): string {
  switch (reason) {
    case "condition-holds":
      return "its condition holds, and no variant before it is for this shopper";
    case "no-condition-holds":
      return "none of its variants is for this shopper";
    case "admin-signed-in":
      return "who is signed in to Commerce’s admin sees what is really there";
    case "page-type-decides":
      return "its condition holds; whether the page is of its type is only known as it goes by";
    case "other-page-type":
      return "it is for pages of another type";
    case "content-pending":
    case "content-unanswered":
      return "Commerce has not given the block’s content (yet)";
    case "no-such-block":
      return "Commerce has no such block";
    case "content-too-long":
    case "unresolved-directive":
    case "breaks-page":
      return "the block’s content can’t be put into a page by itself";
    case "no-dynamic-blocks":
      return "this Commerce has no dynamic blocks";
    case "no-audience-id":
      return "this Commerce can’t say for whom a block is";
    case "other-store-view":
      return "it is for other store views";
    case "other-device":
      return "it is for other devices";
    case "other-banner-of-group":
      return "this visitor is dealt another banner of its group";
    case "no-membership":
    case "not-verified":
    case "not-scheduled":
    case "other-share":
    case "no-visitor":
    case "holdout":
      return describePassed(reason);
  }
}

export function describePassed(reason: PassedReason): string {
  switch (reason) {
    case "condition-fails":
      return "it is for other audiences";
    case "no-membership":
      return "this shopper is in no audience";
    case "not-verified":
      return "only the browser says so, and this banner believes Adobe alone";
    case "not-scheduled":
      return "it is not live at that time";
    case "other-share":
      return "this visitor is in the share of another variant, or in the rest";
    case "no-visitor":
      return "it is split, and nobody knows this browser: name a visitor to be dealt in";
    case "holdout":
      return "this visitor is kept back, to measure against";
  }
}

export function describeOfferReason(reason: OfferReason): string {
  switch (reason) {
    case "condition-holds":
      return "its condition holds";
    case "no-condition-holds":
      return "it is for other audiences";
    case "not-scheduled":
      return "it is not live at that time";
    case "no-membership":
      return "this shopper is in no audience";
    case "not-verified":
      return "only the browser says so, and this offer believes Adobe alone";
    case "no-offers":
      return "there are no offers";
  }
}

export function describePass(reason: PassReason): string {
  switch (reason) {
    case "no-banner-here":
      return "No banner stands on this page: it goes out byte for byte as Commerce sends it.";
    case "reserved-path":
      return "This is the shop’s machinery (cart, checkout, account, admin): no banner is ever put here.";
    case "no-campaigns":
      return "There are no campaigns, so every page is the store’s own.";
    case "staging-preview":
      return "Commerce’s own staging preview is left alone.";
    case "method":
    case "upgrade":
      return "This is no page that somebody opens.";
  }
}
