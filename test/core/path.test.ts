/** Paths: what a merchandiser names, and what no banner may ever touch. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isPrivatePath,
  isReservedPath,
  matchesPath,
  mayBeAdmin,
  mayBeGraphql,
  parsePathPattern,
  readablePath,
} from "../../src/core/path.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

const matchesWritten = (pattern: string, pathname: string) => {
  const parsed = parsePathPattern(pattern);
  return parsed.ok && matchesPath(parsed.value, readablePath(pathname));
};

describe("a pattern", () => {
  it.each([
    ["/", "/", true],
    ["/", "/index.php", false],
    ["/women.html", "/women.html", true],
    ["/women.html", "/women.html/", false],
    ["/sale/*", "/sale/shoes/red.html", true],
    ["/sale/*", "/sale/", true],
    ["/sale/*", "/sale", false],
    ["/sale/*", "/sale-now/x", false],
    ["/café", "/caf%C3%A9", true],
    ["/caf%C3%A9", "/caf%c3%a9", true],
    ["/a/b", "/a%2Fb", false],
    ["/*", "/anything", true],
    ["/x", "/%zz", false],
    ["/*/sale/*.html", "/fr/sale/red.html", true],
    ["/*/sale/*.html", "/fr/sale/.html", true],
    ["/*/sale/*.html", "/fr/sale/red.htm", false],
    ["/*/sale/*.html", "/fr/x/sale/red.html", false],
    ["/*/sale/*.html", "/fr/sale/red/x.html", false],
    ["/*/sale/*.html", "//sale/red.html", false],
    ["/*/sale/*.html", "/sale/red.html", false],
    ["/*/sale/*.html", "/fr%2Fx/sale/red.html", true],
    ["/*/sale/*.html", "/fr/sale/a%2Fb.html", true],
    ["/*/sale/*.html", "/fr/s%61le/caf%C3%A9.html", true],
    ["/*/sale/*.html", "/fr/sale/%zz.html", true],
    ["/*/sale/*", "/fr/sale/a/b/c", true],
    ["/*/sale/*", "/fr/sale/", true],
    ["/*/sale/*", "/fr/sale", false],
    ["/*/", "/fr/", true],
    ["/*/", "/fr", false],
    ["/*/", "//", false],
    ["/caf%C3%A9-*", "/café-crème", true],
    ["/sale-*-red.html", "/sale-red.html", false],
    ["/sale-*-red.html", "/sale--red.html", true],
    ["/a*", "/a", true],
    ["/a*", "/a/", false],
    ["/*.html", "/women.html", true],
    ["/*.html", "/%2A.html", true],
  ])("%j on %j: %j", (pattern, pathname, expected) => {
    expect(matchesWritten(pattern, pathname)).toBe(expected);
  });

  it.each([
    "women",
    "",
    "/a*b*",
    "/x/**",
    "/a?x=1",
    "/a#b",
    "/a b",
    "//a",
    "/a/../b",
    "/a\\b",
    `/${"x".repeat(600)}`,
  ])("%j is refused", (pattern) => {
    expect(parsePathPattern(pattern).ok).toBe(false);
  });
});

describe("a glob", () => {
  it("says of any path what the words of its meaning say", () => {
    const letters = fc.constantFrom("a", "b", "*", "/");
    const letter = fc.constantFrom("a", "b", "/");
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 8 }),
        fc.array(letter, { maxLength: 10 }),
        (written, asked) => {
          const pattern = parsePathPattern(`/${written.join("")}`);
          if (!pattern.ok || pattern.value.kind !== "glob") return;
          const path = `/${asked.join("")}`;
          const words = pattern.value.path.replace(/\/\*$/, "/\0").split("/");
          const segments = words.map((word) =>
            word === "\0" ? ".*" : word.includes("*") ? `(?=[^/])${word.replace("*", "[^/]*")}` : word,
          );
          expect(matchesPath(pattern.value, path)).toBe(new RegExp(`^${segments.join("/")}$`).test(path));
        },
      ),
      { numRuns: 3000, seed: 5 },
    );
  });

  it("takes a long hostile path in no time", () => {
    const pattern = parsePathPattern(`/${"a".repeat(200)}*${"a".repeat(200)}b/*/x`);
    const path = `/${"a".repeat(1_000_000)}/y`;
    const match = () => pattern.ok && matchesPath(pattern.value, path);
    expect([pattern.ok, match()]).toEqual([true, false]);
    expect(cpuMsOf(match)).toBeLessThan(1000 * slownessNow());
  });

  it.each([
    ["/*", true],
    ["/*/x", true],
    ["/b*/x", true],
    ["/b*", true],
    ["/*.html", false],
    ["/sale/*", false],
    ["/fr/*/x", false],
    ["/x", false],
  ])("%s may be Commerce's admin, wherever that is: %j", (written, expected) => {
    const pattern = parsePathPattern(written);
    expect(pattern.ok && mayBeAdmin(pattern.value)).toBe(expected);
  });
});

describe("a page is left alone", () => {
  it.each([
    "/checkout/cart/",
    "/fr/checkout/",
    "/index.php/checkout",
    "/index.php/fr/checkout/cart",
    "//checkout",
    "/%63heckout/",
    "/x%2Fcustomer/",
    "/CHECKOUT/",
    "/customer/account/",
    "/rest/default/V1/x",
    "/static/version1/a.css",
    "/media/a.jpg",
    "/graphql",
    "/backoffice/admin",
    "/index.php/backoffice",
    "/%zz",
    `${"/".repeat(40)}checkout/cart`,
  ])("on %s", (path) => {
    expect(isReservedPath(path, "backoffice")).toBe(true);
  });

  it.each([
    "/",
    "/women.html",
    "/customer-service",
    "/checkout-shirts.html",
    "/a/b/c/checkout",
    "/backoffice-x",
  ])("not on %s", (path) => {
    expect(isReservedPath(path, "backoffice")).toBe(false);
  });
});

describe("a membership may go upstream by GET", () => {
  it.each([
    "/checkout/cart/",
    "/customer/section/load/",
    "/rest/V1/carts",
    "/banner/ajax/load",
    "/fr/checkout/",
    "/index.php/fr/customer/",
  ])("on %s", (path) => {
    expect(isPrivatePath(path, ["fr"])).toBe(true);
  });

  it.each(["/", "/women/checkout", "/de/checkout/", "/customer-service", "/a/b/customer"])(
    "not on %s, which a shared cache may keep",
    (path) => {
      expect(isPrivatePath(path, ["fr"])).toBe(false);
    },
  );
});

it("GraphQL is found behind any number of slashes, and below a prefix of two segments", () => {
  for (const path of ["/graphql", `${"/".repeat(40)}graphql`, "/eu/fr/index.php/de/graphql/x", "//GraphQL"]) {
    expect(mayBeGraphql("POST", path)).toBe(true);
    expect(mayBeGraphql("GET", path)).toBe(false);
  }
  expect(mayBeGraphql("POST", "/graphql-tips.html")).toBe(false);
});
