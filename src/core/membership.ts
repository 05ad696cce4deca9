/** Membership: the audiences one shopper is in, read from Adobe's cookie or header, and written for Commerce. */

import { type AudienceId, parseAudienceId } from "./audience.ts";
import type { Consent } from "./consent.ts";
import { fail, ok, type Result } from "./result.ts";

/** The name of both Adobe's cookie (Luma) and Adobe's GraphQL header (headless). */
export const MEMBERSHIP_NAME = "aep-segments-membership";

/** 250 audiences a destination is Adobe's guardrail; 250 UUIDs, percent-encoded, are 9.8 KB. */
export const MAX_MEMBERSHIP_BYTES = 16_384;
export const MAX_AUDIENCES = 512;

export type MembershipSource = "header" | "cookie";

/** `verified`: Adobe told us. `claimed`: a client told us. */
export type Trust = "verified" | "claimed";

export type UnreadableReason = "malformed" | "too-long" | "too-many";

/** A source that was there and did not count. Its length is told, never its value. */
export interface LostSource {
  readonly source: MembershipSource;
  readonly reason: UnreadableReason | "header-wins";
  readonly bytes: number;
}

export type Membership =
  | {
      readonly kind: "member";
      readonly source: MembershipSource;
      readonly trust: Trust;
      readonly audiences: ReadonlySet<AudienceId>;
      /** Ids that no list knows; they were taken out. Null where no list has ever been synced. */
      readonly unknown: number | null;
      readonly lost: readonly LostSource[];
    }
  | {
      readonly kind: "none";
      readonly reason: "absent" | "empty" | "unreadable" | "unknown-only" | "no-consent" | "undecided";
      readonly lost: readonly LostSource[];
    };

/** No membership, because we are not in a state to say one: the fail-open value. */
export const UNDECIDED: Membership = { kind: "none", reason: "undecided", lost: [] };

/**
 * One strict grammar for what Adobe's clients write: ids joined by commas, raw or percent-encoded once,
 * with stray commas and duplicates (Adobe's collector writes both), optionally quoted as a cookie may be.
 * A single id out of grammar refuses the whole value: it was not written by Adobe.
 */
export function decodeMembership(value: string): Result<ReadonlySet<AudienceId>, UnreadableReason> {
  if (value.length > MAX_MEMBERSHIP_BYTES) return fail("too-long");
  const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  const text = bare.includes("%") ? decodePercent(bare) : bare;
  if (text === null) return fail("malformed");
  const audiences = new Set<AudienceId>();
  for (const part of text.split(",")) {
    const trimmed = part.trim();
    if (trimmed === "") continue;
    const id = parseAudienceId(trimmed);
    if (id === null) return fail("malformed");
    audiences.add(id);
    if (audiences.size > MAX_AUDIENCES) return fail("too-many");
  }
  return ok(audiences);
}

export interface MembershipQuestion {
  readonly header: string | null;
  readonly cookie: string | null;
  readonly consent: Consent;
  /** The audiences that the synced list or the campaigns name; null where no list was ever synced. */
  readonly known: ReadonlySet<AudienceId> | null;
}

/** At equal trust the header wins over the cookie, also when it says "in none"; an unreadable one does not. */
export function readMembership({ header, cookie, consent, known }: MembershipQuestion): Membership {
  if (consent.kind === "refused") return { kind: "none", reason: "no-consent", lost: [] };
  const lost: LostSource[] = [];
  for (const [source, value] of [
    ["header", header],
    ["cookie", cookie],
  ] as const) {
    if (value === null) continue;
    const decoded = decodeMembership(value);
    if (!decoded.ok) {
      lost.push({ source, reason: decoded.error, bytes: value.length });
      continue;
    }
    if (source === "header" && cookie !== null) {
      lost.push({ source: "cookie", reason: "header-wins", bytes: cookie.length });
    }
    return keepKnown(source, decoded.value, known, lost);
  }
  return { kind: "none", reason: lost.length > 0 ? "unreadable" : "absent", lost };
}

function keepKnown(
  source: MembershipSource,
  claimed: ReadonlySet<AudienceId>,
  known: ReadonlySet<AudienceId> | null,
  lost: readonly LostSource[],
): Membership {
  if (claimed.size === 0) return { kind: "none", reason: "empty", lost };
  if (known === null) {
    return { kind: "member", source, trust: "claimed", audiences: claimed, unknown: null, lost };
  }
  const audiences = new Set<AudienceId>();
  for (const id of claimed) if (known.has(id)) audiences.add(id);
  if (audiences.size === 0) return { kind: "none", reason: "unknown-only", lost };
  const unknown = claimed.size - audiences.size;
  return { kind: "member", source, trust: "claimed", audiences, unknown, lost };
}

/** How Commerce is told: Adobe's documentation says urlencoded; its reader is private, so `raw` is there too. */
export type MembershipEncoding = "urlencoded" | "raw";

export interface EncodedMembership {
  readonly text: string;
  readonly sent: number;
  /** Audiences that did not fit. */
  readonly cut: number;
}

/**
 * The canonical form: sorted, so that equal memberships are equal bytes. Those that the campaigns use are
 * the last to be cut when it gets longer than `maxBytes`.
 */
export function encodeMembership(
  audiences: ReadonlySet<AudienceId>,
  options: {
    readonly encoding: MembershipEncoding;
    readonly maxBytes: number;
    readonly preferred: ReadonlySet<AudienceId>;
  },
): EncodedMembership {
  const { encoding, maxBytes, preferred } = options;
  const separator = encoding === "raw" ? "," : "%2C";
  const sorted = [...audiences].sort();
  const inOrder = [...sorted.filter((id) => preferred.has(id)), ...sorted.filter((id) => !preferred.has(id))];
  const fitting: string[] = [];
  let bytes = -separator.length;
  for (const id of inOrder) {
    const encoded = encoding === "raw" ? id : encodeURIComponent(id);
    if (bytes + separator.length + encoded.length > maxBytes) break;
    bytes += separator.length + encoded.length;
    fitting.push(encoded);
  }
  return {
    text: fitting.sort().join(separator),
    sent: fitting.length,
    cut: audiences.size - fitting.length,
  };
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
