/** What a publish changed: by the names that the merchandiser gave. */

import { expect, it } from "vitest";
import { compareCampaigns } from "../../src/core/campaigns/difference.ts";

const none = { added: [], removed: [], changed: [] };

it("names what came, went and changed, and nothing else", () => {
  const before = {
    audiences: { vip: "1", old: "2" },
    banners: [{ id: "hero", paths: ["/"] }, { id: "aside" }],
  };
  const after = {
    audiences: { vip: "3" },
    banners: [{ id: "hero", paths: ["/sale"] }, { id: "footer" }],
    offers: [{ id: "ten" }],
  };
  expect(compareCampaigns(JSON.stringify(before), JSON.stringify(after))).toEqual({
    audiences: { added: [], removed: ["old"], changed: ["vip"] },
    banners: { added: ["footer"], removed: ["aside"], changed: ["hero"] },
    offers: { ...none, added: ["ten"] },
  });
});

it("has nothing to tell of the same file laid out otherwise, and takes what is no file for an empty one", () => {
  const file = { banners: [{ id: "hero" }] };
  const same = compareCampaigns(JSON.stringify(file, null, 2), JSON.stringify(file));
  expect(same).toEqual({ audiences: none, banners: none, offers: none });
  expect(compareCampaigns(null, JSON.stringify(file)).banners.added).toEqual(["hero"]);
  expect(compareCampaigns("<html>", "[]")).toEqual({ audiences: none, banners: none, offers: none });
});
