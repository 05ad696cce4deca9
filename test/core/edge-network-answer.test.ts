/** Adobe's answers: a membership is all that the destinations say, or nothing; never half, never a guess. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAudienceId } from "../../src/core/audience.ts";
import {
  agreeOnEcid,
  type EdgeAnswer,
  readEdgeAnswer,
  writeStoredCookie,
} from "../../src/core/edge-network.ts";
import { cleanAdobeSetCookie } from "../../src/core/identity.ts";
import cases from "../cases/edge-answers.json" with { type: "json" };

const own = "29000000000000000000000000000000000001";
const other = "31000000000000000000000000000000000009";
const organization = "ABC@AdobeOrg";

const cookieOf = (ecid: string) =>
  Buffer.from(`\n${String.fromCharCode(ecid.length)}${ecid}`).toString("base64url");

const fill = (value: unknown) =>
  JSON.stringify(value)
    .replaceAll("OWN_COOKIE", cookieOf(own))
    .replaceAll("OTHER_COOKIE", cookieOf(other))
    .replaceAll("OWN", own);

const nothing: EdgeAnswer = { audiences: null, ecids: [], issuedEcid: null, stored: [], hint: null };

describe("readEdgeAnswer", () => {
  it.each(cases)("$name", ({ status, body, expected }) => {
    const read = readEdgeAnswer(status, fill(body), organization);
    if (typeof expected === "string") {
      expect(read).toEqual({ ok: false, error: expected });
      return;
    }
    const whole = { ...nothing, ...(JSON.parse(fill(expected)) as object) };
    const audiences = read.ok && read.value.audiences !== null ? [...read.value.audiences] : null;
    expect(read.ok && { ...read.value, audiences }).toEqual(whole);
  });

  it.each([
    ["not-json", "<html>502</html>"],
    ["not-json", ""],
    ["not-json", '{"handle":[]'],
    ["duplicate-keys", '{"handle":[],"handle":[{"type":"activation:pull","payload":[]}]}'],
    ["malformed", `{"handle":${"[".repeat(100)}${"]".repeat(100)}}`],
    ["malformed", "null"],
    ["too-long", `{"handle":[],"x":"${"x".repeat(262_144)}"}`],
  ])("takes nothing that is %s (%#)", (error, text) => {
    expect(readEdgeAnswer(200, text, organization)).toEqual({ ok: false, error });
  });

  it("reads as many audiences as Adobe allows, for ten destinations", () => {
    const payload = Array.from({ length: 10 }, (_, d) => ({
      segments: Array.from({ length: 250 }, (_, n) => ({ id: `0000${d}${n}-3c4d-4b5e-8f60-718293a4b5c6` })),
    }));
    const text = JSON.stringify({ handle: [{ type: "activation:pull", payload }] });
    const read = readEdgeAnswer(200, text, organization);
    expect(read.ok && read.value.audiences?.size).toBe(2500);
  });

  it("never throws, and lets through only what is well-formed", () => {
    const item = fc.oneof(
      fc.record(
        {
          id: fc.oneof(fc.string(), fc.constantFrom(own, 1, null)),
          namespace: fc.constantFrom({ code: "ECID" }, { code: 1 }, "x", null),
          segments: fc.oneof(fc.array(fc.record({ id: fc.oneof(fc.string(), fc.constant("a")) })), fc.json()),
          scope: fc.constant("EdgeNetwork"),
          hint: fc.oneof(fc.string(), fc.constant("va6")),
          key: fc.oneof(
            fc.constantFrom("identity", "x").map((key) => `kndctr_ABC_AdobeOrg_${key}`),
            fc.string(),
          ),
          value: fc.oneof(fc.string({ unit: "binary" }), fc.constant(cookieOf(own)), fc.integer()),
          maxAge: fc.oneof(fc.double(), fc.string()),
          attrs: fc.oneof(fc.constant(null), fc.record({ SameSite: fc.anything() })),
        },
        { requiredKeys: [] },
      ),
      fc.constant("x"),
    );
    const type = fc.constantFrom("activation:pull", "identity:result", "state:store", "locationHint:result");
    const handle = fc.array(fc.record({ type, payload: fc.array(item, { maxLength: 4 }) }), { maxLength: 4 });
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      handle.map((list) => JSON.stringify({ handle: list })),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 207), (answer, status) => {
        const read = readEdgeAnswer(status, answer, organization);
        if (!read.ok) return;
        const { audiences, ecids, issuedEcid, stored, hint } = read.value;
        expect([...(audiences ?? [])].every((id) => parseAudienceId(id) !== null)).toBe(true);
        expect([...ecids, issuedEcid ?? own].every((ecid) => /^[0-9]{30,40}$/.test(ecid))).toBe(true);
        for (const { name, value, maxAgeSeconds } of stored) {
          expect(name).toMatch(/^kndctr_ABC_AdobeOrg_[A-Za-z0-9_]+$/);
          expect(value).toMatch(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/);
          expect(Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0).toBe(true);
        }
        expect(hint ?? "va6").toMatch(/^[a-z]{2,4}[0-9]{1,2}$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("agreeOnEcid", () => {
  const answer = (ecids: readonly string[], issuedEcid: string | null) => ({ ...nothing, ecids, issuedEcid });
  const yes = { ok: true, value: own };
  const no = (error: string) => ({ ok: false, error });

  it.each([
    [own, [], null, yes],
    [own, [own], null, yes],
    [own, [own], own, yes],
    [own, [], own, yes],
    [own, [other], null, no("other-identity")],
    [own, [], other, no("other-identity")],
    [own, [own, other], null, no("several-identities")],
    [own, [own], other, no("several-identities")],
    [null, [own], own, yes],
    [null, [], own, yes],
    [null, [], null, no("no-identity")],
    [null, [own], null, no("no-identity")],
    [null, [own], other, no("several-identities")],
    [null, [own, other], own, no("several-identities")],
  ] as const)("asked %s, answered %j, issued %s", (asked, ecids, issued, expected) => {
    expect(agreeOnEcid(asked, answer(ecids, issued))).toEqual(expected);
  });

  it("asked by our own device id takes who Adobe says that is, issued or not", () => {
    expect(agreeOnEcid(null, answer([own], null), "fpid")).toEqual(yes);
    expect(agreeOnEcid(null, answer([own], other), "fpid")).toEqual(no("several-identities"));
    expect(agreeOnEcid(null, answer([], null), "fpid")).toEqual(no("no-identity"));
  });
});

describe("writeStoredCookie", () => {
  const cookie = { name: "kndctr_ABC_AdobeOrg_cluster", value: "irl1", maxAgeSeconds: 1800 };

  it("is the very cookie that the Web SDK would write", () => {
    expect(writeStoredCookie({ ...cookie, sameSite: "None" }, "shop.example")).toBe(
      "kndctr_ABC_AdobeOrg_cluster=irl1; Path=/; Max-Age=1800; Secure; Domain=shop.example; SameSite=None",
    );
    expect(writeStoredCookie({ ...cookie, sameSite: null }, null)).toBe(
      "kndctr_ABC_AdobeOrg_cluster=irl1; Path=/; Max-Age=1800; Secure",
    );
  });

  it("of whatever Adobe answers is one line of this organization's, and passes as Adobe's own would", () => {
    const entry = fc.record({
      key: fc.oneof(fc.constant("kndctr_ABC_AdobeOrg_identity"), fc.string({ unit: "binary" })),
      value: fc.string({ unit: "binary" }),
      maxAge: fc.double(),
      attrs: fc.dictionary(fc.constantFrom("SameSite", "Domain", "Path"), fc.string({ unit: "binary" })),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (payload) => {
        const text = JSON.stringify({ handle: [{ type: "state:store", payload }] });
        const read = readEdgeAnswer(200, text, "ABC@AdobeOrg");
        for (const one of read.ok ? read.value.stored : []) {
          const line = writeStoredCookie(one, "shop.example");
          expect(cleanAdobeSetCookie(line, "ABC@AdobeOrg", "www.shop.example")).toBe(line);
          expect(line.split(";")).toHaveLength(one.sameSite === null ? 5 : 6);
        }
      }),
    );
  });
});
