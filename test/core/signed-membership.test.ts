/** The signed membership as bytes: Adobe's 250 audiences fit, and nothing in it is believed too long or of another. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import {
  type ClaimQuestion,
  collectDigests,
  decodeClaim,
  encodeClaim,
} from "../../src/core/signed-membership.ts";

const digestOf = (n: number) => n.toString(16).padStart(16, "0");
const idOf = (n: number) => `audience-${n}` as AudienceId;
const digests = [collectDigests(Array.from({ length: 400 }, (_, n) => [idOf(n), digestOf(n)] as const))];
const visitor = "0123456789abcdef";
const claim = { issuedAtSeconds: 1_800_000_000, visitor, audiences: new Set([idOf(1), idOf(2)]) };

const question = (change: Partial<ClaimQuestion> = {}): ClaimQuestion => ({
  bytes: encodeClaim(claim, digests),
  nowSeconds: 1_800_000_100,
  expiresSeconds: 1800,
  visitor,
  digests,
  ...change,
});

describe("a claim", () => {
  it("is read back as it was written", () => {
    expect(decodeClaim(question())).toEqual({ ok: true, value: claim });
  });

  it("holds 250 audiences in under 2.8 KB of base64", () => {
    const audiences = new Set(Array.from({ length: 250 }, (_, n) => idOf(n)));
    const bytes = encodeClaim({ ...claim, audiences }, digests);
    expect(Math.ceil((bytes.length * 4) / 3)).toBeLessThan(2800);
    expect(decodeClaim(question({ bytes }))).toMatchObject({ value: { audiences } });
  });

  it.each<[string, Partial<ClaimQuestion>, string]>([
    ["at its end", { nowSeconds: 1_800_001_800 }, "expired"],
    ["from the future", { nowSeconds: 1_799_999_000 }, "from-the-future"],
    ["of another visitor", { visitor: "fedcba9876543210" }, "other-visitor"],
    ["without a visitor", { visitor: null }, "no-visitor"],
    ["of another format", { bytes: new Uint8Array(13).fill(9) }, "altered"],
    ["cut short", { bytes: encodeClaim(claim, digests).subarray(0, 15) }, "altered"],
    ["of nothing", { bytes: new Uint8Array(0) }, "altered"],
  ])("%s is none", (_, change, reason) => {
    expect(decodeClaim(question(change))).toEqual({ ok: false, error: reason });
  });

  it("leaves out who is not known, when written and when read", () => {
    const unknown = new Set([idOf(1), "stranger" as AudienceId]);
    expect(
      decodeClaim(question({ bytes: encodeClaim({ ...claim, audiences: unknown }, digests) })),
    ).toMatchObject({
      value: { audiences: new Set([idOf(1)]) },
    });
    expect(decodeClaim(question({ digests: [] }))).toMatchObject({ value: { audiences: new Set() } });
  });

  it("never throws on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => decodeClaim(question({ bytes })).ok !== null),
    );
  });
});

it("signs neither of two audiences with one digest", () => {
  const pair = collectDigests([
    [idOf(1), digestOf(7)],
    [idOf(2), digestOf(7)],
    [idOf(3), digestOf(8)],
  ]);
  expect([...pair.byId.keys()]).toEqual([idOf(3)]);
  expect([...pair.byDigest.keys()]).toEqual([digestOf(8)]);
});
