/** Adobe's identity in a browser: the cookies that carry it, and the ECID that one of them holds. */

import { mendCookieLines } from "./cookie.ts";
import { decodePercent } from "./percent.ts";

/** What each of Adobe's cookies of an organization starts with: `kndctr_ABC_AdobeOrg_`. */
export function adobeCookiePrefix(organizationId: string): string {
  return `kndctr_${organizationId.replace("@", "_")}_`;
}

export function adobeCookieName(organizationId: string, key: "identity" | "cluster" | "consent"): string {
  return adobeCookiePrefix(organizationId) + key;
}

/** An ECID has 38 digits; a few more or less are let through, should Adobe ever pad it otherwise. */
const ecidPattern = /^[0-9]{30,40}$/;

export function isEcid(text: string): boolean {
  return ecidPattern.test(text);
}

const MAX_IDENTITY_LENGTH = 1024;

/**
 * The ECID in the value of `kndctr_<ORG>_identity`: base64url of a protobuf message whose field 1 is the
 * digits as text (reference §3.4). The message is read to its end and strictly: a second field 1 would be the
 * one that a protobuf library takes, so it is no identity at all. Null for anything else.
 */
export function decodeEcid(value: string): string | null {
  if (value.length > MAX_IDENTITY_LENGTH) return null;
  const text = value.includes("%") ? decodePercent(value) : value;
  const bytes = text === null ? null : decodeBase64(text);
  const found = bytes === null ? null : readFirstField(bytes);
  if (found === null) return null;
  const ecid = String.fromCharCode(...found);
  return isEcid(ecid) ? ecid : null;
}

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Both alphabets, padding optional. Core has no `atob`. */
function decodeBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return null;
  const digits = text.replaceAll("=", "").replaceAll("-", "+").replaceAll("_", "/");
  if (digits.length % 4 === 1 || (text.length !== digits.length && text.length % 4 !== 0)) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | base64.indexOf(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 0xff;
    at += 1;
  }
  return bytes;
}

/** The bytes of field 1 (wire type 2) if the whole is one protobuf message that has it exactly once. */
function readFirstField(bytes: Uint8Array): Uint8Array | null {
  let found: Uint8Array | null = null;
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === null || tag.value > 0xffffffff) return null;
    const wireType = tag.value % 8;
    const field = Math.floor(tag.value / 8);
    const content = readContent(bytes, tag.next, wireType);
    if (field === 0 || content === null) return null;
    if (field === 1) {
      if (found !== null || wireType !== 2) return null;
      found = bytes.subarray(content.start, content.next);
    }
    at = content.next;
  }
  return found;
}

/** Where a field's content starts and ends; null where it is cut off, or of a type that is no more. */
function readContent(
  bytes: Uint8Array,
  at: number,
  wireType: number,
): { start: number; next: number } | null {
  if (wireType === 0) {
    const varint = readVarint(bytes, at);
    return varint === null ? null : { start: at, next: varint.next };
  }
  const length =
    wireType === 2
      ? readVarint(bytes, at)
      : { value: wireType === 1 ? 8 : wireType === 5 ? 4 : -1, next: at };
  if (length === null || length.value < 0 || length.value > bytes.length - length.next) return null;
  return { start: length.next, next: length.next + length.value };
}

/** At most ten bytes; beyond 2⁵³ not exact, but then refused as a tag and as a length anyway. */
function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return null;
}

/**
 * Adobe's cookies that are not of one organization. `demdex` lives on demdex.net, never honestly on a shop's
 * host; one named `FPID` would be a device id of the client's own choice. Neither goes to Adobe.
 */
const sharedCookies = new Set(["mbox", "mboxEdgeCluster", "at_qa_mode"]);

type CookieKind = "identity" | "legacy-identity" | "other";

/** Null for a cookie that is not Adobe's, or another organization's. */
function adobeCookieKind(name: string, organizationId: string): CookieKind | null {
  if (sharedCookies.has(name)) return "other";
  const prefix = adobeCookiePrefix(organizationId);
  if (name.startsWith(prefix) && /^[A-Za-z0-9_]{1,64}$/.test(name.slice(prefix.length))) {
    return name === adobeCookieName(organizationId, "identity") ? "identity" : "other";
  }
  const legacy = ["s_ecid", `AMCV_${organizationId}`, `AMCV_${organizationId.replace("@", "%40")}`];
  return legacy.includes(name) ? "legacy-identity" : null;
}

/**
 * What of a `Cookie` header may go to Adobe, or null. Of a name that is there twice only the first, which is
 * the one that we read ourselves. `AMCV_<ORG>` and `s_ecid` name an ECID too: only when they name that of the
 * identity cookie (the Web SDK moves older visitors over by itself). With `"fpid"` no cookie that names an
 * ECID goes, because Adobe would prefer it to our device id.
 */
export function keepAdobeCookies(
  cookieHeader: string,
  organizationId: string,
  identity: "ecid" | "fpid" = "ecid",
): string | null {
  const kept = new Map<string, { value: string; kind: CookieKind }>();
  for (const pair of mendCookieLines(cookieHeader).split(";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    const kind = adobeCookieKind(name, organizationId);
    if (kind !== null && !kept.has(name)) kept.set(name, { value: pair.slice(equals + 1).trim(), kind });
  }
  const ecid = decodeEcid(kept.get(adobeCookieName(organizationId, "identity"))?.value ?? "");
  const lines: string[] = [];
  for (const [name, { value, kind }] of kept) {
    if (identity === "fpid" && kind !== "other") continue;
    if (kind === "legacy-identity" && !namesOnly(value, ecid)) continue;
    lines.push(`${name}=${value}`);
  }
  return lines.length === 0 ? null : lines.join("; ");
}

/** `MCMID|<ECID>`, alone or among other pairs; encoded or not. */
function namesOnly(value: string, ecid: string | null): boolean {
  const named = (decodePercent(value) ?? "").match(/(?<=MCMID\|)[^|]*/g) ?? [];
  return ecid !== null && named.length > 0 && named.every((one) => one === ecid);
}

/** Name and value may have 4,096 bytes in a browser, each attribute 1,024 (RFC 6265bis). */
const MAX_SET_COOKIE_LENGTH = 8192;

/**
 * A `Set-Cookie` line of Adobe's as the shop may send it on, or null when it is not one of Adobe's cookies.
 * A `Domain` that is not the shop's host or a parent with a dot goes; the cookie is then the host's own.
 */
export function cleanAdobeSetCookie(line: string, organizationId: string, host: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break here would be a header of its own
  if (line.length > MAX_SET_COOKIE_LENGTH || /[\x00-\x08\x0a-\x1f\x7f]/.test(line)) return null;
  const [pair = "", ...attributes] = line.split(";");
  const name = pair.slice(0, Math.max(pair.indexOf("="), 0)).trim();
  if (adobeCookieKind(name, organizationId) === null) return null;
  const kept = attributes.filter((attribute) => {
    const domain = /^[ \t]*domain[ \t]*(?:=(.*))?$/i.exec(attribute);
    return domain === null || isOwnDomain(domain[1] ?? "", host);
  });
  return [pair.trim(), ...kept.map((attribute) => attribute.trim())].join("; ");
}

function isOwnDomain(written: string, host: string): boolean {
  const domain = written.trim().toLowerCase().replace(/^\./, "");
  const own = host.toLowerCase().replace(/:[0-9]+$/, "");
  return domain.includes(".") && (own === domain || own.endsWith(`.${domain}`));
}
