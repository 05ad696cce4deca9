import fc from "fast-check";
import { expect, it } from "vitest";
import { splitAddress } from "../../src/core/address.ts";

const parsed = (url: string) => {
  const { host, hostname, pathname: path, search } = new URL(url);
  return { host, hostname, path, search };
};

it.each([
  "https://shop.test/",
  "http://shop.test:8787/a/b?x=1&y=/?#frag?ment",
  "https://[::1]:8443/?",
  "https://[::1]/x#?a=b",
  "https://shop.test//double//?q",
  "https://shop.test/%2F%3F?%23#",
])("cuts %s as a parser does", (url) => {
  expect(splitAddress(new URL(url).href)).toEqual(parsed(url));
});

it("cuts any address as a parser does", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      expect(splitAddress(new URL(url).href)).toEqual(parsed(url));
    }),
  );
});
