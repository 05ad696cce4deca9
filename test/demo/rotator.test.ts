/** The demo's rotator and CMS block, from its own GraphQL to the page that a newcomer opens. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningDemo, type RunningStore, startDemo, startStore } from "../../demo/run.ts";
import { send } from "../worker/edge.ts";
import { BARGAIN, VIP } from "./client.ts";

let demo: RunningDemo;
let opensource: RunningStore;
beforeAll(async () => {
  [demo, opensource] = await Promise.all([
    startDemo({ website: { budgetMs: 5000 } }),
    startStore({ settings: { edition: "opensource" } }),
  ]);
});
afterAll(() => Promise.all([demo?.stop(), opensource?.stop()]));

async function see(path: string, ...audiences: string[]): Promise<string> {
  const headers = audiences.map((id) => ["cookie", `aep-segments-membership=${id}`] as const);
  const port = Number(new URL(demo.url).port);
  return (await send(port, path, { host: "shop.demo.localhost", headers })).text();
}

const blocksIn = (page: string) =>
  [...page.matchAll(/<li class="banner-item" data-banner-id="(\d+)">/g)].map((match) => Number(match[1]));

it("each shopper's dynamic blocks are in the page, with nothing of them in the campaigns", async () => {
  expect(blocksIn(await see("/men.html", VIP))).toEqual([2, 1]);
  expect(blocksIn(await see("/men.html", BARGAIN))).toEqual([3, 1]);
  expect(blocksIn(await see("/men.html"))).toEqual([1]);
  expect(await see("/men.html", VIP)).not.toContain("scope: 'banner'");
});

it("Commerce itself sends an empty shell, which its script fills from a section", async () => {
  const store = await (await fetch(new URL("/men.html", demo.storeUrl))).text();
  expect(store).toContain("scope: 'banner'");
  expect(blocksIn(store)).toEqual([]);
  const headers = { cookie: `aep-segments-membership=${VIP}` };
  const section = await fetch(new URL("/banner/ajax/load/", demo.storeUrl), { headers });
  const { data } = (await section.json()) as { data: { items: { fixed: object } } };
  expect(Object.keys(data.items.fixed)).toEqual(["1", "2", "4", "6"]);
  expect(JSON.stringify(data)).not.toContain("{{media");
});

it("a CMS block is another one in each store view", async () => {
  expect(await see("/accessories.html", VIP)).toContain("For our regulars: 20% is off in your cart");
  expect(await see("/fr/accessories.html", VIP)).toContain("Pour nos habitués : 20 % de remise");
  expect(await see("/accessories.html")).not.toContain("For our regulars");
});

it("Open Source has no rotator", async () => {
  expect(await (await fetch(new URL("/men.html", opensource.url))).text()).not.toContain("block-banners");
});
