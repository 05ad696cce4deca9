/** Nobody's page, cart, cookie or plan has a byte of another shopper's, however their requests meet in one isolate. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  answerCrowd,
  type CrowdShopper,
  crowdCampaigns,
  gather,
  gatherSigned,
  runCrowd,
  wrongsIn,
} from "./crowd.ts";
import { rig } from "./rig.ts";
import { openVerifiedShop, type VerifiedShop } from "./verified-shop.ts";

let shop: VerifiedShop;
let shoppers: CrowdShopper[];

beforeAll(async () => {
  shop = await openVerifiedShop({ answer: answerCrowd });
  await publish("one");
  shoppers = await gatherSigned(shop, 130);
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await publish("one");
  await rig(shop.edge, { cold: true, trouble: "none" });
});

const publish = async (edition: string) =>
  (await shop.edge.miniflare.getKVNamespace("KV")).put("campaigns", await crowdCampaigns(edition));

test("strangers of 12 audiences come at once: each gets Commerce's own or their own", async () => {
  const strangers = gather(shop, 60);
  expect(wrongsIn(await runCrowd(shop, strangers, { visits: 240, atOnce: 40 }), "default")).toEqual([]);
});

test("1,000 requests by turns, and every byte is the shopper's own", async () => {
  const seen = await runCrowd(shop, shoppers, { visits: 1_000, atOnce: 40 });
  expect(wrongsIn(seen, "own")).toEqual([]);
  const signed = new Set(shoppers.map((one) => one.signed));
  expect(signed.size).toBe(shoppers.length);
});

test("another shopper's signed cookie is worth nothing", async () => {
  const thieves = shoppers.map((one, n) => ({
    ...one,
    ecid: shoppers[(n + 1) % shoppers.length]?.ecid ?? "",
  }));
  // Adobe is asked about the visitor that the thief presents; the stolen cookie says nothing of that one.
  const owners = thieves.map((one, n) => ({
    ...one,
    audience: shoppers[(n + 1) % shoppers.length]?.audience ?? null,
  }));
  const seen = await runCrowd(shop, owners, { visits: 120, atOnce: 10 });
  expect(wrongsIn(seen, "default")).toEqual([]);
});

test("the same while the campaigns are published anew, again and again, and the isolate reads them", async () => {
  let busy = true;
  const editions = new Set<string>();
  const publishing = (async () => {
    for (let n = 0; busy; n += 1) {
      await publish(n % 2 === 0 ? "two" : "one");
      await rig(shop.edge, { aheadMs: 31_000 });
      // Far behind the clock, what was signed would end.
      if (n % 8 === 7) await rig(shop.edge, { aheadMs: -8 * 31_000 });
    }
  })();
  const seen = await runCrowd(shop, shoppers, { visits: 1_000, atOnce: 40 });
  busy = false;
  await publishing;
  expect(wrongsIn(seen, "own")).toEqual([]);
  for (const { answer } of seen) {
    const edition = /of edition (\w+)/.exec(answer.text())?.[1];
    if (edition !== undefined) editions.add(edition);
  }
  expect([...editions].sort()).toEqual(["one", "two"]);
});

test("the same while the isolate starts anew, and its KV fails on the way", async () => {
  let busy = true;
  const restarting = (async () => {
    for (let n = 0; busy; n += 1) {
      const trouble = (["none", "throws", "none", "lags", "none", "rubbish"] as const)[n % 6] ?? "none";
      await rig(shop.edge, { cold: true, trouble });
    }
    await rig(shop.edge, { trouble: "none" });
  })();
  const seen = await runCrowd(shop, shoppers, { visits: 600, atOnce: 40 });
  busy = false;
  await restarting;
  expect(wrongsIn(seen, "default")).toEqual([]);
});
