/** Adobe's platform APIs: the OAuth server-to-server token, and the list of audiences to its last page. */

import { type Audience, readAudiencePage } from "../core/audience.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { AdobeAccount } from "../core/website.ts";
import { describeError } from "./log.ts";

export interface AdobeCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What went wrong, in words without a secret; `step` says where. */
export interface AdobeFailure {
  readonly step: "token" | "audiences";
  readonly status: number | null;
  readonly message: string;
}

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
/** Adobe's guardrail is 4,000 audiences a sandbox; twice that, and no endless list ever. */
const MAX_PAGES = 80;
const MAX_ANSWER_BYTES = 8_000_000;

/** `POST /ims/token/v3`; the credentials go in the body, because addresses get logged. */
export async function fetchToken(
  account: AdobeAccount,
  credentials: AdobeCredentials,
): Promise<Result<string, AdobeFailure>> {
  const answer = await ask("token", `${account.imsUrl}/ims/token/v3`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      scope: account.scopes,
    }),
  });
  if (!answer.ok) return answer;
  const token = isRecord(answer.value) ? answer.value["access_token"] : undefined;
  if (typeof token === "string" && token !== "") return ok(token);
  return fail({ step: "token", status: 200, message: "Adobe's answer holds no access_token" });
}

export interface FoundAudiences {
  readonly audiences: readonly Audience[];
  /** Entries of Adobe's without a usable id or name. */
  readonly skipped: number;
}

/** `GET /data/core/ups/audiences`, following Adobe's own `next` verbatim until there is none. */
export async function fetchAudiences(
  account: AdobeAccount,
  credentials: AdobeCredentials,
  token: string,
): Promise<Result<FoundAudiences, AdobeFailure>> {
  let skipped = 0;
  const found = new Map<string, Audience>();
  const asked = new Set<string>();
  let start = "0";
  while (!asked.has(start) && asked.size < MAX_PAGES) {
    asked.add(start);
    const query = new URLSearchParams({ start, limit: String(PAGE_SIZE), sort: "updateTime:desc" });
    const answer = await ask("audiences", `${account.platformUrl}/data/core/ups/audiences?${query}`, {
      headers: {
        authorization: `Bearer ${token}`,
        "x-api-key": credentials.clientId,
        "x-gw-ims-org-id": account.organizationId,
        "x-sandbox-name": account.sandbox,
      },
    });
    if (!answer.ok) return answer;
    const page = readAudiencePage(answer.value);
    if (!page.ok)
      return fail({ step: "audiences", status: 200, message: "Adobe's answer is no audience list" });
    for (const audience of page.value.audiences) found.set(audience.id, audience);
    skipped += page.value.skipped;
    if (page.value.nextStart === null) return ok({ audiences: [...found.values()], skipped });
    start = page.value.nextStart;
  }
  const message = asked.has(start)
    ? `Adobe's list does not end: after ${asked.size} pages it came back to start=${start}`
    : `Adobe's list has more than ${MAX_PAGES} pages of ${PAGE_SIZE}, more than Adobe allows a sandbox`;
  return fail({ step: "audiences", status: 200, message });
}

/** One call, never redirected, with a deadline, its answer bounded and read as JSON. */
async function ask(
  step: AdobeFailure["step"],
  url: string,
  init: RequestInit,
): Promise<Result<unknown, AdobeFailure>> {
  let status: number | null = null;
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    const text = await readBounded(response, MAX_ANSWER_BYTES);
    if (text === null) return fail({ step, status, message: "Adobe's answer is too long" });
    if (status !== 200) return fail({ step, status, message: describeRefusal(step, status, text) });
    return ok(JSON.parse(text));
  } catch (error) {
    return fail({ step, status, message: `no usable answer: ${describeError(error)}` });
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<string | null> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Adobe's own code of the refusal, and what the operator can do about it. */
function describeRefusal(step: AdobeFailure["step"], status: number, text: string): string {
  const code = /"(?:error|error_code)"\s*:\s*"([\w.-]{1,60})"/.exec(text)?.[1];
  const words = code ? `${status} ${code}` : String(status);
  if (status === 429) return `${words}: Adobe asks for fewer requests; the next sync tries again`;
  if (status >= 500) return `${words}: Adobe is down; the next sync tries again`;
  if (step === "token") return `${words}: check ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET and the scopes`;
  if (status === 401 || status === 403) {
    return `${words}: the credential needs a role that may read audiences in this sandbox`;
  }
  return words;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
