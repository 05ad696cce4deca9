/** `--split home-hero=b,aside=holdout`: as whom of a split somebody wants to look at a page. */

import type { Banner } from "../../src/core/banner.ts";
import type { Membership } from "../../src/core/membership.ts";
import { findVisitor, type SplitWish } from "../../src/core/preview-split.ts";
import { suggestion } from "../../src/core/problem.ts";
import { wrongUsage } from "../command.ts";

export interface PinnedSplit {
  readonly visitor: string;
  /** In the words of whoever asked. */
  readonly words: readonly string[];
}

/** null: nothing is asked for. */
export function readSplit(
  written: readonly string[],
  banners: readonly Banner[],
  shopper: { readonly membership: Membership; readonly nowMs: number },
): PinnedSplit | null {
  const words = written.flatMap((text) => text.split(",")).filter((word) => word.trim() !== "");
  if (words.length === 0) return null;
  const wishes = words.map((word) => readWish(word.trim(), banners));
  const visitor = findVisitor(wishes, shopper);
  if (visitor !== null) {
    return { visitor, words: wishes.map((wish) => `${wish.banner.id} ${wish.variant ?? "holdout"}`) };
  }
  throw wrongUsage(
    `Nobody in these audiences is dealt ${words.join(" and ")} then: look at the conditions, the shares and the schedule.`,
  );
}

function readWish(word: string, banners: readonly Banner[]): SplitWish {
  const [id = "", variant = ""] = word.split("=", 2);
  const banner = banners.find((one) => one.id === id);
  if (banner === undefined) {
    const near = suggestion(
      id,
      banners.map((one) => one.id),
    );
    throw wrongUsage(
      `--split is a banner and its variant, like home-hero=b; there is no banner "${id}"${near}`,
    );
  }
  const named = banner.variants.some((one) => one.id === variant);
  if (!named && variant === "holdout" && banner.holdout > 0) return { banner, variant: null };
  if (named) return { banner, variant };
  const known = [...banner.variants.map((one) => one.id), ...(banner.holdout > 0 ? ["holdout"] : [])];
  throw wrongUsage(`The banner ${id} has no "${variant}"; it has ${known.join(", ")}.`);
}
