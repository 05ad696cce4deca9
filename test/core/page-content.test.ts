/** A plan and Commerce's content: it becomes part of the edits, and a banner without it keeps its default, with the reason. */

import { expect, it } from "vitest";
import type { Choice } from "../../src/core/banner.ts";
import type { Edit, PagePlan } from "../../src/core/page.ts";
import { fillPlan, wantedOf } from "../../src/core/page-content.ts";
import type { Change, Put } from "../../src/core/put.ts";
import { fail, ok } from "../../src/core/result.ts";

const choice = (banner: string): Choice => ({
  banner,
  variant: "vip",
  reason: "condition-holds",
  passed: [],
});

const edit = (banner: string, put: Put): Edit => ({
  banner,
  variant: "vip",
  selector: "#hero",
  pageTypes: null,
  mark: null,
  put,
});

const changing = (...changes: Change[]): Put => ({ kind: "edits", edits: [{ selector: null, changes }] });
const plan = (...edits: Edit[]) =>
  ({ kind: "personalize", choices: edits.map((one) => choice(one.banner)), edits }) satisfies PagePlan;

const hero = edit(
  "hero",
  changing({ kind: "cms-block", identifier: "vip-hero" }, { kind: "class", names: ["a"] }),
);
const strip = edit("strip", { kind: "content", html: "x" });
const rotator = edit("rotator", changing({ kind: "dynamic-blocks" }));
const nothing = { cmsBlocks: new Map(), rotators: new Map() };

it("only what is chosen is wanted, each once", () => {
  expect(wantedOf(plan(hero, { ...hero, banner: "again" }, strip, rotator))).toEqual({
    cmsBlocks: ["vip-hero"],
    rotators: ["rotator"],
  });
  expect(wantedOf({ kind: "default", choices: [choice("hero")] })).toEqual({ cmsBlocks: [], rotators: [] });
});

it("a CMS block becomes HTML in the edit", () => {
  const filled = fillPlan(plan(hero, strip), {
    ...nothing,
    cmsBlocks: new Map([["vip-hero", ok("<b>x</b>")]]),
  });
  const put = changing({ kind: "content", html: "<b>x</b>" }, { kind: "class", names: ["a"] });
  expect(filled).toEqual(plan(edit("hero", put), strip));
});

it("without it the banner keeps its default and says why, and the others are as they were", () => {
  const cmsBlocks = new Map([["vip-hero", fail("no-such-block" as const)]]);
  expect(fillPlan(plan(hero, strip), { ...nothing, cmsBlocks })).toEqual({
    kind: "personalize",
    choices: [{ ...choice("hero"), variant: null, reason: "no-such-block" }, choice("strip")],
    edits: [strip],
  });
  expect(fillPlan(plan(hero), nothing)).toEqual({
    kind: "default",
    choices: [{ ...choice("hero"), variant: null, reason: "content-pending" }],
  });
});

it("a rotator that was seen before gets its blocks with the plan, which tells of each", () => {
  const blocks = [{ block: "MQ==", shown: true, reason: "for-everyone" }] as const;
  const rotators = new Map([
    ["rotator", { shell: "{}", filled: { html: "<ul></ul>", reason: null, blocks } }],
  ]);
  expect(fillPlan(plan(rotator), { ...nothing, rotators })).toEqual({
    kind: "personalize",
    choices: [{ ...choice("rotator"), blocks }],
    edits: [edit("rotator", changing({ kind: "rotator", shell: "{}", html: "<ul></ul>" }))],
  });
});

it("one that was never seen is looked at as it goes by", () => {
  expect(fillPlan(plan(rotator), nothing)).toEqual(plan(rotator));
});

it("one that would be left says why in the plan, and is looked at again as it goes by", () => {
  const filled = { html: null, reason: "block-missing", blocks: [] } as const;
  const rotators = new Map([["rotator", { shell: "{}", filled }]]);
  expect(fillPlan(plan(rotator), { ...nothing, rotators })).toEqual({
    ...plan(rotator),
    choices: [{ ...choice("rotator"), left: "block-missing" }],
  });
});
