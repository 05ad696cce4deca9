/** Splits: as large as they say, the same for a visitor always, and nobody falls back when a share grows. */

import { describe, expect, it } from "vitest";
import { type Banner, chooseVariant, type Shopper } from "../../src/core/banner.ts";
import { BUCKETS, bucketOf } from "../../src/core/bucket.ts";
import { EVERYONE } from "../../src/core/condition.ts";
import { UNDECIDED } from "../../src/core/membership.ts";
import { bannerOfGroup } from "../../src/core/split.ts";
import cases from "../cases/splits.json" with { type: "json" };
import { visitors } from "./random-visitor.ts";

interface WrittenSplit {
  readonly id?: string;
  readonly holdout?: number;
  readonly group?: Banner["group"];
  readonly variants: readonly { readonly id: string; readonly share?: number }[];
}

const bannerOf = ({ id = "home-hero", holdout = 0, group = null, variants }: WrittenSplit): Banner => ({
  id,
  websites: null,
  storeViews: null,
  paths: [],
  pageTypes: null,
  device: null,
  selector: "#hero",
  dynamicBlock: null,
  trust: "claimed",
  schedule: null,
  holdout,
  group,
  variants: variants.map((variant) => ({
    id: variant.id,
    for: EVERYONE,
    schedule: null,
    share: variant.share ?? null,
    publicName: null,
    storeViewPuts: null,
    put: { kind: "content", html: "" },
  })),
});

const shopper: Shopper = {
  membership: UNDECIDED,
  nowMs: 0,
  visitor: null,
  storeView: null,
  device: "desktop",
};
const chosen = (banner: Banner, visitor: string | null) =>
  chooseVariant(banner, { ...shopper, visitor }).choice;
const shares = (b: number, c: number) =>
  bannerOf({ variants: [{ id: "b", share: b }, { id: "c", share: c }, { id: "a" }] });

describe("the published cases", () => {
  it.each(cases.buckets)("$visitor with $salt is in bucket $bucket", ({ visitor, salt, bucket }) => {
    expect(bucketOf(visitor, salt)).toBe(bucket);
  });

  it.each(cases.splits)("$banner.variants for $visitor", ({ banner, visitor, expected }) => {
    expect(chosen(bannerOf(banner as WrittenSplit), visitor)).toMatchObject(expected);
  });
});

describe("a million visitors", () => {
  const all = [...visitors(1_000_000)];

  /** Of counts that should be like `expected`. */
  const chiSquared = (counts: readonly number[], expected: readonly number[]) =>
    counts.reduce((sum, count, n) => sum + (count - (expected[n] ?? 0)) ** 2 / (expected[n] ?? 1), 0);

  it("are spread evenly: chi-squared over 100 cells stays under the 99.9 % bound", () => {
    const cells = new Array<number>(100).fill(0);
    for (const visitor of all) {
      const cell = Math.floor((bucketOf(visitor, "split:home-hero:b") * 100) / BUCKETS);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(chiSquared(cells, new Array(100).fill(all.length / 100))).toBeLessThan(148.2);
  });

  it("are in a rollout, a split and a holdout each by a chance of its own", () => {
    const salts = ["rollout:main", "split:home-hero:b", "split:home-hero:c", "holdout:home-hero"];
    for (const [one, other] of salts.flatMap((a, n) => salts.slice(n + 1).map((b) => [a, b] as const))) {
      const cells = new Array<number>(100).fill(0);
      for (const visitor of all.slice(0, 200_000)) {
        const cell =
          Math.floor((bucketOf(visitor, one) * 10) / BUCKETS) * 10 +
          Math.floor((bucketOf(visitor, other) * 10) / BUCKETS);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      expect(chiSquared(cells, new Array(100).fill(2000))).toBeLessThan(148.2);
    }
  });

  it("get each variant in its share", () => {
    const banner = shares(10, 33.33);
    const counts = { b: 0, c: 0, a: 0 };
    for (const visitor of all) counts[chosen(banner, visitor).variant as "a" | "b" | "c"] += 1;
    // 13.8 is the 99.9 % bound of two degrees of freedom; a bucket is a hundredth of a percent.
    expect(chiSquared([counts.b, counts.c, counts.a], [100_000, 333_300, 566_700])).toBeLessThan(13.8);
  });
});

describe("a share that grows", () => {
  const some = [...visitors(20_000, 7)];
  const seen = (banner: Banner) => some.map((visitor) => chosen(banner, visitor).variant);

  it("keeps everybody it had, and sends nobody back to what is shown to the rest", () => {
    const before = seen(shares(10, 20));
    const after = seen(shares(20, 20));
    const moves = new Set(before.flatMap((was, n) => (was === after[n] ? [] : [`${was} → ${after[n]}`])));
    expect(moves).toEqual(new Set(["a → b", "a → c", "c → b"]));
  });

  it("up to all of them, step by step", () => {
    let before = seen(shares(0.01, 0.01));
    for (const share of [1, 5, 10, 25, 49.99, 50]) {
      const now = seen(shares(share, share));
      expect(before.some((was, n) => was !== "a" && now[n] === "a")).toBe(false);
      before = now;
    }
    expect(before).not.toContain("a");
  });

  it("a holdout keeps everybody, too", () => {
    const held = (holdout: number) => {
      const banner = bannerOf({ holdout, variants: [{ id: "a" }] });
      return new Set(some.filter((visitor) => chosen(banner, visitor).reason === "holdout"));
    };
    const few = held(5);
    const many = held(12.5);
    expect(few.size / some.length).toBeCloseTo(0.05, 2);
    expect(many.size / some.length).toBeCloseTo(0.125, 2);
    expect([...few].every((visitor) => many.has(visitor))).toBe(true);
    expect(held(0).size).toBe(0);
    expect(held(100).size).toBe(some.length);
  });
});

describe("a group", () => {
  const some = [...visitors(20_000, 9)];

  it("gives each visitor one of its banners, in equal parts", () => {
    const group = { name: "summer", banners: ["one", "two", "three"] };
    const banners = group.banners.map((id) => bannerOf({ id, group, variants: [{ id: "a" }] }));
    const counts = [0, 0, 0];
    for (const visitor of some) {
      const choices = banners.map((banner) => chosen(banner, visitor));
      expect(choices.filter(({ reason }) => reason === "condition-holds")).toHaveLength(1);
      expect(choices.filter(({ reason }) => reason === "other-banner-of-group")).toHaveLength(2);
      const at = choices.findIndex(({ variant }) => variant !== null);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const count of counts) expect(count / some.length).toBeCloseTo(1 / 3, 1);
  });

  it("that another banner joins moves visitors only to that one", () => {
    for (const visitor of some) {
      const before = bannerOfGroup(visitor, { name: "summer", banners: ["one", "two"] });
      const after = bannerOfGroup(visitor, { name: "summer", banners: ["one", "two", "three"] });
      expect([before, "three"]).toContain(after);
    }
  });
});

describe("who has no id", () => {
  it("is in no split: sees what is for the rest, or the default", () => {
    expect(chosen(shares(10, 20), null)).toEqual({
      banner: "home-hero",
      variant: "a",
      reason: "condition-holds",
      passed: [
        { variant: "b", reason: "no-visitor" },
        { variant: "c", reason: "no-visitor" },
      ],
    });
    const variants = [{ id: "a" }];
    expect(chosen(bannerOf({ holdout: 10, variants }), null)).toMatchObject({
      variant: null,
      reason: "no-visitor",
    });
    const group = { name: "summer", banners: ["home-hero", "other"] };
    expect(chosen(bannerOf({ group, variants }), null)).toMatchObject({
      variant: null,
      reason: "no-visitor",
    });
  });
});
