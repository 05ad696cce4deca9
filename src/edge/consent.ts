/** Consent at the edge: what of a request the decision is made from. */

import { type Consent, readConsent } from "../core/consent.ts";
import { findCookie } from "../core/cookie.ts";
import type { Website } from "../core/website.ts";

export function consentOf({ headers }: Request, website: Website): Consent {
  const cookies = headers.get("cookie") ?? "";
  const { consentManager: manager } = website;
  return readConsent({
    cookies,
    globalPrivacyControl: website.gpc === "honoured" && headers.get("sec-gpc") === "1",
    policy: website.consent,
    organizationId: website.adobe?.organizationId ?? null,
    manager,
    managerRecord:
      manager?.place.kind === "header"
        ? headers.get(manager.place.name)
        : manager && findCookie(cookies, manager.place.name),
  });
}
