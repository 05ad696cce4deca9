/** Trouble that is counted: what was refused and why, and pages for which Commerce took too long. */

import type { DataPoint } from "./exposure.ts";
import type { LostSource, Membership } from "./membership.ts";

export type Trouble =
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "overrun"; readonly reason: "page-deadline" };

/**
 * What nobody but a forger or a mistake sends. What is merely beaten or too old comes with every page of some shops,
 * and says nothing.
 */
const telling: ReadonlySet<LostSource["reason"]> = new Set([
  "altered",
  "other-visitor",
  "unknown-key",
  "from-the-future",
  "malformed",
  "too-long",
  "too-many",
]);

export function troublesOf(
  membership: Membership,
  page: { readonly status: number; readonly originMs: number | null; readonly deadlineMs: number | null },
): readonly Trouble[] {
  const refused = membership.lost
    .filter(({ reason }) => telling.has(reason))
    .map(({ source, reason }) => ({ kind: "refused", reason: `${source} ${reason}` }) as const);
  const { status, originMs, deadlineMs } = page;
  const late = status === 504 && deadlineMs !== null && originMs !== null && originMs >= deadlineMs;
  return late ? [...refused, { kind: "overrun", reason: "page-deadline" }] : refused;
}

/** Why a call of the Web SDK's was not signed although nothing was wrong with it. */
const harmless: ReadonlySet<string> = new Set([
  "not-interact",
  "no-consent",
  "not-known-yet",
  "signing-is-off",
  "status",
  "no-body",
  "unreachable",
]);

export function unsignedTrouble(reason: string | null): readonly Trouble[] {
  return reason === null || harmless.has(reason) ? [] : [{ kind: "refused", reason: `web-sdk ${reason}` }];
}

/** The columns of `docs/counting.md`; of a shopper there is nothing in it. */
export function troublePoint({ kind, reason }: Trouble, website: string): DataPoint {
  return { indexes: [website], blobs: [website, "", "", reason, "", "", kind, ""], doubles: [] };
}
