/** A choice: which variant, and for each that comes before why not. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { type Banner, chooseVariant, type Shopper, type Variant } from "../../src/core/banner.ts";
import { EVERYONE } from "../../src/core/condition.ts";
import type { Membership } from "../../src/core/membership.ts";

const ids = (...names: string[]) => names as AudienceId[];
const variant = (id: string, change: Partial<Variant> = {}): Variant => ({
  id,
  for: { any: ids(id), all: [], not: [] },
  schedule: null,
  share: null,
  publicName: null,
  storeViewPuts: null,
  put: { kind: "content", html: id },
  ...change,
});
const everyone = variant("everyone", { for: EVERYONE });
const bannerOf = (variants: readonly Variant[], change: Partial<Banner> = {}): Banner => ({
  id: "hero",
  websites: null,
  storeViews: null,
  paths: [],
  pageTypes: null,
  device: null,
  selector: "#hero",
  dynamicBlock: null,
  trust: "claimed",
  schedule: null,
  holdout: 0,
  group: null,
  variants,
  ...change,
});

const memberOf = (...names: string[]): Membership => ({
  kind: "member",
  source: "cookie",
  trust: "claimed",
  audiences: new Set(ids(...names)),
  unknown: null,
  lost: [],
});
const nobody: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };
const shopper: Shopper = {
  membership: memberOf("vip"),
  nowMs: 1000,
  visitor: "42",
  storeView: "fr",
  device: "mobile",
};
const choose = (banner: Banner, change: Partial<Shopper> = {}) => {
  const { variant: id, reason, passed } = chooseVariant(banner, { ...shopper, ...change }).choice;
  return { variant: id, reason, passed: passed.map((one) => `${one.variant}: ${one.reason}`) };
};

describe("a choice says which variant and why not those before it", () => {
  it("in the order of priority", () => {
    const banner = bannerOf([variant("gold"), variant("vip"), variant("silver"), everyone]);
    expect(choose(banner)).toEqual({
      variant: "vip",
      reason: "condition-holds",
      passed: ["gold: condition-fails"],
    });
    expect(choose(banner, { membership: memberOf("x") })).toEqual({
      variant: "everyone",
      reason: "condition-holds",
      passed: ["gold: condition-fails", "vip: condition-fails", "silver: condition-fails"],
    });
  });

  it("what is for everyone is also for whom nobody knows, and needs no trust", () => {
    const banner = bannerOf([variant("vip"), everyone], { trust: "verified" });
    expect(choose(banner)).toMatchObject({ variant: "everyone", passed: ["vip: not-verified"] });
    expect(choose(banner, { membership: nobody })).toMatchObject({
      variant: "everyone",
      passed: ["vip: no-membership"],
    });
    expect(choose(bannerOf([variant("vip")]), { membership: nobody })).toEqual({
      variant: null,
      reason: "no-membership",
      passed: [],
    });
  });

  it("a variant begins with its start, ends before its end, and leaves its place to the next", () => {
    const banner = bannerOf([variant("vip", { schedule: { fromMs: 1000, untilMs: 2000 } }), everyone]);
    const at = (nowMs: number) => choose(banner, { nowMs });
    expect(at(999)).toMatchObject({ variant: "everyone", passed: ["vip: not-scheduled"] });
    expect(at(1000)).toMatchObject({ variant: "vip" });
    expect(at(1999)).toMatchObject({ variant: "vip" });
    expect(at(2000)).toMatchObject({ variant: "everyone" });
  });

  it("when none is shown, the reason is what came nearest", () => {
    const schedule = { fromMs: 5000, untilMs: null };
    expect(choose(bannerOf([variant("gold"), variant("vip", { schedule })]))).toEqual({
      variant: null,
      reason: "not-scheduled",
      passed: ["gold: condition-fails", "vip: not-scheduled"],
    });
  });

  it("a share that is not live yet takes nothing from the others'", () => {
    const dealt = (schedule: Variant["schedule"]) =>
      ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((visitor) =>
        choose(
          bannerOf([
            variant("b", { for: EVERYONE, share: 40, schedule }),
            variant("c", { for: EVERYONE, share: 40 }),
            everyone,
          ]),
          { visitor },
        ),
      );
    const live = dealt(null).map((choice) => choice.variant);
    expect(new Set(live)).toEqual(new Set(["b", "c", "everyone"]));
    const waiting = dealt({ fromMs: 5000, untilMs: null }).map((choice) => choice.variant);
    expect(waiting).toEqual(live.map((was) => (was === "b" ? "everyone" : was)));
  });
});

describe("a banner is not shown", () => {
  it.each([
    ["before its time", { schedule: { fromMs: 1001, untilMs: null } }, "not-scheduled"],
    ["after its time", { schedule: { fromMs: null, untilMs: 1000 } }, "not-scheduled"],
    ["in another store view", { storeViews: ["de", "default"] }, "other-store-view"],
    ["on another device", { device: "desktop" }, "other-device"],
  ] as const)("%s", (_, change, reason) => {
    expect(choose(bannerOf([everyone], change))).toEqual({ variant: null, reason, passed: [] });
  });

  it("and is where its store view, device and time are", () => {
    const change = { storeViews: ["fr"], device: "mobile", schedule: { fromMs: 0, untilMs: 1001 } } as const;
    expect(choose(bannerOf([everyone], change))).toMatchObject({ variant: "everyone" });
  });
});
