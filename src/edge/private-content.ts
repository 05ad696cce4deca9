/** Private content at the edge: when a membership changes, Luma's and Hyvä's own scripts are made to reload the cart. */

import type { AudienceId } from "../core/audience.ts";
import { audiencesOf } from "../core/membership.ts";
import { planPrivateContent } from "../core/private-content.ts";
import { signableAudiences } from "../core/signed-membership.ts";
import { endSignedCookie, holdsSignedCookie } from "./membership.ts";
import type { Visit } from "./visit.ts";

/**
 * Time enough for the next page after a call of the Web SDK. Luma's script empties the cookie as soon as it has
 * asked for the sections; where it writes for another domain than the host's own, this is when it ends.
 */
const CLEAN_SECONDS = 900;

/** As Commerce sets it: ten years. */
const VERSION_SECONDS = 315_360_000;

/** `Set-Cookie` values that take the signed cookie away, and what Commerce made of it in the browser. */
export function endMembership(visit: Visit): string[] {
  if (!holdsSignedCookie(visit.request, visit.website)) return [];
  return [endSignedCookie(visit.website), ...reloadPrivateContent(visit, new Set())];
}

/** Where Adobe has just answered. */
export function reloadAnswered(visit: Visit): string[] {
  return visit.claims.answered === null ? [] : reloadPrivateContent(visit, audiencesOf(visit.membership));
}

/**
 * `Set-Cookie` values beside a signed cookie with those audiences, for an answer that no cache stores.
 * `section_data_clean` is what Commerce itself sets where a store view is switched: Luma's `customer-data.js`
 * then reloads every section, on this page or the next one. Hyvä reloads them when `private_content_version` is
 * another one than it last saw (docs.hyva.io, "Working with sectionData"). Adobe Commerce's dynamic blocks need
 * nothing: their storage is good for 30 seconds (`cacheTtl` in the page).
 */
export function reloadPrivateContent(
  { request, website, claims, digests }: Visit,
  audiences: ReadonlySet<AudienceId>,
): string[] {
  const { signed } = claims;
  const plan = planPrivateContent({
    website,
    cookies: request.headers.get("cookie") ?? "",
    before: signed?.kind === "signed" ? signed.audiences : null,
    after: new Set(signableAudiences(audiences, digests).keys()),
  });
  if (plan.kind === "keep") return [];
  const version = crypto.randomUUID().replaceAll("-", "");
  return [
    // Not a number and not true: those are empty to underscore's isEmpty, which Luma's script asks.
    `section_data_clean=reload; Path=/; Max-Age=${CLEAN_SECONDS}; Secure; SameSite=Lax`,
    `private_content_version=${version}; Path=/; Max-Age=${VERSION_SECONDS}; Secure; SameSite=Lax`,
  ];
}
