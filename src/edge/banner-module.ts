/** `/_audience/banners.js`: a module that puts this shopper's banners into pages that a framework renders. */

import type { Website } from "../core/website.ts";
import { digestText } from "./digest.ts";
import { refuseMethod } from "./refusal.ts";

export function bannerModulePath({ pathPrefix }: Pick<Website, "pathPrefix">): string {
  return `${pathPrefix ?? ""}/_audience/banners.js`;
}

/**
 * Sent as it stands here, at most 1 KB gzipped. A framework removes and reorders the nodes that it made, so none of them
 * is touched: what stands in the element stays in the page, and a shadow root shows the shopper's content, which is beside
 * it and has the page's styles, in its place. Never while the focus is inside. No live region: a banner is no status
 * message (WCAG 4.1.3), and would be read out over the page that somebody has just opened.
 */
export const BANNER_MODULE = `const mark = "data-audience-banner";
const api = new URL("banners", import.meta.url);
const policy = self.trustedTypes?.createPolicy("edge-audiences", { createHTML: (html) => html });
const places = new WeakMap();
let chosen = new Map();
let path, due;

function wrap(node) {
  if (node.nodeType === 1) return node;
  const span = document.createElement("span");
  span.append(node);
  return span;
}

function fill(element) {
  const html = chosen.get(element.getAttribute(mark));
  let place = places.get(element);
  if (html === place?.html && (!place || place.nodes.every((node) => node.parentNode === element))) return;
  if (element.contains(document.activeElement)) return;
  if (!place) {
    place = { slot: document.createElement("slot"), nodes: [] };
    element.attachShadow({ mode: "open" }).append(place.slot);
    places.set(element, place);
  }
  for (const node of place.nodes) node.remove();
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html ?? "") : (html ?? "");
  place.nodes = [...template.content.childNodes].filter((node) => node.data?.trim() !== "").map(wrap);
  for (const node of place.nodes) node.slot = "audience";
  element.append(...place.nodes);
  place.slot.name = html === undefined ? "" : "audience";
  place.html = html;
}

function look() {
  due = 0;
  const elements = document.querySelectorAll("[" + mark + "]");
  if (elements.length && path !== location.pathname) ask((path = location.pathname));
  for (const element of elements) {
    try {
      fill(element);
    } catch {}
  }
}

async function ask(asked) {
  let answer = [];
  api.search = new URLSearchParams({ path });
  try {
    answer = (await (await fetch(api, { credentials: "include" })).json()).banners ?? [];
  } catch {}
  if (asked !== path) return;
  chosen = new Map(answer.map(({ banner, html }) => [banner, html]));
  look();
}

const later = () => (due ||= requestAnimationFrame(look));
new MutationObserver(later).observe(document, { subtree: true, childList: true, attributeFilter: [mark] });
for (const event of ["popstate", "focusout"]) addEventListener(event, later);
self.navigation?.addEventListener("currententrychange", later);
look();
`;

/** Its address stands in pages for years, so it is kept for minutes; an older copy understands the same answers. */
const CACHING = "public, max-age=600, stale-while-revalidate=86400";

/** The same for everybody, from any origin. */
export async function serveBannerModule({ method, headers }: Request): Promise<Response> {
  if (method !== "GET" && method !== "HEAD") return refuseMethod("GET, HEAD");
  const etag = `"${await digestText(BANNER_MODULE)}"`;
  const known = headers.get("if-none-match")?.includes(etag) === true;
  return new Response(known ? null : BANNER_MODULE, {
    status: known ? 304 : 200,
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": CACHING,
      etag,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
    },
  });
}
