/** Who the body of a Web SDK call says the visitor is, in every place where Adobe could read it. */

import { adobeCookieName, adobeCookiePrefix, decodeEcid } from "../identity.ts";
import { isRecord } from "../record.ts";
import { foldName } from "./spelling.ts";

export type ClaimReason =
  | "config-overrides"
  | "malformed-identity"
  | "several-primaries"
  | "foreign-identity"
  | "foreign-device"
  | "foreign-state";

/** What is known of the visitor without the body. */
export interface OwnIdentity {
  readonly ecid: string | null;
  readonly fpid: string | null;
  readonly organizationId: string;
}

/**
 * Null when nothing in it speaks of anybody else. Every object of the body is looked at, under names in any
 * spelling: an identity map under `data` may be mapped by the merchant's datastream, and a refusal costs
 * only that this one answer is not signed.
 */
export function judgeBody(body: unknown, own: OwnIdentity): ClaimReason | null {
  const waiting: unknown[] = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") {
      if (looksLikeEcid(value) && value !== own.ecid) return "foreign-identity";
    } else if (Array.isArray(value)) {
      for (const item of value) waiting.push(item);
    } else if (isRecord(value)) {
      for (const [name, child] of Object.entries(value)) {
        const reason = judgeField(foldName(name), child, own);
        if (reason !== null) return reason;
        waiting.push(child);
      }
    }
  }
  return null;
}

/** 38 digits are nothing but an ECID, wherever they stand; a schema may call any field an identity. */
function looksLikeEcid(text: string): boolean {
  return text.length >= 30 && text.length <= 64 && /^[0-9]{30,40}$/.test(text.trim());
}

function judgeField(name: string, value: unknown, own: OwnIdentity): ClaimReason | null {
  switch (name) {
    case "configoverrides":
      return "config-overrides";
    case "identitymap":
      return judgeIdentityMap(value, own);
    case "state":
      return judgeState(value, own);
    case "enduserids":
      // The identities of Adobe Analytics' older schema; the Web SDK never writes them.
      return "foreign-identity";
    case "personid":
    case "ecid":
    case "mcid":
      return judgeNamed(value, own.ecid, "foreign-identity");
    case "fpid":
      return judgeNamed(value, own.fpid, "foreign-device");
    default:
      return null;
  }
}

/** A field that by its name holds one identity, like the collector's `personID`, its copy of the ECID. */
function judgeNamed(value: unknown, own: string | null, foreign: ClaimReason): ClaimReason | null {
  if (value === null || value === "" || typeof value === "object") return null;
  if (typeof value !== "string") return "malformed-identity";
  return value === own ? null : foreign;
}

function judgeIdentityMap(map: unknown, own: OwnIdentity): ClaimReason | null {
  if (!isRecord(map)) return "malformed-identity";
  let primaries = 0;
  for (const [namespace, identities] of Object.entries(map)) {
    if (!Array.isArray(identities)) return "malformed-identity";
    for (const written of identities) {
      const identity = readIdentity(written);
      if (identity === null) return "malformed-identity";
      const reason = judgeIdentity(namespace, identity, own);
      if (reason !== null) return reason;
      primaries += identity.primary ? 1 : 0;
    }
  }
  return primaries > 1 ? "several-primaries" : null;
}

interface Identity {
  readonly id: string;
  readonly primary: boolean;
}

/** Strict where another parser could be lenient: `primary: "true"`, `Primary`, an id that is a number. */
function readIdentity(written: unknown): Identity | null {
  if (!isRecord(written)) return null;
  for (const name of Object.keys(written)) {
    const folded = foldName(name);
    if ((folded === "id" || folded === "primary") && name !== folded) return null;
    if (folded === "namespace" || folded === "xid") return null;
  }
  const { id, primary = false } = written;
  return typeof id === "string" && typeof primary === "boolean" ? { id, primary } : null;
}

/** Namespaces that name a device or a browser, none of which a shop's page can prove to be the visitor's. */
const deviceNamespaces = new Set(["fpid", "core", "gaid", "idfa", "waid", "aaid", "avid"]);

/**
 * ECID and FPID only of the visitor, primary or not. Others, like the collector's `email`, only beside it:
 * Adobe looks up the primary one. All-digit names are namespaces by number (4 is ECID).
 */
function judgeIdentity(namespace: string, { id, primary }: Identity, own: OwnIdentity): ClaimReason | null {
  if (namespace === "ECID") return id === own.ecid ? null : "foreign-identity";
  if (namespace === "FPID") return id === own.fpid ? null : "foreign-device";
  const folded = foldName(namespace);
  if (deviceNamespaces.has(folded)) return "foreign-device";
  if (primary || folded === "ecid" || /^[0-9]*$/.test(folded)) return "foreign-identity";
  return null;
}

/** Cookies of Adobe Target that the Web SDK carries over besides those of its organization. */
const targetCookies = new Set(["mbox", "at_qa_mode"]);

/** `meta.state.entries`: cookies in the body. One identity, the visitor's own, written in one way. */
function judgeState(state: unknown, own: OwnIdentity): ClaimReason | null {
  if (!isRecord(state)) return null;
  const seen = new Set<string>();
  for (const [name, entries] of Object.entries(state)) {
    if (foldName(name) !== "entries") continue;
    if (!Array.isArray(entries)) return "foreign-state";
    for (const entry of entries) {
      if (!isRecord(entry) || !isOwnEntry(entry, own)) return "foreign-state";
      const key = String(entry["key"]);
      if (seen.has(key)) return "foreign-state";
      seen.add(key);
    }
  }
  return null;
}

function isOwnEntry(entry: Readonly<Record<string, unknown>>, own: OwnIdentity): boolean {
  for (const name of Object.keys(entry)) {
    const folded = foldName(name);
    if ((folded === "key" || folded === "value") && name !== folded) return false;
  }
  const { key, value } = entry;
  if (typeof key !== "string" || typeof value !== "string") return false;
  if (targetCookies.has(key)) return true;
  if (key === adobeCookieName(own.organizationId, "identity")) {
    return own.ecid !== null && decodeEcid(value) === own.ecid;
  }
  const prefix = adobeCookiePrefix(own.organizationId);
  return key.startsWith(prefix) && /^(?!.*identity)[a-z0-9_]{1,64}$/.test(key.slice(prefix.length));
}
