/** A membership as bytes for a signed cookie: compact, so that Adobe's 250 audiences fit into 2.8 KB. */

import type { AudienceId } from "./audience.ts";
import { fromHex, toHex } from "./hex.ts";
import type { UnsignedReason } from "./membership.ts";
import { fail, ok, type Result } from "./result.ts";

/** Bytes of SHA-256 that stand for an audience, and for a visitor. */
export const DIGEST_BYTES = 8;

const FORMAT = 1;
const HEAD_BYTES = 1 + 4 + DIGEST_BYTES;
/** A browser keeps no cookie over 4 KB; the base64 of 300 digests and the head fit. */
const MAX_SIGNED_AUDIENCES = 300;

/** How far a clock of another data centre may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

/** Lower-case hex of the first 8 bytes of the SHA-256 of an audience's id, and back. */
export interface AudienceDigests {
  readonly byId: ReadonlyMap<AudienceId, string>;
  readonly byDigest: ReadonlyMap<string, AudienceId>;
}

export interface SignedClaim {
  readonly issuedAtSeconds: number;
  /** Hex of the first 8 bytes of the SHA-256 of the visitor's ECID, or of our device id. */
  readonly visitor: string;
  readonly audiences: ReadonlySet<AudienceId>;
}

/**
 * What can be signed of them, with their digests, in the order of these. What nobody here knows is left out:
 * neither a banner nor Commerce could do anything with it.
 */
export function signableAudiences(
  audiences: ReadonlySet<AudienceId>,
  digests: readonly AudienceDigests[],
): ReadonlyMap<AudienceId, string> {
  const known: [AudienceId, string][] = [];
  for (const id of audiences) {
    const digest = digests.find(({ byId }) => byId.has(id))?.byId.get(id);
    if (digest !== undefined) known.push([id, digest]);
  }
  known.sort(([, a], [, b]) => (a < b ? -1 : 1));
  return new Map(known.slice(0, MAX_SIGNED_AUDIENCES));
}

export function encodeClaim(claim: SignedClaim, digests: readonly AudienceDigests[]): Uint8Array {
  const kept = [...signableAudiences(claim.audiences, digests).values()];
  const bytes = new Uint8Array(HEAD_BYTES + kept.length * DIGEST_BYTES);
  bytes[0] = FORMAT;
  new DataView(bytes.buffer).setUint32(1, claim.issuedAtSeconds);
  bytes.set(fromHex(claim.visitor), 5);
  for (const [index, digest] of kept.entries()) bytes.set(fromHex(digest), HEAD_BYTES + index * DIGEST_BYTES);
  return bytes;
}

export interface ClaimQuestion {
  readonly bytes: Uint8Array;
  readonly nowSeconds: number;
  readonly expiresSeconds: number;
  /** null: this browser presents neither. */
  readonly visitor: string | null;
  readonly digests: readonly AudienceDigests[];
}

/** Of bytes whose signature held: in time, of this visitor, and in audiences that are still known. */
export function decodeClaim(question: ClaimQuestion): Result<SignedClaim, UnsignedReason> {
  const { bytes, nowSeconds, expiresSeconds, visitor, digests } = question;
  const whole = bytes.length >= HEAD_BYTES && (bytes.length - HEAD_BYTES) % DIGEST_BYTES === 0;
  if (!whole || bytes[0] !== FORMAT) return fail("altered");
  const issuedAtSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (issuedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) return fail("from-the-future");
  if (nowSeconds - issuedAtSeconds >= expiresSeconds) return fail("expired");
  const subject = toHex(bytes.subarray(5, HEAD_BYTES));
  if (visitor === null) return fail("no-visitor");
  if (subject !== visitor) return fail("other-visitor");
  const audiences = new Set<AudienceId>();
  for (let at = HEAD_BYTES; at < bytes.length; at += DIGEST_BYTES) {
    const digest = toHex(bytes.subarray(at, at + DIGEST_BYTES));
    const id = digests.find(({ byDigest }) => byDigest.has(digest))?.byDigest.get(digest);
    if (id !== undefined) audiences.add(id);
  }
  return ok({ issuedAtSeconds, visitor: subject, audiences });
}

/** Two audiences with one digest could be taken for each other: neither is signed. */
export function collectDigests(pairs: readonly (readonly [AudienceId, string])[]): AudienceDigests {
  const byId = new Map(pairs);
  const byDigest = new Map<string, AudienceId>();
  const ambiguous = new Set<string>();
  for (const [id, digest] of byId) {
    if (byDigest.has(digest)) ambiguous.add(digest);
    byDigest.set(digest, id);
  }
  for (const digest of ambiguous) byDigest.delete(digest);
  for (const [id, digest] of pairs) if (ambiguous.has(digest)) byId.delete(id);
  return { byId, byDigest };
}
