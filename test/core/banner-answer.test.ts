/** What a browser may ask about banners, and what it is told. */

import { expect, it } from "vitest";
import { answerBanners, parseBannersQuestion } from "../../src/core/banner-answer.ts";
import type { PagePlan } from "../../src/core/page.ts";

const ask = (query: string) => parseBannersQuestion(new URLSearchParams(query));

const plan: PagePlan = {
  kind: "personalize",
  choices: [
    { banner: "hero", variant: "price-sensitive", reason: "condition-holds", passed: [] },
    { banner: "strip", variant: null, reason: "not-verified", passed: [] },
  ],
  edits: [
    {
      banner: "hero",
      variant: "price-sensitive",
      selector: "#hero",
      pageTypes: null,
      mark: "_0f",
      put: { kind: "content", html: "<p>Hello</p>" },
    },
  ],
};

it("a path, and a banner of it or all", () => {
  expect(ask("path=/")).toEqual({ ok: true, value: { path: "/", banner: null } });
  expect(ask("path=%2Fcaf%C3%A9%3Fa%3D1&banner=hero&_=1")).toEqual({
    ok: true,
    value: { path: "/café?a=1", banner: "hero" },
  });
});

it.each([
  ["", /^Say of which page/],
  ["path=", /^A path starts/],
  ["path=women.html", /^A path starts/],
  ["path=https://shop.test/", /^A path starts/],
  ["path=/&path=/women.html", /^One path/],
  [`path=/${"a".repeat(2_000)}`, /at most 2000/],
  ["path=/&banner=", /^Name the banner/],
  ["path=/&banner=a&banner=b", /^One banner/],
  [`path=/&banner=${"a".repeat(101)}`, /at most 100/],
])("%s is refused in a sentence", (query, sentence) => {
  const asked = ask(query);
  expect(asked.ok ? null : asked.error).toMatch(sentence);
});

it("what is chosen is told with its content, and without its variant, its reason or its selector", () => {
  expect(answerBanners(plan, null)).toEqual({
    banners: [{ banner: "hero", html: '<p data-audience-banner="_0f">Hello</p>' }],
  });
  expect(answerBanners(plan, "hero")).toEqual(answerBanners(plan, null));
});

it("a banner that is for others, one of another page and an unknown one look alike", () => {
  const nothing = { banners: [] };
  expect(answerBanners(plan, "strip")).toEqual(nothing);
  expect(answerBanners(plan, "no-such-banner")).toEqual(nothing);
  expect(answerBanners({ kind: "default", choices: plan.choices }, null)).toEqual(nothing);
  expect(answerBanners({ kind: "pass", reason: "no-banner-here" }, "hero")).toEqual(nothing);
});
