/** The plan of a page: who sees which variant where, why, and where nothing is ever planned. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { type Banner, indexBanners } from "../../src/core/banner.ts";
import type { Membership } from "../../src/core/membership.ts";
import { type PageQuestion, planPage, wantsVisitor } from "../../src/core/page.ts";

const ids = (...names: string[]) => names as AudienceId[];
const condition = (...any: string[]) => ({ any: ids(...any), all: [], not: [] });

const plain = { publicName: null, storeViewPuts: null, schedule: null, share: null } as const;

const hero: Banner = {
  id: "hero",
  websites: null,
  paths: [{ kind: "exact", path: "/" }],
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
    { ...plain, id: "vip", for: condition("vip"), put: { kind: "content", html: "VIP" } },
    {
      ...plain,
      id: "bargain",
      for: condition("bargain", "vip"),
      put: { kind: "element", html: "<p>Sale</p>" },
    },
  ],
};
const everywhere: Banner = {
  ...hero,
  id: "everywhere",
  paths: [{ kind: "prefix", path: "/" }],
  selector: ".strip",
  dynamicBlock: null,
  variants: [{ ...plain, id: "only", for: condition("bargain"), put: { kind: "content", html: "Strip" } }],
};

const member = (...names: string[]): Membership => ({
  kind: "member",
  source: "cookie",
  trust: "claimed",
  audiences: new Set(ids(...names)),
  unknown: null,
  lost: [],
});

const question: PageQuestion = {
  website: { code: "main", pathPrefix: null },
  method: "GET",
  path: "/",
  upgrade: false,
  index: indexBanners([hero, everywhere], "main", "backoffice"),
  adminPath: "backoffice",
  adminSignedIn: false,
  marked: true,
  pageTypes: null,
  stagingPreview: false,
  membership: member("vip"),
  nowMs: 0,
  visitor: null,
  storeView: "default",
  device: "desktop",
};

describe("planPage", () => {
  it("shows the first variant whose condition holds, and says why for each banner", () => {
    expect(planPage(question)).toEqual({
      kind: "personalize",
      choices: [
        { banner: "hero", variant: "vip", reason: "condition-holds", passed: [] },
        {
          banner: "everywhere",
          variant: null,
          reason: "no-condition-holds",
          passed: [{ variant: "only", reason: "condition-fails" }],
        },
      ],
      edits: [
        {
          banner: "hero",
          variant: "vip",
          selector: "#hero",
          pageTypes: null,
          put: { kind: "content", html: "VIP" },
          mark: expect.stringMatching(/^_[0-9a-f]{16}$/),
        },
      ],
    });
  });

  it("keeps the origin's own for a shopper without a membership", () => {
    const membership: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };
    expect(planPage({ ...question, membership })).toEqual({
      kind: "default",
      choices: [
        { banner: "hero", variant: null, reason: "no-membership", passed: [] },
        { banner: "everywhere", variant: null, reason: "no-membership", passed: [] },
      ],
    });
  });

  it("shows a banner that demands Adobe's own word only to whom it was given for", () => {
    const index = indexBanners([{ ...hero, trust: "verified" }], "main", null);
    expect(planPage({ ...question, index })).toEqual({
      kind: "default",
      choices: [{ banner: "hero", variant: null, reason: "not-verified", passed: [] }],
    });
    const membership: Membership = {
      ...member("vip"),
      source: "signed-cookie",
      trust: "verified",
    } as Membership;
    expect(planPage({ ...question, index, membership }).kind).toBe("personalize");
  });

  it("edits nothing for somebody who is signed in to the admin", () => {
    expect(planPage({ ...question, adminSignedIn: true })).toMatchObject({
      kind: "default",
      choices: [{ reason: "admin-signed-in" }, { reason: "admin-signed-in" }],
    });
  });

  it.each([
    ["another method", { method: "POST" }, "method"],
    ["a WebSocket", { upgrade: true }, "upgrade"],
    ["no campaigns", { index: null }, "no-campaigns"],
    ["a staging preview of Commerce's", { stagingPreview: true }, "staging-preview"],
    [
      "a page that no banner names",
      { index: indexBanners([hero], "main", null), path: "/x" },
      "no-banner-here",
    ],
    ["the checkout, although /* includes it", { path: "/checkout/" }, "reserved-path"],
    ["the admin, although /* includes it", { path: "/backoffice/" }, "reserved-path"],
    [
      "the checkout behind a prefix, however long",
      { website: { code: "main", pathPrefix: "/eu/shop" }, path: "/eu/shop/index.php/fr/checkout/" },
      "reserved-path",
    ],
  ])("passes %s", (_, change, reason) => {
    expect(planPage({ ...question, ...change })).toEqual({ kind: "pass", reason });
  });

  it("keeps a page out of caches from a day before its banner begins, and leaves it alone once it is over", () => {
    const day = 86_400_000;
    const schedule = { fromMs: 10 * day, untilMs: 11 * day };
    const index = indexBanners([{ ...hero, schedule }], "main", null);
    const at = (nowMs: number) => planPage({ ...question, index, nowMs });
    expect(at(9 * day - 1)).toEqual({ kind: "pass", reason: "no-banner-here" });
    expect(at(9 * day)).toMatchObject({ kind: "default", choices: [{ reason: "not-scheduled" }] });
    expect(at(10 * day)).toMatchObject({ kind: "personalize" });
    expect(at(11 * day)).toEqual({ kind: "pass", reason: "no-banner-here" });
  });

  it("finds a page by a glob, and tells the edge which types of page it is for", () => {
    const paths = [{ kind: "glob", path: "/*/sale/*.html" }] as const;
    const index = indexBanners(
      [{ ...hero, paths, pageTypes: ["catalog-product-view"] }],
      "main",
      "backoffice",
    );
    expect(planPage({ ...question, index, path: "/fr/sale/red.html" })).toMatchObject({
      edits: [{ pageTypes: ["catalog-product-view"] }],
    });
    expect(planPage({ ...question, index, path: "/backoffice/sale/red.html" })).toMatchObject({
      kind: "pass",
    });
  });

  it("promises nothing that the page's type may refuse, and says so where the type is known", () => {
    const index = indexBanners([{ ...hero, pageTypes: ["catalog-product-view"] }], "main", "backoffice");
    const told = (pageTypes: PageQuestion["pageTypes"]) => {
      const plan = planPage({ ...question, index, pageTypes });
      return plan.kind === "pass" ? plan : [plan.kind, plan.choices[0]?.variant, plan.choices[0]?.reason];
    };
    expect(told(null)).toEqual(["personalize", "vip", "page-type-decides"]);
    expect(told(["page-layout", "catalog-product-view"])).toEqual(["personalize", "vip", "condition-holds"]);
    expect(told(["cms-index-index"])).toEqual(["default", null, "other-page-type"]);
  });

  it("wants an id of a shopper where a split would deal them in, and nowhere else", () => {
    const split = (share: number | null, holdout: number) => {
      const variants = hero.variants.map((variant) => ({ ...variant, share }));
      return indexBanners([{ ...hero, holdout, variants }], "main", null);
    };
    const wants = (index: PageQuestion["index"], change: Partial<PageQuestion> = {}) =>
      wantsVisitor(planPage({ ...question, index, ...change }));
    expect(wants(split(50, 0))).toBe(true);
    expect(wants(split(null, 5))).toBe(true);
    expect(wants(split(null, 0))).toBe(false);
    expect(wants(split(50, 5), { visitor: "42" })).toBe(false);
    expect(wants(split(50, 5), { membership: member("x") })).toBe(false);
    expect(wants(split(50, 5), { adminSignedIn: true })).toBe(false);
    expect(wants(split(50, 5), { path: "/x" })).toBe(false);
  });

  it("plans HEAD as it plans GET", () => {
    expect(planPage({ ...question, method: "HEAD" }).kind).toBe("personalize");
  });
});

describe("indexBanners", () => {
  it("leaves out other websites' banners", () => {
    const index = indexBanners([{ ...hero, websites: ["b2b"] }], "main", null);
    expect(planPage({ ...question, index })).toEqual({ kind: "pass", reason: "no-banner-here" });
  });

  it('leaves "/*" out where the admin path is not known', () => {
    const index = indexBanners([everywhere], "main", null);
    expect(planPage({ ...question, index })).toEqual({ kind: "pass", reason: "no-banner-here" });
  });

  it("knows every audience that a condition names", () => {
    expect(indexBanners([hero, everywhere], "main", null).audiences).toEqual(new Set(ids("vip", "bargain")));
  });
});
