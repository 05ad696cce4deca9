/** The first-party endpoint for the Adobe Web SDK: its calls pass to Adobe, and what Adobe answers is signed on the way back. */

import { siteOrigins } from "../core/cors.ts";
import {
  agreeOnEcid,
  type EdgePath,
  judgeCall,
  parseEdgePath,
  readEdgeAnswer,
} from "../core/edge-network.ts";
import { cleanAdobeSetCookie, keepAdobeCookies } from "../core/identity.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { readBody } from "./body.ts";
import { tellEdgeCall } from "./explain.ts";
import { describeError } from "./log.ts";
import { keepSignedCookie, signMembership } from "./membership.ts";
import { endMembership, reloadPrivateContent } from "./private-content.ts";
import { refuse } from "./refusal.ts";
import { isActing, type Services, type Visit, whyNotActing } from "./visit.ts";

/** Adobe takes no longer ones, and one that is longer is not judged. */
const MAX_CALL_BYTES = 65_536;
const MAX_ANSWER_BYTES = 262_144;
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
  visit: Visit,
  edgePath: EdgePath,
  services: Services,
): Promise<{ readonly response: Response; readonly reason: string | null }> {
  const call = await readCall(visit);
  try {
    const response = openAnswer(await askEdgeNetwork(visit, call), visit);
    const { signed, body } = await trySign(visit, edgePath, call, response, services);
    const ended = !signed.ok && signed.error === "no-consent" ? endMembership(visit) : [];
    for (const line of signed.ok ? signed.value : ended) response.headers.append("set-cookie", line);
    const reason = signed.ok ? null : signed.error;
    return { response: body === null ? response : new Response(body, response), reason };
  } catch (error) {
    const { log, now } = services;
    log.warn("edge-network-unreachable", { error: describeError(error) }, now(), visit.website.code);
    return { response: refuse(502, "Adobe's Edge Network can't be reached."), reason: "unreachable" };
  }
}

interface Call {
  /** What goes on to Adobe, byte for byte. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Or why it can't be judged. */
  readonly text: Result<string, "too-long" | "not-utf-8">;
}

async function readCall({ request }: Visit): Promise<Call> {
  if (request.body === null) return { body: null, text: ok("") };
  const read = await readBody(request.body, MAX_CALL_BYTES);
  if (read.kind === "longer") return { body: read.stream, text: fail("too-long") };
  const text = decodeText(read.bytes);
  return { body: read.bytes, text: text === null ? fail("not-utf-8") : ok(text) };
}

/** null: not UTF-8, so nothing that could be judged. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Throws what `fetch` throws when Adobe can't be reached, or the deadline. */
function askEdgeNetwork(visit: Visit, call: Call): Promise<Response> {
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

function edgeHeaders({ request, website }: Visit): Headers {
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const cookies = keepAdobeCookies(request.headers.get("cookie") ?? "", website.adobe?.organizationId ?? "");
  if (cookies !== null) headers.set("cookie", cookies);
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

interface Signed {
  /** `Set-Cookie` values, or why there are none. */
  readonly signed: Result<readonly string[], string>;
  /** Where the answer's body had to be read: the same again. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
}

/** The membership is in the body and the cookie a header: the answer is read whole before its headers leave. */
async function trySign(
  visit: Visit,
  edgePath: EdgePath,
  call: Call,
  response: Response,
  services: Services,
): Promise<Signed> {
  const beforehand = whyUnsigned(visit, edgePath, services);
  if (beforehand !== null) return { signed: fail(beforehand), body: null };
  const judged = judgeCall(describeCall(visit, call.text.ok ? call.text.value : null));
  if (!judged.ok) {
    const unread = judged.error === "too-long" && !call.text.ok;
    return { signed: unread ? call.text : judged, body: null };
  }
  if (response.status !== 200 && response.status !== 207) return { signed: fail("status"), body: null };
  if (response.body === null) return { signed: fail("no-body"), body: null };
  const read = await readBody(response.body, MAX_ANSWER_BYTES);
  if (read.kind === "longer") return { signed: fail("answer-too-long"), body: read.stream };
  response.headers.delete("content-length");
  const signing = signAnswer(visit, judged.value.ecid, response.status, read.bytes, services);
  // Our own failure is no reason to keep Adobe's answer from the Web SDK.
  return { signed: await signing.catch(() => fail("signing-failed")), body: read.bytes };
}

function whyUnsigned(visit: Visit, { endpoint }: EdgePath, { signer }: Services): string | null {
  if (endpoint !== "interact") return "not-interact";
  if (!isActing(visit)) return whyNotActing(visit);
  if (visit.claims.consent.kind === "refused") return "no-consent";
  return signer === null ? "signing-is-off" : null;
}

async function signAnswer(
  visit: Visit,
  askedEcid: string | null,
  status: number,
  bytes: Uint8Array,
  { signer, now }: Services,
): Promise<Result<readonly string[], string>> {
  const text = decodeText(bytes);
  if (text === null || signer === null) return fail("not-json");
  const answer = readEdgeAnswer(status, text, visit.website.adobe?.organizationId ?? "");
  if (!answer.ok) return answer;
  const { audiences } = answer.value;
  if (audiences === null) return fail("not-known-yet");
  const ecid = agreeOnEcid(askedEcid, answer.value);
  if (!ecid.ok) return ecid;
  const { website, digests } = visit;
  const said = { website, ecid: ecid.value, audiences, digests, nowMs: now() };
  const kept = keepSignedCookie(website, await signMembership(signer, said));
  return ok([kept, ...reloadPrivateContent(visit, audiences)]);
}

function describeCall({ request, website, ecid }: Visit, body: string | null) {
  const { origin, search } = new URL(request.url);
  return {
    rawQuery: search,
    body,
    contentType: request.headers.get("content-type"),
    contentEncoding: request.headers.get("content-encoding"),
    secFetchSite: request.headers.get("sec-fetch-site"),
    origin: request.headers.get("origin"),
    siteOrigins: siteOrigins(website, origin),
    datastreamIds: website.datastreamId === null ? [] : [website.datastreamId],
    organizationId: website.adobe?.organizationId ?? "",
    visitorEcid: ecid,
    visitorFpid: null,
  };
}
