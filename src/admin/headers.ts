/** The headers of every answer of the dashboard: no frame, no cache, nothing from elsewhere, and no script but the search's. */

import type { MiddlewareHandler } from "hono";

/** What a page shows of the shop: origins, which come from the settings and the campaigns alone. */
export interface Shown {
  readonly images?: readonly string[];
  readonly frames?: readonly string[];
  /** Of the dashboard's own host, and what it asks there. */
  readonly script?: true;
}

/** Of the dashboard's own, the icon is the one picture, in the page itself. */
export function writePolicy({ images = [], frames = [], script }: Shown): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    `img-src ${["data:", ...images].join(" ")}`,
    ...(frames.length === 0 ? [] : [`frame-src ${frames.join(" ")}`]),
    ...(script ? ["script-src 'self'", "connect-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const protections: readonly (readonly [string, string])[] = [
  ["x-frame-options", "DENY"],
  ["x-content-type-options", "nosniff"],
  // With no-referrer a form's Origin would be "null", and the lock could not know its own page.
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["strict-transport-security", "max-age=31536000"],
  ["x-robots-tag", "noindex, nofollow"],
];

/** Runs around every route and every error, so that no answer is without them. */
export const protectAnswer: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of protections) c.res.headers.set(name, value);
  if (!c.res.headers.has("content-security-policy"))
    c.res.headers.set("content-security-policy", writePolicy({}));
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
};
