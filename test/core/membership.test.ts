/** Membership: what Adobe's clients write is read as they mean it, and what nobody at Adobe wrote is nothing. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AudienceId, parseAudienceId } from "../../src/core/audience.ts";
import type { Consent } from "../../src/core/consent.ts";
import {
  decodeMembership,
  encodeMembership,
  MAX_AUDIENCES,
  MAX_MEMBERSHIP_BYTES,
  readMembership,
} from "../../src/core/membership.ts";
import cases from "../cases/membership.json" with { type: "json" };

const granted: Consent = { kind: "granted", reason: "no-objection" };
const idsOf = (...ids: string[]) => new Set(ids as AudienceId[]);

describe("decodeMembership", () => {
  it.each(cases)("$name", ({ input, expected }) => {
    const decoded = decodeMembership(input);
    expect(decoded.ok ? [...decoded.value] : decoded.error).toEqual(expected);
  });

  it("reads 250 percent-encoded UUIDs, Adobe's guardrail", () => {
    const uuids = Array.from(
      { length: 250 },
      (_, n) => `${String(n).padStart(8, "0")}-3c4d-4b5e-8f60-718293a4b5c6`,
    );
    const decoded = decodeMembership(uuids.join("%2C"));
    expect(decoded.ok && decoded.value.size).toBe(250);
  });

  it("refuses what is too long or too many, without reading it", () => {
    expect(decodeMembership("x".repeat(MAX_MEMBERSHIP_BYTES + 1))).toEqual({ ok: false, error: "too-long" });
    const many = Array.from({ length: MAX_AUDIENCES + 1 }, (_, n) => `a${n}`).join(",");
    expect(decodeMembership(many)).toEqual({ ok: false, error: "too-many" });
  });

  it("never throws, and lets nothing through but well-formed ids, whatever it is given", () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[a-f0-9%,"; -]*$/),
    );
    fc.assert(
      fc.property(noise, (value) => {
        const decoded = decodeMembership(value);
        return !decoded.ok || [...decoded.value].every((id) => parseAudienceId(id) !== null);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("readMembership", () => {
  const question = {
    answered: null,
    signed: null,
    header: null,
    fromBackend: false,
    cookie: null,
    consent: granted,
    known: null,
  };

  it("takes the cookie where there is no header", () => {
    expect(readMembership({ ...question, cookie: "a,b" })).toEqual({
      kind: "member",
      source: "cookie",
      trust: "claimed",
      audiences: idsOf("a", "b"),
      unknown: null,
      lost: [],
    });
  });

  it("takes the header where two sources contradict each other, and says so", () => {
    expect(readMembership({ ...question, header: "a", cookie: "b" })).toEqual({
      kind: "member",
      source: "header",
      trust: "claimed",
      audiences: idsOf("a"),
      unknown: null,
      lost: [{ source: "cookie", reason: "header-wins", bytes: 1 }],
    });
  });

  it("believes an empty header: in no audience", () => {
    expect(readMembership({ ...question, header: "", cookie: "b" })).toEqual({
      kind: "none",
      reason: "empty",
      trust: "claimed",
      lost: [{ source: "cookie", reason: "header-wins", bytes: 1 }],
    });
  });

  it("falls back to the cookie where the header can't be read, and tells its length, not its value", () => {
    const membership = readMembership({ ...question, header: "<script>", cookie: "b" });
    expect(membership).toMatchObject({
      kind: "member",
      source: "cookie",
      lost: [{ source: "header", reason: "malformed", bytes: 8 }],
    });
    expect(JSON.stringify(membership)).not.toContain("script");
  });

  it("cuts to known audiences, and says how many were not", () => {
    expect(readMembership({ ...question, cookie: "a,b,c", known: idsOf("a", "x") })).toMatchObject({
      audiences: idsOf("a"),
      unknown: 2,
    });
    expect(readMembership({ ...question, cookie: "b", known: idsOf("a") })).toEqual({
      kind: "none",
      reason: "unknown-only",
      trust: "claimed",
      lost: [],
    });
  });

  it("uses nothing of a shopper who said no", () => {
    const consent: Consent = { kind: "refused", reason: "mg-dnt" };
    expect(readMembership({ ...question, header: "a", cookie: "b", consent })).toEqual({
      kind: "none",
      reason: "no-consent",
      trust: "claimed",
      lost: [],
    });
  });

  it("takes what Adobe said over whatever a client claims, and says so", () => {
    const signed = { kind: "signed", audiences: idsOf("a"), issuedAtSeconds: 1, bytes: 90 } as const;
    expect(readMembership({ ...question, signed, header: "b", cookie: "c" })).toEqual({
      kind: "member",
      source: "signed-cookie",
      trust: "verified",
      audiences: idsOf("a"),
      unknown: null,
      lost: [
        { source: "header", reason: "verified-wins", bytes: 1 },
        { source: "cookie", reason: "verified-wins", bytes: 1 },
      ],
    });
    expect(
      readMembership({ ...question, signed: { ...signed, audiences: idsOf() }, cookie: "c" }),
    ).toMatchObject({
      kind: "none",
      reason: "empty",
      trust: "verified",
    });
  });

  it("takes what Adobe answers now over what it signed before", () => {
    const signed = { kind: "signed", audiences: idsOf("a"), issuedAtSeconds: 1, bytes: 90 } as const;
    expect(readMembership({ ...question, answered: idsOf("b"), signed })).toMatchObject({
      source: "edge-network",
      audiences: idsOf("b"),
    });
  });

  it("falls back to a claim where the signature is worth nothing, and says why", () => {
    const signed = { kind: "unsigned", reason: "expired", bytes: 90 } as const;
    expect(readMembership({ ...question, signed, cookie: "c" })).toMatchObject({
      source: "cookie",
      trust: "claimed",
      lost: [{ source: "signed-cookie", reason: "expired", bytes: 90 }],
    });
  });

  it("believes a backend that proved itself as it believes Adobe", () => {
    const signed = { kind: "signed", audiences: idsOf("a"), issuedAtSeconds: 1, bytes: 90 } as const;
    expect(readMembership({ ...question, signed, header: "b", fromBackend: true })).toMatchObject({
      source: "backend",
      trust: "verified",
      audiences: idsOf("b"),
      lost: [{ source: "signed-cookie", reason: "header-wins", bytes: 90 }],
    });
  });

  it("has nothing where nothing was sent, or nothing readable", () => {
    expect(readMembership(question)).toEqual({ kind: "none", reason: "absent", trust: "claimed", lost: [] });
    expect(readMembership({ ...question, cookie: "%%%" })).toMatchObject({
      kind: "none",
      reason: "unreadable",
    });
  });
});

describe("encodeMembership", () => {
  const preferred = idsOf();

  it("is canonical: equal memberships are equal bytes", () => {
    const options = { encoding: "urlencoded", maxBytes: 4096, preferred } as const;
    expect(encodeMembership(idsOf("b", "a", "c="), options)).toEqual({
      text: "a%2Cb%2Cc%3D",
      sent: 3,
      cut: 0,
    });
    expect(encodeMembership(idsOf("c=", "a", "b"), options).text).toBe("a%2Cb%2Cc%3D");
    expect(encodeMembership(idsOf("b", "a"), { ...options, encoding: "raw" }).text).toBe("a,b");
  });

  it("cuts at the ceiling, those that the campaigns use last", () => {
    const options = { encoding: "raw", maxBytes: 5, preferred: idsOf("z1", "y1") } as const;
    expect(encodeMembership(idsOf("a1", "b1", "y1", "z1"), options)).toEqual({
      text: "y1,z1",
      sent: 2,
      cut: 2,
    });
  });

  it("is read back as it was, and never longer than the ceiling", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.=-]{1,40}$/);
    fc.assert(
      fc.property(
        fc.array(id),
        fc.constantFrom("raw", "urlencoded"),
        fc.integer({ min: 64, max: 4096 }),
        (ids, encoding, maxBytes) => {
          const { text, sent, cut } = encodeMembership(idsOf(...ids), { encoding, maxBytes, preferred });
          const decoded = decodeMembership(text);
          expect(text.length).toBeLessThanOrEqual(maxBytes);
          expect(decoded.ok && decoded.value.size).toBe(sent);
          expect(sent + cut).toBe(new Set(ids).size);
        },
      ),
    );
  });
});
