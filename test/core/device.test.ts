/** Our own device id as bytes: read back as it was written, for 13 months and no longer. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { DEVICE_SECONDS, decodeDevice, encodeDevice } from "../../src/core/device.ts";

const device = { fpid: "0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21", issuedAtSeconds: 1_800_000_000 };
const bytes = encodeDevice(device);

it("every UUIDv4 is read back as it was written, in 21 bytes", () => {
  const anyDevice = fc.record({ fpid: fc.uuid({ version: 4 }), issuedAtSeconds: fc.nat(4_000_000_000) });
  fc.assert(
    fc.property(anyDevice, (any) => {
      const written = encodeDevice(any);
      expect(written).toHaveLength(21);
      expect(decodeDevice(written, any.issuedAtSeconds)).toEqual({ ok: true, value: any });
    }),
  );
});

it.each([
  ["altered", bytes.subarray(0, 20), 0],
  ["altered", new Uint8Array(21), 0],
  ["altered", new Uint8Array(0), 0],
  ["altered", Uint8Array.from([...bytes, 0]), 0],
  ["altered", Uint8Array.from(bytes, (byte, n) => (n === 0 ? 2 : byte)), 0],
  ["altered", Uint8Array.from(bytes, (byte, n) => (n === 5 + 6 ? 0x1c : byte)), 0],
  ["expired", bytes, DEVICE_SECONDS],
  ["from-the-future", bytes, -61],
])("%s (%#)", (error, some, laterSeconds) => {
  expect(decodeDevice(some, device.issuedAtSeconds + laterSeconds)).toEqual({ ok: false, error });
});

it("is one until its last second", () => {
  expect(decodeDevice(bytes, device.issuedAtSeconds + DEVICE_SECONDS - 1).ok).toBe(true);
  expect(DEVICE_SECONDS).toBeLessThanOrEqual(13 * 31 * 86_400);
});

it("nothing but a UUIDv4 is ever written", () => {
  for (const fpid of ["", "0f5c1d9e-8c53-1c0e-9a41-5d7c0f5a3b21", device.fpid.toUpperCase()]) {
    expect(() => encodeDevice({ ...device, fpid })).toThrow("UUIDv4");
  }
});
