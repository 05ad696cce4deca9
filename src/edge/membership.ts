/** Membership at the edge: the signed cookie, read and written; a backend that proves itself. */

import type { AudienceId } from "../core/audience.ts";
import { MEMBERSHIP_NAME, type SignedMembership } from "../core/membership.ts";
import { type AudienceDigests, decodeClaim, encodeClaim } from "../core/signed-membership.ts";
import type { Website } from "../core/website.ts";
import { digestText } from "./digest.ts";
import { findOwnCookie, setOwnCookie } from "./own-cookie.ts";
import { equalsSecret } from "./secret.ts";
import type { Signer } from "./signing.ts";

/** A backend's secret; the membership header beside it is then as good as Adobe's word. */
export const BACKEND_HEADER = "edge-audiences-backend";

export interface SignedQuestion {
  readonly cookies: string;
  readonly website: Website;
  /** To whom it has to be bound: the ECID or the device id that this browser presents. */
  readonly subject: string | null;
  readonly digests: readonly AudienceDigests[];
  readonly nowMs: number;
}

/** What the signed cookie says, or why it counts for nothing; null where there is none. */
export async function readSignedCookie(
  signer: Signer | null,
  { cookies, website, subject, digests, nowMs }: SignedQuestion,
): Promise<SignedMembership | null> {
  const token = findOwnCookie(cookies, website, "membership");
  return token === null ? null : readToken(signer, token, { website, subject, digests, nowMs });
}

export async function readToken(
  signer: Signer | null,
  token: string,
  { website, subject, digests, nowMs }: Omit<SignedQuestion, "cookies">,
): Promise<SignedMembership> {
  const bytes = token.length;
  if (signer === null) return { kind: "unsigned", reason: "signing-is-off", bytes };
  const verified = await signer.verify(token, website.code);
  if (!verified.ok) return { kind: "unsigned", reason: verified.error, bytes };
  const claim = decodeClaim({
    bytes: verified.value,
    nowSeconds: Math.floor(nowMs / 1000),
    expiresSeconds: website.expiresSeconds,
    visitor: subject === null ? null : await digestText(subject),
    digests,
  });
  if (!claim.ok) return { kind: "unsigned", reason: claim.error, bytes };
  const { audiences, issuedAtSeconds } = claim.value;
  return { kind: "signed", audiences, issuedAtSeconds, bytes };
}

/** Whether there is a signed cookie that could be taken away, whatever it is worth. */
export function holdsSignedCookie({ headers }: Request, website: Website): boolean {
  return findOwnCookie(headers.get("cookie") ?? "", website, "membership") !== null;
}

/** What Adobe said of that visitor, as a token. */
export async function signMembership(
  signer: Signer,
  said: {
    readonly website: Pick<Website, "code">;
    /** ECID or device id. */
    readonly subject: string;
    readonly audiences: ReadonlySet<AudienceId>;
    readonly digests: readonly AudienceDigests[];
    readonly nowMs: number;
  },
): Promise<string> {
  const { website, subject, audiences, digests, nowMs } = said;
  const claim = { issuedAtSeconds: Math.floor(nowMs / 1000), visitor: await digestText(subject), audiences };
  return signer.sign(encodeClaim(claim, digests), website.code);
}

/** The token as a `Set-Cookie` value. */
export function keepSignedCookie(website: Website, token: string): string {
  return setOwnCookie(website, "membership", token, website.expiresSeconds);
}

/** A `Set-Cookie` value that takes the signed membership away. */
export function endSignedCookie(website: Website): string {
  return setOwnCookie(website, "membership", "", 0);
}

/**
 * Whether a server of the merchant's says the membership, and not a browser. Two lines of it, which reach us
 * joined by ", ", are the server's and one that it passed on: nobody knows which is whose.
 */
export async function isBackend({ headers }: Request, secrets: readonly string[]): Promise<boolean> {
  const given = headers.get(BACKEND_HEADER);
  if (given === null || headers.get(MEMBERSHIP_NAME)?.includes(", ")) return false;
  const results = await Promise.all(secrets.map((secret) => equalsSecret(given, secret)));
  return results.includes(true);
}
