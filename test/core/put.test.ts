/** What a variant puts: written as a merchandiser reads it, refused in sentences, stored so that it is read again. */

import { describe, expect, it } from "vitest";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { htmlOf } from "../../src/core/put.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";

const context = { websites: null, adminPath: "backoffice" };
const image = { desktop: "/media/vip.jpg", alt: "A coat" };

function fileWith(put: unknown, banner: object = {}) {
  const variants = [{ id: "vip", for: { any: ["vip"] }, put }];
  const hero = { id: "hero", paths: ["/"], selector: "#hero", variants, ...banner };
  return { audiences: { vip: "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01" }, banners: [hero] };
}

function parse(file: unknown) {
  return parseCampaigns(JSON.stringify(file), context);
}

function problemsOf(put: unknown, banner: object = {}): string[] {
  const parsed = parse(fileWith(put, banner));
  const at = "banners[0].variants[0].put";
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path.replace(at, "put")}: ${message}`);
}

function putOf(put: unknown, banner: object = {}) {
  const parsed = parse(fileWith(put, banner));
  if (!parsed.ok) throw new Error(parsed.error.map(({ path, message }) => `${path}: ${message}`).join());
  const found = parsed.value.banners[0]?.variants[0]?.put;
  if (found === undefined) throw new Error("no put");
  return found;
}

describe("a put in the campaigns file", () => {
  it("of HTML alone is compiled as it always was, so that a Worker from before still serves it", () => {
    expect(putOf({ content: "<b>x</b>" })).toEqual({ kind: "content", html: "<b>x</b>" });
    expect(putOf({ element: "<b>x</b>" })).toEqual({ kind: "element", html: "<b>x</b>" });
  });

  it.each([
    ["HTML with a class", { content: "x", addClass: "a b", before: "<hr>" }],
    ["attributes", { attributes: { href: "/vip", title: null } }],
    ["a removal", { remove: true }],
    [
      "a picture",
      { image: { ...image, mobile: "/m.jpg", width: 2, height: 1 }, link: "/vip", heading: "Hi" },
    ],
    ["several edits", { edits: [{ content: "x" }, { selector: "#strip", remove: true }] }],
    ["a CMS block of Commerce", { cmsBlock: "vip-hero", addClass: "is-vip" }],
    ["Commerce's own dynamic blocks", { from: "commerce" }],
  ])("with %s is stored and read back as it was meant", (_, written) => {
    const parsed = parse(fileWith(written));
    if (!parsed.ok) throw new Error("refused");
    const stored = { schema: 1, version: "v", publishedAt: "t", ...parsed.value };
    const read = readStoredCampaigns(JSON.parse(JSON.stringify(stored)));
    expect(read.ok && read.value.campaigns).toEqual(parsed.value);
  });

  it("keeps an address the same in HTML, CSS and a header", () => {
    const put = putOf({ image: { ...image, desktop: "/media/café au lait.jpg".replaceAll(" ", "%20") } });
    expect(JSON.stringify(put)).toContain("/media/caf%C3%A9%20au%20lait.jpg");
  });

  it.each([
    ["nothing", {}, /^put: nothing to do/],
    ["two contents", { content: "a", element: "b" }, /^put: write exactly one of "content"/],
    [
      "a class on what goes",
      { element: "<b>x</b>", addClass: "x" },
      /^put: the element goes, and with it "addClass"/,
    ],
    [
      "a picture without alt",
      { image: { desktop: "/x.jpg" } },
      /^put\.image\.alt: missing; say what the picture says/,
    ],
    [
      "a width alone",
      { image: { ...image, width: 5 } },
      /^put\.image\.width: width and height belong together/,
    ],
    [
      "a script as an address",
      { image: { ...image, desktop: "javascript:x" } },
      /^put\.image\.desktop: an address begins/,
    ],
    [
      "an address that would end CSS",
      { image: { ...image, mobile: "/x.jpg)}" } },
      /^put\.image\.mobile: an address/,
    ],
    ["a link without a picture", { content: "x", link: "/" }, /^put\.link: only beside an "image"/],
    ["a handler as an attribute", { attributes: { onclick: "x()" } }, /onclick="…" on the element is code/],
    [
      "a script URL as an attribute",
      { attributes: { href: "java\nscript:x" } },
      /is a script URL and is refused/,
    ],
    ["a script URL in any attribute", { attributes: { "data-href": "javascript:x" } }, /is a script URL/],
    [
      "a form's way to another host",
      { attributes: { action: "//evil.example/" } },
      /action="…" on the element is refused/,
    ],
    ["no name of an attribute", { attributes: { "a b": "x" } }, /no name of an attribute/],
    ["classes with quotes", { addClass: 'a"b' }, /^put\.addClass: names of classes/],
    ["a script", { before: "<script>x</script>" }, /^put\.before: <script> is refused in a banner/],
    ["HTML beside edits", { content: "x", edits: [{ remove: true }] }, /^put: beside "edits" nothing else/],
    [
      "the same place twice",
      { edits: [{ content: "x" }, { selector: "#hero", addClass: "x" }] },
      /^put\.edits\[1\]: a second edit/,
    ],
    [
      "an unknown selector",
      { edits: [{ selector: "#x:hover", remove: true }] },
      /^put\.edits\[0\]\.selector: HTMLRewriter/,
    ],
    [
      "a CMS block by its title",
      { cmsBlock: "VIP hero" },
      /^put\.cmsBlock: the identifier of a CMS block, like "vip-hero"/,
    ],
    [
      "a CMS block beside HTML",
      { cmsBlock: "vip-hero", content: "x" },
      /^put: write exactly one.*"cmsBlock"/,
    ],
    ["two sources at once", { cmsBlock: "vip-hero", from: "commerce" }, /"cmsBlock", "from" and "remove"$/],
    ["another source than Commerce", { from: "aem" }, /^put\.from: only "commerce": the dynamic blocks/],
    ["an unknown key", { edits: [{ contents: "x" }] }, /did you mean "content"/],
  ])("refuses %s", (_, put, message) => {
    expect(problemsOf(put)).toEqual([expect.stringMatching(message)]);
  });

  it("lets code through that is allowed by name", () => {
    const code = '<script>if (1 < 2) go("</b>")</script><b onclick="go()">x</b>';
    expect(problemsOf({ content: code, allow: ["script", "handlers"] })).toEqual([]);
    expect(problemsOf({ content: code, allow: ["script"] })).toEqual([expect.stringMatching(/onclick/)]);
  });

  it("refuses a link for an <img>, whose <a> has gone by", () => {
    const banner = { selector: "img.hero" };
    expect(problemsOf({ image, link: "/" }, banner)).toEqual([
      expect.stringMatching(/^put\.link: not in the <img>/),
    ]);
    expect(problemsOf({ content: "x" }, banner)).toEqual([expect.stringMatching(/an <img> has no content/)]);
    expect(problemsOf({ from: "commerce" }, banner)).toEqual([
      expect.stringMatching(/an <img> has no content/),
    ]);
  });
});

describe("two banners at one place", () => {
  const second = (change: object) => {
    const { audiences, banners } = fileWith({ content: "x" });
    const other = { ...banners[0], id: "other", ...change };
    const parsed = parse({ audiences, banners: [...banners, other] });
    return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
  };

  it("are refused on the same page, also where one names all pages under it", () => {
    const sentence = [expect.stringMatching(/^banners\[1\]\.selector: "#hero" is the place of "hero"/)];
    expect(second({})).toEqual(sentence);
    expect(second({ paths: ["/*"] })).toEqual(sentence);
    expect(
      second({
        selector: "#x",
        variants: fileWith({ edits: [{ selector: "#hero", remove: true }] }).banners[0]?.variants,
      }),
    ).toEqual(sentence);
  });

  it("are fine on different pages or websites, or at different places", () => {
    expect(second({ paths: ["/x"] })).toEqual([]);
    expect(second({ selector: "#other" })).toEqual([]);
  });
});

describe("a put for a dynamic block", () => {
  const block = { dynamicBlock: "MQ==", paths: undefined, selector: undefined };

  it("is its HTML, or a picture as HTML", () => {
    expect(htmlOf(putOf({ content: "<b>x</b>" }, block))).toBe("<b>x</b>");
    const put = putOf({ image: { ...image, mobile: "/m.jpg" }, link: "/vip" }, block);
    expect(htmlOf(put)).toBe(
      '<a href="/vip"><picture><source media="(max-width: 768px)" srcset="/m.jpg"><img src="/media/vip.jpg" alt="A coat"></picture></a>',
    );
  });

  it("can't be an edit of a page", () => {
    expect(problemsOf({ remove: true }, block)).toEqual([
      expect.stringMatching(/a dynamic block has no page/),
    ]);
    for (const put of [{ cmsBlock: "vip-hero" }, { from: "commerce" }]) {
      expect(problemsOf(put, block)).toEqual([expect.stringMatching(/a dynamic block has no page/)]);
    }
  });
});
