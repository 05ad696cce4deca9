/** Exposures as Adobe hears of them: one call for an answer, of known visitors alone; and what a page says in its data layer. */

import { describe, expect, it } from "vitest";
import type { Choice } from "../../src/core/banner.ts";
import { markOf } from "../../src/core/banner-mark.ts";
import { type BannerPlace, parseContentPolicy } from "../../src/core/content-policy.ts";
import { buildExposureEvents, pushExposures } from "../../src/core/exposure-event.ts";
import type { Edit } from "../../src/core/page.ts";
import type { Change } from "../../src/core/put.ts";

const at = { website: "main", timestampIso: "2026-11-27T10:00:00.000Z" };
const ECID = "12345678901234567890123456789012345678";
const visitor = { ecid: ECID, fpid: null };
const shown = (banner: string, variant: string): Choice => ({
  banner,
  variant,
  reason: "condition-holds",
  passed: [],
});
const heldOut: Choice = {
  banner: "strip",
  variant: null,
  reason: "holdout",
  passed: [{ variant: "vip", reason: "holdout" }],
};
const restOfSplit: Choice = { banner: "aside", variant: null, reason: "other-share", passed: [] };

const proposition = (banner: string, variant: string) => ({
  id: markOf("main", banner, { id: variant, publicName: null }),
  scope: banner,
  scopeDetails: {
    decisionProvider: "edge-audiences",
    activity: { id: `main:${banner}` },
    experience: { id: variant },
  },
  items: [{ id: variant }],
});

describe("an answer's exposures", () => {
  it("are one call: an event of what was shown, and one of what a holdout kept back", () => {
    const choices = [shown("hero", "vip"), shown("foot", "all"), heldOut, restOfSplit];
    const identityMap = { ECID: [{ id: ECID, primary: true, authenticatedState: "ambiguous" }] };
    const event = (eventType: string, type: string, ...propositions: readonly object[]) => ({
      xdm: {
        identityMap,
        timestamp: at.timestampIso,
        eventType: `decisioning.${eventType}`,
        _experience: { decisioning: { propositionEventType: { [type]: 1 }, propositions } },
      },
    });
    expect(JSON.parse(buildExposureEvents(choices, visitor, at) ?? "")).toEqual({
      events: [
        event("propositionDisplay", "display", proposition("hero", "vip"), proposition("foot", "all")),
        event("propositionSuppressDisplay", "suppressDisplay", proposition("strip", "vip")),
      ],
    });
  });

  it("are told of whom Adobe knows, by its own id before ours, and of nobody else", () => {
    const told = (of: { ecid: string | null; fpid: string | null }) =>
      Object.keys(
        JSON.parse(buildExposureEvents([heldOut], of, at) ?? "null")?.events[0].xdm.identityMap ?? {},
      );
    const fpid = "7e1c0c5a-2f1b-4d0a-9c4e-1a2b3c4d5e6f";
    expect(told({ ecid: ECID, fpid })).toEqual(["ECID"]);
    expect(told({ ecid: null, fpid })).toEqual(["FPID"]);
    expect(told({ ecid: null, fpid: null })).toEqual([]);
  });

  it("are none where there is nothing that was shown or kept back", () => {
    expect(buildExposureEvents([restOfSplit], visitor, at)).toBeNull();
    expect(buildExposureEvents([], visitor, at)).toBeNull();
  });
});

describe("the data layer", () => {
  const place = (banner: string, ...changes: Change[]): BannerPlace => ({
    banner,
    selector: `#${banner}`,
    changes,
    pageTypes: null,
    mark: `_${banner}`,
  });
  const edit = (banner: string, mark: string | null): Edit => ({
    banner,
    variant: "v",
    selector: `#${banner}`,
    pageTypes: null,
    put: { kind: "content", html: "" },
    mark,
  });
  const content: Change = { kind: "content", html: "x" };
  const scripts = (places: readonly BannerPlace[]) =>
    places.map(({ changes }) =>
      changes.map((change) => ("html" in change ? change.html : change.kind)).join(" "),
    );
  const script = (mark: string, nonce = "") =>
    `<script${nonce}>(window.adobeDataLayer=window.adobeDataLayer||[]).push({"event":"audience-banner-shown","eventInfo":{"banner":"${mark}"}});document.currentScript.remove()</script>`;

  it("hears of each banner once, by its mark, where its first place is", () => {
    const places = [
      place("hero", { kind: "remove" }),
      place("hero", content),
      place("hero", content),
      place("foot", content),
    ];
    const pushed = pushExposures(places, [edit("hero", "_hero"), edit("foot", "summer")], null);
    expect(scripts(pushed)).toEqual(["remove", `x ${script("_hero")}`, "x", `x ${script("summer")}`]);
  });

  it("hears nothing of a preview", () => {
    expect(scripts(pushExposures([place("hero", content)], [edit("hero", null)], null))).toEqual(["x"]);
  });

  it.each([
    ["script-src 'self' 'nonce-abc'; style-src 'nonce-other'", `x ${script("_hero", ' nonce="abc"')}`],
    ["script-src 'unsafe-inline'", `x ${script("_hero")}`],
    ["img-src *", `x ${script("_hero")}`],
    ["script-src 'self'", "x"],
    ["default-src 'sha256-abc'", "x"],
    ["script-src 'nonce-abc', script-src 'nonce-def'", "x"],
  ])("is written only where the page's policy lets it: %s", (policy, expected) => {
    const pushed = pushExposures(
      [place("hero", content)],
      [edit("hero", "_hero")],
      parseContentPolicy(policy),
    );
    expect(scripts(pushed)).toEqual([expected]);
  });
});
