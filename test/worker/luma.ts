/** A page as Luma writes them: full of what a careless editor changes by reading and writing it again. */

import type { Handler } from "./origin.ts";
import { BARGAIN_HTML, markAs } from "./shop.ts";

const HERO_START = '<section id="hero" class=edge-hero data-block=\'home_hero\'  DATA-Content-Type="html">';
const HERO_END = "</section>";

const head = `<!doctype html>
<html lang="en">
    <head >
        <script>
    var LOCALE = 'en\\u002DUS';
    var BASE_URL = 'http\\u003A\\u002F\\u002Fshop.test\\u002F';
</script>
        <meta charset="utf-8"/>\r
<meta name="title" content="Trail &amp; Summit &#x2013; caf&eacute;"/>\r
<link  rel="stylesheet" type="text/css"  media="all" href="/static/version1/css/styles-m.css" />
<style>#hero > h2::before { content: "</section>"; }</style>
    </head>
    <body data-container="body"
          data-mage-init='{"loaderAjax": {}, "loader": { "icon": "/static/loader-2.gif"}}'
        id="html-body" class="cms-home cms-index-index page-layout-1column">
`;

const scripts = `<script type="text/x-magento-init">
    {
        "*": {
            "mage/cookies": { "expires": null, "path": "\\u002F", "domain": ".shop.test" },
            "hero": "<section id=\\"hero\\"><\\/section>"
        }
    }
</script>
<!-- ko template: getTemplate() --><!-- /ko -->
<!-- <section id="hero">a hero in a comment</section> -->
<div data-bind="scope: 'messages'">
    <!-- ko if: cookieMessages && cookieMessages.length > 0 -->
    <div role="alert" data-bind="foreach: { data: cookieMessages, as: 'message' }" class="messages">
        <div data-bind="attr: {
            class: 'message-' + message.type + ' ' + message.type
        }"><div data-bind="html: $parent.prepareMessageForHtml(message.text)"></div></div>
    </div>
    <!-- /ko -->
</div>
<textarea><section id="hero">typed</section></textarea>
<template><p>&nbsp;</template>
`;

const hero =
  "\n  <h2>Autumn is made for moving</h2>\r\n\t<p>Layers &amp; more<br/>50&nbsp;% off<p>unclosed <b>bold\n";

const products = Array.from(
  { length: 40 },
  (_, index) => `<li class="item product product-item">\r
  <a href="/p-${index}.html?a=1&b=2" title='Sac "M${index}"'>Üméa 山の靴 🏔 ${index}</a>\t
  <span class="price">€ ${index},–</span ><input type=checkbox checked disabled>
</li>
`,
).join("");

const foot = `<p>a < b && c > d &copy &notanentity; \u00a0\u2028<br></p></br>
<section id="hero">a second hero</section>
<table><tr><td>no tbody</table>
</body>
</html>
\r\n`;

export interface LumaPage {
  readonly html: string;
  /** A shop that has it at every address, and says nothing of caches. */
  readonly answer: Handler;
  /**
   * The page with that in the hero, which says by its mark of which variant it is, and around it not one character changed.
   * Unless told, the one of `heroOn` that has this content.
   */
  withHero(content: string, shown?: { website?: string; banner?: string; variant?: string }): string;
  /** The page with that in place of the hero's element. */
  withoutHero(element: string): string;
}

/** The hero that counts is the first that is an element, and no text in a script, a comment or a textarea. */
export function lumaPage(): LumaPage {
  const before = head + scripts;
  const after = `${products}${foot}`;
  const html = before + HERO_START + hero + HERO_END + after;
  return {
    html,
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(html);
    },
    withHero(content, shown = {}) {
      const mark = markAs({ variant: content === BARGAIN_HTML ? "bargain" : "vip", ...shown });
      // HTMLRewriter writes the one start tag anew, with one space between its attributes.
      const start = HERO_START.replace(/ +/g, " ").replace(/>$/, `${mark}>`);
      return before + start + content + HERO_END + after;
    },
    withoutHero: (element) => before + element + after,
  };
}
