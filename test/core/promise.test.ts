/** Promises: a banner that tells a code, and the offer that keeps it or does not. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { findBreaches } from "../../src/core/campaigns/promise.ts";
import { readNames } from "../../src/core/campaigns/standing.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";

const NOVEMBER = Date.UTC(2026, 10, 23);
const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index}`, `id-${index}`]));
const audiences = { ...many, vip: ["vip-prod", "vip-stage"], gold: "gold-1", staff: "staff-1" };
const CODE = "Use code VIP20 in your cart";

const variant = (more: object = {}) => ({
  id: "vip",
  for: { any: ["vip"] },
  put: { content: `<p>${CODE}</p>` },
  ...more,
});
const offer = (more: object = {}) => ({
  id: "off",
  for: { any: ["vip"] },
  coupon: "VIP20",
  trust: "claimed",
  ...more,
});

function breachesOf(variants: readonly object[], offers: readonly object[], banner: object = {}) {
  const file = {
    audiences,
    banners: [{ id: "hero", paths: ["/"], selector: "#hero", variants, ...banner }],
    offers,
  };
  const text = JSON.stringify(file);
  const parsed = parseCampaigns(text, { websites: null, adminPath: "backoffice" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const around = { websites: ["main", "trade"], names: readNames(text), nowMs: NOVEMBER };
  const [found] = parsed.value.banners;
  if (found === undefined) throw new Error("no banner");
  return findBreaches(found, parsed.value.offers, around).map((breach) =>
    "offer" in breach ? { ...breach, offer: breach.offer.id } : breach,
  );
}
const kindsOf = (...question: Parameters<typeof breachesOf>) =>
  breachesOf(...question).map(({ kind }) => kind);

it("a promise that its offer keeps is no matter", () => {
  expect(breachesOf([variant()], [offer()])).toEqual([]);
  expect(breachesOf([variant({ put: { content: "<p>20% off</p>" } })], [])).toEqual([]);
});

describe("a code that no offer has", () => {
  it.each([
    "<p>Use code <b>SAVE10</b> today</p>",
    "<p>Gutscheincode: SAVE10</p>",
    "<p>Avec le code promo « SAVE10 »</p>",
    "<h2>Código SAVE10.</h2>",
  ])("is told: %s", (content) => {
    expect(breachesOf([variant({ put: { content } })], [offer()])).toEqual([
      { kind: "no-offer", variant: "vip", code: "SAVE10" },
    ]);
  });

  it.each([
    "<p>Read our dress code</p>",
    "<p>There is no code to remember. SALE!</p>",
    "<p>USE CODE BELOW</p>",
    "<p>Our code of conduct</p>",
    '<p data-code="code HIDDEN10">Hello</p>',
  ])("is not made up: %s", (content) => {
    expect(breachesOf([variant({ put: { content } })], [offer()])).toEqual([]);
  });
});

describe("the audience", () => {
  it("who sees it and gets nothing is named by the fewest audiences", () => {
    const shown = variant({ for: { any: ["vip", "gold"] } });
    expect(breachesOf([shown], [offer()])).toEqual([
      { kind: "other-audience", variant: "vip", offer: "off", shownTo: ["gold-1"] },
    ]);
  });
  it("everyone is more than an audience", () => {
    expect(breachesOf([variant({ for: "everyone" })], [offer()])).toEqual([
      { kind: "other-audience", variant: "vip", offer: "off", shownTo: [] },
    ]);
  });
  it("a narrower banner keeps within a wider offer", () => {
    const narrow = variant({ for: { all: ["vip", "gold"], not: ["staff"] } });
    expect(breachesOf([narrow], [offer({ for: { any: ["vip", "gold"] } })])).toEqual([]);
  });
  it("who an earlier variant takes never sees it", () => {
    const variants = [
      variant({ id: "staff", for: { any: ["staff"] }, put: { content: "<p>Hello</p>" } }),
      variant({ for: { any: ["vip", "staff"] } }),
    ];
    expect(breachesOf(variants, [offer()])).toEqual([]);
    const [first, second] = variants;
    expect(kindsOf([{ ...first, share: 50 }, second ?? {}], [offer()])).toEqual(["other-audience"]);
  });
  it("an exclusion that the offer has and the banner has not is told", () => {
    const excluding = offer({ for: { any: ["vip"], not: ["staff"] } });
    expect(breachesOf([variant()], [excluding])).toEqual([
      {
        kind: "other-audience",
        variant: "vip",
        offer: "off",
        shownTo: ["vip-prod", "staff-1" as AudienceId],
      },
    ]);
  });
  it("of more mixtures than can be tried nothing is claimed", () => {
    expect(breachesOf([variant({ for: { any: Object.keys(many) } })], [offer()])).toEqual([]);
  });
});

describe("the dates", () => {
  const [early, late] = ["2026-12-01T00:00Z", "2026-12-24T00:00Z"];
  it("a banner that begins before the offer, or outlives it, is told with when", () => {
    const dated = offer({ schedule: { from: early, until: late } });
    expect(breachesOf([variant()], [dated])).toEqual([
      {
        kind: "other-dates",
        variant: "vip",
        offer: "off",
        fromMs: Date.parse("2026-12-01T00:00Z"),
        untilMs: Date.parse("2026-12-24T00:00Z"),
      },
    ]);
    expect(breachesOf([variant()], [dated], { schedule: { from: early, until: late } })).toEqual([]);
    expect(breachesOf([variant({ schedule: { from: early, until: late } })], [dated])).toEqual([]);
  });
  it("what began long ago is no matter any more, and what is over promises nothing", () => {
    expect(breachesOf([variant()], [offer({ schedule: { from: "2026-01-01T00:00Z" } })])).toEqual([]);
    const over = { schedule: { until: "2026-11-01T00:00Z" } };
    expect(breachesOf([variant()], [offer({ for: { any: ["gold"] } })], over)).toEqual([]);
  });
});

it("a banner that takes a browser's word promises what the offer gives to Adobe's alone", () => {
  expect(kindsOf([variant()], [offer({ trust: "verified" })])).toEqual(["other-trust"]);
  expect(kindsOf([variant()], [offer({ trust: "verified" })], { trust: "verified" })).toEqual([]);
});

it("what is said in one store view alone is a promise, too", () => {
  const put = { content: { default: "<p>20% off</p>", fr: "<p>Avec le code SAUVE10</p>" } };
  expect(kindsOf([variant({ put })], [offer()])).toEqual(["no-offer"]);
});

it("an offer of other websites is told with those that have none", () => {
  expect(breachesOf([variant()], [offer({ websites: ["main"] })])).toEqual([
    { kind: "other-website", variant: "vip", offer: "off", websites: ["trade"] },
  ]);
});

it("of several offers with that code the one that keeps it best counts", () => {
  const offers = [offer({ id: "far", for: { any: ["gold"] }, websites: ["main"] }), offer({ id: "near" })];
  expect(breachesOf([variant()], offers)).toEqual([]);
});

it("a code stands for itself alone, in its own spelling, in pictures' texts too", () => {
  expect(
    kindsOf(
      [variant({ put: { content: "<p>VIP200 vip20 XVIP20</p>" } })],
      [offer({ for: { any: ["gold"] } })],
    ),
  ).toEqual([]);
  const image = { desktop: "/a.jpg", alt: "20% with VIP20" };
  expect(kindsOf([variant({ put: { image } })], [offer({ for: { any: ["gold"] } })])).toEqual([
    "other-audience",
  ]);
});
