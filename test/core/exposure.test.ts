/** Exposures: who was shown a banner and who was kept from it for comparison are counted, and nobody can be told from a point. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { type Banner, type Choice, type ChoiceReason, chooseVariant } from "../../src/core/banner.ts";
import { exposuresOf, shownBlocks, standsOnAnyPage } from "../../src/core/exposure.ts";
import type { Membership } from "../../src/core/membership.ts";
import type { Put } from "../../src/core/put.ts";

const AUDIENCE = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01" as AudienceId;
const membership: Membership = {
  kind: "member",
  source: "cookie",
  trust: "claimed",
  audiences: new Set([AUDIENCE]),
  unknown: null,
  lost: [],
};
const visit = { website: "main", membership, device: "mobile" } as const;
const choice = (variant: string | null, reason: ChoiceReason, banner = "hero"): Choice => ({
  banner,
  variant,
  reason,
  passed: reason === "holdout" ? [{ variant: "vip", reason: "holdout" }] : [],
});
const shown = (...banners: string[]) => ({ banners: new Set(banners), possible: () => true });
const count = (choices: readonly Choice[], ...banners: string[]) =>
  exposuresOf(choices, shown(...banners), "page", visit).map(({ blobs }) => blobs);

const banner = (change: Partial<Banner> = {}): Banner => ({
  id: "hero",
  websites: null,
  storeViews: null,
  paths: [],
  pageTypes: null,
  device: null,
  selector: "#hero",
  dynamicBlock: "MQ==",
  trust: "claimed",
  schedule: null,
  holdout: 0,
  group: null,
  variants: [
    {
      id: "vip",
      for: { any: [AUDIENCE], all: [], not: [] },
      schedule: null,
      share: null,
      publicName: null,
      storeViewPuts: null,
      put: { kind: "content", html: "VIP" },
    },
  ],
  ...change,
});

describe("a point", () => {
  it("says which banner and variant, why, for how trusted a membership, and on what", () => {
    expect(exposuresOf([choice("vip", "condition-holds")], shown("hero"), "page", visit)).toEqual([
      {
        indexes: ["main"],
        blobs: ["main", "hero", "vip", "condition-holds", "claimed", "mobile", "page", "vip"],
        doubles: [],
      },
    ]);
  });

  it("has no audience and no visitor in it, however the choice was made", () => {
    for (const holdout of [0, 100]) {
      const { choice: made } = chooseVariant(banner({ holdout }), {
        membership,
        nowMs: 0,
        visitor: "visitor-4711",
        storeView: null,
        device: "mobile",
      });
      const points = exposuresOf([made], shown("hero"), "page", visit);
      expect(points).toHaveLength(1);
      expect(JSON.stringify(points)).not.toMatch(new RegExp(`${AUDIENCE}|4711`));
    }
  });

  it("of a banner that waited for the page's type is as of any other, as it was shown", () => {
    expect(count([choice("vip", "page-type-decides")], "hero")).toEqual(
      count([choice("vip", "condition-holds")], "hero"),
    );
  });

  it("of one who is held out has no variant, and names the one that was kept back", () => {
    expect(count([choice(null, "holdout")])).toEqual([
      ["main", "hero", "", "holdout", "claimed", "mobile", "page", "vip"],
    ]);
  });

  it("of the rest of a split is nobody's variant", () => {
    expect(count([choice(null, "other-share")])[0]?.slice(2)).toEqual([
      "",
      "other-share",
      "claimed",
      "mobile",
      "page",
      "",
    ]);
  });

  it("without a membership has no trust", () => {
    const nobody = {
      ...visit,
      membership: { kind: "none", reason: "absent", trust: "claimed", lost: [] },
    } as const;
    const [point] = exposuresOf([choice("all", "condition-holds")], shown("hero"), "headless", nobody);
    expect(point?.blobs.slice(4, 7)).toEqual(["none", "mobile", "headless"]);
  });
});

describe("is not counted", () => {
  it("a variant that did not get into the answer", () => {
    expect(count([choice("vip", "condition-holds")], "another")).toEqual([]);
  });

  it.each([
    "no-condition-holds",
    "other-page-type",
    "admin-signed-in",
    "other-store-view",
    "other-device",
    "other-banner-of-group",
    "no-membership",
    "not-verified",
    "not-scheduled",
    "no-visitor",
  ] as const)("a banner that had nothing for this shopper: %s", (reason) => {
    expect(count([choice(null, reason)], "hero")).toEqual([]);
  });

  it("who is held out of a banner that may not stand on this type of page", () => {
    const possible = standsOnAnyPage([banner({ pageTypes: ["cms-index-index"] }), banner({ id: "plain" })]);
    const choices = [choice(null, "holdout"), choice(null, "holdout", "plain")];
    const points = exposuresOf(choices, { banners: new Set(), possible }, "page", visit);
    expect(points.map(({ blobs }) => blobs[1])).toEqual(["plain"]);
  });
});

it("a dynamic block shows what a storefront can render, and nothing else", () => {
  const blocks = new Map([["MQ==", banner()]]);
  expect(shownBlocks(blocks, [choice("vip", "condition-holds")])).toEqual(new Set(["hero"]));
  expect(shownBlocks(blocks, [choice(null, "holdout"), choice("gone", "condition-holds")])).toEqual(
    new Set(),
  );
  const removed: Put = { kind: "edits", edits: [{ selector: null, changes: [{ kind: "remove" }] }] };
  const removing = banner({
    variants: banner().variants.map((one) => ({ ...one, put: removed })),
  });
  expect(shownBlocks(new Map([["MQ==", removing]]), [choice("vip", "condition-holds")])).toEqual(new Set());
});
