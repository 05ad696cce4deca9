/** Our own first-party device id (Adobe's FPID): the bytes that we sign for a browser to keep, and read back. */

import { toHex } from "./hex.ts";
import { fail, ok, type Result } from "./result.ts";
import type { Website } from "./website.ts";

/** 395 days, as Adobe's own identity cookie: 13 months from the first day, which no later visit makes longer. */
export const DEVICE_SECONDS = 34_128_000;

export interface Device {
  /** UUIDv4 in lower case; Adobe refuses any other. */
  readonly fpid: string;
  readonly issuedAtSeconds: number;
}

const FORMAT = 1;
const HEAD_BYTES = 1 + 4;
const UUID_BYTES = 16;

/** How far a clock of another data centre may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

const uuidVersion4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Throws for what is no UUIDv4: that is made here and nowhere else. */
export function encodeDevice({ fpid, issuedAtSeconds }: Device): Uint8Array {
  if (!uuidVersion4.test(fpid)) throw new Error("a device id is a UUIDv4");
  const bytes = new Uint8Array(HEAD_BYTES + UUID_BYTES);
  bytes[0] = FORMAT;
  new DataView(bytes.buffer).setUint32(1, issuedAtSeconds);
  const hex = fpid.replaceAll("-", "");
  for (let n = 0; n < UUID_BYTES; n += 1) {
    bytes[HEAD_BYTES + n] = Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16);
  }
  return bytes;
}

/** Of bytes whose signature held. */
export function decodeDevice(
  bytes: Uint8Array,
  nowSeconds: number,
): Result<Device, "altered" | "expired" | "from-the-future"> {
  if (bytes.length !== HEAD_BYTES + UUID_BYTES || bytes[0] !== FORMAT) return fail("altered");
  const issuedAtSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (issuedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) return fail("from-the-future");
  if (nowSeconds - issuedAtSeconds >= DEVICE_SECONDS) return fail("expired");
  const hex = toHex(bytes.subarray(HEAD_BYTES));
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  const fpid = parts.join("-");
  return uuidVersion4.test(fpid) ? ok({ fpid, issuedAtSeconds }) : fail("altered");
}

/** What a browser presents of itself. */
interface Presented {
  readonly ecid: string | null;
  readonly device: string | null;
}

/** To whom what is signed is bound: the ECID, or strictly our own device id. */
export function subjectOf({
  website,
  ecid,
  device,
}: Presented & { readonly website: Pick<Website, "identity"> }): string | null {
  return website.identity === "fpid" ? device : ecid;
}

/** The device id by which Adobe is asked: where there is no ECID, which Adobe would prefer (reference §3.5). */
export function fpidOf({ ecid, device }: Presented): string | null {
  return ecid === null ? device : null;
}
