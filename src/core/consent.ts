/** Consent: may this shopper be personalized at all. */

import { findCookie } from "./cookie.ts";
import { decodePercent } from "./percent.ts";

/** `honoured`: nothing after a no. `required`: nothing without a yes (Commerce's cookie-restriction mode). */
export type ConsentPolicy = "honoured" | "required";

export type Consent =
  | {
      readonly kind: "granted";
      readonly reason: "no-objection" | "consent-manager" | "adobe-in" | "cookies-allowed";
    }
  | {
      readonly kind: "refused";
      readonly reason:
        | "mg-dnt"
        | "consent-manager"
        | "adobe-out"
        | "cookie-restriction"
        | "global-privacy-control";
    };

/**
 * Where the merchant's consent manager writes its record, and which words in it are a yes and a no. Words and
 * no regular expressions: the record is whatever a client sends, and finding a word takes no longer than reading it.
 */
export interface ConsentManager {
  /** A header's name is in lower case. */
  readonly place: { readonly kind: "cookie" | "header"; readonly name: string };
  readonly granted: readonly string[];
  readonly refused: readonly string[];
}

export interface ConsentQuestion {
  /** The `Cookie` header. */
  readonly cookies: string;
  /** `Sec-GPC: 1` (Global Privacy Control): this browser says no to every shop. */
  readonly globalPrivacyControl: boolean;
  readonly policy: ConsentPolicy;
  readonly organizationId: string | null;
  readonly manager: ConsentManager | null;
  /** What stands in the manager's cookie or header; null where there is none. */
  readonly managerRecord: string | null;
}

/**
 * Any no wins, whoever asked for it; where a yes is required, any yes will do. `mg_dnt` is Commerce's do-not-track switch, `kndctr_<ORG>_consent` Adobe's own record (`general=in|out`),
 * `user_allowed_save_cookie` what Commerce's cookie notice sets when it is accepted.
 */
export function readConsent(question: ConsentQuestion): Consent {
  const { cookies, organizationId, policy } = question;
  if (question.globalPrivacyControl) return { kind: "refused", reason: "global-privacy-control" };
  if (findCookie(cookies, "mg_dnt") !== null) return { kind: "refused", reason: "mg-dnt" };
  const managed = readManagerRecord(question.manager, question.managerRecord);
  if (managed === "no") return { kind: "refused", reason: "consent-manager" };
  const adobe = readAdobeConsent(cookies, organizationId);
  if (adobe === "out") return { kind: "refused", reason: "adobe-out" };
  if (managed === "yes") return { kind: "granted", reason: "consent-manager" };
  if (adobe === "in") return { kind: "granted", reason: "adobe-in" };
  if (findCookie(cookies, "user_allowed_save_cookie") !== null) {
    return { kind: "granted", reason: "cookies-allowed" };
  }
  if (policy === "required") return { kind: "refused", reason: "cookie-restriction" };
  return { kind: "granted", reason: "no-objection" };
}

function readAdobeConsent(cookies: string, organizationId: string | null): "in" | "out" | null {
  if (!cookies.includes("kndctr_")) return null;
  const value =
    organizationId === null
      ? /(?:^|[;,][ \t]*)kndctr_[A-Za-z0-9_]{1,64}_consent=([^;]*)/.exec(cookies)?.[1]
      : findCookie(cookies, `kndctr_${organizationId.replace("@", "_")}_consent`);
  if (value === undefined || value === null) return null;
  const general = /(?:^|;)general(?:=|%3D)(in|out)/i.exec(value)?.[1]?.toLowerCase();
  return general === "in" || general === "out" ? general : null;
}

/** null: the record is not there, or says neither. */
function readManagerRecord(manager: ConsentManager | null, record: string | null): "yes" | "no" | null {
  if (manager === null || record === null) return null;
  // OneTrust and Cookiebot percent-encode theirs, in part.
  const text = decodePercent(record) ?? record;
  if (manager.refused.some((word) => hasWord(text, word))) return "no";
  return manager.granted.some((word) => hasWord(text, word)) ? "yes" : null;
}

/** Whole words: `C0001:1` is not in `C0001:12`, nor `marketing:true` in `telemarketing:true`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at + 1);
    const after = text.slice(at + word.length - 1, at + word.length + 1);
    if (!isInsideWord(before) && !isInsideWord(after)) return true;
  }
  return false;
}

function isInsideWord(pair: string): boolean {
  return /^[\w-]{2}$/.test(pair);
}

/**
 * Whether a call of the Web SDK's `setConsent` says yes, in Adobe's standard 1.0 or 2.0. Of an IAB string nothing is
 * guessed: the next call's consent cookie will tell.
 */
export function saysYes(body: string): boolean {
  if (/"general"\s*:\s*"(?!in")|"val"\s*:\s*"(?!y")/.test(body)) return false;
  return /"general"\s*:\s*"in"|"collect"\s*:\s*\{\s*"val"\s*:\s*"y"/.test(body);
}
