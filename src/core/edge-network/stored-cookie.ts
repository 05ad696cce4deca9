/** Cookies that Adobe asks its client to keep (`state:store`), read from an answer and written for a browser. */

import { adobeCookiePrefix } from "../identity.ts";
import { isRecord } from "../record.ts";

export interface StoredCookie {
  readonly name: string;
  /** As it stands in a `Set-Cookie` line: `;`, `,`, `%`, `"`, `\` and spaces percent-encoded. */
  readonly value: string;
  readonly maxAgeSeconds: number;
  readonly sameSite: "Strict" | "Lax" | "None" | null;
}

const MAX_STORED = 32;

/** An entry that can't be a cookie of this organization is left out: losing one is no loss of ours. */
export function readStored(items: readonly unknown[], organizationId: string): readonly StoredCookie[] {
  const stored = new Map<string, StoredCookie>();
  for (const item of items) {
    const cookie = isRecord(item) ? readCookie(item, organizationId) : null;
    if (cookie === null) continue;
    stored.delete(cookie.name);
    if (stored.size < MAX_STORED) stored.set(cookie.name, cookie);
  }
  return [...stored.values()];
}

/** 400 days are what browsers allow a cookie at most; Adobe's longest has 395. */
const MAX_AGE_SECONDS = 34_560_000;

function readCookie(item: Readonly<Record<string, unknown>>, organizationId: string): StoredCookie | null {
  const { key, value, maxAge, attrs } = item;
  if (typeof key !== "string" || typeof value !== "string" || typeof maxAge !== "number") return null;
  const prefix = adobeCookiePrefix(organizationId);
  if (!key.startsWith(prefix) || !/^[A-Za-z0-9_]{1,64}$/.test(key.slice(prefix.length))) return null;
  if (!/^[\x20-\x7e]{0,3072}$/.test(value)) return null;
  const encoded = value.replace(/[%;, "\\]/g, encodeURIComponent);
  const maxAgeSeconds = Math.min(Math.max(Math.floor(maxAge), 0), MAX_AGE_SECONDS);
  const sameSite = readSameSite(isRecord(attrs) ? attrs["SameSite"] : null);
  return { name: key, value: encoded, maxAgeSeconds, sameSite };
}

function readSameSite(value: unknown): StoredCookie["sameSite"] {
  if (typeof value !== "string") return null;
  const lower = value.toLowerCase();
  if (lower === "none") return "None";
  if (lower === "lax") return "Lax";
  return lower === "strict" ? "Strict" : null;
}

/**
 * The `Set-Cookie` line: the cookie that the Web SDK would write itself, of the same domain, so that it finds
 * one and not two. Not HttpOnly, because the Web SDK reads it; always Secure, which `SameSite=None` needs.
 */
export function writeStoredCookie(cookie: StoredCookie, domain: string | null): string {
  const { name, value, maxAgeSeconds, sameSite } = cookie;
  const parts = [`${name}=${value}`, "Path=/", `Max-Age=${maxAgeSeconds}`, "Secure"];
  if (domain !== null) parts.push(`Domain=${domain}`);
  if (sameSite !== null) parts.push(`SameSite=${sameSite}`);
  return parts.join("; ");
}
