/** What a preview link may say, and the bar that tells whoever opened it. */

import { expect, it } from "vitest";
import { parseAudienceId } from "../../src/core/audience.ts";
import { type Preview, previewMembership, readPreview, writePreview } from "../../src/core/preview.ts";
import { writePreviewBar } from "../../src/core/preview-bar.ts";
import { isPagePath } from "../../src/core/signed-page.ts";

const vip = parseAudienceId("6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01");
if (vip === null) throw new Error("no audience id");

const preview: Preview = {
  path: "/women.html?p=2",
  audiences: [vip],
  names: ["vip"],
  atMs: Date.UTC(2026, 11, 24, 9),
  campaigns: "0123456789abcdef0123456789abcdef",
  split: null,
  expiresSeconds: 1_000,
};
const bar = { preview, campaigns: "live", choices: [], stylesheet: "/p.css", leave: "/p?leave=%2F" } as const;

it("what is written is read back until it ends, and not a second longer", () => {
  expect(readPreview(writePreview(preview), 999)).toEqual({ ok: true, value: preview });
  expect(readPreview(writePreview(preview), 1_000)).toEqual({ ok: false, error: "expired" });
});

it.each([
  { ...preview, path: "https://evil.test/" },
  { ...preview, audiences: ["not an id;"] },
  { ...preview, campaigns: "../switch" },
  { ...preview, expiresSeconds: null },
  { ...preview, more: true },
  [],
])("another shape is none: %j", (written) => {
  expect(readPreview(JSON.stringify(written), 0)).toEqual({ ok: false, error: "altered" });
});

it("a split is read back; a link without one reads as before there were any", () => {
  const split = { visitor: "preview-17", words: ["hero b"] };
  expect(readPreview(writePreview({ ...preview, split }), 0)).toEqual({
    ok: true,
    value: { ...preview, split },
  });
  expect(writePreview(preview)).not.toContain("split");
  const stranger = { ...split, visitor: "CiY123" };
  expect(readPreview(writePreview({ ...preview, split: stranger }), 0)).toEqual({
    ok: false,
    error: "altered",
  });
  const told = writePreviewBar({ ...bar, preview: { ...preview, split } });
  expect(told).toContain("in the split hero b");
});

it("no text that is no JSON is read", () => {
  expect(readPreview("", 0)).toEqual({ ok: false, error: "altered" });
});

it.each([
  "//evil.test",
  "/\\evil.test",
  "evil",
  "",
  "/a b",
  "/\n",
  "/é",
  "https://evil.test",
  `/${"a".repeat(2_001)}`,
])("%j leads to no page of the shop", (path) => expect(isPagePath(path)).toBe(false));

it("nobody's audiences are Adobe's own word that there is none", () => {
  expect(previewMembership({ audiences: [] })).toMatchObject({ kind: "none", trust: "verified" });
  expect(previewMembership(preview)).toMatchObject({ kind: "member", source: "preview" });
});

it("the bar says what is previewed, each choice with its reason, and how to leave", () => {
  const html = writePreviewBar({
    ...bar,
    campaigns: "draft",
    choices: [
      { banner: "hero", variant: "vip", reason: "condition-holds", passed: [] },
      { banner: "strip", variant: null, reason: "no-condition-holds", passed: [] },
    ],
  });
  expect(html).toContain("<b>Preview</b> as vip · at 2026-12-24T09:00Z · unpublished campaigns</summary>");
  expect(html).toContain("<li><code>hero</code> <b>vip</b>, condition holds</li>");
  expect(html).toContain("<li><code>strip</code> the store's own, no condition holds</li>");
  expect(html).toContain('<form method="post" action="/p?leave=%2F"><button>Leave preview</button>');
  expect(html).not.toMatch(/<script|<style| on[a-z]+=| style=/);
});

it("what is not there is said in words", () => {
  expect(writePreviewBar(bar)).toContain("No banner stands on this page.");
  expect(writePreviewBar({ ...bar, campaigns: "gone" })).toContain("are no longer kept");
  const nobody = { ...preview, audiences: [], names: [], atMs: null };
  expect(writePreviewBar({ ...bar, preview: nobody })).toContain("as somebody in no audience</summary>");
});

it("names are text", () => {
  const html = writePreviewBar({ ...bar, preview: { ...preview, names: ['<b x="">&'] } });
  expect(html).toContain("as &lt;b x=&quot;&quot;&gt;&amp; ·");
});
