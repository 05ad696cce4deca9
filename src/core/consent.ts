/** Consent: may this shopper be personalized at all. */

import { findCookie } from "./cookie.ts";

/** `honoured`: nothing after a no. `required`: nothing without a yes (Commerce's cookie-restriction mode). */
export type ConsentPolicy = "honoured" | "required";

export type Consent =
  | { readonly kind: "granted"; readonly reason: "no-objection" | "adobe-in" | "cookies-allowed" }
  | {
      readonly kind: "refused";
      readonly reason: "mg-dnt" | "adobe-out" | "cookie-restriction" | "global-privacy-control";
    };

export interface ConsentQuestion {
  /** The `Cookie` header. */
  readonly cookies: string;
  /** `Sec-GPC: 1` (Global Privacy Control): this browser says no to every shop. */
  readonly globalPrivacyControl: boolean;
  readonly policy: ConsentPolicy;
  readonly organizationId: string | null;
}

/**
 * `mg_dnt` is Commerce's do-not-track switch, `kndctr_<ORG>_consent` Adobe's own record (`general=in|out`),
 * `user_allowed_save_cookie` what Commerce's cookie notice sets when it is accepted.
 */
export function readConsent(question: ConsentQuestion): Consent {
  const { cookies, organizationId, policy } = question;
  if (question.globalPrivacyControl) return { kind: "refused", reason: "global-privacy-control" };
  if (findCookie(cookies, "mg_dnt") !== null) return { kind: "refused", reason: "mg-dnt" };
  const adobe = readAdobeConsent(cookies, organizationId);
  if (adobe === "out") return { kind: "refused", reason: "adobe-out" };
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
