/** What a browser is told of its banners: what stands where, and nothing of why. */

import { markHtml } from "./banner-mark.ts";
import type { PagePlan } from "./page.ts";
import { htmlOf } from "./put.ts";
import { fail, ok, type Result } from "./result.ts";

export interface BannersQuestion {
  /** As it stands in the address bar; what follows a "?" or "#" in it never matters. */
  readonly path: string;
  /** Null for all that stand there. */
  readonly banner: string | null;
}

/** The query of a request, as `URLSearchParams` reads it. */
export interface Query {
  getAll(name: string): readonly string[];
}

const MAX_PATH_LENGTH = 2_000;
const MAX_ID_LENGTH = 100;

/** A failure is a sentence that repeats nothing of what was sent. Other parameters count for nothing. */
export function parseBannersQuestion(query: Query): Result<BannersQuestion, string> {
  const [path, ...otherPaths] = query.getAll("path");
  const [banner = null, ...otherBanners] = query.getAll("banner");
  if (path === undefined) return fail("Say of which page: ?path=/ and what else stands in its address.");
  if (otherPaths.length > 0) return fail("One path at a time.");
  if (!path.startsWith("/")) return fail('A path starts with "/".');
  if (path.length > MAX_PATH_LENGTH) return fail(`A path has at most ${MAX_PATH_LENGTH} characters.`);
  if (otherBanners.length > 0) return fail("One banner at a time, or none for all of the page.");
  if (banner === "") return fail("Name the banner, or leave it out for all of the page.");
  if (banner !== null && banner.length > MAX_ID_LENGTH)
    return fail(`A banner's id has at most ${MAX_ID_LENGTH} characters.`);
  return ok({ path, banner });
}

export interface BannersAnswer {
  readonly banners: readonly { readonly banner: string; readonly html: string }[];
}

/**
 * A banner that is not there, one of another page and one without anything for this shopper look alike: none of them
 * is in the list. Variants have no names here; most are an audience's.
 */
export function answerBanners(plan: PagePlan, wanted: string | null): BannersAnswer {
  if (plan.kind !== "personalize") return { banners: [] };
  return {
    banners: plan.edits
      .filter(({ banner, pageTypes }) => pageTypes === null && (wanted === null || banner === wanted))
      .flatMap(({ banner, put, mark }) => {
        const html = htmlOf(put);
        return html === null ? [] : [{ banner, html: mark === null ? html : markHtml(html, mark) }];
      }),
  };
}
