/** Consent: a no is a no, whoever asked for it. */

import { expect, it } from "vitest";
import { readConsent } from "../../src/core/consent.ts";

const honoured = { policy: "honoured", organizationId: null, globalPrivacyControl: false } as const;
const required = {
  policy: "required",
  organizationId: "ABC123@AdobeOrg",
  globalPrivacyControl: false,
} as const;

it.each([
  ["", honoured, "granted no-objection"],
  ["mg_dnt=1", honoured, "refused mg-dnt"],
  ["kndctr_ABC123_AdobeOrg_consent=general=out", honoured, "refused adobe-out"],
  ["kndctr_ABC123_AdobeOrg_consent=general%3Dout", honoured, "refused adobe-out"],
  ["kndctr_ABC123_AdobeOrg_consent=general=in", honoured, "granted adobe-in"],
  ["kndctr_ABC123_AdobeOrg_consent=general=in; mg_dnt=1", honoured, "refused mg-dnt"],
  ["x=kndctr_ABC123_AdobeOrg_consent; y=general=out", honoured, "granted no-objection"],
  ["", required, "refused cookie-restriction"],
  ['user_allowed_save_cookie={"1":1}', required, "granted cookies-allowed"],
  ["kndctr_ABC123_AdobeOrg_consent=general=in", required, "granted adobe-in"],
  ["kndctr_OTHER_AdobeOrg_consent=general=in", required, "refused cookie-restriction"],
  ["kndctr_ABC123_AdobeOrg_consent=general=pending", required, "refused cookie-restriction"],
])("%j", (cookies, website, expected) => {
  const { kind, reason } = readConsent({ cookies, ...website });
  expect(`${kind} ${reason}`).toBe(expected);
});

it("a browser that says no to every shop says it over any yes in a cookie", () => {
  const cookies = "kndctr_ABC123_AdobeOrg_consent=general=in";
  expect(readConsent({ ...required, cookies, globalPrivacyControl: true })).toEqual({
    kind: "refused",
    reason: "global-privacy-control",
  });
});
