/** Try it: the very plans of a live request, for a shopper who is made up. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { indexBanners } from "../../src/core/banner.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { indexOffers } from "../../src/core/offer.ts";
import { planPage } from "../../src/core/page.ts";
import { planTrial, type Trial, trialMembership } from "../../src/core/trial.ts";

const VIP = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01" as AudienceId;
const GOLD = "b3d7a9c2-5e44-4f0e-8d19-7a6c1e2f3b02" as AudienceId;

const file = {
  audiences: { vip: VIP, gold: GOLD },
  banners: [
    {
      id: "hero",
      paths: ["/"],
      selector: "#hero",
      variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: "<p>Hello</p>" } }],
    },
  ],
  offers: [
    { id: "early", for: { any: ["vip"] }, coupon: "EARLY", schedule: { until: "2026-01-01T00:00Z" } },
    { id: "gold", for: { any: ["gold"] }, coupon: "GOLD" },
    { id: "vip", for: { any: ["vip"] }, coupon: "VIP" },
    { id: "both", for: { any: ["vip", "gold"] }, coupon: "BOTH" },
  ],
};
const parsed = parseCampaigns(JSON.stringify(file), { websites: null, adminPath: "backoffice" });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const { banners, offers } = parsed.value;
const stock = {
  index: indexBanners(banners, "main", "backoffice"),
  offers: indexOffers(offers, "main"),
  adminPath: "backoffice",
};
const trial: Trial = {
  website: { code: "main", pathPrefix: null },
  path: "/",
  membership: trialMembership([VIP], "verified"),
  nowMs: Date.UTC(2026, 10, 23),
  visitor: null,
  storeView: null,
  device: "desktop",
  pageTypes: null,
};

it("the page is planned as a live request's", () => {
  for (const path of ["/", "/elsewhere", "/checkout/"]) {
    expect(planTrial({ ...trial, path }, stock).page).toEqual(
      planPage({
        ...trial,
        path,
        method: "GET",
        upgrade: false,
        index: stock.index,
        adminPath: "backoffice",
        adminSignedIn: false,
        marked: true,
        stagingPreview: false,
      }),
    );
  }
});

it("each offer says why, and the first that is theirs is given alone", () => {
  const told = planTrial(trial, stock).offers.map(({ offer, reason, given }) => [offer.id, reason, given]);
  expect(told).toEqual([
    ["early", "not-scheduled", false],
    ["gold", "no-condition-holds", false],
    ["vip", "condition-holds", true],
    ["both", "condition-holds", false],
  ]);
});

it("what only the browser says is worth what a claim is worth", () => {
  const claimed = planTrial({ ...trial, membership: trialMembership([VIP], "claimed") }, stock);
  expect(claimed.page.kind).toBe("personalize");
  expect(claimed.offers.map(({ reason }) => reason)).toContain("not-verified");
  expect(trialMembership([], "claimed")).toEqual({
    kind: "none",
    reason: "empty",
    trust: "claimed",
    lost: [],
  });
});

it("without campaigns there is nothing to see and nothing to get", () => {
  expect(planTrial(trial, { index: null, offers: null, adminPath: null })).toEqual({
    page: { kind: "pass", reason: "no-campaigns" },
    offers: [],
  });
});
