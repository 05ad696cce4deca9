/** The campaigns file: read as it is meant, or refused with every mistake told at once. */

import { describe, expect, it } from "vitest";
import { findBanners, indexBanners } from "../../src/core/banner.ts";
import type { CampaignsContext } from "../../src/core/campaigns/compilation.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { describeProblem } from "../../src/core/problem.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";

const context: CampaignsContext = { websites: ["main", "b2b"], adminPath: null };

const file = {
  $schema: "./campaigns.schema.json",
  audiences: { vip: "vip-1", bargain: ["bargain-prod", "bargain-stage"] },
  banners: [
    {
      id: "home-hero",
      websites: ["main"],
      paths: ["/", "/sale/*"],
      selector: "#hero",
      variants: [
        { id: "vip", for: { any: ["vip"], not: ["bargain"] }, put: { content: "<h2>VIP</h2>" } },
        { id: "bargain", for: { all: ["bargain"] }, put: { element: "<section>Sale</section>" } },
      ],
    },
  ],
};

const problemsOf = (written: unknown, where = context) => {
  const parsed = parseCampaigns(typeof written === "string" ? written : JSON.stringify(written), where);
  return parsed.ok ? [] : parsed.error.map(describeProblem);
};

/** The file with one thing changed in its first banner. */
const withBanner = (change: object) => ({ ...file, banners: [{ ...file.banners[0], ...change }] });
const withVariant = (change: object) =>
  withBanner({ variants: [{ ...file.banners[0]?.variants[0], ...change }] });

describe("parseCampaigns", () => {
  it("reads names as ids and texts as patterns", () => {
    expect(parseCampaigns(JSON.stringify(file), context)).toEqual({
      ok: true,
      value: {
        banners: [
          {
            id: "home-hero",
            websites: ["main"],
            paths: [
              { kind: "exact", path: "/" },
              { kind: "prefix", path: "/sale/" },
            ],
            selector: "#hero",
            dynamicBlock: null,
            trust: "claimed",
            storeViews: null,
            pageTypes: null,
            device: null,
            schedule: null,
            holdout: 0,
            group: null,
            variants: [
              {
                id: "vip",
                schedule: null,
                share: null,
                publicName: null,
                storeViewPuts: null,
                for: { any: ["vip-1"], all: [], not: ["bargain-prod", "bargain-stage"] },
                put: { kind: "content", html: "<h2>VIP</h2>" },
              },
              {
                id: "bargain",
                schedule: null,
                share: null,
                publicName: null,
                storeViewPuts: null,
                for: { any: [], all: [["bargain-prod", "bargain-stage"]], not: [] },
                put: { kind: "element", html: "<section>Sale</section>" },
              },
            ],
          },
        ],
        offers: [],
      },
    });
  });

  it("tells ten mistakes in ten sentences, each with its path", () => {
    const problems = problemsOf({
      audiences: { vip: "vip-1", Gold: "gold-1", broken: "not an id!" },
      baners: [],
      banners: [
        {
          id: "hero",
          websites: ["mian"],
          paths: ["/checkout/", "/*"],
          selector: "div",
          variants: [{ id: "a", for: { any: ["vpi"] }, put: { content: "<b>open" } }],
        },
        { id: "hero", paths: "/", selector: "#x", variants: [{ id: "a", for: {}, putt: {} }] },
      ],
    });
    expect(problems).toEqual([
      'audiences.broken: "not an id!" is no audience id; copy it from Adobe Real-Time CDP',
      'audiences.Gold: a name has lower-case letters, digits and "-", at most 63, found "Gold"',
      "baners: unknown key",
      'banners[0].paths[0]: "/checkout/" is never edited: checkout, account, APIs, files and admin are left alone',
      'banners[0].paths[1]: "/*" would include Commerce\'s admin, whose path is not known here; set the secret COMMERCE_ADMIN_PATH, or name the pages',
      'banners[0].selector: "div" is too broad: name an id, a class or an attribute, like "#hero"',
      'banners[0].variants[0].for.any[0]: unknown audience "vpi"; did you mean "vip"?',
      "banners[0].variants[0].put.content: <b> is never closed",
      'banners[0].websites[0]: unknown website "mian"; did you mean "main"?',
      'banners[1].id: a second banner with the id "hero"',
      'banners[1].paths: expected a list, found "/"',
      'banners[1].variants[0].for: nobody is named; write { "any": ["…"] }, "all" or "not" with names from "audiences"',
      "banners[1].variants[0].put: missing, and it has to be there",
      'banners[1].variants[0].putt: unknown key; did you mean "put"?',
    ]);
  });

  it.each([
    ["not JSON", "{", /^not JSON: /],
    ["a list", [], /expected an object/],
    ["no banners", { audiences: {} }, /^banners: missing, and it has to be there/],
    ["two kinds of put", withVariant({ put: { content: "a", element: "b" } }), /exactly one of "content"/],
    [
      "an audience in and not in",
      withVariant({ for: { all: ["vip"], not: ["vip"] } }),
      /nobody can be in "vip"/,
    ],
    [
      "one id under two names",
      { ...file, audiences: { ...file.audiences, gold: "vip-1" } },
      /same audience id as "vip"/,
    ],
    ["an empty list of paths", withBanner({ paths: [] }), /at least one path/],
    ["a list of selectors", withBanner({ selector: "#a, #b" }), /one selector, one place/],
    ["content of an image", withBanner({ selector: "#hero img" }), /an <img> has no content/],
    ["an empty element", withVariant({ put: { element: " " } }), /it would remove the place/],
    ["a prototype's name", withVariant({ for: { any: ["__proto__"] } }), /unknown audience "__proto__"/],
    ["3 MB", " ".repeat(3_000_000), /at most 2 MB/],
  ])("refuses %s", (_, written, expected) => {
    expect(problemsOf(written).join("\n")).toMatch(expected);
  });

  it('accepts "/*" once the admin path is known, and refuses the admin path itself', () => {
    const known = { ...context, adminPath: "backoffice" };
    expect(problemsOf(withBanner({ paths: ["/*"] }), known)).toEqual([]);
    expect(problemsOf(withBanner({ paths: ["/backoffice/*"] }), known)[0]).toMatch(/never edited/);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(problemsOf(`\uFEFF${JSON.stringify(file)}`)).toEqual([]);
  });
});

describe("banners for the dynamic blocks of headless storefronts", () => {
  const { paths, selector, ...headless } = { ...file.banners[0], dynamicBlock: "MQ==" };
  const withBanners = (...banners: readonly object[]) => ({ ...file, banners });

  it("need no page, and may have one", () => {
    const parsed = parseCampaigns(
      JSON.stringify(
        withBanners(headless, { ...headless, id: "both", dynamicBlock: "MTI=", paths, selector }),
      ),
      context,
    );
    expect(parsed.ok && parsed.value.banners).toMatchObject([
      { id: "home-hero", paths: [], selector: "", dynamicBlock: "MQ==" },
      { id: "both", paths: [{ path: "/" }, { path: "/sale/" }], selector: "#hero", dynamicBlock: "MTI=" },
    ]);
  });

  it.each([
    [
      "the number of the block",
      withBanner({ dynamicBlock: "12" }),
      /"12" is no uid .* its id, which is "MTI="/,
    ],
    ["base64 of a word", withBanner({ dynamicBlock: btoa("hero") }), /is no uid .* like "MQ==" for block 1/],
    ["base64 without its end", withBanner({ dynamicBlock: "MQ" }), /is no uid of a dynamic block/],
    [
      "a page without a place",
      withBanner({ selector: undefined }),
      /^banners\[0\]\.selector: missing; a banner has/,
    ],
    [
      "a place without a page, a block or not",
      withBanner({ paths: undefined, dynamicBlock: "MQ==" }),
      /^banners\[0\]\.paths: missing; a banner has "paths" and "selector", or a "dynamicBlock" alone$/,
    ],
    [
      "two for one block of a website",
      withBanners(headless, { ...headless, id: "second", websites: undefined }),
      /^banners\[1\]\.dynamicBlock: banner "home-hero" stands for that block of the same website already$/,
    ],
  ])("refuse %s", (_, written, expected) => {
    expect(problemsOf(written)).toEqual([expect.stringMatching(expected)]);
  });

  it("are found by uid on their own websites, and on no page", () => {
    const other = { ...headless, id: "second", websites: ["b2b"] };
    const parsed = parseCampaigns(JSON.stringify(withBanners(headless, other)), context);
    const index = indexBanners(parsed.ok ? parsed.value.banners : [], "b2b", null);
    expect(index.blocks.get("MQ==")?.id).toBe("second");
    expect(findBanners(index, "/")).toEqual([]);
  });
});

describe("offers in a campaigns file", () => {
  const offer = { id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20" };
  const withOffers = (...offers: readonly object[]) => ({ ...file, offers });

  it("are verified, open to whoever knows the code, and always live, unless they say otherwise", () => {
    const parsed = parseCampaigns(JSON.stringify(withOffers(offer)), context);
    expect(parsed.ok && parsed.value.offers).toEqual([
      {
        id: "vip-20",
        websites: null,
        for: { any: ["vip-1"], all: [], not: [] },
        coupon: "VIP20",
        trust: "verified",
        exclusive: false,
        schedule: null,
      },
    ]);
  });

  it("have a schedule in the time zone that they name", () => {
    const schedule = { from: "2026-11-27T00:00", until: "2026-11-30T00:00", timeZone: "Europe/Berlin" };
    const parsed = parseCampaigns(JSON.stringify(withOffers({ ...offer, schedule })), context);
    expect(parsed.ok && parsed.value.offers[0]?.schedule).toEqual({
      fromMs: Date.parse("2026-11-26T23:00:00Z"),
      untilMs: Date.parse("2026-11-29T23:00:00Z"),
    });
  });

  it("tell every mistake at once, each where it is", () => {
    const written = withOffers(
      { ...offer, coupon: " VIP20", for: { any: ["vipp"] } },
      { ...offer, coupon: "VÎP20", exclusive: true, trust: "claimed", websites: ["b2c"] },
      { ...offer, id: "x", schedule: { from: "soon" } },
    );
    expect(problemsOf(written)).toEqual([
      "offers[0].coupon: a coupon code has 1 to 255 characters and no spaces around it",
      'offers[0].for.any[0]: unknown audience "vipp"; did you mean "vip"?',
      expect.stringMatching(/^offers\[1\]\.coupon: an exclusive code has only letters/),
      'offers[1].id: a second offer with the id "vip-20"',
      expect.stringMatching(/^offers\[1\]\.trust: "claimed" would let anybody/),
      expect.stringMatching(/^offers\[1\]\.websites\[0\]: unknown website "b2c"/),
      expect.stringMatching(/^offers\[2\]\.schedule\.from: expected a time like/),
    ]);
  });
});

it("names that every object has are names like any other, or refused, and pollute nothing", () => {
  for (const key of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
    const audiences = `{"${key}":"vip-1","vip":"vip-2"}`;
    const banner = (id: string, put: string) =>
      `{"id":"${id}","paths":["/"],"selector":"#a","variants":[{"id":"v","for":{"any":["vip"]},"put":${put}}]}`;
    for (const text of [
      `{"audiences":${audiences},"banners":[]}`,
      `{"audiences":{"vip":"vip-2"},"banners":[],"${key}":{"polluted":1}}`,
      `{"audiences":{"vip":"vip-2"},"banners":[${banner(key, '{"content":"x"}')}]}`,
      `{"audiences":{"vip":"vip-2"},"banners":[${banner("b", `{"attributes":{"${key}":"x","polluted":"1"}}`)}]}`,
      `{"audiences":{"vip":"vip-2"},"banners":[${banner("b", `{"content":{"default":"x","${key}":"y"}}`)}]}`,
    ]) {
      expect(() => parseCampaigns(text, context)).not.toThrow();
    }
    // An audience that was not given a name is not found in what every object has.
    expect(problemsOf(withVariant({ for: { any: [key] } }))).toEqual([
      expect.stringContaining("unknown audience"),
    ]);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
});

describe("readStoredCampaigns", () => {
  const parsed = parseCampaigns(JSON.stringify(file), context);
  const stored = {
    schema: 1,
    version: "v",
    publishedAt: "2026-11-23T00:00:00Z",
    ...(parsed.ok ? parsed.value : {}),
  };

  it("reads back what was compiled", () => {
    const read = readStoredCampaigns(JSON.parse(JSON.stringify(stored)));
    expect(read).toEqual({
      ok: true,
      value: { version: "v", publishedAt: "2026-11-23T00:00:00Z", campaigns: parsed.ok && parsed.value },
    });
  });

  it.each([
    ["a newer schema", { ...stored, schema: 3 }, "schema 3 is not known here"],
    ["rubbish", "x", "not the compiled form of a campaigns file"],
    ["nothing", undefined, "not the compiled form of a campaigns file"],
    ["half a file", { ...stored, banners: [{}] }, "not the compiled form of a campaigns file"],
  ])("leaves %s alone", (_, value, reason) => {
    expect(readStoredCampaigns(value)).toEqual({ ok: false, error: reason });
  });
});
