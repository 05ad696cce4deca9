/** The session: what a browser holds after the token was shown once, signed, and good for eight hours. */

import { fromHex, toHex } from "../core/hex.ts";

/** In the derivation of the key and in what is signed: a signature made for anything else never fits. */
const PURPOSE = "admin-session";
const LIFETIME_SECONDS = 8 * 60 * 60;

const PROTECTED_NAME = "__Host-admin-session";
/**
 * Chromium and Firefox keep a Secure cookie on http://*.localhost; Safari drops it (WebKit bug 281149), and
 * the sign-in would turn in circles. So a trial on one's own machine goes without the prefix.
 */
const LOCAL_NAME = "admin-session";

/** This machine itself: names and addresses that nobody elsewhere answers (RFC 6761 §6.3, RFC 5735 §3). */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

export function sessionCookieName(url: URL): string {
  return isUnencryptedLoopback(url) ? LOCAL_NAME : PROTECTED_NAME;
}

/** A new session as `Set-Cookie`. */
export async function openSession(token: string, url: URL, nowMs: number): Promise<string> {
  const expiresAtMs = nowMs + LIFETIME_SECONDS * 1000;
  const signature = await crypto.subtle.sign("HMAC", await deriveKey(token), signedText(expiresAtMs));
  return setCookie(url, `${expiresAtMs}.${toHex(new Uint8Array(signature))}`, LIFETIME_SECONDS);
}

/** The end of a session as `Set-Cookie`. A stolen copy lives on to its expiry; a new token ends them all. */
export function closeSession(url: URL): string {
  return setCookie(url, "", 0);
}

export async function isSession(value: string, token: string, nowMs: number): Promise<boolean> {
  const [, expiry, signature] = /^([1-9]\d{0,15})\.([0-9a-f]{64})$/.exec(value) ?? [];
  if (expiry === undefined || signature === undefined) return false;
  const expiresAtMs = Number(expiry);
  const signed = await crypto.subtle.verify(
    "HMAC",
    await deriveKey(token),
    fromHex(signature),
    signedText(expiresAtMs),
  );
  return signed && nowMs < expiresAtMs;
}

async function deriveKey(token: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", encoder.encode(token), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(PURPOSE) },
    secret,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign", "verify"],
  );
}

function signedText(expiresAtMs: number): Uint8Array {
  return new TextEncoder().encode(`${PURPOSE}.${expiresAtMs}`);
}

function setCookie(url: URL, value: string, maxAgeSeconds: number): string {
  const secure = isUnencryptedLoopback(url) ? "" : "; Secure";
  const cookie = `${sessionCookieName(url)}=${value}; Path=/; Max-Age=${maxAgeSeconds}`;
  return `${cookie}; HttpOnly; SameSite=Strict${secure}`;
}

function isUnencryptedLoopback(url: URL): boolean {
  return url.protocol === "http:" && isLoopback(url);
}
