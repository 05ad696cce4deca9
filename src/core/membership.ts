/** Membership: the audiences one shopper is in, read from Adobe's cookie or header, and written for Commerce. */

import { type AudienceId, parseAudienceId } from "./audience.ts";
import type { Consent } from "./consent.ts";
import { decodePercent } from "./percent.ts";
import { fail, ok, type Result } from "./result.ts";

/** The name of both Adobe's cookie (Luma) and Adobe's GraphQL header (headless). */
export const MEMBERSHIP_NAME = "aep-segments-membership";

/** 250 audiences a destination is Adobe's guardrail; 250 UUIDs, percent-encoded, are 9.8 KB. */
export const MAX_MEMBERSHIP_BYTES = 16_384;
export const MAX_AUDIENCES = 512;

/**
 * `edge-network`: Adobe, asked just now. `signed-cookie`: ours, of Adobe's own answer. `backend`: the header of a server
 * that showed its secret. `preview`: nobody's; what the banners of a previewed page are chosen by.
 */
export type MembershipSource = "edge-network" | "signed-cookie" | "backend" | "header" | "cookie" | "preview";

/** `verified`: Adobe told us, or a backend that proved itself. `claimed`: a client told us. */
export type Trust = "verified" | "claimed";

export function isTrusted(trust: Trust, demanded: Trust): boolean {
  return demanded === "claimed" || trust === "verified";
}

/** Why a signed membership is none. */
export type UnsignedReason =
  | "altered"
  | "expired"
  | "other-visitor"
  | "no-visitor"
  | "unknown-key"
  | "from-the-future"
  | "signing-is-off";

export type UnreadableReason = "malformed" | "too-long" | "too-many";

/** A source that was there and did not count. Its length is told, never its value. */
export interface LostSource {
  readonly source: MembershipSource;
  readonly reason: UnreadableReason | UnsignedReason | "header-wins" | "verified-wins";
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
      /** Who says so: `verified` is Adobe's own "in no audience", over which no claim counts. */
      readonly trust: Trust;
      readonly lost: readonly LostSource[];
    };

/** The audiences of a membership; of none, none. */
export function audiencesOf(membership: Membership): ReadonlySet<AudienceId> {
  return membership.kind === "member" ? membership.audiences : new Set();
}

/** No membership, because we are not in a state to say one: the fail-open value. */
export const UNDECIDED: Membership = { kind: "none", reason: "undecided", trust: "claimed", lost: [] };

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

/** What the signed cookie said, or why it counts for nothing; null where there is none. */
export type SignedMembership =
  | {
      readonly kind: "signed";
      readonly audiences: ReadonlySet<AudienceId>;
      readonly issuedAtSeconds: number;
      readonly bytes: number;
    }
  | { readonly kind: "unsigned"; readonly reason: UnsignedReason; readonly bytes: number };

export interface MembershipQuestion {
  /** What Adobe answered to us just now; null where it was not asked, or not in time. */
  readonly answered: ReadonlySet<AudienceId> | null;
  readonly signed: SignedMembership | null;
  readonly header: string | null;
  /** Whether the header came with a backend's secret. */
  readonly fromBackend: boolean;
  readonly cookie: string | null;
  readonly consent: Consent;
  /** The audiences that the synced list or the campaigns name; null where no list was ever synced. */
  readonly known: ReadonlySet<AudienceId> | null;
}

/** One source that was there: what it says, or why it can't be read. */
interface Candidate {
  readonly source: MembershipSource;
  readonly trust: Trust;
  readonly bytes: number;
  readonly read: Result<ReadonlySet<AudienceId>, LostSource["reason"]>;
}

/**
 * Higher trust wins; at equal trust the header wins over the cookie. A source that can be read wins also
 * when it says "in none"; one that can't does not.
 */
export function readMembership(question: MembershipQuestion): Membership {
  if (question.consent.kind === "refused") {
    return { kind: "none", reason: "no-consent", trust: "claimed", lost: [] };
  }
  const candidates = findCandidates(question);
  const winner = candidates.find(({ read }) => read.ok);
  const lost = candidates
    .filter((candidate) => candidate !== winner)
    .map(({ source, read, bytes, trust }): LostSource => {
      const beaten = winner?.trust === trust ? "header-wins" : "verified-wins";
      return { source, reason: read.ok ? beaten : read.error, bytes };
    });
  if (!winner?.read.ok) {
    return { kind: "none", reason: lost.length > 0 ? "unreadable" : "absent", trust: "claimed", lost };
  }
  return keepKnown(winner, winner.read.value, question.known, lost);
}

/** In the order in which they win. */
function findCandidates(question: MembershipQuestion): Candidate[] {
  const { answered, signed, header, fromBackend, cookie } = question;
  const candidates: Candidate[] = [];
  const add = (source: MembershipSource, trust: Trust, value: string) =>
    candidates.push({ source, trust, bytes: value.length, read: decodeMembership(value) });
  if (header !== null && fromBackend) add("backend", "verified", header);
  if (answered !== null) {
    candidates.push({ source: "edge-network", trust: "verified", bytes: 0, read: ok(answered) });
  }
  if (signed !== null) {
    const read = signed.kind === "signed" ? ok(signed.audiences) : fail(signed.reason);
    candidates.push({ source: "signed-cookie", trust: "verified", bytes: signed.bytes, read });
  }
  if (header !== null && !fromBackend) add("header", "claimed", header);
  if (cookie !== null) add("cookie", "claimed", cookie);
  return candidates;
}

function keepKnown(
  { source, trust }: Candidate,
  said: ReadonlySet<AudienceId>,
  known: ReadonlySet<AudienceId> | null,
  lost: readonly LostSource[],
): Membership {
  if (said.size === 0) return { kind: "none", reason: "empty", trust, lost };
  if (known === null) return { kind: "member", source, trust, audiences: said, unknown: null, lost };
  const audiences = new Set<AudienceId>();
  for (const id of said) if (known.has(id)) audiences.add(id);
  if (audiences.size === 0) return { kind: "none", reason: "unknown-only", trust, lost };
  return { kind: "member", source, trust, audiences, unknown: said.size - audiences.size, lost };
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
