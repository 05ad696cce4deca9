/** Tokens of Cloudflare Access: the signature against the team's keys, which the isolate remembers. */

import {
  type AccessDoubt,
  type AccessSubject,
  type AccessTeam,
  judgeClaims,
  readAlgorithm,
} from "../core/access.ts";
import { isRecord, parseJson } from "../core/record.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { decodeText, readBody } from "./body.ts";
import { describeError, type Log } from "./log.ts";
import { fromBase64Url } from "./signing.ts";

/** `keys-unreadable`: the team's keys can't be had, so that nobody can be told from anybody. */
export type AccessRefusal = AccessDoubt | "keys-unreadable";

export interface AccessGate {
  verify(token: string): Promise<Result<AccessSubject, AccessRefusal>>;
}

type Keys = ReadonlyMap<string, CryptoKey>;

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
/** A key that the team has withdrawn opens nothing after so long, if the keys can be asked for. */
const FRESH_MS = 3_600_000;
/** Access signs with a new key every six weeks. Tokens of invented keys must not make us ask for each. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** After a failure. */
const FAILURE_PAUSE_MS = 5_000;
const TIMEOUT_MS = 5_000;
const MAX_CERTS_BYTES = 100_000;
/** A header that long would not be Access's. */
const MAX_TOKEN_LENGTH = 16_384;

export function openAccessGate(team: AccessTeam, log: Log, now: () => number): AccessGate {
  let held: Keys | null = null;
  let loadedAtMs = 0;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let pausedUntilMs = 0;

  /** What is held goes on where the team does not answer. */
  async function load(): Promise<Keys | null> {
    askedAtMs = now();
    try {
      held = await fetchKeys(`${team.issuer}/cdn-cgi/access/certs`);
      loadedAtMs = now();
    } catch (error) {
      pausedUntilMs = now() + FAILURE_PAUSE_MS;
      log.warn("access-keys-unreadable", { error: describeError(error) }, now());
    }
    return held;
  }

  async function findKey(keyId: string): Promise<Result<CryptoKey, AccessRefusal>> {
    const paused = now() < pausedUntilMs;
    const stale = held === null || now() - loadedAtMs >= FRESH_MS;
    let keys = stale && !paused ? await load() : held;
    if (keys !== null && !keys.has(keyId) && !paused && now() - askedAtMs >= UNKNOWN_KEY_PAUSE_MS) {
      keys = await load();
    }
    if (keys === null) return fail("keys-unreadable");
    const key = keys.get(keyId);
    return key === undefined ? fail("unknown-key") : ok(key);
  }

  return {
    async verify(token) {
      const parts = token.length > MAX_TOKEN_LENGTH ? [] : token.split(".");
      const [head = "", claims = "", signature = ""] = parts;
      const [readHead, readClaims, given] = [readJson(head), readJson(claims), fromBase64Url(signature)];
      if (parts.length !== 3 || given === null || readClaims === undefined) return fail("unreadable");
      const algorithm = readAlgorithm(readHead);
      if (!algorithm.ok) return algorithm;
      const key = await findKey(algorithm.value.keyId);
      if (!key.ok) return key;
      const signed = new TextEncoder().encode(`${head}.${claims}`);
      if (!(await crypto.subtle.verify(ALGORITHM, key.value, given, signed))) return fail("forged");
      return judgeClaims(readClaims, team, now());
    },
  };
}

/** Throws where there is none: an answer without a key is a failure, too. */
async function fetchKeys(url: string): Promise<Keys> {
  const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the team answered ${answer.status}`);
  const read = await readBody(answer.body, MAX_CERTS_BYTES);
  if (read.kind === "longer") {
    await read.stream.cancel();
    throw new Error("the team's keys are too long");
  }
  const certs: unknown = JSON.parse(new TextDecoder().decode(read.bytes));
  const written = isRecord(certs) && Array.isArray(certs["keys"]) ? certs["keys"].filter(isRecord) : [];
  const keys = new Map<string, CryptoKey>();
  for (const { kid, kty, n, e } of written) {
    // Only what an RSA key is made of: whatever else is written there decides nothing.
    if (kty !== "RSA" || typeof kid !== "string" || typeof n !== "string" || typeof e !== "string") continue;
    keys.set(kid, await crypto.subtle.importKey("jwk", { kty, n, e }, ALGORITHM, false, ["verify"]));
  }
  if (keys.size === 0) throw new Error("the team's answer holds no RSA key");
  return keys;
}

/** undefined: it is no base64url of JSON. */
function readJson(part: string): unknown {
  const bytes = fromBase64Url(part);
  const text = bytes === null ? null : decodeText(bytes);
  return text === null ? undefined : parseJson(text);
}
