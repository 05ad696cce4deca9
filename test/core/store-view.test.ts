/** Store views, in Commerce's own order; and what a text is where a store view has none. */

import { expect, it } from "vitest";
import { chooseStoreView, pickForStoreView, type StoreViewQuestion } from "../../src/core/store-view.ts";

const website: StoreViewQuestion["website"] = {
  pathPrefix: null,
  storeViews: ["fr", "de", "en_us"],
  storeViewHosts: { "de.shop.example": "de" },
  defaultStoreView: "default",
};
const question: StoreViewQuestion = {
  website,
  host: "shop.example",
  path: "/women.html",
  header: null,
  query: null,
  cookie: null,
};

it.each([
  ["nothing names one", {}, "default"],
  ["the path", { path: "/fr/women.html", query: "de", cookie: "de" }, "fr"],
  ["the path alone", { path: "/fr" }, "fr"],
  ["the path behind index.php", { path: "/index.php/fr/women.html" }, "fr"],
  ["the path, percent-encoded", { path: "/%66r/women.html" }, "fr"],
  ["not the second segment", { path: "/women/fr/" }, "default"],
  ["___store", { query: "de", cookie: "fr" }, "de"],
  ["the cookie", { cookie: "en_us", host: "de.shop.example" }, "en_us"],
  [
    "the cookie, back to the default on a host of another",
    { cookie: "default", host: "de.shop.example" },
    "default",
  ],
  ["the host", { host: "de.shop.example" }, "de"],
  ["GraphQL's Store", { header: "fr", cookie: "de" }, "fr"],
  ["no code that the settings don't have", { query: "xx", cookie: "__proto__", header: "../" }, "default"],
  ["a path that can't be decoded", { path: "/%zz/fr", cookie: "fr" }, "fr"],
  ["a host of nobody's", { host: "__proto__", website: { ...website, storeViews: [] } }, "default"],
  [
    "the path below a website's prefix",
    { path: "/eu/fr/women.html", website: { ...website, pathPrefix: "/eu" } },
    "fr",
  ],
  [
    "the prefix itself",
    { path: "/fr/women.html", website: { ...website, pathPrefix: "/fr", defaultStoreView: "fr" } },
    "fr",
  ],
])("%s", (_, change, expected) => {
  expect(chooseStoreView({ ...question, ...change })).toBe(expected);
});

it("a text is the store view's own, else the default's, else none", () => {
  const texts = { default: "Hello", fr: "Bonjour" };
  expect(pickForStoreView(texts, "fr")).toBe("Bonjour");
  expect(pickForStoreView(texts, "de")).toBe("Hello");
  expect(pickForStoreView(texts, null)).toBe("Hello");
  expect(pickForStoreView(texts, "toString")).toBe("Hello");
  expect(pickForStoreView({ fr: "Bonjour" }, "de")).toBeNull();
});
