/** Adobe's Edge Network, asked by ourselves: one question about one visitor, one answer, and never a second try. */

import type { AudienceId } from "../core/audience.ts";
import { findCookie } from "../core/cookie.ts";
import { fpidOf } from "../core/device.ts";
import {
  agreeOnEcid,
  buildQuestion,
  questionPath,
  readEdgeAnswer,
  type StoredCookie,
} from "../core/edge-network.ts";
import { adobeCookieName } from "../core/identity.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { findAdobeCookieDomain } from "../core/website.ts";
import { openAdobe } from "./adobe.ts";
import { readBody } from "./body.ts";
import { findCredentials } from "./credentials.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

/** A late answer is still worth having; after that Adobe is taken for down. */
export const PATIENCE_MS = 5_000;
const MAX_ANSWER_BYTES = 262_144;

/** What Adobe says of the visitor who was asked about, and of nobody else. */
export interface EdgeWord {
  readonly ecid: string;
  /** null: not known yet, which is not "in none". */
  readonly audiences: ReadonlySet<AudienceId> | null;
  readonly stored: readonly StoredCookie[];
}

export interface Unanswered {
  readonly reason: string;
  /** What no visitor can bring about: else five made-up identities would silence Adobe for everybody. */
  readonly adobesFault: boolean;
  readonly retryAfterMs: number | null;
}

/**
 * Never throws, never tries again: the visitor's next request is the second try, and the breaker decides
 * whether it is one.
 */
export async function askEdgeNetwork(
  visit: Visit,
  services: Services,
): Promise<Result<EdgeWord, Unanswered>> {
  let response: Response;
  let text: string | null;
  try {
    const auth = await findAuth(visit, services);
    if (auth === null) return refuse("no-token", { adobesFault: false });
    response = await send(visit, auth);
    text = await readText(response);
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return refuse(late ? "timeout" : "unreachable", { adobesFault: true });
  }
  if (text === null) return refuse("answer-too-long", { adobesFault: true });
  const answer = readEdgeAnswer(response.status, text, visit.website.adobe?.organizationId ?? "");
  if (!answer.ok) {
    if (answer.error !== "status") return refuse(answer.error, { adobesFault: answer.error === "not-json" });
    const { status, headers } = response;
    return refuse(`status-${status}`, {
      adobesFault: status === 403 || status === 429 || status >= 500,
      retryAfterMs: status === 429 || status === 503 ? readRetryAfter(headers.get("retry-after")) : null,
    });
  }
  const agreed = agreeOnEcid(visit.ecid, answer.value, fpidOf(visit) === null ? "ecid" : "fpid");
  if (!agreed.ok) return refuse(agreed.error, { adobesFault: false });
  const { audiences, stored } = answer.value;
  return ok({ ecid: agreed.value, audiences, stored });
}

function refuse(
  reason: string,
  { adobesFault, retryAfterMs = null }: Omit<Unanswered, "reason" | "retryAfterMs"> & Partial<Unanswered>,
): Result<never, Unanswered> {
  return fail({ reason, adobesFault, retryAfterMs });
}

/** RFC 9110 §10.2.3. A date is for a clock that is not ours: half a minute. */
export function readRetryAfter(written: string | null): number | null {
  if (written === null) return null;
  return /^[0-9]{1,6}$/.test(written) ? Number(written) * 1000 : 30_000;
}

export interface Auth {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** null: a token is wanted and can't be had. The sync says why, in words. */
export async function findAuth({ website }: Visit, services: Services): Promise<Auth | null> {
  const { edgeAuth, edgeUrl, edgeServerUrl, adobe } = website;
  if (edgeAuth === "none" || adobe === null) return { url: edgeUrl, headers: {} };
  const credentials = findCredentials(services.adobeCredentials, [website.code]);
  if (credentials === null) return null;
  const token = await openAdobe(adobe, credentials, services.now).findToken();
  if (!token.ok) return null;
  const headers = {
    authorization: `Bearer ${token.value}`,
    "x-api-key": credentials.clientId,
    "x-gw-ims-org-id": adobe.organizationId,
  };
  return { url: edgeServerUrl, headers };
}

function send(visit: Visit, auth: Auth): Promise<Response> {
  const { request, website, ecid } = visit;
  const organizationId = website.adobe?.organizationId ?? "";
  const cookies = request.headers.get("cookie") ?? "";
  const name = adobeCookieName(organizationId, "identity");
  const identity = findCookie(cookies, name);
  const hint = findCookie(cookies, adobeCookieName(organizationId, "cluster"));
  const datastream = website.pullDatastreamId ?? website.datastreamId ?? "";
  const host = new URL(request.url).hostname;
  const identityCookie = identity === null ? null : { name, value: identity };
  return fetch(auth.url + questionPath(datastream, hint, null), {
    method: "POST",
    headers: questionHeaders(request, auth),
    body: buildQuestion(
      { identityCookie, ecid, fpid: fpidOf(visit) },
      {
        apexDomain: findAdobeCookieDomain(website, host) ?? host,
        timestampIso: new Date(visit.startedAtMs).toISOString(),
        pageUrl: null,
      },
    ),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

export function questionHeaders(request: Request, auth: Auth): Headers {
  const headers = new Headers({ "content-type": "application/json", ...auth.headers });
  const agent = request.headers.get("user-agent");
  const address = request.headers.get("cf-connecting-ip");
  if (agent !== null) headers.set("user-agent", agent);
  if (address !== null) headers.set("x-forwarded-for", address);
  return headers;
}

/** null: too long. */
async function readText({ body }: Response): Promise<string | null> {
  if (body === null) return "";
  const read = await readBody(body, MAX_ANSWER_BYTES);
  if (read.kind === "whole") return new TextDecoder().decode(read.bytes);
  await read.stream.cancel();
  return null;
}
