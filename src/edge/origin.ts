/** The only way to Commerce: address, headers, redirects, and nothing of a client's that Commerce would believe of us. */

import { addCookie, mendCookieLines, removeCookie, removeCookiesWithPrefix } from "../core/cookie.ts";
import { MEMBERSHIP_NAME } from "../core/membership.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Website } from "../core/website.ts";
import { describeError, type Log } from "./log.ts";
import { BACKEND_HEADER } from "./membership.ts";
import { OWN_COOKIE_PREFIXES } from "./own-cookie.ts";
import { refuseUnreachable } from "./refusal.ts";

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

/** RFC 9110 §7.6.1 and what older proxies use; the names that `Connection` lists are added to these. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

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

export function isLooping(request: Request): boolean {
  return request.headers.has(LOOP_HEADER);
}

export function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

export interface OriginAnswer {
  /** Its headers can be changed, unless it is sealed. */
  readonly response: Response;
  readonly originMs: number;
}

/** Asks the origin, once, whatever comes of it; where it can't be reached, the answer is ours. */
export async function askOrigin(
  request: Request,
  order: OriginOrder,
  { log, now }: { readonly log: Log; readonly now: () => number },
): Promise<OriginAnswer> {
  const askedAtMs = now();
  try {
    const response = openResponse(await fetchOrigin(request, order));
    return { response, originMs: now() - askedAtMs };
  } catch (error) {
    const origin = order.website.origin ?? "the route's own";
    log.warn("origin-unreachable", { origin, error: describeError(error) }, now(), origin);
    return { response: refuseUnreachable(error), originMs: now() - askedAtMs };
  }
}

/** Throws only what `fetch` throws when nothing can be reached, or the deadline. */
async function fetchOrigin(request: Request, order: OriginOrder): Promise<Response> {
  const { origin } = order.website;
  const url = origin === null ? request.url : origin + afterHost(request.url);
  const init = { headers: originHeaders(request, order), redirect: "manual" } as const;
  const outgoing = order.body
    ? new Request(url, { ...init, method: request.method, body: order.body })
    : new Request(new Request(url, request), init);
  const response = await fetchWithin(outgoing, order.deadlineMs);
  return origin === null || isSealed(response) ? response : hideOrigin(response, origin, request.url);
}

/** Path and query exactly as they came; URLSearchParams would write them anew. */
function afterHost(url: string): string {
  return url.slice(url.indexOf("/", url.indexOf("//") + 2));
}

async function fetchWithin(request: Request, deadlineMs: number | null): Promise<Response> {
  if (deadlineMs === null) return fetch(request);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error("deadline")), deadlineMs);
  try {
    return await fetch(request, { signal: abort.signal });
  } finally {
    clearTimeout(timer);
  }
}

function originHeaders(request: Request, order: OriginOrder): Headers {
  const headers = new Headers(request.headers);
  const upgrade = isUpgrade(request);
  removeHopByHop(headers);
  if (upgrade) headers.set("upgrade", "websocket");
  for (const name of overrides) headers.delete(name);
  headers.delete(EXPLAIN_HEADER);
  headers.set(LOOP_HEADER, "1");
  if (order.website.origin !== null) headers.set("x-forwarded-host", new URL(request.url).host);
  headers.delete(BACKEND_HEADER);
  headers.delete(ORIGIN_HEADER);
  if (order.website.originSecret !== null) headers.set(ORIGIN_HEADER, order.website.originSecret);
  mendCookies(headers);
  if (order.membership !== "as-sent") setMembership(headers, order.membership);
  if (order.editable) {
    for (const name of partial) headers.delete(name);
    headers.set("accept-encoding", editableCodings(request));
  }
  return headers;
}

/**
 * Two `Cookie` lines were made one with a comma before we saw them; PHP would read it into the first value.
 * What we signed is between the browser and us.
 */
function mendCookies(headers: Headers): void {
  const sent = headers.get("cookie");
  if (sent === null) return;
  let mended: string | null = mendCookieLines(sent);
  for (const prefix of OWN_COOKIE_PREFIXES) mended = mended && removeCookiesWithPrefix(mended, prefix);
  if (mended === null) headers.delete("cookie");
  else if (mended !== sent) headers.set("cookie", mended);
}

function setMembership(headers: Headers, membership: UpstreamPlan): void {
  for (const name of membershipHeaders) headers.delete(name);
  const sent = headers.get("cookie");
  const others = sent === null ? null : removeCookie(sent, MEMBERSHIP_NAME);
  if (membership.kind === "header") headers.set(MEMBERSHIP_NAME, membership.text);
  if (membership.kind === "cookie") {
    headers.set("cookie", addCookie(others, MEMBERSHIP_NAME, membership.text));
  } else if (others === null) headers.delete("cookie");
  else if (others !== sent) headers.set("cookie", others);
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

function removeHopByHop(headers: Headers): void {
  const listed = headers.get("connection")?.split(",") ?? [];
  for (const name of listed) {
    const trimmed = name.trim().toLowerCase();
    if (/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(trimmed) && !vouched.test(trimmed)) headers.delete(trimmed);
  }
  for (const name of hopByHop) headers.delete(name);
}

/** A 101 must stay the very object that it is, and of a status like 999 no other object can be made. */
export function isSealed({ status }: Response): boolean {
  return status < 200 || status > 599;
}

/** The origin's answer as one whose headers can be changed, unless it is sealed. */
function openResponse(response: Response): Response {
  if (isSealed(response)) return response;
  const open = new Response(response.body, response);
  if (open.headers.has("connection") || open.headers.has("keep-alive")) removeHopByHop(open.headers);
  return open;
}

/** An explicit origin has a host of its own; where it names it, the shopper needs the shop's. */
function hideOrigin(response: Response, origin: string, publicUrl: string): Response {
  const location = response.headers.get("location");
  const shop = new URL(publicUrl);
  const cookies = response.headers.getSetCookie();
  const foreign = new RegExp(`;\\s*domain=\\.?${escapeRegExp(new URL(origin).hostname)}(?=;|$)`, "i");
  const pointsBack = location !== null && isUnder(location, origin);
  if (!pointsBack && !cookies.some((cookie) => foreign.test(cookie))) return response;
  const open = new Response(response.body, response);
  if (pointsBack) open.headers.set("location", shop.origin + location.slice(origin.length));
  open.headers.delete("set-cookie");
  for (const cookie of cookies) open.headers.append("set-cookie", cookie.replace(foreign, ""));
  return open;
}

/** The origin's own address or one on it; `http://origin.example.evil.test` only begins like one. */
function isUnder(address: string, origin: string): boolean {
  return address.startsWith(origin) && /^([/?#]|$)/.test(address.slice(origin.length));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
