/** Consent: a no is a no, whoever asked for it. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { type ConsentManager, readConsent, saysYes } from "../../src/core/consent.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

const unmanaged = { manager: null, managerRecord: null } as const;
const honoured = {
  ...unmanaged,
  policy: "honoured",
  organizationId: null,
  globalPrivacyControl: false,
} as const;
const required = {
  ...unmanaged,
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

/** As each vendor's script writes its cookie. */
const records = {
  oneTrustAll:
    "isGpcEnabled=0&datestamp=Mon+Nov+23+2026+09%3A12%3A44+GMT%2B0100+(CET)&version=202605.1.0&browserGpcFlag=0" +
    "&isIABGlobal=false&hosts=&consentId=2b6e6f0a-5c1d-4f7e-9d52-3a1f0c9be811&interactionCount=1&landingPath=NotLandingPage" +
    "&groups=C0001%3A1%2CC0002%3A1%2CC0003%3A1%2CC0004%3A1&AwaitingReconsent=false&geolocation=DE%3BBE",
  oneTrustNecessary:
    "isGpcEnabled=0&datestamp=Mon+Nov+23+2026+09%3A14%3A02+GMT%2B0100+(CET)&version=202605.1.0" +
    "&groups=C0001%3A1%2CC0002%3A0%2CC0003%3A0%2CC0004%3A0&AwaitingReconsent=false",
  /** Before anybody clicked, a banner of OneTrust's may have written no groups yet. */
  oneTrustUndecided:
    "isGpcEnabled=0&datestamp=Mon+Nov+23+2026&version=202605.1.0&landingPath=https%3A%2F%2Fshop.example%2F",
  cookiebotAll:
    "{stamp:%27mUx8z0Vf1Q==%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:true%2Cmethod:%27explicit%27%2Cver:1%2Cutc:1795415572000%2Cregion:%27de%27}",
  cookiebotNecessary:
    "{stamp:%27mUx8z0Vf1Q==%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:false%2Cmethod:%27explicit%27%2Cver:1%2Cutc:1795415572000%2Cregion:%27de%27}",
  /** Cookiebot's own word for a visitor of a region where nobody has to be asked. */
  cookiebotElsewhere: "-1",
} as const;

const managers = {
  oneTrust: oneCookie("OptanonConsent", ["C0004:1"], ["C0004:0"]),
  cookiebot: oneCookie("CookieConsent", ["marketing:true", "-1"], ["marketing:false"]),
  usercentrics: oneCookie("shop_consent", ["marketing=yes"], ["marketing=no"]),
} as const;

function oneCookie(name: string, granted: string[], refused: string[]): ConsentManager {
  return { place: { kind: "cookie", name }, granted, refused };
}

it.each([
  ["oneTrust", records.oneTrustAll, "granted consent-manager", "granted consent-manager"],
  ["oneTrust", records.oneTrustNecessary, "refused consent-manager", "refused consent-manager"],
  ["oneTrust", records.oneTrustUndecided, "granted no-objection", "refused cookie-restriction"],
  ["cookiebot", records.cookiebotAll, "granted consent-manager", "granted consent-manager"],
  ["cookiebot", records.cookiebotNecessary, "refused consent-manager", "refused consent-manager"],
  ["cookiebot", records.cookiebotElsewhere, "granted consent-manager", "granted consent-manager"],
  ["usercentrics", "marketing=yes", "granted consent-manager", "granted consent-manager"],
  ["usercentrics", "marketing%3Dno", "refused consent-manager", "refused consent-manager"],
  ["oneTrust", null, "granted no-objection", "refused cookie-restriction"],
  ["oneTrust", "", "granted no-objection", "refused cookie-restriction"],
  ["oneTrust", "%E0%A4%A; C0004:0", "refused consent-manager", "refused consent-manager"],
  ["oneTrust", "C0004:12,XC0004:1,C0004:1-", "granted no-objection", "refused cookie-restriction"],
  ["oneTrust", "C0004:1&C0004:0", "refused consent-manager", "refused consent-manager"],
] as const)("%s writes %j: %s where honoured, %s where required", (name, managerRecord, ...expected) => {
  const manager = managers[name];
  const told = [honoured, required].map((website) => {
    const { kind, reason } = readConsent({ ...website, cookies: "", manager, managerRecord });
    return `${kind} ${reason}`;
  });
  expect(told).toEqual(expected);
});

it("any no wins over the consent manager's yes, and its no over any yes", () => {
  const manager = managers.cookiebot;
  const yes = { ...required, manager, managerRecord: records.cookiebotAll };
  const no = { ...required, manager, managerRecord: records.cookiebotNecessary };
  const adobe = (word: string) => `kndctr_ABC123_AdobeOrg_consent=general=${word}`;
  expect(readConsent({ ...yes, cookies: adobe("out") }).reason).toBe("adobe-out");
  expect(readConsent({ ...yes, cookies: "mg_dnt=1" }).reason).toBe("mg-dnt");
  expect(readConsent({ ...yes, cookies: "", globalPrivacyControl: true }).reason).toBe(
    "global-privacy-control",
  );
  expect(readConsent({ ...no, cookies: `${adobe("in")}; user_allowed_save_cookie=1` })).toEqual({
    kind: "refused",
    reason: "consent-manager",
  });
});

it("where a yes is required, the yes of one is enough when the others say nothing", () => {
  const silent = { ...required, manager: managers.oneTrust, managerRecord: records.oneTrustUndecided };
  expect(readConsent({ ...silent, cookies: "user_allowed_save_cookie=1" }).kind).toBe("granted");
  expect(readConsent({ ...silent, cookies: "kndctr_ABC123_AdobeOrg_consent=general=in" }).kind).toBe(
    "granted",
  );
});

it("a word is found where a regular expression with word boundaries would find it, and nowhere else", () => {
  const text = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."ab1:=_-, "), maxLength });
  const inWord = "[A-Za-z0-9_-]";
  fc.assert(
    fc.property(text(12), text(4), (managerRecord, word) => {
      fc.pre(word !== "");
      const before = new RegExp(`^${inWord}`).test(word) ? `(?<!${inWord})` : "";
      const after = new RegExp(`${inWord}$`).test(word) ? `(?!${inWord})` : "";
      const expected = new RegExp(before + word + after).test(managerRecord);
      const manager = oneCookie("c", [], [word]);
      const { kind } = readConsent({ ...honoured, cookies: "", manager, managerRecord });
      expect(kind).toBe(expected ? "refused" : "granted");
    }),
    { seed: 20261123, numRuns: 3000 },
  );
});

it("a record made to keep us busy is read in no time", () => {
  const word = "a".repeat(100);
  const manager = oneCookie("c", [`${word}b`], [`${word}c`]);
  const managerRecord = `${"a".repeat(100_000)}%`;
  const read = () => readConsent({ ...honoured, cookies: "", manager, managerRecord });
  expect(read().kind).toBe("granted");
  expect(cpuMsOf(read)).toBeLessThan(1000 * slownessNow());
});

it.each([
  [true, { standard: "Adobe", version: "1.0", value: { general: "in" } }],
  [true, { standard: "Adobe", version: "2.0", value: { collect: { val: "y" } } }],
  [false, { standard: "Adobe", version: "1.0", value: { general: "out" } }],
  [false, { standard: "Adobe", version: "2.0", value: { collect: { val: "n" } } }],
  [false, { standard: "Adobe", version: "2.0", value: { collect: { val: "y" }, share: { val: "n" } } }],
  [false, { standard: "Adobe", version: "2.0", value: { personalize: { content: { val: "y" } } } }],
  [false, { standard: "IAB TCF", version: "2.0", value: "CO1Z4yuO1Z4yuAcABBENArCsAP", gdprApplies: true }],
])("a call of setConsent says yes (%j): %j", (expected, one) => {
  expect(saysYes(JSON.stringify({ consent: [one] }))).toBe(expected);
  expect(saysYes(JSON.stringify({ consent: [one] }, null, 2))).toBe(expected);
});

it("two standards that disagree, or nothing at all, are no yes", () => {
  const both = [{ value: { general: "in" } }, { value: { collect: { val: "n" } } }];
  expect(saysYes(JSON.stringify({ consent: both }))).toBe(false);
  expect(saysYes("")).toBe(false);
});
