/** The only way to Commerce: address, headers, redirects, and nothing of a client's that Commerce would believe of us. */

import { describeError, type Log } from "./log.ts";
import { listsNames, type OriginOrder, originHeaders, removeListed } from "./origin-headers.ts";
import { refuseUnreachable } from "./refusal.ts";

/**
 * Asks the origin, once, whatever comes of it; where it can't be reached, the answer is ours. An answer that nothing
 * has to be taken out of is the very object that came, whose headers can't be changed.
 */
export async function askOrigin(
  request: Request,
  order: OriginOrder,
  { log, now }: { readonly log: Log; readonly now: () => number },
): Promise<Response> {
  try {
    return cleanResponse(await fetchOrigin(request, order), order.website.origin, request.url);
  } catch (error) {
    const origin = order.website.origin ?? "the route's own";
    log.warn("origin-unreachable", { origin, error: describeError(error) }, now(), origin);
    return refuseUnreachable(error);
  }
}

/** Throws only what `fetch` throws when nothing can be reached, or the deadline. */
function fetchOrigin(request: Request, order: OriginOrder): Promise<Response> {
  const { origin } = order.website;
  const url = origin === null ? request.url : origin + afterHost(request.url);
  const headers = originHeaders(request, order);
  const body = order.body ?? request.body;
  // A GET with a body can only be copied (Fetch forbids to make one), which costs two requests made.
  if (body !== null && body === request.body && /^(?:GET|HEAD)$/.test(request.method))
    return fetchWithin(new Request(url, request), { headers, redirect: "manual" }, order.deadlineMs);
  return fetchWithin(url, { method: request.method, headers, body, redirect: "manual" }, order.deadlineMs);
}

/** Path and query exactly as they came; URLSearchParams would write them anew. */
function afterHost(url: string): string {
  return url.slice(url.indexOf("/", url.indexOf("//") + 2));
}

function fetchWithin(to: string | Request, init: RequestInit, deadlineMs: number | null): Promise<Response> {
  return deadlineMs === null ? fetch(to, init) : fetchUntil(to, init, deadlineMs);
}

async function fetchUntil(to: string | Request, init: RequestInit, deadlineMs: number): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error("deadline")), deadlineMs);
  try {
    return await fetch(to, { ...init, signal: abort.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** A 101 must stay the very object that it is, and of a status like 999 no other object can be made. */
export function isSealed({ status }: Response): boolean {
  return status < 200 || status > 599;
}

/** The origin's answer as one whose headers can be changed, unless it is sealed. */
export function openResponse(response: Response): Response {
  return isSealed(response) ? response : new Response(response.body, response);
}

/** The very answer, unless something in it belongs to the connection, or names an explicit origin. */
function cleanResponse(response: Response, origin: string | null, publicUrl: string): Response {
  if (isSealed(response)) return response;
  const isListed = listsNames(response.headers);
  const own = isListed ? openResponse(response) : response;
  if (isListed) removeListed(own.headers);
  return origin === null ? own : hideOrigin(own, origin, publicUrl);
}

/** An explicit origin has a host of its own; where it names it, the shopper needs the shop's. */
function hideOrigin(response: Response, origin: string, publicUrl: string): Response {
  const location = response.headers.get("location");
  const cookies = response.headers.getSetCookie();
  const pointsBack = location !== null && isUnder(location, origin);
  const foreign = foreignDomain(origin);
  if (!pointsBack && !cookies.some((cookie) => foreign.test(cookie))) return response;
  const open = openResponse(response);
  if (pointsBack) open.headers.set("location", new URL(publicUrl).origin + location.slice(origin.length));
  open.headers.delete("set-cookie");
  for (const cookie of cookies) open.headers.append("set-cookie", cookie.replace(foreign, ""));
  return open;
}

/** A cookie's domain that is the origin's; there are as many as there are origins in the settings. */
const foreignDomains = new Map<string, RegExp>();

function foreignDomain(origin: string): RegExp {
  const known = foreignDomains.get(origin);
  if (known) return known;
  const host = escapeRegExp(new URL(origin).hostname);
  const pattern = new RegExp(`;\\s*domain=\\.?${host}(?=;|$)`, "i");
  foreignDomains.set(origin, pattern);
  return pattern;
}

/** The origin's own address or one on it; `http://origin.example.evil.test` only begins like one. */
function isUnder(address: string, origin: string): boolean {
  return address.startsWith(origin) && /^([/?#]|$)/.test(address.slice(origin.length));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
