/** Adobe's answer to a Web SDK call, read, and signed where call and answer are of one proven visitor. */

import { findCookie } from "../core/cookie.ts";
import { siteOrigins } from "../core/cors.ts";
import { fpidOf, subjectOf } from "../core/device.ts";
import { agreeOnEcid, type EdgePath, judgeCall, readEdgeAnswer } from "../core/edge-network.ts";
import { adobeCookieName, decodeEcid } from "../core/identity.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { decodeText, readBody } from "./body.ts";
import { keepSignedCookie, signMembership } from "./membership.ts";
import { findOwnCookie } from "./own-cookie.ts";
import { reloadPrivateContent } from "./private-content.ts";
import type { SdkCall } from "./sdk-call.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit, whyNotActing } from "./visit.ts";

const MAX_ANSWER_BYTES = 262_144;

export interface Signed {
  /** `Set-Cookie` values, or why there are none. */
  readonly signed: Result<readonly string[], string>;
  /** Where the answer's body had to be read: the same again. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
}

/** The membership is in the body and the cookie a header: the answer is read whole before its headers leave. */
export async function trySign(
  visit: Visit,
  edgePath: EdgePath,
  call: SdkCall,
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
  if (visit.website.identity === "fpid" && visit.device === null) return "no-device";
  return signer === null ? "signing-is-off" : null;
}

async function signAnswer(
  visit: Visit,
  askedEcid: string | null,
  status: number,
  bytes: Uint8Array,
  services: Services,
): Promise<Result<readonly string[], string>> {
  const { signer, now } = services;
  const text = decodeText(bytes);
  if (text === null || signer === null) return fail("not-json");
  const answer = readEdgeAnswer(status, text, visit.website.adobe?.organizationId ?? "");
  if (!answer.ok) return answer;
  const { audiences } = answer.value;
  if (audiences === null) return fail("not-known-yet");
  const ecid = agreeOnEcid(askedEcid, answer.value, fpidOf(visit) === null ? "ecid" : "fpid");
  if (!ecid.ok) return ecid;
  const { website, digests } = visit;
  warnIfIgnored(visit, ecid.value, services);
  const subject = subjectOf({ ...visit, ecid: ecid.value });
  if (subject === null) return fail("no-device");
  const said = { website, subject, audiences, digests, nowMs: now() };
  const kept = keepSignedCookie(website, await signMembership(signer, said));
  return ok([kept, ...reloadPrivateContent(visit, audiences)]);
}

/**
 * One device must be one ECID. Where the datastream does not read our device id, Adobe makes a new visitor of
 * each call: the operator has to learn of it.
 */
function warnIfIgnored({ request, website, device }: Visit, ecid: string, { log, now }: Services): void {
  if (website.identity !== "fpid" || device === null) return;
  const cookies = request.headers.get("cookie") ?? "";
  const name = adobeCookieName(website.adobe?.organizationId ?? "", "identity");
  const before = decodeEcid(findCookie(cookies, name) ?? "");
  const held = findOwnCookie(cookies, website, "device") !== null;
  if (!held || before === null || before === ecid) return;
  const cure = 'if this goes on, set "First Party ID Cookie" of the datastream to FPID';
  log.warn("device-ignored", { website: website.code, cure }, now(), website.code);
}

function describeCall(visit: Visit, body: string | null) {
  const { request, website, ecid } = visit;
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
    visitorFpid: fpidOf(visit),
  };
}
