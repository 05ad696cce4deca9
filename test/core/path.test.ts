/** Paths: what a merchandiser names, and what no banner may ever touch. */

import { describe, expect, it } from "vitest";
import {
  isPrivatePath,
  isReservedPath,
  matchesPath,
  parsePathPattern,
  readablePath,
} from "../../src/core/path.ts";

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
  ])("%j on %j: %j", (pattern, pathname, expected) => {
    expect(matchesWritten(pattern, pathname)).toBe(expected);
  });

  it.each([
    "women",
    "",
    "/a*",
    "/*/b",
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
