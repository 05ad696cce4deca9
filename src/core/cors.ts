/** CORS: which pages on other hosts may read an answer with the shopper's cookies, and what their preflight is told. */

import type { Website } from "./website.ts";

/**
 * `preflight`: answered by us, because Commerce answers OPTIONS with 500. `readable`: the answer may be read
 * there. `closed`: the browser keeps it from the page, unless Commerce itself says otherwise.
 */
export type CorsPlan =
  | { readonly kind: "preflight"; readonly origin: string; readonly allowHeaders: string }
  | { readonly kind: "readable"; readonly origin: string }
  | { readonly kind: "closed"; readonly reason: "nobody-listed" | "no-origin" | "not-listed" };

export interface CorsQuestion {
  readonly method: string;
  readonly origin: string | null;
  /** `Access-Control-Request-Method`: with OPTIONS it makes a preflight. */
  readonly requestMethod: string | null;
  /** `Access-Control-Request-Headers`. */
  readonly requestHeaders: string | null;
  readonly website: Pick<Website, "corsOrigins">;
  /** All websites of the host: a preflight does not say of which store view it is. */
  readonly sharing: readonly Pick<Website, "corsOrigins">[];
}

export function planCors(question: CorsQuestion): CorsPlan {
  const { method, origin, requestMethod, requestHeaders, website, sharing } = question;
  const preflight = method === "OPTIONS" && requestMethod !== null;
  const listed = preflight ? sharing.flatMap(({ corsOrigins }) => corsOrigins) : website.corsOrigins;
  if (listed.length === 0) return { kind: "closed", reason: "nobody-listed" };
  if (origin === null) return { kind: "closed", reason: "no-origin" };
  if (!listed.includes(origin)) return { kind: "closed", reason: "not-listed" };
  if (!preflight) return { kind: "readable", origin };
  return { kind: "preflight", origin, allowHeaders: allowHeaders(requestHeaders) };
}

/** What storefronts send to Commerce, and Adobe's own header. With credentials "*" would be a header's name. */
const knownHeaders = [
  "authorization",
  "content-type",
  "store",
  "content-currency",
  "x-magento-cache-id",
  "x-adobe-company",
  "x-captcha",
  "x-recaptcha",
  "x-requested-with",
  "aep-segments-membership",
];

const MAX_REQUESTED_LENGTH = 2_048;

/** A listed origin may send what it likes, as on the shop's own host; our secrets are for servers. */
function allowHeaders(requested: string | null): string {
  if (requested === null || requested.length > MAX_REQUESTED_LENGTH) return knownHeaders.join(", ");
  const asked = requested.split(",").map((name) => name.trim().toLowerCase());
  const allowed = asked.filter(
    (name) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && !name.startsWith("edge-audiences-"),
  );
  return [...new Set([...knownHeaders, ...allowed])].join(", ");
}

/** Chromium keeps a preflight for two hours at most. */
const MAX_AGE_SECONDS = 7_200;

export function preflightHeaders({ origin, allowHeaders }: Extract<CorsPlan, { kind: "preflight" }>) {
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": allowHeaders,
    "access-control-max-age": String(MAX_AGE_SECONDS),
    "cache-control": "no-store",
    vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  };
}

/** What a storefront has to read: Commerce's cache id is sent back with the next GET. */
export const exposedHeaders: readonly string[] = ["X-Magento-Cache-Id"];

/** A list header with those names too, each once, in Commerce's own spelling where it has it. */
export function joinNames(list: string | null, names: readonly string[]): string {
  const there = (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = new Set(there.map((name) => name.toLowerCase()));
  return [...there, ...names.filter((name) => !known.has(name.toLowerCase()))].join(", ");
}

/** Whose pages a call of the Web SDK may come from: the website's own hosts, and the origins that it lists. */
export function siteOrigins(
  { hosts, corsOrigins }: Pick<Website, "hosts" | "corsOrigins">,
  ownOrigin: string,
): readonly string[] {
  const scheme = ownOrigin.slice(0, ownOrigin.indexOf("//"));
  return [ownOrigin, ...hosts.map((name) => `${scheme}//${name}`), ...corsOrigins];
}
