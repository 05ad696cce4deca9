/** Adobe's platform APIs: one bounded call at a time, with the OAuth server-to-server token that it needs. */

import { isRecord } from "../core/record.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { AdobeAccount } from "../core/website.ts";
import { describeError } from "./log.ts";

export interface AdobeCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export type AdobeStep = "token" | "sandbox" | "audiences" | "flows";

/** What went wrong, in words without a secret; `step` says where. */
export interface AdobeFailure {
  readonly step: AdobeStep;
  readonly status: number | null;
  readonly message: string;
  /** Asking again later may help: after so long as Adobe says, or null where it says nothing. */
  readonly passing: { readonly retryAfterMs: number | null } | null;
}

export interface Adobe {
  /** One that is good for a call now. */
  findToken(): Promise<Result<string, AdobeFailure>>;
  /** A new token, whatever is in memory. */
  askForToken(): Promise<Result<string, AdobeFailure>>;
  /** A platform call; a 401 asks for another token, once. `path` begins with a slash. */
  ask(step: AdobeStep, path: string, body?: unknown): Promise<Result<unknown, AdobeFailure>>;
  /** Subrequests until now. */
  calls(): number;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 8_000_000;
/** A token is used until an hour before it ends; Adobe's own advice is to renew a day's token after 23 hours. */
const TOKEN_MARGIN_MS = 3_600_000;

/** In this isolate's memory and nowhere else. */
const tokens = new Map<string, { readonly token: string; readonly untilMs: number }>();

export function openAdobe(account: AdobeAccount, credentials: AdobeCredentials, now: () => number): Adobe {
  const key = [account.imsUrl, credentials.clientId, credentials.clientSecret, account.scopes].join(" ");
  let calls = 0;
  /** A short-lived one is still good for the calls of one tick. */
  let latest: string | null = null;

  /** The credentials go in the body, because addresses get logged. */
  async function askForToken(): Promise<Result<string, AdobeFailure>> {
    calls += 1;
    const answer = await send("token", `${account.imsUrl}/ims/token/v3`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        scope: account.scopes,
      }),
    });
    if (!answer.ok) return answer;
    const { access_token: token, expires_in: seconds } = isRecord(answer.value) ? answer.value : {};
    if (typeof token !== "string" || token === "") {
      return fail(failure("token", 200, "Adobe's answer holds no access_token"));
    }
    const lifeMs = typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : 0;
    latest = token;
    tokens.set(key, { token, untilMs: now() + lifeMs - TOKEN_MARGIN_MS });
    return ok(token);
  }

  async function findToken(): Promise<Result<string, AdobeFailure>> {
    if (latest !== null) return ok(latest);
    const held = tokens.get(key);
    return held && now() < held.untilMs ? ok(held.token) : askForToken();
  }

  async function askWith(token: string, step: AdobeStep, path: string, body: unknown) {
    calls += 1;
    return send(step, `${account.platformUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "x-api-key": credentials.clientId,
        "x-gw-ims-org-id": account.organizationId,
        "x-sandbox-name": account.sandbox,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return {
    findToken,
    askForToken,
    async ask(step, path, body) {
      const token = await findToken();
      if (!token.ok) return token;
      const answer = await askWith(token.value, step, path, body);
      if (answer.ok || answer.error.status !== 401) return answer;
      tokens.delete(key);
      latest = null;
      const another = await askForToken();
      return another.ok ? askWith(another.value, step, path, body) : another;
    },
    calls: () => calls,
  };
}

/** One call, never redirected, with a deadline, its answer bounded and read as JSON. */
async function send(step: AdobeStep, url: string, init: RequestInit): Promise<Result<unknown, AdobeFailure>> {
  let status: number | null = null;
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    const text = await readBounded(response, MAX_ANSWER_BYTES);
    if (text === null) return fail(failure(step, status, "Adobe's answer is too long"));
    // bulk-get answers 207, with what it found.
    if (status === 200 || status === 207) return ok(JSON.parse(text));
    const passing = status === 429 || status >= 500 ? { retryAfterMs: readRetryAfter(response) } : null;
    return fail({ step, status, message: describeRefusal(step, status, text), passing });
  } catch (error) {
    // A SyntaxError is an answer that is no JSON: that does not pass by itself.
    const passing = error instanceof SyntaxError ? null : { retryAfterMs: null };
    return fail({ step, status, message: `no usable answer: ${describeAdobeError(error)}`, passing });
  }
}

/** A parser quotes what it could not read, and an answer may hold anything. */
function describeAdobeError(error: unknown): string {
  return error instanceof SyntaxError ? "SyntaxError: it is no JSON" : describeError(error);
}

function failure(step: AdobeStep, status: number, message: string): AdobeFailure {
  return { step, status, message, passing: null };
}

/** RFC 9110 §10.2.3, in seconds; as a date it would need a clock that agrees with Adobe's. */
function readRetryAfter(response: Response): number | null {
  const written = response.headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(written) ? Number(written) * 1000 : null;
}

/** A page of 100 audiences is 100 KB; without a buffer of ours a stream hands out 4 KB at a time, each for a turn. */
const READ_BYTES = 131_072;

/** null: it is longer. */
async function readBounded(response: Response, maxBytes: number): Promise<string | null> {
  if (response.body === null) return "";
  const reader = response.body.getReader({ mode: "byob" });
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(READ_BYTES));
    bytes += value?.byteLength ?? 0;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
  }
}

/** Which permission mends a 401 or a 403, by what was asked. */
const permissions: Readonly<Record<AdobeStep, string>> = {
  token: "",
  sandbox: "the credential needs a role that may use this sandbox",
  audiences: "the credential needs a role that may read audiences in this sandbox (View Segments)",
  flows: "the credential needs a role with the permission View Destinations or Manage Destinations",
};

/** Adobe's own code of the refusal, and what the operator can do about it. */
function describeRefusal(step: AdobeStep, status: number, text: string): string {
  const code = /"(?:error|error_code)"\s*:\s*"([\w.-]{1,60})"/.exec(text)?.[1];
  const words = code ? `${status} ${code}` : String(status);
  if (status === 429) return `${words}: Adobe asks for fewer requests; the next sync tries again`;
  if (status >= 500) return `${words}: Adobe is down; the next sync tries again`;
  if (step === "token") return `${words}: check ADOBE_CLIENT_ID, ADOBE_CLIENT_SECRET and the scopes`;
  if (status === 401 || status === 403) return `${words}: ${permissions[step]}`;
  return words;
}
