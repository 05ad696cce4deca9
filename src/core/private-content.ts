/** Private content: whether the cart that Luma and Hyvä keep in the browser still tells the truth. */

import type { AudienceId } from "./audience.ts";
import { findCookie } from "./cookie.ts";
import type { Website } from "./website.ts";

export type PrivateContentPlan =
  | { readonly kind: "reload"; readonly reason: "audiences-changed" | "before-unknown" }
  | { readonly kind: "keep"; readonly reason: "headless" | "nothing-kept" | "same-audiences" };

export interface PrivateContentQuestion {
  readonly website: Pick<Website, "storefront">;
  /** The `Cookie` header. */
  readonly cookies: string;
  /** Of the signed cookie that the browser holds; null: none that counts, and its last one may have lapsed. */
  readonly before: ReadonlySet<AudienceId> | null;
  /** Of the one that it is given now. */
  readonly after: ReadonlySet<AudienceId>;
}

/**
 * A membership unlocks cart price rules, but the mini-cart is a copy in local storage that only a POST of the
 * shopper's own throws away. A browser that never had private content has neither cookie: there is no copy yet.
 */
export function planPrivateContent(question: PrivateContentQuestion): PrivateContentPlan {
  const { website, cookies, before, after } = question;
  // A headless storefront asks GraphQL for its cart, each time.
  if (website.storefront === "headless") return { kind: "keep", reason: "headless" };
  const kept = ["section_data_ids", "private_content_version"].some(
    (name) => findCookie(cookies, name) !== null,
  );
  if (!kept) return { kind: "keep", reason: "nothing-kept" };
  if (before === null) return { kind: "reload", reason: "before-unknown" };
  const same = before.size === after.size && [...after].every((id) => before.has(id));
  return same ? { kind: "keep", reason: "same-audiences" } : { kind: "reload", reason: "audiences-changed" };
}
