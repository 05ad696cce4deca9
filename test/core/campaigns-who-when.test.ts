/** Who and when in a campaigns file: read as it is meant, and what could never be seen is said in words. */

import { describe, expect, it } from "vitest";
import type { CampaignsContext } from "../../src/core/campaigns/compilation.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { describeProblem } from "../../src/core/problem.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";

const context: CampaignsContext = {
  websites: ["main", "us"],
  adminPath: null,
  timeZones: { main: "Europe/Berlin", us: "America/New_York" },
};
const put = { content: "<b>x</b>" };
const vip = { id: "vip", for: { any: ["vip"] }, put };
const second = { ...vip, id: "second" };
const banner = { id: "hero", websites: ["main"], paths: ["/"], selector: "#hero", variants: [vip] };
const fileOf = (...banners: readonly object[]) => ({
  audiences: { vip: "v", gold: ["g1", "g2"], staff: "s" },
  banners,
});
const withVariants = (...variants: readonly object[]) => fileOf({ ...banner, variants });
const parse = (file: object, where = context) => parseCampaigns(JSON.stringify(file), where);
const problemsOf = (file: object, where = context) => {
  const parsed = parse(file, where);
  return parsed.ok ? [] : parsed.error.map(describeProblem);
};
const firstOf = (file: object) => {
  const parsed = parse(file);
  if (!parsed.ok) throw new Error(parsed.error.map(describeProblem).join("\n"));
  return parsed.value.banners[0];
};

describe("conditions", () => {
  const nested = { any: ["gold", { all: ["vip", { not: ["staff"] }] }], not: [{ any: ["staff"] }] };
  const meant = {
    any: ["g1", "g2", { any: [], all: [["v"], { any: [], all: [], not: ["s"] }], not: [] }],
    all: [],
    not: [{ any: ["s"], all: [], not: [] }],
  };

  it("nest, and everyone comes last", () => {
    const variants = firstOf(withVariants({ ...vip, for: nested }, { ...second, for: "everyone" }))?.variants;
    expect(variants?.[0]?.for).toEqual(meant);
    expect(variants?.[1]?.for).toEqual({ any: [], all: [], not: [] });
  });

  it("are the same for offers", () => {
    const parsed = parse({ ...fileOf(banner), offers: [{ id: "o", for: nested, coupon: "X" }] });
    expect(parsed.ok && parsed.value.offers[0]?.for).toEqual(meant);
    expect(problemsOf({ ...fileOf(banner), offers: [{ id: "o", for: "everyone", coupon: "X" }] })).toEqual([
      "offers[0].for: an offer is for an audience; for everyone, Commerce itself has cart price rules without a coupon",
    ]);
  });

  it("tell a mistake where it is, however deep", () => {
    const wrong = { any: [{ al: ["vip"], all: [{ any: ["vpi"] }] }, { not: [] }, 5] };
    expect(problemsOf(withVariants({ ...vip, for: wrong }))).toEqual([
      "banners[0].variants[0].for.any[0].al: unknown key",
      expect.stringMatching(/^banners\[0\]\.variants\[0\]\.for\.any\[1\]\.not: an empty list/),
      "banners[0].variants[0].for.any[2]: expected an object, found 5",
    ]);
    expect(problemsOf(withVariants({ ...vip, for: { any: [{ not: ["vpi"] }] } }))).toEqual([
      'banners[0].variants[0].for.any[0].not[0]: unknown audience "vpi"; did you mean "vip"?',
    ]);
    expect(problemsOf(withVariants({ ...vip, for: "everybody" }))).toEqual([
      expect.stringMatching(/^banners\[0\]\.variants\[0\]\.for: for whom\? .*or "everyone"$/),
    ]);
  });

  it("nested deeper than anybody means are refused, never a crash", () => {
    const deep = `${'{"any":['.repeat(50_000)}"vip"${"]}".repeat(50_000)}`;
    const file = JSON.stringify(withVariants({ ...vip, for: "DEEP" })).replace('"DEEP"', deep);
    const parsed = parseCampaigns(file, context);
    expect(parsed.ok ? [] : parsed.error.map(describeProblem)).toEqual([
      expect.stringMatching(/nested more than 40 deep|not JSON/),
    ]);
  });

  it("are read back as they are stored, and so is what was stored before they nested", () => {
    const parsed = parse(withVariants({ ...vip, for: nested }));
    const stored = { schema: 2, version: "v", publishedAt: "p", ...(parsed.ok && parsed.value) };
    const read = readStoredCampaigns(JSON.parse(JSON.stringify(stored)));
    expect(read.ok && read.value.campaigns).toEqual(parsed.ok && parsed.value);
    const condition = { any: ["v"], all: [["g1", "g2"]], not: ["s"] };
    const before = {
      id: "hero",
      websites: null,
      paths: [{ kind: "exact", path: "/" }],
      selector: "#hero",
      variants: [{ id: "vip", for: condition, put: { kind: "content", html: "x" } }],
    };
    const old = readStoredCampaigns({ schema: 1, version: "v", publishedAt: "p", banners: [before] });
    expect(old.ok && old.value.campaigns.banners).toEqual([
      {
        ...before,
        dynamicBlock: null,
        trust: "claimed",
        storeViews: null,
        pageTypes: null,
        device: null,
        schedule: null,
        holdout: 0,
        group: null,
        variants: [
          { ...before.variants[0], schedule: null, share: null, publicName: null, storeViewPuts: null },
        ],
      },
    ]);
  });
});

it("each mistake that a merchandiser makes is a sentence with its path", () => {
  const schedule = { from: "2026-11-01T00:00Z", until: "2026-12-01T00:00Z" };
  const later = { from: "2026-12-01T00:00Z", until: "2026-12-02T00:00Z" };
  const told = (file: object) => problemsOf(file).join("\n");
  const at = /^banners\[0\]\.variants\[\d\]/;
  expect(told(fileOf({ ...banner, schedule, variants: [{ ...vip, schedule: later }] }))).toMatch(
    /never live/,
  );
  const crossing = { from: "2026-11-15T00:00Z", until: "2026-12-15T00:00Z" };
  expect(told(withVariants({ ...vip, schedule }, { ...second, schedule: crossing }))).toMatch(/overlaps/);
  expect(told(withVariants({ ...vip, share: 60 }, { ...second, share: 50 }))).toMatch(/add up to 110/);
  expect(told(withVariants({ ...vip, for: { any: ["vpi"] } }))).toMatch(/did you mean "vip"/);
  expect(told(withVariants(vip, second))).toMatch(/can never be reached/);
  for (const file of [
    withVariants(vip, second),
    withVariants({ ...vip, put: { image: { desktop: "/a" } } }),
  ]) {
    expect(told(file)).toMatch(at);
  }
  expect(told(withVariants({ ...vip, put: { image: { desktop: "/a.jpg" } } }))).toMatch(
    /put\.image\.alt: missing/,
  );
  expect(told(fileOf({ ...banner, selector: "#hero:hover" }))).toMatch(
    /^banners\[0\]\.selector: HTMLRewriter does not know/,
  );
  expect(told(fileOf(banner, { ...banner, id: "other" }))).toMatch(
    /^banners\[1\]\.selector: "#hero" is the place of "hero"/,
  );
});

describe("schedules", () => {
  const schedule = { from: "2026-11-27T00:00" };
  const zoned = (banners: object) => firstOf(fileOf({ ...banner, schedule, ...banners }))?.schedule?.fromMs;

  it("are in the time zone of the banner's website, unless they say another", () => {
    expect(zoned({})).toBe(Date.parse("2026-11-26T23:00:00Z"));
    expect(zoned({ websites: ["us"] })).toBe(Date.parse("2026-11-27T05:00:00Z"));
    expect(zoned({ schedule: { ...schedule, timeZone: "UTC" } })).toBe(Date.parse("2026-11-27T00:00:00Z"));
    const own = firstOf(withVariants({ ...vip, schedule }));
    expect(own?.variants[0]?.schedule?.fromMs).toBe(Date.parse("2026-11-26T23:00:00Z"));
  });

  it("of websites in several time zones, or in none, must say which", () => {
    expect(problemsOf(fileOf({ ...banner, websites: undefined, schedule }))).toEqual([
      expect.stringMatching(
        /^banners\[0\]\.schedule\.from: no one knows .*; its websites are in several \(Europe\/Berlin, America\/New_York\)$/,
      ),
    ]);
    const nowhere = { websites: null, adminPath: null };
    expect(problemsOf(fileOf({ ...banner, schedule }), nowhere)).toEqual([
      expect.stringMatching(/^banners\[0\]\.schedule\.from: no one knows/),
    ]);
  });

  it("of a variant lies within its banner's", () => {
    const variants = [{ ...vip, schedule: { until: "2026-11-27T00:00" } }];
    expect(problemsOf(fileOf({ ...banner, schedule, variants }))).toEqual([
      "banners[0].variants[0].schedule: never live: the banner's own schedule is at another time",
    ]);
  });
});

describe("a variant that can never be reached", () => {
  const november = { from: "2026-11-01T00:00", until: "2026-12-01T00:00" };
  const week = { from: "2026-11-23T00:00", until: "2026-11-30T00:00" };
  const late = { from: "2026-11-20T00:00", until: "2026-12-10T00:00" };
  const december = { from: "2026-12-01T00:00", until: "2027-01-01T00:00" };

  it.each([
    [
      "after everyone",
      [{ ...vip, for: "everyone" }, second],
      'variants[1]: can never be reached: "vip" stands before it and is for everyone',
    ],
    [
      "after the same shoppers",
      [vip, second],
      'variants[1]: can never be reached: "vip" stands before it for the same shoppers',
    ],
    [
      "after more of the same",
      [
        { ...vip, for: { any: ["vip", "gold"] } },
        { ...second, for: { any: ["gold"], not: ["staff"] } },
      ],
      'variants[1]: can never be reached: "vip" stands before it for the same shoppers',
    ],
    [
      "in a week of the month before it",
      [
        { ...vip, schedule: november },
        { ...second, schedule: week },
      ],
      'variants[1]: can never be reached: "vip" stands before it for the same shoppers',
    ],
    [
      "in a time that overlaps",
      [
        { ...vip, schedule: november },
        { ...second, schedule: late },
      ],
      'variants[1].schedule: overlaps with "vip", which stands before it for the same shoppers; end one where the other begins',
    ],
    [
      "after all shares",
      [
        { ...vip, share: 50 },
        { ...second, share: 50 },
        { ...vip, id: "third" },
      ],
      "variants[2]: can never be reached: the shares before it are 100 percent of these shoppers",
    ],
    [
      "beyond all shares",
      [
        { ...vip, share: 70 },
        { ...second, share: 50 },
      ],
      "variants[1].share: the shares of these shoppers add up to 120; 100 is all of them",
    ],
  ])("%s", (_, variants, problem) => {
    expect(problemsOf(withVariants(...variants))).toEqual([`banners[0].${problem}`]);
  });

  it.each([
    ["other shoppers", [vip, { ...second, for: { any: ["gold"] } }, { ...vip, id: "all", for: "everyone" }]],
    ["fewer before more", [{ ...vip, for: { all: ["vip", "gold"] } }, second]],
    [
      "a week before the month around it",
      [
        { ...vip, schedule: week },
        { ...second, schedule: november },
      ],
    ],
    [
      "one after the other",
      [
        { ...vip, schedule: november },
        { ...second, schedule: december },
      ],
    ],
    [
      "shares and the rest",
      [
        { ...vip, share: 33.33 },
        { ...second, share: 33.33 },
        { ...vip, id: "rest" },
      ],
    ],
    [
      "all in shares",
      [
        { ...vip, share: 0.1 },
        { ...second, share: 99.9 },
      ],
    ],
    [
      "shares of other shoppers",
      [
        { ...vip, share: 80 },
        { ...second, for: { any: ["gold"] }, share: 80 },
      ],
    ],
  ])("none: %s", (_, variants) => {
    expect(problemsOf(withVariants(...variants))).toEqual([]);
  });
});

it("a variant that can't be read hides no other", () => {
  const variants = [
    { ...vip, for: { any: ["vpi"] } },
    { ...second, for: { any: ["vpi"] } },
    { ...vip, id: "third", for: undefined },
    { ...vip, id: "fourth" },
  ];
  expect(problemsOf(withVariants(...variants))).toEqual([
    expect.stringMatching(/variants\[0\]\.for\.any\[0\]: unknown audience/),
    expect.stringMatching(/variants\[1\]\.for\.any\[0\]: unknown audience/),
    expect.stringMatching(/variants\[2\]\.for: missing/),
  ]);
});

describe("shares, holdouts and groups", () => {
  it.each([
    [{ share: 0 }, "variants[0].share: nobody would see it; write more than 0"],
    [{ share: 101 }, "variants[0].share: a percentage, 0 to 100"],
    [{ share: 0.001 }, "variants[0].share: at most two decimals"],
    [{ share: "5%" }, 'variants[0].share: expected a number, found "5%"'],
  ])("%j is refused", (change, problem) => {
    expect(problemsOf(withVariants({ ...vip, ...change }))).toEqual([`banners[0].${problem}`]);
  });

  it("banners of a group know each other, in the order of the file", () => {
    const other = { ...banner, id: "strip", selector: "#strip", group: "summer" };
    expect(firstOf(fileOf({ ...banner, group: "summer" }, other))?.group).toEqual({
      name: "summer",
      banners: ["hero", "strip"],
    });
  });

  it("a group of one, or over different websites, is refused", () => {
    expect(problemsOf(fileOf({ ...banner, group: "summer" }))).toEqual([
      'banners[0].group: banner "hero" is alone in the group "summer"; a group has two or more',
    ]);
    const other = { ...banner, id: "strip", selector: "#strip", group: "summer", websites: ["us"] };
    expect(problemsOf(fileOf({ ...banner, group: "summer" }, other))).toEqual([
      'banners[1].group: banner "hero" of that group is for other websites; a group is for the same ones',
    ]);
  });
});

describe("where", () => {
  it("is a path with stars, a store view, a type of page, a device", () => {
    const where = { storeViews: ["fr"], pageTypes: ["catalog-product-view"], device: "mobile" };
    expect(firstOf(fileOf({ ...banner, ...where, paths: ["/fr/*/sale-*.html"] }))).toMatchObject({
      ...where,
      paths: [{ kind: "glob", path: "/fr/*/sale-*.html" }],
    });
  });

  it("is a store view that the settings of its websites have, where they are known", () => {
    const storeViews = { main: ["default", "fr"], us: ["en_us"] };
    const inViews = (codes: readonly string[], change: object = {}) =>
      problemsOf(fileOf({ ...banner, storeViews: codes, ...change }), { ...context, storeViews });
    expect(inViews(["fr", "default"])).toEqual([]);
    expect(inViews(["frr", "en_us"])).toEqual([
      'banners[0].storeViews[0]: unknown store view "frr"; did you mean "fr"?',
      'banners[0].storeViews[1]: unknown store view "en_us"; the settings have "default", "fr"',
    ]);
    expect(inViews(["en_us"], { websites: undefined })).toEqual([]);
  });

  it("is never Commerce's admin or checkout, with a star neither", () => {
    expect(problemsOf(fileOf({ ...banner, paths: ["/*/order/*", "/*/checkout/*"] }))).toEqual([
      expect.stringMatching(/^banners\[0\]\.paths\[0\]: "\/\*\/order\/\*" would include Commerce's admin/),
      expect.stringMatching(/^banners\[0\]\.paths\[1\]: .* is never edited/),
    ]);
  });
});
