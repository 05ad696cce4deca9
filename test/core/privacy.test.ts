/** docs/privacy.md: the cookie table is held against the code, and the recipes are settings that work. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OWN_COOKIE_PREFIXES, ownCookieName } from "../../src/edge/own-cookie.ts";
import { readSettings } from "../../src/settings.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/privacy.md"), "utf8");

/** By cookie, who sets it. */
const table = new Map(
  [...page.matchAll(/^\| `([^`]+)`.*\| ([^|]+) \|$/gm)].map(([, name = "", setBy = ""]) => [name, setBy]),
);

/** Names that are no literals in the line that sets them. */
const named: Readonly<Record<string, readonly string[]>> = {
  "src/edge/own-cookie.ts ${name}": OWN_COOKIE_PREFIXES.flatMap((prefix) =>
    ["<website>", "device-<website>", "customer-<website>", "preview-<website>"].map((rest) => prefix + rest),
  ),
  "src/admin/session.ts ${sessionCookieName(url)}": [
    /PROTECTED_NAME = "([^"]+)"/.exec(readFileSync(join(root, "src/admin/session.ts"), "utf8"))?.[1] ?? "",
  ],
};

/** What a `Set-Cookie` line of ours begins with: a name, and somewhere behind it its path. */
function findCookies(): string[] {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const path = `src/${file.replaceAll("\\", "/")}`;
      const lines = readFileSync(join(root, path), "utf8").matchAll(/[`"']([^`"'=;\s]+)=[^`"'\n]*; Path=/g);
      return [...lines].flatMap(([, name = ""]) => named[`${path} ${name}`] ?? name);
    });
}

it("every cookie that we set stands in the table as ours, and no other does", () => {
  const ours = [...table].filter(([, setBy]) => /\bus\b/.test(setBy)).map(([name]) => name);
  expect([...new Set(findCookies())].sort()).toEqual(ours.sort());
});

it("wherever a cookie's attributes are written, its name was found", () => {
  const setters = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => /;\s*SameSite=/i.test(readFileSync(join(root, "src", file), "utf8")));
  expect(setters.map((file) => file.replaceAll("\\", "/")).sort()).toEqual([
    "admin/session.ts",
    "edge/own-cookie.ts",
    "edge/private-content.ts",
  ]);
  expect(ownCookieName({ code: "main", cookieDomain: null }, "device")).toBe(
    "__Host-edge-audiences-device-main",
  );
});

const recipes = [...page.matchAll(/^### (\w+)$[^#]*?```toml\n\[[^\]]+\]\n(.*?)```/gms)].map(
  ([, vendor = "", toml = ""]) => ({
    vendor,
    consentManager: Object.fromEntries(
      toml
        .trim()
        .split("\n")
        .map((line) => line.split(" = "))
        .map(([key = "", value = ""]) => [key, JSON.parse(value)]),
    ),
  }),
);

it.each(["honoured", "required"] as const)(
  "every recipe is a setting that is accepted, with consent %s",
  (consent) => {
    expect(recipes.map(({ vendor }) => vendor)).toEqual(["OneTrust", "Cookiebot", "Usercentrics"]);
    for (const { vendor, consentManager } of recipes) {
      const WEBSITES = { main: { hosts: ["shop.example"], consent, consentManager } };
      expect([vendor, readSettings({ WEBSITES }).ok]).toEqual([vendor, true]);
    }
  },
);
