/** Risks of publishing: what a file would do that may not be meant, and silence about what was so before. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { describePublishRisk, findPublishRisks } from "../../src/core/campaigns/publish-risk.ts";
import { readNames, type Surroundings } from "../../src/core/campaigns/standing.ts";
import { type Campaigns, parseCampaigns } from "../../src/core/campaigns.ts";
import { describeProblem } from "../../src/core/problem.ts";

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const GONE = "aaaaaaaa-0000-4000-8000-000000000001";
const audiences = { vip: VIP, gone: GONE };
const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

const variant = { id: "a", for: { any: ["vip"] }, put: { content: "<p>x</p>" } };
const banner = { id: "hero", paths: ["/"], selector: "#hero", trust: "verified", variants: [variant] };
const offer = { id: "ten", for: { any: ["vip"] }, coupon: "TEN", exclusive: true };

type Part = Readonly<Record<string, unknown>>;
const file = (banners: readonly Part[], offers: readonly Part[] = []) =>
  JSON.stringify({ audiences, banners, offers });

function read(text: string): Campaigns {
  const parsed = parseCampaigns(text, { websites: ["main"], adminPath: "backoffice" });
  if (!parsed.ok) throw new Error(parsed.error.map(describeProblem).join("\n"));
  return parsed.value;
}

const around: Surroundings = {
  websites: ["main"],
  names: readNames(file([])),
  synced: new Map([["main", new Set([VIP as AudienceId])]]),
  nowMs: NOW_MS,
};

function risksOf(before: string | null, after: string): string[] {
  return findPublishRisks(before === null ? null : read(before), read(after), around).map((risk) =>
    describeProblem(describePublishRisk(risk, around)),
  );
}
const changed = (over: Part) => file([{ ...banner, ...over }]);
const varied = (over: Part) => changed({ variants: [{ ...variant, ...over }] });

describe("findPublishRisks", () => {
  it("has nothing to say of the first file, of the same one, and of what only grows", () => {
    expect(risksOf(null, file([banner], [offer]))).toEqual([]);
    expect(risksOf(file([banner], [offer]), file([banner], [offer]))).toEqual([]);
    expect(risksOf(varied({ share: 20 }), varied({ share: 50 }))).toEqual([]);
    expect(risksOf(file([]), file([banner], [offer]))).toEqual([]);
  });

  it("tells of a banner and an offer that shoppers have, and that would end", () => {
    expect(risksOf(file([banner], [offer]), file([]))).toEqual([
      "banners.hero: shoppers have this banner now, and it is not in the file: it ends at once",
      "offers.ten: shoppers have this offer now, and it is not in the file: it ends at once",
    ]);
    const planned = { schedule: { from: "2027-01-01T00:00Z" } };
    expect(risksOf(changed({}), changed(planned))).toEqual([
      "banners.hero: shoppers have this banner now, and with the new schedule not until later",
    ]);
    expect(risksOf(changed(planned), file([]))).toEqual([]);
  });

  it("tells of a code that changes, or that everybody could use", () => {
    expect(risksOf(file([], [offer]), file([], [{ ...offer, coupon: "ELEVEN", exclusive: false }]))).toEqual([
      expect.stringMatching(/^offers\.ten: its code changes from TEN to ELEVEN: /),
      "offers.ten: ELEVEN is no longer exclusive: whoever knows the code can use it",
    ]);
    const open = { ...offer, exclusive: false };
    expect(risksOf(file([], [open]), file([], [{ ...open, trust: "claimed" }]))).toEqual([
      expect.stringMatching(/^offers\.ten: its trust goes from verified to claimed/),
    ]);
  });

  it("tells of variants that some or all would lose, or that all would get", () => {
    expect(risksOf(varied({ share: 50 }), varied({ share: 20 }))).toEqual([
      "banners.hero: variant a goes from 50 % to 20 %: some who see it now will not",
    ]);
    expect(risksOf(varied({}), varied({ share: 20 }))).toEqual([
      expect.stringContaining("from 100 % to 20 %"),
    ]);
    expect(risksOf(varied({}), varied({ id: "b" }))).toEqual([
      "banners.hero: none of its variants is left (a): what was counted for them ends",
    ]);
    expect(risksOf(varied({}), varied({ for: "everyone" }))).toEqual([
      "banners.hero: variant a was for an audience, and is for everyone now",
    ]);
    expect(risksOf(changed({}), changed({ trust: "claimed" }))).toEqual([
      expect.stringMatching(/^banners\.hero: its trust goes from verified to claimed/),
    ]);
  });

  it("tells of an audience that Adobe does not have and of a banner that is over, when they come and not again", () => {
    const vanished = varied({ for: { any: ["gone"] } });
    expect(risksOf(varied({}), vanished)).toEqual([
      "banners.hero: the audience gone is not in the synced list of main: nobody is in it there",
    ]);
    expect(risksOf(null, vanished)).toHaveLength(1);
    expect(risksOf(vanished, vanished)).toEqual([]);
    const over = changed({ schedule: { until: "2026-01-01T00:00Z" } });
    expect(risksOf(null, over)).toEqual(["banners.hero: its schedule is over already: nobody will see it"]);
    expect(risksOf(over, over)).toEqual([]);
  });
});
