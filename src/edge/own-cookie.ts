/** Cookies of our own: their names, and how they are written; each is signed, or a mark of something keyed. */

import { findCookie } from "../core/cookie.ts";
import type { Website } from "../core/website.ts";

/** `__Host-` (RFC 6265bis §4.1.3.2): Secure, no Domain, Path=/; a sibling host can't plant one. */
const OWN_HOST_PREFIX = "__Host-edge-audiences-";

/** With `cookieDomain`: Secure. What a sibling host plants is worth what its signature says. */
const DOMAIN_PREFIX = "__Secure-edge-audiences-";

/** Both, whichever a website uses now: what is ours goes neither to Commerce nor to Adobe. */
export const OWN_COOKIE_PREFIXES = [OWN_HOST_PREFIX, DOMAIN_PREFIX] as const;

/** What it holds: Adobe's word; our device id; whose customer token was last seen; what is previewed. */
export type OwnCookie = "membership" | "device" | "customer" | "preview";

/** A website's code has no hyphen: none is another one's. */
const infixes: Readonly<Record<OwnCookie, string>> = {
  membership: "",
  device: "device-",
  customer: "customer-",
  preview: "preview-",
};

/** Whether one of them may be there, of whichever website: most requests have none. */
export function holdsOwnCookie(cookies: string, cookie: OwnCookie = "membership"): boolean {
  return cookies.includes(`edge-audiences-${infixes[cookie]}`);
}

type Named = Pick<Website, "code" | "cookieDomain">;

export function ownCookieName({ code, cookieDomain }: Named, cookie: OwnCookie): string {
  return (cookieDomain === null ? OWN_HOST_PREFIX : DOMAIN_PREFIX) + infixes[cookie] + code;
}

export function findOwnCookie(cookies: string, website: Named, cookie: OwnCookie): string | null {
  return findCookie(cookies, ownCookieName(website, cookie));
}

/** A `Set-Cookie` value, for an answer that no cache stores. */
export function setOwnCookie(
  website: Named,
  cookie: OwnCookie,
  value: string,
  maxAgeSeconds: number,
): string {
  const name = ownCookieName(website, cookie);
  const domain = website.cookieDomain === null ? "" : `; Domain=${website.cookieDomain}`;
  return `${name}=${value}; Path=/${domain}; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=Lax`;
}
