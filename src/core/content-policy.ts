/** An answer's Content-Security-Policy, read for one question: would the browser refuse what an edit brings? */

import { type MarkedPlace, markPlace } from "./banner-mark.ts";
import type { Edit } from "./page.ts";
import { type Change, type Place, placesOf } from "./put.ts";
import { tagOf } from "./selector.ts";

/** What the enforced policies of an answer let a page do; a page without one may do all. */
export interface ContentPolicy {
  readonly directives: readonly ReadonlyMap<string, readonly string[]>[];
}

/** `header`: the value of `Content-Security-Policy`; several policies stand with commas between. */
export function parseContentPolicy(header: string | null): ContentPolicy | null {
  if (header === null) return null;
  const directives = header.split(",").map((policy) => {
    const found = new Map<string, readonly string[]>();
    for (const part of policy.split(";")) {
      const [name = "", ...sources] = part.trim().split(/\s+/);
      // A name that comes twice counts once, the first time (CSP 3, §2.2.1).
      if (name !== "" && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), sources);
    }
    return found;
  });
  return { directives };
}

export interface BannerPlace extends MarkedPlace {
  readonly banner: string;
  /** Classes of `<body>`, of which the page must have one; null: any page. */
  readonly pageTypes: readonly string[] | null;
}

/** The places of all edits, without those where the browser would refuse what is put there. */
export function placeEdits(
  edits: readonly Edit[],
  policy: ContentPolicy | null,
  host: string,
): { readonly places: readonly BannerPlace[]; readonly refused: readonly string[] } {
  const all = edits.flatMap(({ banner, selector, pageTypes, put, mark }) =>
    placesOf(put, selector).map((place) => ({ ...markPlace(place, mark), banner, pageTypes })),
  );
  if (policy === null) return { places: all, refused: [] };
  const places = all.filter((place) => allowsPlace(policy, place, host));
  const refused = all.filter((place) => !places.includes(place)).map(({ banner }) => banner);
  return { places, refused: [...new Set(refused)] };
}

/** Whether the page would show all that is put there. `host` is the page's own. */
export function allowsPlace(policy: ContentPolicy, { selector, changes }: Place, host: string): boolean {
  return changes.every((change) => {
    if (!allowsChange(policy, change, host)) return false;
    if (change.kind !== "image" || /^(?:img|picture)$/.test(tagOf(selector) ?? "")) return true;
    // What it is shows only in the page: a background needs a rule of its own.
    return allowsInline(policy, STYLE) || styleNonceOf(policy) !== null;
  });
}

/** The nonce with which every policy lets a `<style>` through. */
export function styleNonceOf(policy: ContentPolicy): string | null {
  return nonceOf(policy, STYLE);
}

/** The nonce with which every policy lets a `<script>` through. */
export function scriptNonceOf(policy: ContentPolicy): string | null {
  return nonceOf(policy, SCRIPT);
}

/** Whether a `<script>` runs without a nonce. */
export function letsScriptsRun(policy: ContentPolicy): boolean {
  return allowsInline(policy, SCRIPT);
}

function nonceOf(policy: ContentPolicy, names: readonly string[]): string | null {
  const nonces = sourcesOf(policy, names).map((sources) =>
    sources.flatMap((source) => /^'nonce-([\w+/=-]+)'$/i.exec(source)?.[1] ?? []),
  );
  return nonces[0]?.find((nonce) => nonces.every((all) => all.includes(nonce))) ?? null;
}

function allowsChange(policy: ContentPolicy, change: Change, host: string): boolean {
  switch (change.kind) {
    case "content":
    case "element":
    case "before":
    case "after":
    case "prepend":
    case "append":
      return allowsHtml(policy, change.html);
    case "attributes":
      return change.attributes.every(([name, value]) => value === null || allowsAttribute(policy, name));
    case "image": {
      const { desktop, mobile } = change.image;
      return [desktop, mobile ?? desktop].every((address) => allowsImage(policy, address, host));
    }
    case "rotator":
      return allowsHtml(policy, change.html);
    case "class":
    case "remove":
    // What these bring is looked at when it is known.
    case "cms-block":
    case "dynamic-blocks":
      return true;
  }
}

function allowsHtml(policy: ContentPolicy, html: string): boolean {
  if (/<style[\s>/]/i.test(html) && !allowsInline(policy, STYLE)) return false;
  if (/<script[\s>/]/i.test(html) && !allowsInline(policy, SCRIPT)) return false;
  if (/<[^>]*\sstyle\s*=/i.test(html) && !allowsAttribute(policy, "style")) return false;
  return !/<[^>]*[\s"']on[a-z]+\s*=/i.test(html) || allowsAttribute(policy, "onclick");
}

function allowsAttribute(policy: ContentPolicy, written: string): boolean {
  const name = written.toLowerCase();
  if (name === "style") return allowsInline(policy, STYLE_ATTRIBUTE);
  return !name.startsWith("on") || allowsInline(policy, SCRIPT_ATTRIBUTE);
}

/** Each kind of inline code with the directives that it falls back on (CSP 3, §6.8.3). */
const STYLE = ["style-src-elem", "style-src", "default-src"] as const;
const STYLE_ATTRIBUTE = ["style-src-attr", "style-src", "default-src"] as const;
const SCRIPT = ["script-src-elem", "script-src", "default-src"] as const;
const SCRIPT_ATTRIBUTE = ["script-src-attr", "script-src", "default-src"] as const;
const IMAGE = ["img-src", "default-src"] as const;

/** A nonce or a hash beside it takes 'unsafe-inline' away, as 'strict-dynamic' does. */
function allowsInline(policy: ContentPolicy, names: readonly string[]): boolean {
  return sourcesOf(policy, names).every((sources) => {
    const lower = sources.map((source) => source.toLowerCase());
    const strict = lower.some((source) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/.test(source));
    return lower.includes("'unsafe-inline'") && !strict;
  });
}

/** In doubt no: a hero that the browser refuses to fetch is a hole in the page. Paths and ports are doubt. */
function allowsImage(policy: ContentPolicy, address: string, host: string): boolean {
  const other = /^(https?:)\/\/([^/?#]+)/i.exec(address);
  const target = (other?.[2] ?? host).toLowerCase();
  const scheme = other?.[1]?.toLowerCase() ?? "https:";
  return sourcesOf(policy, IMAGE).every((sources) =>
    sources.some((source) => {
      const text = source.toLowerCase();
      if (text === "*" || text === scheme) return true;
      if (text === "'self'") return target === host;
      const named = /^(?:https?:\/\/)?([^/:]+)\/?$/.exec(text)?.[1] ?? "";
      return named.startsWith("*.") ? target.endsWith(named.slice(1)) : named === target;
    }),
  );
}

/** The sources of each policy that says something about it. */
function sourcesOf({ directives }: ContentPolicy, names: readonly string[]): (readonly string[])[] {
  return directives.flatMap((policy) => {
    const name = names.find((one) => policy.has(one));
    return name === undefined ? [] : [policy.get(name) ?? []];
  });
}
