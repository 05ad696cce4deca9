/** Previews at the edge: what a browser previews, and what its banners are then chosen by. */

import type { BannerIndex } from "../core/banner.ts";
import type { Membership } from "../core/membership.ts";
import { type Preview, previewMembership } from "../core/preview.ts";
import type { Website } from "../core/website.ts";
import { describeError } from "./log.ts";
import { findOwnCookie } from "./own-cookie.ts";
import { readPreviewToken } from "./preview-token.ts";
import type { Services } from "./services.ts";

/** A preview as a request has it. */
export interface ShownPreview {
  readonly preview: Preview;
  readonly campaigns: "live" | "draft" | "gone";
  /** Of the campaigns that are previewed; null: there are none. */
  readonly index: BannerIndex | null;
  readonly membership: Membership;
  /** `hidden`: in the dashboard's frame, which says the same beside it. */
  readonly bar: "shown" | "hidden";
}

/** What this browser previews; null where its cookie is none, or counts for nothing. Never throws. */
export async function openPreview(
  cookies: string,
  website: Website,
  { previewSigner, drafts, log }: Pick<Services, "previewSigner" | "drafts" | "log">,
  live: BannerIndex | null,
  nowMs: number,
): Promise<ShownPreview | null> {
  try {
    const token = findOwnCookie(cookies, website, "preview");
    if (token === null || previewSigner === null) return null;
    const read = await readPreviewToken(previewSigner, token, website, nowMs);
    if (!read.ok) return null;
    const preview = read.value;
    const about = { preview, membership: previewMembership(preview), bar: "shown" } as const;
    if (preview.campaigns === null) return { ...about, campaigns: "live", index: live };
    const index = await drafts.load(preview.campaigns, website, nowMs);
    return { ...about, campaigns: index === null ? "gone" : "draft", index };
  } catch (error) {
    log.warn("preview-failed", { website: website.code, error: describeError(error) }, nowMs);
    return null;
  }
}

interface Previewable {
  readonly preview: ShownPreview | null;
  readonly membership: Membership;
  readonly visitor: string | null;
  readonly index: BannerIndex | null;
  readonly adminSignedIn: boolean;
  readonly startedAtMs: number;
}

/** What the banners of a visit are chosen by: its own, or what it previews. Who previews sees it though signed in to Commerce. */
export function bannerView({ preview, membership, visitor, index, adminSignedIn, startedAtMs }: Previewable) {
  if (preview === null)
    return { membership, visitor, index, adminSignedIn, nowMs: startedAtMs, marked: true };
  const { atMs, split } = preview.preview;
  return {
    membership: preview.membership,
    visitor: split?.visitor ?? visitor,
    index: preview.index,
    adminSignedIn: false,
    nowMs: atMs ?? startedAtMs,
    marked: false,
  };
}
