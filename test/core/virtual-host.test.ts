/** Which website a request is for, where several share a host. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { belowPrefix, chooseWebsite, graphqlPaths, shareHost } from "../../src/core/virtual-host.ts";
import type { Website } from "../../src/core/website.ts";
import { readSettings } from "../../src/settings.ts";

const ids = {
  main: "b7a9c0de-0000-4000-8000-000000000001",
  fr: "b7a9c0de-0000-4000-8000-000000000002",
};
const adobe = { organizationId: "ABC@AdobeOrg" };
const hosts = ["shop.example"];

function websitesOf(tables: Readonly<Record<string, object>>): readonly Website[] {
  const settings = readSettings({ WEBSITES: tables });
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  return settings.value.websites;
}

const websites = websitesOf({
  fr: { hosts, pathPrefix: "/fr", storeViews: ["fr", "fr_ch"], adobe, datastreamId: ids.fr },
  main: { hosts, storeViews: ["default"], adobe, datastreamId: ids.main },
  b2b: { hosts, pathPrefix: "/fr/b2b", storeViews: ["b2b"] },
});
const shared = shareHost(websites);
if (shared === null) throw new Error("not shared");

const choose = (path: string, { rawQuery = "", store = null as string | null } = {}) => {
  const { website, by } = chooseWebsite(shared, { path, rawQuery, store });
  return [website.code, by];
};

describe("by path", () => {
  it.each([
    ["/", "main"],
    ["/fr", "fr"],
    ["/fr/", "fr"],
    ["/fr/women.html", "fr"],
    ["//fr//women.html", "fr"],
    ["/index.php/fr/checkout", "fr"],
    ["/%66r/checkout", "fr"],
    ["/fr%2Fcheckout", "fr"],
    ["/fr/b2b", "b2b"],
    ["/fr/b2b/checkout/cart", "b2b"],
    ["/fr/b2bx", "fr"],
    ["/french", "main"],
    ["/FR/", "main"],
    ["/women/fr/", "main"],
    ["/checkout", "main"],
    ["/fr/%zz", "main"],
  ])("%s is of %s", (path, code) => {
    expect(choose(path)).toEqual([code, code === "main" ? "rest" : "path"]);
  });

  it("everything is of exactly one website, and what no prefix covers is of the rest", () => {
    fc.assert(
      fc.property(fc.webPath(), fc.option(fc.string(), { nil: null }), (path, store) => {
        const [code] = choose(path || "/", { store });
        expect(["main", "fr", "b2b"]).toContain(code);
        if (!/fr/i.test(path) && !path.includes("%")) expect(code).toBe("main");
      }),
    );
  });

  it("none has the rest: then nothing is shared", () => {
    expect(shareHost(websites.filter(({ code }) => code !== "main"))).toBeNull();
  });
});

describe("GraphQL", () => {
  it.each([
    ["/graphql", "fr", ["fr", "store-view"]],
    ["/graphql/", "fr_ch", ["fr", "store-view"]],
    ["/fr/graphql", "default", ["main", "store-view"]],
    ["/fr/graphql", null, ["fr", "path"]],
    ["/fr/b2b/graphql", null, ["b2b", "path"]],
    ["/graphql", null, ["main", "rest"]],
    ["/graphql", "nobody's", ["main", "rest"]],
    ["/graphql", "fr, default", ["main", "rest"]],
    ["/graphql", "FR", ["main", "rest"]],
    ["/fr/women.html", "default", ["fr", "path"]],
  ] as const)("at %s with the store view %j is of %j", (path, store, expected) => {
    expect(choose(path, { store })).toEqual(expected);
  });

  it("has its endpoint below each prefix too", () => {
    expect(graphqlPaths(websites)).toEqual(["/graphql", "/fr/graphql", "/fr/b2b/graphql"]);
    const own = websitesOf({ main: { hosts }, fr: { hosts, pathPrefix: "/fr", graphqlPath: "/fr/graphql" } });
    expect(graphqlPaths(own)).toEqual(["/graphql", "/fr/graphql"]);
    expect(graphqlPaths(websitesOf({ main: { hosts } }))).toEqual(["/graphql"]);
  });
});

describe("the Web SDK's calls", () => {
  it.each([
    ["/ee/v1/interact", `?configId=${ids.fr}`, ["fr", "datastream"]],
    ["/ee/irl1/v2/interact", `?datastreamId=${ids.main}&requestId=1`, ["main", "datastream"]],
    ["/ee/v1/interact", `?configId=${ids.fr}&configId=${ids.main}`, ["main", "rest"]],
    ["/ee/v1/interact", "?configId=00000000-1111-4222-8333-444444444444", ["main", "rest"]],
    ["/ee/v1/interact", "", ["main", "rest"]],
    ["/ee/", `?configId=${ids.fr}`, ["main", "rest"]],
    ["/women.html", `?configId=${ids.fr}`, ["main", "rest"]],
  ] as const)("to %s%s are of %j", (path, rawQuery, expected) => {
    expect(choose(path, { rawQuery })).toEqual(expected);
  });

  it("of one datastream are told apart by their path", () => {
    const two = websitesOf({
      main: { hosts, adobe, datastreamId: ids.main },
      fr: { hosts, pathPrefix: "/fr", adobe, datastreamId: ids.main, edgeBasePath: "ee-fr" },
    });
    const host = shareHost(two);
    if (host === null) throw new Error("not shared");
    const codeAt = (path: string) =>
      chooseWebsite(host, { path, rawQuery: `?configId=${ids.main}`, store: null }).website.code;
    expect([codeAt("/ee/v1/interact"), codeAt("/ee-fr/v1/interact")]).toEqual(["main", "fr"]);
  });
});

it.each([
  ["/fr/checkout/cart", "/checkout/cart"],
  ["/fr", "/"],
  ["/fr/", "/"],
  ["/french", "/french"],
  ["/checkout", "/checkout"],
])("a website below /fr sees %s as %s", (path, expected) => {
  expect(belowPrefix(path, { pathPrefix: "/fr" })).toBe(expected);
  expect(belowPrefix(path, { pathPrefix: null })).toBe(path);
});
