/** What draws the store's pages, as their markup tells: Luma, Hyvä, or a storefront of its own. */

import { type Asked, isPage } from "./answer.ts";
import type { Finding } from "./finding.ts";

export type Theme =
  | { readonly kind: "luma" | "hyva"; readonly name: string | null }
  | { readonly kind: "headless"; readonly name: string }
  | { readonly kind: "unknown" };

/** What only such a storefront writes into its shell. Repetitions are bounded: a page may be megabytes of anything. */
const storefronts: readonly (readonly [name: string, sign: RegExp])[] = [
  ["PWA Studio", /<[a-z]+[^>]{0,500}\sdata-media-backend=/],
  ["Edge Delivery", /\ssrc="[^"]{0,200}\/scripts\/(?:aem|lib-franklin)\.js"/],
  ["AEM", /(?:href|src)="[^"]{0,200}\/etc\.clientlibs\//],
  ["Next.js", /id="__NEXT_DATA__"|(?:href|src)="[^"]{0,200}\/_next\/static\/|self\.__next_f\b/],
  ["Nuxt", /window\.__NUXT__|id="__NUXT_DATA__"|(?:href|src)="[^"]{0,200}\/_nuxt\//],
];

export function readTheme(html: string): Theme {
  const name = /\/static\/(?:version\d+\/)?frontend\/([\w-]+\/[\w-]+)\//.exec(html)?.[1] ?? null;
  if (/\bwindow\.hyva\b/.test(html)) return { kind: "hyva", name };
  if (/\/requirejs\/require(?:\.min)?\.js\b|type="text\/x-magento-init"/.test(html)) {
    return { kind: "luma", name };
  }
  const storefront = storefronts.find(([, sign]) => sign.test(html));
  return storefront === undefined ? { kind: "unknown" } : { kind: "headless", name: storefront[0] };
}

/** Written by Commerce, and not by a storefront apart from it. */
export function isCommerces({ kind }: Theme): boolean {
  return kind === "luma" || kind === "hyva";
}

/** Commerce's cookie-restriction mode: its notice is in the page as long as nobody has said yes. */
export function asksForCookies(html: string): boolean {
  return /\bid="notice-cookie-block"|["']?cookieNotices["']?\s*:\s*\{/.test(html);
}

export function findTheme(home: Asked): Finding {
  const topic = "Theme";
  const theme: Theme = isPage(home) ? readTheme(home.body) : { kind: "unknown" };
  switch (theme.kind) {
    case "luma":
    case "hyva": {
      const family = theme.kind === "luma" ? "Luma" : "Hyvä";
      const found = theme.name === null ? `${family}.` : `${family} (${theme.name}).`;
      const means = "Commerce writes the pages, so banners are edited into its HTML.";
      return { topic, level: "fine", found, means, todo: null };
    }
    case "headless":
      return {
        topic,
        level: "advice",
        found: `${theme.name}, a storefront apart from Commerce.`,
        means: "What Commerce would put into the page comes by script, through GraphQL.",
        todo: 'Set storefront = "headless", and let the shopper\'s GraphQL calls pass through the Worker.',
      };
    case "unknown":
      return {
        topic,
        level: isPage(home) ? "advice" : "unseen",
        found: isPage(home) ? "The home page is neither Luma nor Hyvä." : "The home page is not to be had.",
        means: "Whether a banner has a place in it can't be told from outside.",
        todo: "See with npm run dev whether the selector of a banner is in the HTML that the store sends.",
      };
  }
}

export function findCookieNotice(home: Asked): Finding {
  const topic = "Cookie notice";
  if (!isPage(home) || !isCommerces(readTheme(home.body))) {
    const means = "Whether Commerce asks before it sets cookies can't be told.";
    const todo = 'With cookie-restriction mode on, set consent = "required".';
    return { topic, level: "unseen", found: "No page of Commerce's to look at.", means, todo };
  }
  if (asksForCookies(home.body)) {
    return {
      topic,
      level: "advice",
      found: "Commerce's cookie-restriction mode is on.",
      means: "Until a shopper says yes, nothing is personalized for them.",
      todo: 'Keep consent = "required".',
    };
  }
  return {
    topic,
    level: "fine",
    found: "Commerce's cookie-restriction mode is off.",
    means: "A no to cookies or tracking is honoured; a yes is not waited for.",
    todo: null,
  };
}
