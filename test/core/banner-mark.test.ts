/** Marks: analytics can tell variants apart, a browser can't read them, and nothing that we left alone has one. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markHtml, markOf, markPlace } from "../../src/core/banner-mark.ts";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import type { Change, HtmlKind } from "../../src/core/put.ts";

const opaque = (id: string) => ({ id, publicName: null });
const html = (kind: HtmlKind, text = "<b>x</b>"): Change => ({ kind, html: text });

describe("a mark", () => {
  it("is the same for ever, and of nobody else", () => {
    expect(markOf("main", "home-hero", opaque("price-sensitive"))).toBe("_9fda3ea3f1b0ff4f");
    const names = ["main", "home-hero", "vip", "a", "b", "a\nb", ""];
    const all = names.flatMap((site) =>
      names.flatMap((banner) => names.map((id) => [site, banner, id] as const)),
    );
    const written = all.filter((parts) => parts.every((one) => !one.includes("\n")));
    const marks = written.map(([site, banner, id]) => markOf(site, banner, opaque(id)));
    expect(new Set(marks).size).toBe(written.length);
  });

  it("has no word of a name in it, unless the merchant gave it a public one", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
    fc.assert(
      fc.property(name, name, name, (site, banner, id) => {
        expect(markOf(site, banner, opaque(id))).toMatch(/^_[0-9a-f]{16}$/);
      }),
      { seed: 3, numRuns: 200 },
    );
    expect(markOf("main", "home-hero", { id: "price-sensitive", publicName: "summer" })).toBe("summer");
  });

  it("that is public is no banner's id, which storefronts mark places with", () => {
    const variant = { id: "v", for: "everyone", put: { content: "x" } };
    const banner = (id: string, publicName: string) => ({
      id,
      paths: [`/${id}`],
      selector: "#hero",
      variants: [{ ...variant, publicName }],
    });
    const file = { audiences: {}, banners: [banner("hero", "strip"), banner("strip", "summer")] };
    const parsed = parseCampaigns(JSON.stringify(file), { websites: null, adminPath: null });
    expect(parsed).toEqual({
      ok: false,
      error: [
        {
          path: "banners[0].variants[0].publicName",
          message: '"strip" is the id of a banner, with which storefronts mark its place; choose another',
        },
      ],
    });
  });
});

describe("a place", () => {
  const place = (...changes: Change[]) => markPlace({ selector: "#hero", changes }, "_0f");

  it("is marked itself where the element stays and is changed", () => {
    for (const change of [
      html("content"),
      html("prepend"),
      html("append"),
      { kind: "class", names: ["x"] } as const,
      { kind: "attributes", attributes: [["title", "x"]] } as const,
    ]) {
      expect(place(html("before"), change)).toEqual({
        selector: "#hero",
        changes: [html("before"), change],
        mark: "_0f",
      });
    }
  });

  it("is marked in what is put, where the element goes or stays as it is", () => {
    for (const kind of ["element", "before", "after"] as const) {
      expect(place(html(kind))).toEqual({
        selector: "#hero",
        changes: [html(kind, '<b data-audience-banner="_0f">x</b>')],
        mark: null,
      });
    }
  });

  it("where nothing is put is not marked", () => {
    expect(place({ kind: "remove" })).toEqual({
      selector: "#hero",
      changes: [{ kind: "remove" }],
      mark: null,
    });
    expect(markPlace({ selector: "#hero", changes: [html("content")] }, null).mark).toBeNull();
  });
});

it.each([
  ["<b>x</b>", '<b data-audience-banner="_0f">x</b>'],
  ["  text <!-- <i> --><IMG src=a> <b>", '  text <!-- <i> --><IMG data-audience-banner="_0f" src=a> <b>'],
  ["<style>a > b { }</style><hr/>", '<style>a > b { }</style><hr data-audience-banner="_0f"/>'],
  ["<script>'<b>'</script>", "<script>'<b>'</script>"],
  ["a < b", "a < b"],
  ["only text", "only text"],
  ['<p title="a>b" DATA-audience-banner="home">x', '<p title="a>b" DATA-audience-banner="home">x'],
  ['<p title=" data-audience-x">', '<p data-audience-banner="_0f" title=" data-audience-x">'],
])("the mark stands on the first element that is seen: %s", (written, marked) => {
  expect(markHtml(written, "_0f")).toBe(marked);
});

it("however long the HTML, its first element is found at once", () => {
  const long = `${"a ".repeat(500_000)}${"<!-- x -->".repeat(20_000)}`;
  expect(markHtml(long, "_0f")).toBe(long);
  expect(markHtml(`${long}<b>`, "_0f").endsWith('<b data-audience-banner="_0f">')).toBe(true);
  const open = "<!-- ".repeat(20_000);
  expect(markHtml(open, "_0f")).toBe(open);
});
