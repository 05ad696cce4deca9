/** What Commerce is told: a membership goes only where no shared cache can keep the answer. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import type { Membership } from "../../src/core/membership.ts";
import { planUpstream } from "../../src/core/upstream.ts";
import type { Website } from "../../src/core/website.ts";

const website: Website = {
  code: "main",
  hosts: ["shop.test"],
  pathPrefix: null,
  cookieDomain: null,
  corsOrigins: [],
  origin: null,
  originSecret: null,
  storefront: "luma",
  graphqlPath: "/graphql",
  mode: "on",
  rollout: 100,
  logSamplingRate: 1,
  consent: "honoured",
  consentManager: null,
  gpc: "honoured",
  storeViews: ["fr"],
  storeViewHosts: {},
  defaultStoreView: "default",
  currencies: [],
  timeZone: null,
  membershipPaths: [{ kind: "prefix", path: "/onestep/" }],
  membershipEncoding: "urlencoded",
  maxUpstreamBytes: 4096,
  maxPageBytes: 1_000_000,
  maxBodyBytes: 1000,
  graphqlPublicFields: [],
  graphqlPrivateFields: [],
  graphqlLimits: { complexity: 300, depth: 20, aliases: 10, pageSize: 300 },
  exposures: [],
  dynamicBlocks: "filter",
  pageDeadlineMs: null,
  adobe: null,
  trust: "claimed",
  datastreamId: null,
  edgeBasePath: "ee",
  edgeUrl: "https://edge.adobedc.net",
  edgeAuth: "none",
  edgeServerUrl: "https://server.adobedc.net",
  identity: "ecid",
  adobeCookieDomain: null,
  pull: "known",
  pullDatastreamId: null,
  budgetMs: 150,
  refreshSeconds: 300,
  expiresSeconds: 1800,
};
const headless: Website = { ...website, storefront: "headless" };

const membership: Membership = {
  kind: "member",
  source: "cookie",
  trust: "claimed",
  audiences: new Set(["b", "a"] as AudienceId[]),
  unknown: null,
  lost: [],
};
const question = {
  website,
  method: "GET",
  path: "/",
  graphql: false,
  membership,
  preferred: new Set<AudienceId>(),
};
const sent = { text: "a%2Cb", sent: 2, cut: 0 };

describe("planUpstream", () => {
  it.each([
    ["a cacheable page", {}, { kind: "none", reason: "cacheable" }],
    ["a HEAD", { method: "HEAD" }, { kind: "none", reason: "cacheable" }],
    ["a GraphQL GET", { graphql: true, path: "/graphql" }, { kind: "none", reason: "cacheable" }],
    ["a GraphQL POST", { graphql: true, path: "/graphql", method: "POST" }, { kind: "header", ...sent }],
    ["the cart", { path: "/checkout/cart/" }, { kind: "cookie", ...sent }],
    ["the cart of a store view", { path: "/fr/checkout/cart/" }, { kind: "cookie", ...sent }],
    ["private content", { path: "/customer/section/load/" }, { kind: "cookie", ...sent }],
    ["REST", { path: "/rest/V1/carts" }, { kind: "cookie", ...sent }],
    ["dynamic blocks of Luma", { path: "/banner/ajax/load/" }, { kind: "cookie", ...sent }],
    ["a form that is posted", { path: "/women.html", method: "POST" }, { kind: "cookie", ...sent }],
    ["a path that the website names", { path: "/onestep/x" }, { kind: "cookie", ...sent }],
    ["REST of a headless store", { website: headless, path: "/rest/V1/carts" }, { kind: "header", ...sent }],
  ])("%s", (_, change, expected) => {
    expect(planUpstream({ ...question, ...change })).toEqual(expected);
  });

  it("sends nothing for a shopper without a membership", () => {
    const none: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };
    const plan = planUpstream({ ...question, path: "/checkout/", membership: none });
    expect(plan).toEqual({ kind: "none", reason: "no-membership" });
  });

  it("sends no claim where the website demands Adobe's own word, and says so", () => {
    const strict = { ...website, trust: "verified" } as const;
    const plan = planUpstream({ ...question, website: strict, path: "/checkout/" });
    expect(plan).toEqual({ kind: "none", reason: "not-verified" });
    const verified: Membership = { ...membership, source: "signed-cookie", trust: "verified" };
    expect(planUpstream({ ...question, website: strict, path: "/checkout/", membership: verified })).toEqual({
      kind: "cookie",
      ...sent,
    });
  });

  it("knows Commerce's private paths behind the website's own prefix, and behind no other's", () => {
    const eu = { ...website, pathPrefix: "/eu/shop" };
    const kindAt = (path: string) => planUpstream({ ...question, website: eu, path }).kind;
    expect(kindAt("/eu/shop/checkout/cart")).toBe("cookie");
    expect(kindAt("/eu/shop/index.php/fr/customer/account")).toBe("cookie");
    expect(kindAt("/eu/shopping/checkout/cart")).toBe("none");
    expect(planUpstream({ ...question, path: "/eu/shop/checkout/cart" }).kind).toBe("none");
  });

  it("cuts what does not fit, the campaigns' audiences last, and counts it", () => {
    const tight = { ...website, maxUpstreamBytes: 1 };
    const preferred = new Set(["b"] as AudienceId[]);
    expect(planUpstream({ ...question, website: tight, path: "/checkout/", preferred })).toEqual({
      kind: "cookie",
      text: "b",
      sent: 1,
      cut: 1,
    });
  });
});
