/** Campaigns in words, and how they stand: who, where, what, what is over, and which audience is gone. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import {
  findBannerRisks,
  findOfferRisks,
  findUses,
  phaseOf,
  readNames,
  type Surroundings,
} from "../../src/core/campaigns/standing.ts";
import {
  describeDifference,
  describePut,
  describeWhere,
  describeWhom,
} from "../../src/core/campaigns/words.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";

const file = JSON.stringify({
  audiences: { vip: ["vip-prod", "vip-stage"], staff: "staff-1", gold: "gold-1" },
  banners: [
    {
      id: "hero",
      websites: ["main"],
      paths: ["/", "/sale/*"],
      storeViews: ["fr"],
      device: "mobile",
      selector: "#hero",
      schedule: { from: "2026-11-01T00:00Z", until: "2026-12-01T00:00Z" },
      variants: [
        {
          id: "vip",
          for: { any: ["vip", { all: ["gold"], not: ["staff"] }], not: ["staff"] },
          put: { content: "<h2>One &amp; two</h2><p>three <b>four</b></p>" },
        },
        {
          id: "rest",
          for: "everyone",
          put: { image: { desktop: "/a.svg", alt: "A hut" }, addClass: "is-new" },
        },
      ],
    },
  ],
  offers: [{ id: "off", for: { any: ["gold"] }, coupon: "GOLD" }],
});

const parsed = parseCampaigns(file, { websites: ["main", "fr"], adminPath: "backoffice" });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const campaigns = parsed.value;
const [banner] = campaigns.banners;
const [offer] = campaigns.offers;
if (banner === undefined || offer === undefined) throw new Error("the file has both");

const names = readNames(file);
const nameOf = (id: AudienceId) => names.get(id)?.name ?? id;
const NOVEMBER = Date.UTC(2026, 10, 15);

const around = (ids: readonly string[], more: Partial<Surroundings> = {}): Surroundings => ({
  websites: ["main"],
  names,
  synced: new Map([["main", new Set(ids as AudienceId[])]]),
  nowMs: NOVEMBER,
  ...more,
});

it("tells who, where and what as the file means it, with the names of the file", () => {
  expect(banner.variants.map((variant) => describeWhom(variant.for, nameOf))).toEqual([
    "shoppers in vip or (in gold and not in staff) and not in staff",
    "everyone",
  ]);
  expect(describeWhere(banner)).toBe(
    "/ and everything under /sale/, at #hero, store view fr, on mobile only",
  );
  expect(banner.variants.map((variant) => describePut(variant, "#hero"))).toEqual([
    "“One &amp; two · three four”",
    "adds the class is-new; picture /a.svg: A hut",
  ]);
});

it("tells what a version changed, and nothing of what it did not", () => {
  const none = { added: [], removed: [], changed: [] };
  const banners = { added: ["a", "b"], removed: ["c"], changed: [] };
  expect(describeDifference({ audiences: none, banners, offers: none })).toEqual([
    "Banners: new a and b; removed c",
  ]);
  expect(describeDifference({ audiences: none, banners: none, offers: none })).toEqual([]);
});

it("knows what is planned, live and over, to the millisecond", () => {
  const schedule = { fromMs: 10, untilMs: 20 };
  expect([9, 10, 19, 20].map((at) => phaseOf(schedule, at))).toEqual(["planned", "live", "live", "over"]);
  expect(phaseOf(null, 0)).toBe("live");
});

it("an audience is gone where none of its ids is in the website's list", () => {
  const all = ["vip-stage", "staff-1", "gold-1"];
  expect(findBannerRisks(banner, around(all))).toEqual([]);
  expect(findOfferRisks(offer, around(all))).toEqual([]);
  expect(findBannerRisks(banner, around(["gold-1"]))).toEqual([
    { kind: "vanished", audience: "vip-prod", websites: ["main"] },
    { kind: "vanished", audience: "staff-1", websites: ["main"] },
  ]);
  expect(findOfferRisks(offer, around([]))).toEqual([
    { kind: "vanished", audience: "gold-1", websites: ["main"] },
  ]);
});

it("without a synced list nobody is said to be gone", () => {
  expect(findOfferRisks(offer, around([], { synced: new Map() }))).toEqual([]);
});

it("what is over, and what is for no website, is told", () => {
  const late = around(["vip-prod", "staff-1", "gold-1"], { nowMs: Date.UTC(2026, 11, 1), websites: ["fr"] });
  expect(findBannerRisks(banner, late)).toEqual([
    { kind: "over", sinceMs: Date.UTC(2026, 11, 1) },
    { kind: "unknown-website", websites: ["main"] },
  ]);
});

it("each audience knows what uses it, once", () => {
  const uses = findUses(campaigns);
  expect(uses.get("gold-1" as AudienceId)).toEqual([
    { kind: "banner", id: "hero" },
    { kind: "offer", id: "off" },
  ]);
  expect(uses.get("vip-stage" as AudienceId)).toEqual([{ kind: "banner", id: "hero" }]);
});

it("a file that can't be read has no names", () => {
  for (const text of ["", "null", "[]", '{"audiences":3}', "{"]) expect(readNames(text).size).toBe(0);
});
