/** Whether audiences fit what uses them: quick enough, activated for the website, verified there, seen by anybody. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import {
  type FitAround,
  findBannerMisfits,
  findOfferMisfits,
} from "../../src/core/campaigns/audience-fit.ts";
import { readNames } from "../../src/core/campaigns/standing.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";

const NOW = Date.UTC(2026, 10, 23);
const DAY_MS = 86_400_000;
const VIP = "vip-1" as AudienceId;
const audiences = { vip: [VIP, "vip-stage"] };
const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 19).concat("Z");

function open(banner: object = {}, offer: object = {}) {
  const variants = [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>Hello</p>" } }];
  const text = JSON.stringify({
    audiences,
    banners: [{ id: "hero", paths: ["/"], selector: "#hero", variants, ...banner }],
    offers: [{ id: "off", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed", ...offer }],
  });
  const parsed = parseCampaigns(text, { websites: null, adminPath: "backoffice" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const [found] = parsed.value.banners;
  const [given] = parsed.value.offers;
  if (!found || !given) throw new Error("nothing was parsed");
  return { banner: found, offer: given, names: readNames(text) };
}

const around = (more: Partial<FitAround> = {}): FitAround => ({
  websites: ["main", "trade"],
  names: open().names,
  synced: new Map([
    ["main", new Set([VIP])],
    ["trade", new Set([VIP])],
  ]),
  audiences: new Map([[VIP, { evaluation: ["batch"] as const }]]),
  verifying: ["main", "trade"],
  counted: null,
  nowMs: NOW,
  ...more,
});

it("what fits is no matter", () => {
  const { banner, offer } = open({ trust: "verified" }, { trust: "verified" });
  expect(findBannerMisfits(banner, around())).toEqual([]);
  expect(findOfferMisfits(offer, around())).toEqual([]);
});

it("an audience of other websites is told with those that do not have it", () => {
  const synced = new Map([
    ["main", new Set([VIP])],
    ["trade", new Set<AudienceId>()],
  ]);
  const misfit = { kind: "elsewhere", audience: VIP, websites: ["trade"] };
  const { banner, offer } = open();
  expect(findBannerMisfits(banner, around({ synced }))).toEqual([misfit]);
  expect(findOfferMisfits(offer, around({ synced }))).toEqual([misfit]);
  expect(findBannerMisfits(open({ websites: ["main"] }).banner, around({ synced }))).toEqual([]);
  expect(findBannerMisfits(banner, around({ synced, audiences: new Map() }))).toEqual([]);
});

it("a day is too short for an audience that is counted once a day", () => {
  const schedule = { from: iso(NOW), until: iso(NOW + DAY_MS) };
  const misfit = { kind: "too-slow", audience: VIP, hours: 24 };
  const { banner, offer } = open({ schedule }, { schedule });
  expect(findBannerMisfits(banner, around())).toEqual([misfit]);
  expect(findOfferMisfits(offer, around())).toEqual([misfit]);
  const quick = new Map([[VIP, { evaluation: ["batch", "edge"] as const }]]);
  expect(findBannerMisfits(banner, around({ audiences: quick }))).toEqual([]);
  const unknown = new Map([[VIP, { evaluation: [] }]]);
  expect(findBannerMisfits(banner, around({ audiences: unknown }))).toEqual([]);
  expect(findBannerMisfits(banner, around({ nowMs: NOW + DAY_MS }))).toEqual([]);
  const long = { from: iso(NOW), until: iso(NOW + 2 * DAY_MS) };
  expect(findBannerMisfits(open({ schedule: long }).banner, around())).toEqual([]);
});

it("what only Adobe's word opens is for nobody where Adobe has no word", () => {
  const { banner, offer } = open({ trust: "verified" }, { trust: "verified", websites: ["main"] });
  const none = around({ verifying: [] });
  expect(findBannerMisfits(banner, none)).toEqual([{ kind: "never-verified", websites: ["main", "trade"] }]);
  expect(findOfferMisfits(offer, none)).toEqual([{ kind: "never-verified", websites: ["main"] }]);
  expect(findBannerMisfits(open().banner, none)).toEqual([]);
});

it("a variant that nobody saw for a week is told, once it had its week", () => {
  const counted = (sinceDays: number, shown: readonly string[]) => ({
    sinceMs: NOW - sinceDays * DAY_MS,
    wasShown: (banner: string, variant: string) => shown.includes(`${banner} ${variant}`),
  });
  const { banner } = open();
  const ask = (sinceDays: number, shown: readonly string[] = [], one = banner) =>
    findBannerMisfits(one, around({ counted: counted(sinceDays, shown) }));
  expect(ask(8)).toEqual([{ kind: "unseen", variant: "vip" }]);
  expect(ask(8, ["hero vip"])).toEqual([]);
  expect(ask(6)).toEqual([]);
  const since = (days: number) => open({ schedule: { from: iso(NOW - days * DAY_MS) } }).banner;
  expect(ask(8, [], since(3))).toEqual([]);
  expect(ask(8, [], since(7))).toEqual([{ kind: "unseen", variant: "vip" }]);
});
