/** Signing: what we hand to browsers comes back unaltered, for its purpose, its website and its visitor, or it is nothing. */

import { fail, ok, type Result } from "../core/result.ts";

/** Each purpose has a key of its own, and stands in what is signed: one token never passes as another. */
export type Purpose = "membership" | "visitor" | "device" | "preview" | "content" | "frame";

export type SignatureFailure = "altered" | "unknown-key";

export interface Signer {
  /** `kid.payload.signature`, each base64url; bound to `context`, which is not part of it. */
  sign(payload: Uint8Array, context: string): Promise<string>;
  verify(token: string, context: string): Promise<Result<Uint8Array, SignatureFailure>>;
}

interface Key {
  /** Tells which of the secrets it was; nothing of the secret. */
  readonly id: string;
  readonly key: CryptoKey;
}

const TOKEN = /^([A-Za-z0-9_-]{6})\.([A-Za-z0-9_-]{1,8192})\.([A-Za-z0-9_-]{43})$/;

/**
 * The first secret signs, all of them verify, so that a secret can be changed without a visitor noticing.
 * HKDF (RFC 5869) with the purpose as info; HMAC-SHA-256 over purpose, context and payload.
 */
export function openSigner(secrets: readonly string[], purpose: Purpose): Signer {
  // CryptoKeys are plain values of the isolate, no I/O of a request: they may be held over requests.
  let keys: readonly Key[] | null = null;
  const open = async () => {
    keys ??= await Promise.all(secrets.map((secret) => deriveKey(secret, purpose)));
    return keys;
  };
  return {
    async sign(payload, context) {
      const [current] = await open();
      if (current === undefined) throw new Error("no secret to sign with");
      const body = `${current.id}.${toBase64Url(payload)}`;
      const signature = await crypto.subtle.sign("HMAC", current.key, signedText(purpose, context, body));
      return `${body}.${toBase64Url(new Uint8Array(signature))}`;
    },
    async verify(token, context) {
      const [, id, payload, signature] = TOKEN.exec(token) ?? [];
      if (id === undefined || payload === undefined || signature === undefined) return fail("altered");
      const known = (await open()).find((key) => key.id === id);
      if (known === undefined) return fail("unknown-key");
      const text = signedText(purpose, context, `${id}.${payload}`);
      const given = fromBase64Url(signature);
      // WebCrypto compares in constant time.
      const genuine = given !== null && (await crypto.subtle.verify("HMAC", known.key, given, text));
      const bytes = genuine ? fromBase64Url(payload) : null;
      return bytes === null ? fail("altered") : ok(bytes);
    },
  };
}

async function deriveKey(secret: string, purpose: Purpose): Promise<Key> {
  const encoder = new TextEncoder();
  const master = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
    "deriveKey",
  ]);
  const hkdf = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(`edge-audiences ${purpose} ${info}`),
  });
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const [idBits, key] = await Promise.all([
    crypto.subtle.deriveBits(hkdf("key id"), master, 32),
    crypto.subtle.deriveKey(hkdf("key"), master, hmac, false, ["sign", "verify"]),
  ]);
  return { id: toBase64Url(new Uint8Array(idBits)), key };
}

/** Lengths in front, so that no two ways of cutting the parts make the same text. */
function signedText(purpose: Purpose, context: string, body: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${purpose}\n${context.length}:${context}\n${body}`));
}

export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** null where it is not the one canonical spelling: a second spelling would be a second token. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return toBase64Url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
