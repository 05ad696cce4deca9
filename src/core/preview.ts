/** Previews: what a signed link says of a page that is looked at before it is live, and until when it says so. */

import * as v from "valibot";
import type { AudienceId } from "./audience.ts";
import type { Membership } from "./membership.ts";
import type { Result } from "./result.ts";
import { readSignedPage, signedPage } from "./signed-page.ts";
import { trialMembership } from "./trial.ts";

export interface Preview {
  /** Where the link leads; whoever previews goes on from there. */
  readonly path: string;
  readonly audiences: readonly AudienceId[];
  /** The same in the words of whoever made the link. */
  readonly names: readonly string[];
  /** When the page is looked at; null: when it is opened. */
  readonly atMs: number | null;
  /** Under which digest the campaigns are kept that are not published; null: the live ones. */
  readonly campaigns: string | null;
  /** As whom of the splits; null: as whoever opens it. */
  readonly split: PreviewSplit | null;
  readonly expiresSeconds: number;
}

export interface PreviewSplit {
  /** Made up, for splits alone. */
  readonly visitor: string;
  /** Which variants that is, in the words of whoever made the link. */
  readonly words: readonly string[];
}

export const MAX_PREVIEW_DAYS = 30;

/** The link is also the cookie, of which a browser keeps 4 KB with its name and attributes. */
export const MAX_PREVIEW_TOKEN = 3_500;

const signedPreview = v.strictObject({
  ...signedPage,
  names: v.array(v.string()),
  split: v.optional(
    v.nullable(
      v.strictObject({
        visitor: v.pipe(v.string(), v.regex(/^preview-\d{1,9}$/)),
        words: v.array(v.string()),
      }),
    ),
    null,
  ),
});

/** The text that is signed; without a split, as a Worker from before there were any reads it. */
export function writePreview({ split, ...preview }: Preview): string {
  return JSON.stringify({ ...preview, ...(split && { split }) });
}

/** Of a text whose signature held. */
export function readPreview(text: string, nowSeconds: number): Result<Preview, "altered" | "expired"> {
  return readSignedPage(signedPreview, text, nowSeconds);
}

/**
 * What the banners of a preview are chosen by, and nothing else: as good as Adobe's word to them, because that is what
 * is looked at. It is never a visit's own membership, so it unlocks no offer and reaches neither Commerce nor Adobe.
 */
export function previewMembership({ audiences }: Pick<Preview, "audiences">): Membership {
  return trialMembership(audiences, "verified");
}
