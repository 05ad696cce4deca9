/** Texts per store view: each is shown where it is meant, and a store view without one of its own is told. */

import { expect, it } from "vitest";
import { chooseVariant } from "../../src/core/banner.ts";
import type { CampaignsContext } from "../../src/core/campaigns/compilation.ts";
import { keepWellShaped } from "../../src/core/campaigns/file.ts";
import { findMissingTexts } from "../../src/core/campaigns/store-view.ts";
import { describePut } from "../../src/core/campaigns/words.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { describeProblem } from "../../src/core/problem.ts";
import { htmlOf } from "../../src/core/put.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";

const context: CampaignsContext = {
  websites: ["main", "us"],
  adminPath: null,
  storeViews: { main: ["en", "fr", "de_ch"], us: ["us_en"] },
};
const fileWith = (put: object, change: object = {}) => ({
  audiences: { vip: "v" },
  banners: [
    {
      id: "hero",
      websites: ["main"],
      paths: ["/"],
      selector: "#hero",
      ...change,
      variants: [{ id: "all", for: "everyone", put }],
    },
  ],
});
const parse = (file: object) => parseCampaigns(JSON.stringify(file), context);
const problemsOf = (put: object, change: object = {}) => {
  const parsed = parse(fileWith(put, change));
  return parsed.ok ? [] : parsed.error.map(describeProblem);
};
const warningsOf = (put: object, change: object = {}) =>
  findMissingTexts(keepWellShaped(fileWith(put, change)), context).map(describeProblem);
const bannerOf = (put: object) => {
  const parsed = parse(fileWith(put));
  if (!parsed.ok) throw new Error(parsed.error.map(describeProblem).join("\n"));
  const stored = { schema: 2, version: "v", publishedAt: "p", ...parsed.value };
  const read = readStoredCampaigns(JSON.parse(JSON.stringify(stored)));
  const banner = read.ok ? read.value.campaigns.banners[0] : undefined;
  if (banner === undefined) throw new Error("what is stored can be read");
  return banner;
};
const shownIn = (put: object, storeView: string | null) => {
  const membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] } as const;
  const shopper = { membership, nowMs: 0, visitor: null, storeView, device: "desktop" } as const;
  return chooseVariant(bannerOf(put), shopper).put;
};

const picture = {
  image: {
    desktop: { default: "/en.jpg", fr: "/fr.jpg" },
    mobile: "/small.jpg",
    alt: { default: "A hut", fr: "Une cabane", de_ch: "Eine Hütte" },
  },
  link: { default: "/sale", fr: "/fr/soldes" },
  heading: "Sale",
};

it("a store view has its own texts, and the default's where it has none", () => {
  const html = { content: { default: "Hello", fr: "Bonjour" } };
  expect(["fr", "en", "xx", null, "__proto__"].map((code) => shownIn(html, code))).toEqual([
    { kind: "content", html: "Bonjour" },
    ...Array.from({ length: 4 }, () => ({ kind: "content", html: "Hello" })),
  ]);
  const parts = (code: string) => {
    const put = shownIn(picture, code);
    return /href="(.*?)".*srcset="(.*?)".*src="(.*?)" alt="(.*?)".*<h2>(.*?)</
      .exec((put && htmlOf(put)) ?? "")
      ?.slice(1);
  };
  expect(parts("fr")).toEqual(["/fr/soldes", "/small.jpg", "/fr.jpg", "Une cabane", "Sale"]);
  expect(parts("de_ch")).toEqual(["/sale", "/small.jpg", "/en.jpg", "Eine H&#252;tte", "Sale"]);
  expect(parts("en")).toEqual(["/sale", "/small.jpg", "/en.jpg", "A hut", "Sale"]);
});

it("edits and attributes have them too", () => {
  const put = {
    edits: [
      { attributes: { title: { default: "Hello", fr: null }, "data-x": "1" } },
      { selector: ".strip", append: { default: "!", fr: " !" } },
    ],
  };
  const edits = (title: string | null, end: string) => ({
    kind: "edits",
    edits: [
      {
        selector: null,
        changes: [
          {
            kind: "attributes",
            attributes: [
              ["title", title],
              ["data-x", "1"],
            ],
          },
        ],
      },
      { selector: ".strip", changes: [{ kind: "append", html: end }] },
    ],
  });
  expect(shownIn(put, "fr")).toEqual(edits(null, " !"));
  expect(shownIn(put, "en")).toEqual(edits("Hello", "!"));
});

it("what is written once is stored once, as it always was", () => {
  const [variant] = bannerOf({ content: "Hello" }).variants;
  expect(variant?.storeViewPuts).toBeNull();
  const before = { id: "a", for: { any: [], all: [], not: [] }, put: { kind: "content", html: "Hello" } };
  const banner = { id: "hero", websites: null, paths: [], selector: "#hero", variants: [before] };
  const read = readStoredCampaigns({ schema: 2, version: "v", publishedAt: "p", banners: [banner] });
  expect(read.ok && read.value.campaigns.banners[0]?.variants[0]?.storeViewPuts).toBeNull();
});

it("a mistake is told once, where it is", () => {
  expect(problemsOf({ content: { default: "<b>x", fr: "<i>y" } })).toEqual([
    expect.stringMatching(/^banners\[0\]\.variants\[0\]\.put\.content\.default: .*<b>/),
    expect.stringMatching(/^banners\[0\]\.variants\[0\]\.put\.content\.fr: .*<i>/),
  ]);
  expect(problemsOf({ edits: [{ before: "<b>x", after: { default: "a", fr: "b", de_ch: "c" } }] })).toEqual([
    expect.stringMatching(/^banners\[0\]\.variants\[0\]\.put\.edits\[0\]\.before: /),
  ]);
  expect(problemsOf({ content: { default: "Hello", "fr-FR": "x" } })).toEqual([
    expect.stringMatching(/put\.content\.fr-FR: a text for each store view has codes for keys/),
  ]);
  expect(problemsOf({ content: {} })).toEqual([expect.stringMatching(/put\.content: nothing in it; write/)]);
  expect(problemsOf({ content: { default: 5 } })).toEqual([
    "banners[0].variants[0].put.content.default: expected a text, found 5",
  ]);
  expect(problemsOf({ content: ["x"] })).toEqual([
    "banners[0].variants[0].put.content: expected a text, found a list of 1",
  ]);
});

it("a store view that the settings don't have is told, with the nearest", () => {
  expect(problemsOf({ content: { default: "Hello", de_hc: "Hoi" } })).toEqual([
    'banners[0].variants[0].put.content.de_hc: unknown store view "de_hc"; did you mean "de_ch"?',
  ]);
});

it("without a default, each store view of the banner has its own", () => {
  const put = { content: { fr: "Bonjour", de_ch: "Hoi" } };
  expect(problemsOf(put)).toEqual([
    'banners[0].variants[0].put.content: nothing for the other store views; write it under "default", or under each code',
  ]);
  expect(problemsOf(put, { storeViews: ["fr", "en"] })).toEqual([
    'banners[0].variants[0].put.content: nothing for "en"; write it under "default", or under each code',
  ]);
  expect(problemsOf(put, { storeViews: ["fr", "de_ch"] })).toEqual([]);
});

it("a store view without a text of its own is a warning with the path; the website's default one has the default", () => {
  expect(warningsOf(picture)).toEqual([
    'banners[0].variants[0].put.link: nothing for the store view "de_ch"; "default" is shown there',
    'banners[0].variants[0].put.image.desktop: nothing for the store view "de_ch"; "default" is shown there',
  ]);
  expect(warningsOf(picture, { storeViews: ["fr"] })).toEqual([]);
  expect(warningsOf({ content: "the same everywhere" })).toEqual([]);
  expect(warningsOf({ edits: [{ addClass: "x", append: { default: "!" } }] })).toEqual([
    'banners[0].variants[0].put.edits[0].append: nothing for the store views "fr", "de_ch"; "default" is shown there',
  ]);
});

it("the words tell what each store view reads", () => {
  const [variant] = bannerOf({ content: { default: "<b>Hello</b>", fr: "<b>Bonjour</b>" } }).variants;
  expect(variant && describePut(variant, "#hero")).toBe("“Hello”; store view fr: “Bonjour”");
});
