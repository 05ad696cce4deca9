/** Who keeps the store's pages: Commerce itself, Varnish or Fastly in front of it, or nobody. */

import { type Answer, type Asked, headerOf, isPage, setsCookie } from "./answer.ts";
import type { Finding } from "./finding.ts";

/**
 * `open`: Commerce leaves caching to an edge (setting "Varnish"), and what was asked is not behind one.
 * `hidden`: nothing in the answers tells.
 */
export type PageCache = "fastly" | "varnish" | "open" | "built-in" | "developer" | "hidden";

export interface Caching {
  /**
   * The home page twice: by then a cache has it, and Commerce's own adds a session to a hit. None where
   * Commerce does not write the pages.
   */
  readonly homes: readonly Asked[];
  /** GraphQL's answer to a GET of public data. */
  readonly graphql: Asked;
}

export function readPageCache({ homes, graphql }: Caching): PageCache {
  const answers = [...homes, graphql].filter((one) => one.kind === "answer");
  const pages = homes.filter((one) => one.kind === "answer");
  if (answers.some(isFastly)) return "fastly";
  if (pages.some((one) => headerOf(one, "x-magento-cache-control") !== null)) return "developer";
  if (answers.some(isVarnish)) return "varnish";
  if (answers.some(isForSharedCaches)) return "open";
  return pages.some((one) => setsCookie(one, "PHPSESSID")) ? "built-in" : "hidden";
}

function isFastly(answer: Answer): boolean {
  return (
    headerOf(answer, "x-fastly-request-id") !== null ||
    /^cache-/.test(headerOf(answer, "x-served-by") ?? "") ||
    /^S\d+\.\d+,VS\d/.test(headerOf(answer, "x-timer") ?? "")
  );
}

/** Magento's VCL removes Via and X-Varnish, and says with X-Magento-Cache-Debug what it did. */
function isVarnish(answer: Answer): boolean {
  return (
    headerOf(answer, "x-varnish") !== null ||
    headerOf(answer, "x-magento-cache-debug") !== null ||
    /\bvarnish\b/i.test(headerOf(answer, "via") ?? "")
  );
}

/** A cache in front would have kept these for itself. */
function isForSharedCaches(answer: Answer): boolean {
  const control = headerOf(answer, "cache-control") ?? "";
  const shared = /\bpublic\b/.test(control) && /\bs-maxage=/.test(control);
  return headerOf(answer, "x-magento-tags") !== null || (shared && headerOf(answer, "pragma") === "cache");
}

export function findPageCache(caching: Caching): Finding {
  const topic = "Page cache";
  const uncached = "Every page is then made by PHP.";
  const kind = readPageCache(caching);
  switch (kind) {
    case "fastly":
    case "varnish": {
      const name = kind === "fastly" ? "Fastly" : "Varnish";
      const again = caching.homes.at(-1);
      const said = again?.kind === "answer" ? describeHit(again) : null;
      return {
        topic,
        level: "fine",
        found: `${name} is in front of Commerce${said === null ? "" : ` (${said} on the second request)`}.`,
        means: "It keeps its hit ratio: what we ask it for a page does not depend on audiences.",
        todo: null,
      };
    }
    case "open":
      return {
        topic,
        level: "advice",
        found: "Commerce leaves caching to Varnish or Fastly, and neither is in front of this address.",
        means: uncached,
        todo:
          "Put the Worker in front of Varnish or Fastly, not behind it; without either, set " +
          "system/full_page_cache/caching_application to 1 (built-in).",
      };
    case "built-in":
      return {
        topic,
        level: "fine",
        found: "It looks like Commerce's built-in cache.",
        means: "Commerce keeps its pages itself, menus included; we change nothing in that.",
        todo: null,
      };
    case "developer":
      return {
        topic,
        level: "advice",
        found: "Commerce's built-in cache, in developer mode.",
        means: "Answers tell more than shoppers should see, and are slow.",
        todo: "Use production mode for a live store: bin/magento deploy:mode:set production.",
      };
    case "hidden":
      return {
        topic,
        level: "unseen",
        found: "Nothing tells which cache there is, if any.",
        means: "We work with each of them; audiences are never told where one could keep the answer.",
        todo: null,
      };
  }
}

function describeHit(answer: Answer): string | null {
  const debug = headerOf(answer, "x-magento-cache-debug");
  const name = debug === null ? "X-Cache" : "X-Magento-Cache-Debug";
  const value = (debug ?? headerOf(answer, "x-cache"))?.split(",").at(-1)?.trim() ?? "";
  return /^[A-Z]{3,12}$/i.test(value) ? `${name}: ${value}` : null;
}

/** `<esi:include>` is for a cache in front to fill in; a browser shows nothing in its place. */
export function hasRawEsi(html: string): boolean {
  return /<esi:include\b/i.test(html);
}

export function findMenu(pages: readonly Asked[]): Finding {
  const topic = "Menu";
  const given = pages.filter(isPage);
  if (given.length === 0) {
    const means = "Whether the menu arrives can't be told.";
    return { topic, level: "unseen", found: "No page to look at.", means, todo: null };
  }
  const raw = given.filter(({ body }) => hasRawEsi(body));
  if (raw.length > 0) {
    return {
      topic,
      level: "problem",
      found: `Raw <esi:include> in ${raw.map(({ path }) => path).join(", ")}: nobody fills it in.`,
      means: "The menu is missing in the browser, with us and without us.",
      todo:
        "Let Varnish or Fastly stand between the Worker and Commerce, or set " +
        "system/full_page_cache/caching_application to 1 (built-in).",
    };
  }
  const means = "What Commerce includes by ESI, such as the menu, is there.";
  return { topic, level: "fine", found: "No raw <esi:include> in the pages.", means, todo: null };
}
