/** The signature: one token, one purpose, one website; anything else is altered. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSigner } from "../../src/edge/signing.ts";

const secret = "an old secret of more than 32 characters";
const newer = "a new secret of more than 32 characters!";
const payload = new TextEncoder().encode("what is signed");

describe("a signed token", () => {
  it("comes back as it was", async () => {
    const signer = openSigner([secret], "membership");
    const token = await signer.sign(payload, "main");
    expect(token).toMatch(/^[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
    expect(await signer.verify(token, "main")).toEqual({ ok: true, value: payload });
  });

  it("is worth nothing on another website, for another purpose, or under another secret", async () => {
    const token = await openSigner([secret], "membership").sign(payload, "main");
    expect(await openSigner([secret], "membership").verify(token, "b2b")).toEqual({
      ok: false,
      error: "altered",
    });
    expect(await openSigner([secret], "visitor").verify(token, "main")).toEqual({
      ok: false,
      error: "unknown-key",
    });
    expect(await openSigner([newer], "membership").verify(token, "main")).toEqual({
      ok: false,
      error: "unknown-key",
    });
  });

  it("lives through a change of the secret", async () => {
    const token = await openSigner([secret], "membership").sign(payload, "main");
    const rotated = openSigner([newer, secret], "membership");
    expect((await rotated.verify(token, "main")).ok).toBe(true);
    const fresh = await rotated.sign(payload, "main");
    expect((await openSigner([newer], "membership").verify(fresh, "main")).ok).toBe(true);
  });

  it("is none with any one character changed, left out or added", async () => {
    const signer = openSigner([secret], "membership");
    const token = await signer.sign(payload, "main");
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "A" ? "B" : "A";
      for (const forged of [
        token.slice(0, at) + other + token.slice(at + 1),
        token.slice(0, at) + token.slice(at + 1),
        token.slice(0, at) + other + token.slice(at),
      ]) {
        expect((await signer.verify(forged, "main")).ok).toBe(false);
      }
    }
  });

  it("is none of 10,000 malformed ones, and none of them throws", async () => {
    const signer = openSigner([secret], "membership");
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{0,50}$/);
    const noise = fc.oneof(
      fc.string(),
      fc.tuple(part, part, part).map((parts) => parts.join(".")),
    );
    await fc.assert(
      fc.asyncProperty(noise, async (token) => !(await signer.verify(token, "main")).ok),
      { numRuns: 10_000 },
    );
  });
});
