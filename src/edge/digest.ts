/** Digests: short names for audiences and visitors in what is signed, that tell nothing of them. */

import type { AudienceId } from "../core/audience.ts";
import { toHex } from "../core/hex.ts";
import { type AudienceDigests, collectDigests, DIGEST_BYTES } from "../core/signed-membership.ts";

/** Hex of the first bytes of the SHA-256. */
export async function digestText(text: string, length = DIGEST_BYTES): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return toHex(new Uint8Array(hash, 0, length));
}

export async function digestAudiences(ids: Iterable<AudienceId>): Promise<AudienceDigests> {
  const pairs = [...ids].map(async (id) => [id, await digestText(id)] as const);
  return collectDigests(await Promise.all(pairs));
}
