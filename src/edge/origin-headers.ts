/** What goes to Commerce with a request: nothing that would be believed of a client, and nothing that is ours alone. */

import { addCookie, mendCookieLines, removeCookie, removeCookiesWithPrefix } from "../core/cookie.ts";
import { MEMBERSHIP_NAME } from "../core/membership.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Website } from "../core/website.ts";
import { BACKEND_HEADER } from "./membership.ts";
import { holdsOwnCookie, OWN_COOKIE_PREFIXES } from "./own-cookie.ts";
import { urlOf } from "./url.ts";

/** How a request goes to the origin. */
export interface OriginOrder {
  readonly website: Pick<Website, "origin" | "originSecret">;
  /** `as-sent`: the client's own cookie and header stay, as if we were not there. */
  readonly membership: UpstreamPlan | "as-sent";
  /** A page that we may edit is asked for whole and in a coding that we can read. */
  readonly editable: boolean;
  /** For the headers of the answer; null: as long as Commerce takes. */
  readonly deadlineMs: number | null;
  /** The body where it had to be read first. */
  readonly body?: Uint8Array;
}

/** The operator's key in a request, for us alone. */
export const EXPLAIN_HEADER = "edge-audiences-explain";

/** Our secret for an explicit origin, whose web server can require it. */
const ORIGIN_HEADER = "edge-audiences-origin";

/** Set on what we send; seen on what comes in, the request has been here before. */
const LOOP_HEADER = "edge-audiences-loop";

/**
 * Hop by hop (RFC 9110 §7.6.1) and left to whom it belongs: the runtime's own HTTP takes off `Connection`,
 * `Keep-Alive`, `TE`, `Trailer`, `Transfer-Encoding` and `Upgrade` on both sides, but not what `Connection` lists.
 */
const hopByHop = ["proxy-connection"];

/** What Cloudflare says of the client: a client that names these in `Connection` does not get rid of them. */
const vouched = /^(cf-.*|true-client-ip|x-real-ip|x-forwarded-for|x-forwarded-proto)$/;

/** Frameworks behind some stores believe these over the address itself; no shared cache keys on them. */
const overrides = [
  "forwarded",
  "x-forwarded-host",
  "x-forwarded-server",
  "x-forwarded-scheme",
  "x-forwarded-prefix",
  "x-forwarded-port",
  "x-original-url",
  "x-original-host",
  "x-rewrite-url",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-host",
  "proxy",
  "proxy-authorization",
];

/** CGI turns "-" and "_" into the same name, so each spelling is Adobe's header to PHP. */
const membershipHeaders = [
  MEMBERSHIP_NAME,
  "aep_segments_membership",
  "aep_segments-membership",
  "aep-segments_membership",
];

/** A conditional or partial request has no page in its answer that could be edited. */
const partial = [
  "if-none-match",
  "if-modified-since",
  "if-match",
  "if-unmodified-since",
  "if-range",
  "range",
];

/** Nothing of these ever goes on. */
const dropped = [...hopByHop, ...overrides, EXPLAIN_HEADER, BACKEND_HEADER, ORIGIN_HEADER];

export function isLooping(request: Request): boolean {
  return request.headers.has(LOOP_HEADER);
}

export function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

export function originHeaders(request: Request, order: OriginOrder): Headers {
  const { website, membership, editable } = order;
  const headers = new Headers(request.headers);
  removeListed(headers);
  remove(headers, dropped);
  if (membership !== "as-sent") remove(headers, membershipHeaders);
  if (editable) remove(headers, partial);
  headers.set(LOOP_HEADER, "1");
  if (website.origin !== null) headers.set("x-forwarded-host", urlOf(request).host);
  if (website.originSecret !== null) headers.set(ORIGIN_HEADER, website.originSecret);
  setCookies(headers, membership);
  if (membership !== "as-sent" && membership.kind === "header") headers.set(MEMBERSHIP_NAME, membership.text);
  if (editable) headers.set("accept-encoding", editableCodings(request));
  return headers;
}

/** A name that is not there costs less than a look at each of a browser's twenty. */
function remove(headers: Headers, names: readonly string[]): void {
  for (const name of names) headers.delete(name);
}

/** Whether `Connection` lists names, which belong to the connection, too. */
export function listsNames(headers: Headers): boolean {
  const listed = headers.get("connection");
  return listed !== null && !/^(?:keep-alive|close|upgrade)$/i.test(listed);
}

/** What `Connection` lists, of a request or an answer, but nothing that Cloudflare says of the client. */
export function removeListed(headers: Headers): void {
  if (!listsNames(headers)) return;
  for (const item of headers.get("connection")?.split(",") ?? []) {
    const name = item.trim().toLowerCase();
    if (isToken(name) && !vouched.test(name) && name !== "upgrade") headers.delete(name);
  }
  remove(headers, hopByHop);
}

/**
 * Two `Cookie` lines were made one with a comma before we saw them; PHP would read it into the first value.
 * What is ours is between the browser and us.
 */
function setCookies(headers: Headers, membership: UpstreamPlan | "as-sent"): void {
  const sent = headers.get("cookie");
  let cookies = sent === null ? null : mendCookieLines(sent);
  if (sent !== null && holdsOwnCookie(sent))
    for (const prefix of OWN_COOKIE_PREFIXES) cookies = cookies && removeCookiesWithPrefix(cookies, prefix);
  if (membership !== "as-sent") {
    cookies = cookies && removeCookie(cookies, MEMBERSHIP_NAME);
    if (membership.kind === "cookie") cookies = addCookie(cookies, MEMBERSHIP_NAME, membership.text);
  }
  if (cookies === null) headers.delete("cookie");
  else if (cookies !== sent) headers.set("cookie", cookies);
}

/**
 * HTMLRewriter reads gzip and br; deflate and zstd would pass through it unseen. A client that names none
 * gets none. Cloudflare overwrites the header at its edge and keeps the client's own in `cf`.
 */
export function editableCodings(request: Request): string {
  const fromEdge = (request.cf as { readonly clientAcceptEncoding?: unknown } | undefined)
    ?.clientAcceptEncoding;
  const accepted = typeof fromEdge === "string" ? fromEdge : (request.headers.get("accept-encoding") ?? "");
  const wanted = new Map<string, boolean>();
  for (const item of accepted.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = item.split(";").map((part) => part.trim());
    wanted.set(coding, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  const codings = ["gzip", "br"].filter((coding) => wanted.get(coding) ?? wanted.get("*"));
  return codings.length === 0 ? "identity" : codings.join(", ");
}

/** What is no name would throw. */
function isToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name);
}
