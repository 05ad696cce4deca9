/** Our own first-party device id at the browser: minted, signed, read back; to Adobe it is the FPID. */

import { DEVICE_SECONDS, decodeDevice, encodeDevice } from "../core/device.ts";
import type { Website } from "../core/website.ts";
import { findOwnCookie, setOwnCookie } from "./own-cookie.ts";
import type { Signer } from "./signing.ts";

/** The bare UUID, or null where there is none that we signed for this website within 13 months. */
export async function readDevice(
  signer: Signer | null,
  cookies: string,
  website: Website,
  nowMs: number,
): Promise<string | null> {
  const token = findOwnCookie(cookies, website, "device");
  if (token === null || signer === null) return null;
  const verified = await signer.verify(token, website.code);
  if (!verified.ok) return null;
  const device = decodeDevice(verified.value, Math.floor(nowMs / 1000));
  return device.ok ? device.value.fpid : null;
}

/** A new one, which is nobody's yet. Whoever makes it has the visitor's consent. */
export function newDevice(): string {
  return crypto.randomUUID();
}

/** As a `Set-Cookie` value, for an answer that no cache stores. */
export async function keepDeviceCookie(
  signer: Signer,
  website: Website,
  fpid: string,
  nowMs: number,
): Promise<string> {
  const payload = encodeDevice({ fpid, issuedAtSeconds: Math.floor(nowMs / 1000) });
  return setOwnCookie(website, "device", await signer.sign(payload, website.code), DEVICE_SECONDS);
}

/** After a no to consent: a `Set-Cookie` value that takes it away, where one is there, whatever it is worth. */
export function endDevice({ headers }: Request, website: Website): readonly string[] {
  const held = findOwnCookie(headers.get("cookie") ?? "", website, "device");
  return held === null ? [] : [setOwnCookie(website, "device", "", 0)];
}
