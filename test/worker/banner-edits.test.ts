/** Every kind of edit and of picture, in the built bundle: what is meant is changed, and not one byte around it. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEntry } from "./edge.ts";
import { explained, heroOn, markAs, memberOf, openShop, planOf, type Shop, VIP } from "./shop.ts";

interface Case {
  readonly name: string;
  readonly selector?: string;
  readonly put: unknown;
  readonly charset?: string;
  readonly page: string;
  /** With § for the mark of what is put. */
  readonly expected: string;
}

const image = { desktop: "/media/vip.jpg", alt: 'A "warm" coat & you', width: 1600, height: 700 };
const both = { ...image, mobile: "/media/vip-m.jpg", mobileWidth: 750, mobileHeight: 900 };
const ALT = 'alt="A &#34;warm&#34; coat &#38; you"';
const SOURCE = '<source media="(max-width: 768px)" srcset="/media/vip-m.jpg" width="750" height="900">';

const cases: readonly Case[] = [
  {
    name: "HTML before, after, first and last in the element",
    put: { before: "<i>1</i>", prepend: "<i>2</i>", append: "<i>3</i>", after: "<i>4</i>" },
    page: "<p>a<div id=hero  CLASS='x'>b</div>c",
    expected: "<p>a<i>1</i><div id=hero CLASS='x'§><i>2</i>b<i>3</i></div><i>4</i>c",
  },
  {
    name: "attributes set as text, and taken off",
    put: { attributes: { title: 'a "b" & <c>', "data-x": null } },
    page: '<p>a<a id="hero" data-x="1" title="t">b</a>c',
    expected: '<p>a<a id="hero" title="a &#34;b&#34; &#38; &#60;c&#62;"§>b</a>c',
  },
  {
    name: "a class added to those that are there, once",
    put: { addClass: "is-vip x" },
    page: '<div id="hero" class="x y">b</div>',
    expected: '<div id="hero" class="x y is-vip"§>b</div>',
  },
  {
    name: "HTML in place of the element, which carries the mark then",
    put: { element: "<!-- new --><h2 class=b>N</h2>", after: "<i>4</i>" },
    page: "<p>a<div id=hero  CLASS='x'>b</div>c",
    expected: "<p>a<!-- new --><h2§ class=b>N</h2><i>4</i>c",
  },
  {
    name: "a place that the storefront has named itself, whose name stays",
    put: { content: "VIP" },
    page: '<div id=hero data-audience-banner="home-hero">b</div>',
    expected: '<div id=hero data-audience-banner="home-hero">VIP</div>',
  },
  {
    name: "the element removed",
    put: { remove: true },
    page: "<p>a<div id=hero><b>b</b></div>c",
    expected: "<p>ac",
  },
  {
    name: "several edits, each at its own place",
    put: {
      edits: [
        { content: "VIP" },
        { selector: ".strip", remove: true },
        { selector: "#later b", attributes: { lang: "en" } },
      ],
    },
    page: '<p class="strip">x</p><div id=hero>b</div><p class="strip">y</p><p id="later"><b>z</b>',
    expected: '<div id=hero§>VIP</div><p class="strip">y</p><p id="later"><b lang="en"§>z</b>',
  },
  {
    name: "a plain <img>, no longer lazy",
    selector: "img.hero",
    put: { image },
    page: '<p>x<img class="hero" src="/d.jpg" srcset="/d2.jpg 2x" sizes="100vw" loading="lazy" width="10" height="5"></p>',
    expected: `<p>x<img class="hero" src="/media/vip.jpg" width="1600" height="700" ${ALT} fetchpriority="high"§></p>`,
  },
  {
    name: "an <img> below the fold, which stays lazy",
    selector: "img.hero",
    put: { image: { desktop: "/v.jpg", alt: "", belowTheFold: true } },
    page: '<img class="hero" src="/d.jpg" alt="d" loading="lazy">',
    expected: '<img class="hero" src="/v.jpg" alt="" loading="lazy"§>',
  },
  {
    name: "a phone's picture beside an <img>, and link and heading around it",
    put: { image: both, link: "/vip?a=1&b=2", heading: "Hello <you>" },
    page: '<div id="hero"><a href="/x"><img src="/d.jpg" alt="d"></a><h2>Old</h2><a href="/y"><img src="/e.jpg"></a></div>',
    expected: `<div id="hero"§><a href="/vip?a=1&#38;b=2"><picture>${SOURCE}<img src="/media/vip.jpg" ${ALT} width="1600" height="700" fetchpriority="high"></picture></a><h2>Hello &lt;you&gt;</h2><a href="/y"><img src="/e.jpg"></a></div>`,
  },
  {
    name: "a <picture> with its sources, and no other after it",
    put: { image: both },
    page: '<div id="hero"><picture class="p"><source srcset="/a.webp"><source srcset="/b.jpg"><img src="/d.jpg" alt="d"></picture><picture><source srcset="/o.webp"><img src="/o.jpg"></picture></div>',
    expected: `<div id="hero"§><picture class="p">${SOURCE}<img src="/media/vip.jpg" ${ALT} width="1600" height="700" fetchpriority="high"></picture><picture><source srcset="/o.webp"><img src="/o.jpg"></picture></div>`,
  },
  {
    name: "a <picture> that is the place itself",
    selector: "picture.p",
    put: { image },
    page: '<picture class="p"><source srcset="/a.webp"><img src="/d.jpg" alt="d"></picture><img src="/e.jpg">',
    expected: `<picture class="p"§><img src="/media/vip.jpg" ${ALT} width="1600" height="700" fetchpriority="high"></picture><img src="/e.jpg">`,
  },
  {
    name: "words outside of the page's charset, as numbers",
    put: { attributes: { title: "50 € – 🏔" }, append: "<b>☃</b>" },
    charset: "iso-8859-1",
    page: "<p id=hero>b</p>",
    expected: '<p id=hero title="50 &#8364; &#8211; &#127956;"§>b<b>&#9731;</b></p>',
  },
  {
    name: "nothing of a <picture> whose <img> alone is named",
    selector: "img.hero",
    put: { image },
    page: '<picture><source srcset="/a.webp"><img class="hero" src="/d.jpg"></picture>',
    expected: '<picture><source srcset="/a.webp"><img class="hero" src="/d.jpg"></picture>',
  },
  {
    name: "both images of a Page Builder image",
    put: { image: both },
    page: '<figure id="hero" data-content-type="image"><img class="pagebuilder-mobile-hidden" src="/d.jpg" alt="" data-element="desktop_image"><img class="pagebuilder-mobile-only" src="/m.jpg" alt="" data-element="mobile_image"></figure>',
    expected: `<figure id="hero" data-content-type="image"§><img class="pagebuilder-mobile-hidden" src="/media/vip.jpg" ${ALT} data-element="desktop_image" width="1600" height="700"><img class="pagebuilder-mobile-only" src="/media/vip-m.jpg" ${ALT} data-element="mobile_image" width="750" height="900"></figure>`,
  },
  {
    name: "a Page Builder banner: JSON, class, inline style and rule as one unit, the link with it",
    put: { image: both, link: "/vip" },
    page: '<div id="hero" data-content-type="banner"><a href="/x" data-element="link"><div class="pagebuilder-banner-wrapper background-image-64af2" data-background-images=\'{\\"desktop_image\\":\\"http://s/d.jpg\\",\\"mobile_image\\":\\"http://s/m.jpg\\"}\' data-element="wrapper" style="min-height: 300px; background-image: url(&quot;/d.jpg&quot;); padding: 1px"><p>Text</p></div></a></div><style type="text/css">.background-image-64af2 {background-image: url(http://s/d.jpg);}</style>',
    expected:
      '<div id="hero" data-content-type="banner"§><a href="/vip" data-element="link"><style>.background-image-edge-0{background-image:url(/media/vip.jpg)}@media only screen and (max-width: 768px){.background-image-edge-0{background-image:url(/media/vip-m.jpg)}}</style><div class="pagebuilder-banner-wrapper background-image-edge-0" data-background-images="{\\&#34;desktop_image\\&#34;:\\&#34;/media/vip.jpg\\&#34;,\\&#34;mobile_image\\&#34;:\\&#34;/media/vip-m.jpg\\&#34;}" data-element="wrapper" style="min-height: 300px; padding: 1px"><p>Text</p></div></a></div><style type="text/css">.background-image-64af2 {background-image: url(http://s/d.jpg);}</style>',
  },
  {
    name: "the banner of a row whose own background is empty",
    put: { image },
    page: '<div id="hero" data-background-images="{}"><div class="pagebuilder-slide-wrapper" data-background-images="{}"><img src="/text.jpg"></div></div>',
    expected:
      '<div id="hero" data-background-images="{}"§><style>.background-image-edge-0{background-image:url(/media/vip.jpg)}</style><div class="pagebuilder-slide-wrapper background-image-edge-0" data-background-images="{&#34;desktop_image&#34;:&#34;/media/vip.jpg&#34;}"><img src="/text.jpg"></div></div>',
  },
];

const withPut = (path: string, selector: string, id: string, put: unknown) => ({
  ...heroOn([path], selector, id),
  variants: [{ id: "vip", for: { any: ["vip"] }, put }],
});

const pages: Readonly<Record<string, string>> = {
  "/meet": '<div id="hero" class="h">a</div><div class="h">b</div>',
  "/alike": '<ul><li class="c">a</li><li class="c">b</li></ul>',
  "/inside": '<div id="outer"><p id="inner">a</p></div><p id="behind">b</p>',
  "/behind": '<div id="outer"><p id="inner">a</p></div><p id="inner">b</p>',
  "/lcp":
    '<head><link rel="preload" as="image" href="/d.jpg"><link rel="preload" as="font" href="/f.woff2"></head><img class="hero" src="/d.jpg" alt="">',
  "/csp-image": '<link rel="preload" as="image" href="/d.jpg"><img class="hero" src="/d.jpg" alt="">',
  "/csp-nonce": '<div id="hero"><div data-background-images="{&quot;desktop_image&quot;:1}"></div></div>',
  "/csp": '<div id="hero">a</div><p class="strip">b</p>',
  "/code":
    '<script id="config" type="text/javascript">ours()</script><p id="words">a</p><iframe class="film" src="/f"></iframe>',
};

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [
      ...cases.map(({ selector = "#hero", put }, index) =>
        withPut(`/case-${index}`, selector, `c-${index}`, put),
      ),
      withPut("/meet", "#hero", "meet-first", { content: "first" }),
      withPut("/meet", "div.h", "meet-second", { content: "second" }),
      withPut("/alike", "li.c:first-child", "alike-first", { content: "first" }),
      withPut("/alike", "li.c:nth-child(2)", "alike-second", { content: "second" }),
      withPut("/inside", "#outer", "outer", { content: "new" }),
      withPut("/inside", "#inner", "inner", { content: "lost" }),
      withPut("/inside", "#behind", "after", { content: "shown" }),
      withPut("/lcp", "img.hero", "lcp", { image: both }),
      withPut("/csp", "#hero", "csp-style", { content: "<style>b{color:red}</style><b>x</b>" }),
      withPut("/code", "#config", "code-text", { content: "alert(1)" }),
      withPut("/code", ".film", "code-address", { attributes: { src: "https://evil.example/" } }),
      withPut("/code", "#words", "no-code", { content: "b" }),
      withPut("/csp-image", "img.hero", "csp-image", {
        image: { desktop: "https://cdn.example/x.jpg", alt: "" },
      }),
      withPut("/csp-nonce", "#hero", "csp-nonce", { image }),
      withPut("/csp", ".strip", "csp-plain", { content: "<b>x</b>" }),
    ],
    answer({ url }, response) {
      const one = cases[Number(url.slice("/case-".length))];
      response.setHeader("content-type", `text/html; charset=${one?.charset ?? "utf-8"}`);
      if (url === "/lcp") {
        response.setHeader("link", [
          "</d.jpg>; rel=preload; as=image",
          '</f,1.woff2>; rel="preload"; as=font; title="a, b"',
        ]);
      }
      const policy = "img-src 'self'; style-src 'self' 'nonce-abc'";
      if (url.startsWith("/csp")) response.setHeader("content-security-policy", policy);
      response.end(pages[url] ?? one?.page);
    },
  });
});
afterAll(() => shop.stop());

const see = (path: string) => shop.edge.send(path, { headers: [memberOf(VIP)] });

const warned = (event: string, banner: string) =>
  shop.edge.logged((entry: LogEntry) => entry["event"] === event && JSON.stringify(entry).includes(banner));

describe("an edit", () => {
  it.each(cases.map((one, index) => ({ ...one, index })))("is $name", async ({ index, page, expected }) => {
    expect((await see(`/case-${index}`)).text()).toBe(
      expected.replaceAll("§", markAs({ banner: `c-${index}` })),
    );
    expect((await shop.edge.send(`/case-${index}`)).text()).toBe(page);
  });

  it("says in the log why a picture could not be put", async () => {
    const index = cases.findIndex(({ name }) => name.startsWith("nothing of a <picture>"));
    await see(`/case-${index}`);
    expect(await warned("edit-left", `c-${index}`)).toMatchObject({ reason: "name-the-picture" });
  });
});

it("a place that turns out to be a script or a frame is left alone, however it was named", async () => {
  // From the third time on the place is known, and HTMLRewriter left out.
  for (let time = 1; time <= 4; time += 1) {
    const expected = pages["/code"]?.replace(
      ' id="words">a',
      ` id="words"${markAs({ banner: "no-code" })}>b`,
    );
    expect((await see("/code")).text()).toBe(expected);
  }
  for (const banner of ["code-text", "code-address"]) {
    expect(await warned("edit-left", banner)).toMatchObject({ reason: "no-place" });
  }
});

describe("where two banners meet", () => {
  it("the first in the file has the element, and the log says that it was taken", async () => {
    expect((await see("/meet")).text()).toBe(
      `<div id="hero" class="h"${markAs({ banner: "meet-first" })}>first</div><div class="h">b</div>`,
    );
    expect(await warned("place-taken", "meet-second")).toMatchObject({ banners: ["meet-second"] });
  });

  it("two elements that are written alike are two places", async () => {
    expect((await see("/alike")).text()).toBe(
      `<ul><li class="c"${markAs({ banner: "alike-first" })}>first</li><li class="c"${markAs({ banner: "alike-second" })}>second</li></ul>`,
    );
  });

  it("what is in a replaced element is taken, what stands behind it is not", async () => {
    expect((await see("/inside")).text()).toBe(
      `<div id="outer"${markAs({ banner: "outer" })}>new</div><p id="behind"${markAs({ banner: "after" })}>shown</p>`,
    );
    expect(await warned("place-taken", "inner")).toMatchObject({ banners: ["inner"] });
  });
});

describe("the page's first picture", () => {
  it("is announced for its kind of screen, and the store's own announcements of pictures are taken out", async () => {
    const answer = await see("/lcp");
    expect(answer.header("link")).toBe(
      [
        '</f,1.woff2>; rel="preload"; as=font; title="a, b"',
        '</media/vip-m.jpg>; rel=preload; as=image; fetchpriority=high; media="(max-width: 768px)"',
        '</media/vip.jpg>; rel=preload; as=image; fetchpriority=high; media="not all and (max-width: 768px)"',
      ].join(", "),
    );
    expect(answer.text()).toContain('<head><link rel="preload" as="font" href="/f.woff2"></head>');
    const guest = await shop.edge.send("/lcp");
    expect(guest.header("link")).toContain("</d.jpg>");
    expect(guest.text()).toBe(pages["/lcp"]);
  });
});

describe("an enforced Content-Security-Policy", () => {
  it("leaves out what the browser would refuse, with the reason, and lets the rest in", async () => {
    expect((await see("/csp")).text()).toBe(
      `<div id="hero">a</div><p class="strip"${markAs({ banner: "csp-plain" })}><b>x</b></p>`,
    );
    expect(await warned("edit-left", "csp-style")).toMatchObject({ reason: "content-policy" });
    const told = await shop.edge.send("/csp", explained({ headers: [memberOf(VIP)] }));
    expect(planOf(told)).toMatchObject({ plan: "personalize", left: "content-policy" });
  });

  it("announces no picture that it would refuse, and leaves the store's announcement", async () => {
    const answer = await see("/csp-image");
    expect(answer.text()).toBe(pages["/csp-image"]);
    expect(answer.header("link")).toBeNull();
  });

  it("gives our own rule the page's nonce", async () => {
    expect((await see("/csp-nonce")).text()).toContain('<style nonce="abc">.background-image-edge-0{');
  });
});
