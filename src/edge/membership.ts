/** Membership at the edge: the signed cookie, read and written; a backend that proves itself. */

import type { AudienceId } from "../core/audience.ts";
import { findCookie } from "../core/cookie.ts";
import { MEMBERSHIP_NAME, type SignedMembership } from "../core/membership.ts";
import { type AudienceDigests, decodeClaim, encodeClaim } from "../core/signed-membership.ts";
import type { Website } from "../core/website.ts";
import { digestText } from "./digest.ts";
import { equalsSecret } from "./secret.ts";
import type { Signer } from "./signing.ts";

/** `__Host-` (RFC 6265bis §4.1.3.2): Secure, no Domain, Path=/; a sibling host can't plant one. */
const OWN_HOST_PREFIX = "__Host-edge-audiences-";

/** With `cookieDomain`: Secure. What a sibling host plants is worth what its signature says. */
const DOMAIN_PREFIX = "__Secure-edge-audiences-";

/** Both, whichever a website uses now: what we signed goes neither to Commerce nor to Adobe. */
export const SIGNED_COOKIE_PREFIXES = [OWN_HOST_PREFIX, DOMAIN_PREFIX] as const;

/** A backend's secret; the membership header beside it is then as good as Adobe's word. */
export const BACKEND_HEADER = "edge-audiences-backend";

export function signedCookieName({ code, cookieDomain }: Pick<Website, "code" | "cookieDomain">): string {
  return (cookieDomain === null ? OWN_HOST_PREFIX : DOMAIN_PREFIX) + code;
}

export interface SignedQuestion {
  readonly cookies: string;
  readonly website: Website;
  readonly ecid: string | null;
  readonly digests: readonly AudienceDigests[];
  readonly nowMs: number;
}

/** What the signed cookie says, or why it counts for nothing; null where there is none. */
export async function readSignedCookie(
  signer: Signer | null,
  { cookies, website, ecid, digests, nowMs }: SignedQuestion,
): Promise<SignedMembership | null> {
  const token = findCookie(cookies, signedCookieName(website));
  return token === null ? null : readToken(signer, token, { website, ecid, digests, nowMs });
}

export async function readToken(
  signer: Signer | null,
  token: string,
  { website, ecid, digests, nowMs }: Omit<SignedQuestion, "cookies">,
): Promise<SignedMembership> {
  const bytes = token.length;
  if (signer === null) return { kind: "unsigned", reason: "signing-is-off", bytes };
  const verified = await signer.verify(token, website.code);
  if (!verified.ok) return { kind: "unsigned", reason: verified.error, bytes };
  const claim = decodeClaim({
    bytes: verified.value,
    nowSeconds: Math.floor(nowMs / 1000),
    expiresSeconds: website.expiresSeconds,
    visitor: ecid === null ? null : await digestText(ecid),
    digests,
  });
  if (!claim.ok) return { kind: "unsigned", reason: claim.error, bytes };
  const { audiences, issuedAtSeconds } = claim.value;
  return { kind: "signed", audiences, issuedAtSeconds, bytes };
}

/** Whether there is a signed cookie that could be taken away, whatever it is worth. */
export function holdsSignedCookie({ headers }: Request, website: Website): boolean {
  return findCookie(headers.get("cookie") ?? "", signedCookieName(website)) !== null;
}

/** What Adobe said of that ECID, as a token. */
export async function signMembership(
  signer: Signer,
  said: {
    readonly website: Pick<Website, "code">;
    readonly ecid: string;
    readonly audiences: ReadonlySet<AudienceId>;
    readonly digests: readonly AudienceDigests[];
    readonly nowMs: number;
  },
): Promise<string> {
  const { website, ecid, audiences, digests, nowMs } = said;
  const claim = { issuedAtSeconds: Math.floor(nowMs / 1000), visitor: await digestText(ecid), audiences };
  return signer.sign(encodeClaim(claim, digests), website.code);
}

/** The token as a `Set-Cookie` value. */
export function keepSignedCookie(website: Website, token: string): string {
  return setSignedCookie(website, token, website.expiresSeconds);
}

/** A `Set-Cookie` value that takes the signed membership away. */
export function endSignedCookie(website: Website): string {
  return setSignedCookie(website, "", 0);
}

function setSignedCookie(website: Website, value: string, maxAgeSeconds: number): string {
  const name = signedCookieName(website);
  const domain = website.cookieDomain === null ? "" : `; Domain=${website.cookieDomain}`;
  return `${name}=${value}; Path=/${domain}; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=Lax`;
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
