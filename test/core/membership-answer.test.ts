/** What a backend is told of a shopper: no more than Commerce would be. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import type { Membership } from "../../src/core/membership.ts";
import { answerMembership } from "../../src/core/membership-answer.ts";

const nowMs = 1_700_000_100_000;
const website = { code: "main", trust: "verified" } as const;
const member = {
  kind: "member",
  source: "signed-cookie",
  trust: "verified",
  audiences: new Set(["b", "a"] as AudienceId[]),
  unknown: 0,
  lost: [],
} as const satisfies Membership;
const question = { website, membership: member, notActing: null, issuedAtSeconds: 1_700_000_000, nowMs };
const nothing = { website: "main", audiences: [], trust: "verified", source: null, ageSeconds: null };

it("Adobe's word, sorted, and how old it is", () => {
  const told = { ...nothing, audiences: ["a", "b"], source: "signed-cookie", ageSeconds: 100, reason: null };
  expect(answerMembership(question)).toEqual(told);
  const ahead = answerMembership({ ...question, issuedAtSeconds: 1_700_000_130 });
  expect(ahead.ageSeconds).toBe(0);
});

it("a claim only where the website takes claims, and then without an age", () => {
  const membership = { ...member, source: "cookie", trust: "claimed" } as const;
  expect(answerMembership({ ...question, membership })).toEqual({
    ...nothing,
    trust: "claimed",
    source: "cookie",
    reason: "not-verified",
  });
  const lenient = answerMembership({ ...question, membership, website: { ...website, trust: "claimed" } });
  expect(lenient).toMatchObject({ audiences: ["a", "b"], trust: "claimed", ageSeconds: null });
});

it("nothing of a visitor for whom nothing is done, or of whom nobody said anything, and why", () => {
  expect(answerMembership({ ...question, notActing: "mode-watch" })).toEqual({
    ...nothing,
    reason: "mode-watch",
  });
  const none = { kind: "none", reason: "no-consent", trust: "claimed", lost: [] } as const;
  expect(answerMembership({ ...question, membership: none })).toEqual({
    ...nothing,
    trust: "claimed",
    reason: "no-consent",
  });
});
