/** Headless dynamic blocks through the Worker, by the demo's real GraphQL: nobody gets what is for others. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoKeys } from "../../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import type { Edition, StoreSettings } from "../../demo/store/settings.ts";
import { BARGAIN, type Client, openClient, VIP } from "../demo/client.ts";
import { BUNDLE } from "./edge.ts";
import { compile } from "./shop.ts";

interface Place {
  readonly demo: RunningDemo;
  readonly shop: Client;
}
const places: Place[] = [];
async function open(
  edition: Edition,
  options: { website?: object; store?: Partial<StoreSettings> } = {},
): Promise<Place> {
  const demo = await startDemo({
    edgeScript: readFileSync(BUNDLE, "utf8"),
    store: { edition, ...options.store },
    website: { ...options.website },
  });
  const place = { demo, shop: openClient(demo) };
  places.push(place);
  return place;
}
afterAll(() => Promise.all(places.map(({ demo }) => demo.stop())));

const as = (...audiences: string[]) => ({ "aep-segments-membership": audiences.join(",") });
const numberOf = ({ uid }: { uid: string }) => Number(atob(uid));
const all = "{ dynamicBlocks(input: { type: SPECIFIED }) { items { uid } total_count } }";

async function seen(
  { shop }: Place,
  document: string,
  headers: Record<string, string> = {},
  variables?: object,
) {
  const { json } = await shop.graphql(document, variables, headers);
  return { blocks: json.data.dynamicBlocks.items.map(numberOf), json };
}

describe("filtered", () => {
  let place: Place;
  beforeAll(async () => {
    place = await open("commerce+audiences");
  });

  it("a shopper gets the blocks for everyone and those of their own audiences, counted as such", async () => {
    const guest = await seen(place, all);
    expect(guest.json).toEqual({
      data: { dynamicBlocks: { items: [{ uid: btoa("1") }, { uid: btoa("6") }], total_count: 2 } },
    });
    expect((await seen(place, all, as(VIP))).blocks).toEqual([1, 2, 4, 6]);
    expect((await seen(place, all, as(VIP, BARGAIN))).json.data.dynamicBlocks.total_count).toBe(5);
  });

  it("who asks for an audience that is not theirs gets nothing of it, by literal or by variable", async () => {
    const literal = `{ dynamicBlocks(input: { type: SPECIFIED, audience_id: { eq: "${VIP}" } }) { items { uid } } }`;
    expect((await seen(place, literal)).blocks).toEqual([]);
    expect((await seen(place, literal, as(VIP))).blocks).toEqual([2, 4]);
    const variable = "query ($i: DynamicBlocksFilterInput) { dynamicBlocks(input: $i) { items { uid } } }";
    const i = { type: "SPECIFIED", audience_id: { in: [VIP, BARGAIN] } };
    expect((await seen(place, variable, as(BARGAIN), { i })).blocks).toEqual([3, 4]);
  });

  it("however the field's name is written on the wire", async () => {
    const escaped = JSON.stringify({ query: all }).replace("dynamicBlocks", "\\u0064ynamicBlocks");
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: escaped };
    expect((await place.shop.ask("/graphql", post)).json.data.dynamicBlocks.total_count).toBe(2);
    const path = `/graphql?query=${encodeURIComponent(all).replace("dynamicBlocks", "%64ynamicBlocks")}`;
    expect((await place.shop.ask(path)).json.data.dynamicBlocks.total_count).toBe(2);
  });

  it("two audiences at one address by GET: each their own, and no cache keeps either", async () => {
    const path = `/graphql?query=${encodeURIComponent(all)}`;
    const counts = [];
    for (const headers of [as(VIP), as(BARGAIN), {}]) {
      const reply = await place.shop.ask(path, { headers });
      expect(reply.headers.get("cache-control")).toBe("private, no-store");
      counts.push(reply.json.data.dynamicBlocks.items.map(numberOf));
    }
    expect(counts).toEqual([
      [1, 2, 4, 6],
      [1, 3, 4, 6],
      [1, 6],
    ]);
  });

  it("the plan says what was taken out", async () => {
    const { headers } = await place.shop.graphql(all, undefined, {
      "edge-audiences-explain": demoKeys.OPERATOR_KEY,
    });
    const plan = JSON.parse(headers.get("edge-audiences-plan") ?? "{}");
    expect(plan.blocks).toEqual({ kind: "filter", dropped: 4, unread: 0, counts: "ours" });
  });

  it("the client's own mistakes are answered as Commerce answers them, in their own places", async () => {
    const wrong = "{\n  dynamicBlocks(input: { type: SPECIFIED }) { items { uid nope } } }";
    const direct = await openClient({ url: place.demo.storeUrl }).graphql(wrong);
    const through = await place.shop.graphql(wrong);
    expect(through.json).toEqual(direct.json);
    expect(through.status).toBe(direct.status);
  });

  it("wrong variables in a document don't take the filter off it", async () => {
    const document = "query ($i: DynamicBlocksFilterInput) { dynamicBlocks(input: $i) { items { uid } } }";
    await place.shop.graphql(document, { i: { type: "NO_SUCH_TYPE" } });
    expect((await seen(place, document, {}, { i: { type: "SPECIFIED" } })).blocks).toEqual([1, 6]);
  });

  it("more than 300 blocks: what is forbidden is out all the same", async () => {
    const many = await open("commerce+audiences", { store: { dynamicBlocks: 320 } });
    const { blocks, json } = await seen(
      many,
      `{ dynamicBlocks(input: { type: SPECIFIED } pageSize: 300) { items { uid audience_id } total_count } }`,
    );
    expect(json.data.dynamicBlocks.total_count).toBe(318);
    expect(blocks.length).toBeGreaterThan(90);
    for (const { audience_id } of json.data.dynamicBlocks.items) expect(audience_id ?? []).toEqual([]);
  });
});

it("a Commerce without the extension is left alone, after having been asked once", async () => {
  const place = await open("commerce");
  const direct = await openClient({ url: place.demo.storeUrl }).graphql(all);
  for (let round = 0; round < 3; round += 1) {
    expect((await place.shop.graphql(all, undefined, as(VIP))).json).toEqual(direct.json);
  }
});

describe.each(["commerce+audiences", "opensource"] as const)(
  "answered from the campaigns, before %s",
  (edition) => {
    let place: Place;
    const uid = btoa("901");
    beforeAll(async () => {
      place = await open(edition, { website: { dynamicBlocks: "edge" } });
      const banner = {
        id: "headless-hero",
        dynamicBlock: uid,
        variants: [
          { id: "vip", for: { any: ["vip"] }, publicName: "yours", put: { content: "<h2>Yours first</h2>" } },
        ],
      };
      const text = (await compile([banner], "backoffice")).replaceAll(
        "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01",
        VIP,
      );
      const kv = await place.demo.miniflare.getKVNamespace("KV", "edge");
      await kv.put("campaigns", text);
    });

    /** PWA Studio's own operation, without its extensions to the schema. */
    const operation = `query GetCmsDynamicBlocks($type: DynamicBlockTypeEnum!, $locations: [DynamicBlockLocationEnum], $uids: [ID]!) {
    dynamicBlocks(input: { dynamic_block_uids: $uids, locations: $locations, type: $type }) {
      items { content { html } uid __typename }
    }
  }`;
    const variables = { type: "SPECIFIED", uids: [uid] };

    it("a member gets the banner without Commerce being asked", async () => {
      const reply = await place.shop.graphql(operation, variables, {
        ...as(VIP),
        "edge-audiences-explain": demoKeys.OPERATOR_KEY,
      });
      const html = '<h2 data-audience-banner="yours">Yours first</h2>';
      expect(reply.json).toEqual({
        data: {
          dynamicBlocks: {
            items: [{ content: { html }, uid, __typename: "DynamicBlock" }],
          },
        },
      });
      expect(reply.headers.get("cache-control")).toBe("private, no-store");
      const plan = JSON.parse(reply.headers.get("edge-audiences-plan") ?? "{}");
      expect(plan.plan).toBe("answer");
      expect(reply.headers.get("server-timing")).not.toContain("origin");
      expect(JSON.stringify(reply.json)).not.toContain(VIP);
    });

    it("beside other fields the answer is one, in the order that was asked for", async () => {
      const document = `{ dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: ["${uid}"] }) { items { uid } } storeConfig { store_code } }`;
      for (let round = 0; round < 2; round += 1) {
        const { json } = await place.shop.graphql(document, undefined, as(VIP));
        expect(JSON.stringify(json)).toBe(
          `{"data":{"dynamicBlocks":{"items":[{"uid":"${uid}"}]},"storeConfig":{"store_code":"default"}}}`,
        );
      }
    });
  },
);
