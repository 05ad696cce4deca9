/** Turns what the shop wants to say into a Response with the headers of Magento behind a caching edge. */

import { randomId } from "./cart.ts";
import { deleteCookie, writeCookie } from "./cookie.ts";
import { encodeJson } from "./escaper.ts";
import { setCookie, type Visit } from "./visit.ts";

export type Caching =
  | { readonly kind: "public"; readonly tags: readonly string[]; readonly maxAgeSeconds: number }
  | { readonly kind: "private" }
  /** Magento's 404 contradicts itself: not stored, but with a tag list and tomorrow's date. */
  | { readonly kind: "not-found"; readonly tags: readonly string[] };

export interface Said {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
  readonly caching: Caching;
  readonly headers?: Readonly<Record<string, string>>;
}

const html = "text/html; charset=UTF-8";

/** Short beside the 3 KB of a real store, with the same directives. */
const reportOnlyPolicy = [
  "font-src data: 'self' 'unsafe-inline'",
  "form-action secure.authorize.net pilot-payflowlink.paypal.com 'self' 'unsafe-inline'",
  "frame-ancestors 'self'",
  "img-src data: widgets.magentocommerce.com www.paypalobjects.com 'self' 'unsafe-inline'",
  "script-src assets.adobedtm.com www.paypal.com 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src edge.adobedc.net 'self' 'unsafe-inline'",
  "base-uri 'self'",
].join("; ");

export async function answer(visit: Visit, said: Said): Promise<Response> {
  const headers = new Headers({ "content-type": said.type, vary: "Accept-Encoding", ...said.headers });
  await addCookies(visit, headers);
  addCaching(headers, said.caching, visit.nowMs);
  if (said.type === html && !headers.has("content-security-policy")) {
    headers.set("content-security-policy-report-only", reportOnlyPolicy);
  }
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-xss-protection", "1; mode=block");
  headers.set("x-frame-options", "SAMEORIGIN");
  const bytes = new TextEncoder().encode(said.body);
  const status = said.status ?? 200;
  if (visit.request.method === "HEAD") {
    headers.set("content-length", String(bytes.length));
    return new Response(null, { status, headers });
  }
  const body = inChunks(bytes);
  if (!wantsGzip(visit.request)) return new Response(body, { status, headers });
  headers.set("content-encoding", "gzip");
  const zipped = body.pipeThrough(new CompressionStream("gzip"));
  return new Response(zipped, { status, headers, encodeBody: "manual" });
}

export function pageAnswer(visit: Visit, body: string, caching: Caching): Promise<Response> {
  return answer(visit, { type: html, body, caching });
}

export function jsonAnswer(visit: Visit, value: unknown, status = 200): Promise<Response> {
  const body = encodeJson(value);
  return answer(visit, { type: "application/json", status, body, caching: { kind: "private" } });
}

export async function redirect(visit: Visit, location: string): Promise<Response> {
  const headers = new Headers({ location, "content-type": html });
  await addCookies(visit, headers);
  addCaching(headers, { kind: "private" }, visit.nowMs);
  return new Response(null, { status: 302, headers });
}

export function wantsGzip(request: Request): boolean {
  return /(^|[,\s])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers.get("accept-encoding") ?? "");
}

/** PHPSESSID first, then what the request earned, each on a line of its own. */
async function addCookies(visit: Visit, headers: Headers): Promise<void> {
  const session = {
    name: "PHPSESSID",
    value: visit.session.id,
    maxAgeSeconds: 3600,
    httpOnly: true,
  } as const;
  const domain = new URL(visit.base).hostname;
  headers.append("set-cookie", writeCookie({ ...session, sameSite: "Lax", nowMs: visit.nowMs, domain }));
  if (visit.request.method === "POST") addContentVersions(visit);
  await addVary(visit);
  for (const line of visit.cookieLines) headers.append("set-cookie", line);
}

/** Two lines with one name: Magento sends it once per plugin that fires, and the last one counts. */
function addContentVersions(visit: Visit): void {
  for (let times = 0; times < 2; times += 1) {
    const value = randomId(32).toLowerCase();
    setCookie(visit, { name: "private_content_version", value, maxAgeSeconds: 315_360_000, sameSite: "Lax" });
  }
}

/** X-Magento-Vary stands for everything that makes this shopper's pages differ from the default guest's. */
async function addVary(visit: Visit): Promise<void> {
  const context: Record<string, string> = {};
  if (visit.session.customer !== null)
    Object.assign(context, { customer_group: "1", customer_logged_in: "1" });
  if (visit.view.code !== "default") context["store"] = visit.view.code;
  if (Object.keys(context).length === 0) {
    if (visit.cookies.has("X-Magento-Vary"))
      visit.cookieLines.push(deleteCookie("X-Magento-Vary", visit.nowMs));
    return;
  }
  const value = await sha256(JSON.stringify(context));
  setCookie(visit, { name: "X-Magento-Vary", value, maxAgeSeconds: 3600, httpOnly: true, sameSite: "Lax" });
}

function addCaching(headers: Headers, caching: Caching, nowMs: number): void {
  const dayMs = 86_400_000;
  const never = "max-age=0, must-revalidate, no-cache, no-store";
  switch (caching.kind) {
    case "public": {
      const age = caching.maxAgeSeconds;
      headers.set("pragma", "cache");
      headers.set("cache-control", `max-age=${age}, public, s-maxage=${age}`);
      headers.set("expires", new Date(nowMs + age * 1000).toUTCString());
      headers.set("x-magento-tags", caching.tags.join(","));
      return;
    }
    case "private":
      headers.set("pragma", "no-cache");
      headers.set("cache-control", never);
      headers.set("expires", new Date(nowMs - 365 * dayMs).toUTCString());
      return;
    case "not-found":
      headers.set("pragma", "cache");
      headers.set("cache-control", never);
      headers.set("expires", new Date(nowMs + dayMs).toUTCString());
      headers.set("x-magento-tags", caching.tags.join(","));
      return;
  }
}

/** PHP flushes as it goes: an answer has no length and comes in pieces that end anywhere. */
function inChunks(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const chunkBytes = 8 * 1024;
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(offset, offset + chunkBytes));
      offset += chunkBytes;
    },
  });
}

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
