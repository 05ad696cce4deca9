/** The first-party endpoint for the Adobe Web SDK: its calls pass to Adobe, and what Adobe answers is signed on the way back. */

import { saysYes } from "../core/consent.ts";
import { addCookie } from "../core/cookie.ts";
import { siteOrigins } from "../core/cors.ts";
import { fpidOf } from "../core/device.ts";
import { type EdgePath, parseEdgePath } from "../core/edge-network.ts";
import { cleanAdobeSetCookie, keepAdobeCookies } from "../core/identity.ts";
import { endDevice, keepDeviceCookie, newDevice } from "./device.ts";
import { tellEdgeCall } from "./explain.ts";
import { describeError } from "./log.ts";
import { endMembership } from "./private-content.ts";
import { refuse } from "./refusal.ts";
import { readCall, type SdkCall } from "./sdk-call.ts";
import type { Services } from "./services.ts";
import { trySign } from "./signed-answer.ts";
import { isActing, type Visit } from "./visit.ts";

/** The browser waits, not a page: Adobe may take as long as its own SDK would let it. */
const TIMEOUT_MS = 30_000;

/** All that Adobe is told of a browser, besides Adobe's own cookies and the address. */
const passedHeaders = [
  "accept",
  "accept-language",
  "content-type",
  "content-encoding",
  "dnt",
  "origin",
  "referer",
  "sec-gpc",
  "user-agent",
  "x-request-id",
  "sec-ch-ua",
  "sec-ch-ua-mobile",
  "sec-ch-ua-platform",
  "sec-fetch-site",
  "sec-fetch-mode",
  "sec-fetch-dest",
];

/** Whether a request is the Web SDK's: exactly its paths, by POST, where the website has a datastream. */
export function findEdgePath(visit: Visit): EdgePath | null {
  const { request, website, path } = visit;
  if (request.method !== "POST" || website.datastreamId === null || website.adobe === null) return null;
  return parseEdgePath(path, website.edgeBasePath);
}

export async function serveWebSdk(visit: Visit, edgePath: EdgePath, services: Services): Promise<Response> {
  const { response, reason } = await answerCall(visit, edgePath, services);
  return tellEdgeCall(response, visit, { endpoint: edgePath.endpoint, reason }, services);
}

/** Adobe's answer, and why nothing was signed with it; null: a membership was. */
async function answerCall(
  asked: Visit,
  edgePath: EdgePath,
  services: Services,
): Promise<{ readonly response: Response; readonly reason: string | null }> {
  const call = await readCall(asked);
  try {
    const minting = withDevice(asked, edgePath, call, services);
    const { visit, cookie } = await minting.catch(() => ({ visit: asked, cookie: null }));
    const response = openAnswer(await passCall(visit, call), visit);
    const { signed, body } = await trySign(visit, edgePath, call, response, services);
    const reason = signed.ok ? null : signed.error;
    const lines = cookie === null ? [] : [cookie];
    if (signed.ok) lines.push(...signed.value);
    if (reason === "no-consent")
      lines.push(...endMembership(visit), ...endDevice(visit.request, visit.website));
    for (const line of lines) response.headers.append("set-cookie", line);
    return { response: body === null ? response : new Response(body, response), reason };
  } catch (error) {
    const { log, now } = services;
    log.warn("edge-network-unreachable", { error: describeError(error) }, now(), asked.website.code);
    return { response: refuse(502, "Adobe's Edge Network can't be reached."), reason: "unreachable" };
  }
}

/**
 * With `identity: fpid` the Web SDK's first call is where a browser gets its device id, so that Adobe makes the
 * ECID of it. Never of a call that says no, or of another site's.
 */
async function withDevice(
  visit: Visit,
  { endpoint }: EdgePath,
  { text }: SdkCall,
  { deviceSigner, now }: Services,
): Promise<{ readonly visit: Visit; readonly cookie: string | null }> {
  const { website, request, claims } = visit;
  // Outside of the rollout the call goes as it would without us, by the ECID.
  if (!isActing(visit)) return { visit: { ...visit, device: null }, cookie: null };
  const wanted = website.identity === "fpid" && visit.device === null;
  const allowed =
    claims.consent.kind === "granted" &&
    (endpoint !== "privacy/set-consent" || (text.ok && saysYes(text.value))) &&
    !isCrossSite(request, new URL(request.url).origin);
  if (!wanted || !allowed || deviceSigner === null) return { visit, cookie: null };
  const device = newDevice();
  return {
    visit: { ...visit, device },
    cookie: await keepDeviceCookie(deviceSigner, website, device, now()),
  };
}

/** Throws what `fetch` throws when Adobe can't be reached, or the deadline. */
function passCall(visit: Visit, call: SdkCall): Promise<Response> {
  const { request, website } = visit;
  const { pathname, search } = new URL(request.url);
  const canonical = pathname.replace(`/${website.edgeBasePath}/`, "/ee/");
  return fetch(website.edgeUrl + canonical + search, {
    method: "POST",
    headers: edgeHeaders(visit),
    body: call.body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

function edgeHeaders(visit: Visit): Headers {
  const { request, website } = visit;
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const fpid = fpidOf(visit);
  const cookies = keepAdobeCookies(
    request.headers.get("cookie") ?? "",
    website.adobe?.organizationId ?? "",
    fpid === null ? "ecid" : "fpid",
  );
  // The body stays as it is: Adobe reads a device id from a cookie of that name, too (reference §3.5).
  if (fpid !== null) headers.set("cookie", addCookie(cookies, "FPID", fpid));
  else if (cookies !== null) headers.set("cookie", cookies);
  const address = request.headers.get("cf-connecting-ip");
  if (address !== null) headers.set("x-forwarded-for", address);
  return headers;
}

/** What Adobe tells its SDK. What it says of its own host (HSTS for all subdomains!) is not to be said of the shop's. */
const answeredHeaders = [
  "content-type",
  "content-encoding",
  "content-length",
  "cache-control",
  "date",
  "vary",
  "retry-after",
  "x-adobe-edge",
  "x-request-id",
  "x-content-type-options",
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
];

/**
 * Adobe's answer with its own cookies alone, none of them for another host than the shop's, and none at all
 * where another site made the browser call: it would choose who the visitor is. Adobe lets every origin read
 * its answers; a shopper's audiences are for the shop's own.
 */
function openAnswer(answer: Response, { request, website }: Visit): Response {
  const { hostname: host, origin } = new URL(request.url);
  const sender = request.headers.get("origin");
  const isOwn = sender !== null && siteOrigins(website, origin).includes(sender);
  const headers = new Headers();
  for (const name of answeredHeaders) {
    const value = answer.headers.get(name);
    if (value !== null && (isOwn || !name.startsWith("access-control-"))) headers.set(name, value);
  }
  const cookies = !isOwn && isCrossSite(request, origin) ? [] : answer.headers.getSetCookie();
  for (const line of cookies) {
    const clean = cleanAdobeSetCookie(line, website.adobe?.organizationId ?? "", host);
    if (clean !== null) headers.append("set-cookie", clean);
  }
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

/** A shop's own other host is the same site; browsers without `Sec-Fetch-Site` send the `Origin` with a POST. */
function isCrossSite({ headers }: Request, ownOrigin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "cross-site";
  return (headers.get("origin") ?? ownOrigin) !== ownOrigin;
}
