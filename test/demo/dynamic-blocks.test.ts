/** Dynamic blocks of the pretend Commerce: whoever asks gets them, and each edition has its own words. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import type { Edition, StoreSettings } from "../../demo/store/settings.ts";
import { BARGAIN, type Client, openClient, VIP } from "./client.ts";

const stores: RunningStore[] = [];
async function open(settings: Partial<StoreSettings> = {}): Promise<Client> {
  const store = await startStore({ settings });
  stores.push(store);
  return openClient(store);
}

let shop: Client;
beforeAll(async () => {
  shop = await open();
});
afterAll(() => Promise.all(stores.map((store) => store.stop())));

async function ask(client: Client, filter: string, paging = "", fields = "uid audience_id") {
  const document = `{ dynamicBlocks(input: { type: SPECIFIED ${filter} } ${paging}) {
    items { ${fields} } total_count page_info { current_page page_size total_pages } } }`;
  return (await client.graphql(document)).json;
}

async function uids(client: Client, filter: string) {
  const { data } = await ask(client, filter);
  return data.dynamicBlocks.items.map(({ uid }: { uid: string }) => Number(atob(uid)));
}

describe("with Adobe's extension", () => {
  it("gives every audience's blocks to who does not filter, whoever that is", async () => {
    const { data } = await ask(shop, "");
    const { items, ...counts } = data.dynamicBlocks;
    expect(counts).toEqual({
      total_count: 6,
      page_info: { current_page: 1, page_size: 20, total_pages: 1 },
    });
    expect(items.map((one: { audience_id: string[] | null }) => one.audience_id)).toEqual([
      [],
      [VIP],
      [BARGAIN],
      [VIP, BARGAIN],
      ["e4b7c2d9-1f60-4a8e-93b5-7c0d2e8f6a15"],
      null,
    ]);
  });

  it("believes the audience that is asked for", async () => {
    expect(await uids(shop, `audience_id: { eq: "${VIP}" }`)).toEqual([2, 4]);
    expect(await uids(shop, `audience_id: { in: ["${VIP}", "${BARGAIN}"] }`)).toEqual([2, 3, 4]);
    expect(await uids(shop, 'audience_id: { eq: "nobody" }')).toEqual([]);
    const byVariable = await shop.graphql(
      "query ($input: DynamicBlocksFilterInput) { dynamicBlocks(input: $input) { total_count } }",
      { input: { type: "SPECIFIED", audience_id: { eq: BARGAIN } } },
    );
    expect(byVariable.json.data.dynamicBlocks.total_count).toBe(2);
  });

  it("filters by uid, by location and by type", async () => {
    expect(await uids(shop, `dynamic_block_uids: ["${btoa("3")}", "${btoa("1")}", "${btoa("x")}"]`)).toEqual([
      1, 3,
    ]);
    expect(await uids(shop, "locations: [HEADER]")).toEqual([2, 4]);
    expect(await uids(shop, "locations: [FOOTER, LEFT]")).toEqual([5, 6]);
    const related = "{ dynamicBlocks(input: { type: CART_PRICE_RULE_RELATED }) { items { uid } } }";
    expect((await shop.graphql(related)).json.data.dynamicBlocks.items).toEqual([{ uid: btoa("7") }]);
  });

  it("refuses what is no uid: an id as it is, and several uids in one text, as PWA Studio sends a rotator's", async () => {
    for (const uid of ["3", "MQ", `${btoa("1")},${btoa("3")}`]) {
      const { data, errors } = await ask(shop, `dynamic_block_uids: ["${uid}"]`);
      expect([data, errors]).toEqual([
        null,
        [
          expect.objectContaining({
            message: `Value of uid "${uid}" is incorrect.`,
            extensions: { category: "graphql-input" },
          }),
        ],
      ]);
    }
    const related = `{ dynamicBlocks(input: { type: CART_PRICE_RULE_RELATED, dynamic_block_uids: ["3"] }) { total_count } }`;
    expect((await shop.graphql(related)).json.data.dynamicBlocks.total_count).toBe(1);
  });

  it("leaves directives for the client to resolve", async () => {
    const { data } = await ask(shop, `dynamic_block_uids: ["${btoa("6")}"]`, "", "content { html }");
    expect(data.dynamicBlocks.items[0].content.html).toContain(
      "{{media url=&quot;wysiwyg/hero-dawn.svg&quot;}}",
    );
  });

  it("pages, and refuses a page that is not there", async () => {
    const { data } = await ask(shop, "", "pageSize: 4, currentPage: 2");
    expect(data.dynamicBlocks.items).toHaveLength(2);
    expect(data.dynamicBlocks.page_info).toEqual({ current_page: 2, page_size: 4, total_pages: 2 });
    for (const [paging, message] of [
      ["pageSize: 0", "pageSize value must be greater than 0."],
      ["currentPage: 0", "currentPage value must be greater than 0."],
      ["currentPage: 9", "currentPage value 9 specified is greater than the 1 page(s) available."],
    ] as const) {
      expect((await ask(shop, "", paging)).errors[0]).toMatchObject({
        message,
        extensions: { category: "graphql-input" },
      });
    }
  });

  it("has as many as a test wants, a third of them for everyone", async () => {
    const many = await open({ dynamicBlocks: 320 });
    const { data } = await ask(many, "", "pageSize: 300");
    expect(data.dynamicBlocks.total_count).toBe(318);
    expect(data.dynamicBlocks.items).toHaveLength(300);
    expect(await uids(many, `audience_id: { eq: "${VIP}" }`)).toHaveLength(20);
  });
});

describe("an edition that has less says so in webonyx's words", () => {
  it.each<[Edition, string, string]>([
    [
      "commerce",
      `{ dynamicBlocks(input: { type: SPECIFIED, audience_id: { eq: "x" } }) { items { uid } } }`,
      'Field "audience_id" is not defined by type "DynamicBlocksFilterInput".',
    ],
    [
      "commerce",
      "{ dynamicBlocks(input: { type: SPECIFIED }) { items { audience_id } } }",
      'Cannot query field "audience_id" on type "DynamicBlock".',
    ],
    [
      "opensource",
      "{dynamicBlocks(input:{type:SPECIFIED}){items{uid}}}",
      'Cannot query field "dynamicBlocks" on type "Query".',
    ],
  ])("%s: %s", async (edition, document, message) => {
    const { status, json } = await (await open({ edition })).graphql(document);
    expect(status).toBe(200);
    expect(json).toEqual({ errors: [{ message, locations: expect.anything() }] });
  });

  it("commerce: an audience in a variable", async () => {
    const client = await open({ edition: "commerce" });
    const document = "query ($i: DynamicBlocksFilterInput) { dynamicBlocks(input: $i) { total_count } }";
    const i = { type: "SPECIFIED", audience_id: { eq: "x" } };
    expect((await client.graphql(document, { i })).json.errors[0].message).toBe(
      `Variable "$i" got invalid value ${JSON.stringify(i)}; Field "audience_id" is not defined by type "DynamicBlocksFilterInput".`,
    );
    expect((await client.graphql(document, { i: { locations: [] } })).json.errors[0].message).toBe(
      'Variable "$i" got invalid value {"locations":[]}; Field "type" of required type "DynamicBlockTypeEnum!" was not provided.',
    );
    expect((await client.graphql(document, { i: { type: "BANNER" } })).json.errors[0].message).toMatch(
      /^Variable "\$i" got invalid value "BANNER" at "i\.type"; /,
    );
    expect((await client.graphql(document, { i: { type: "SPECIFIED" } })).json.data.dynamicBlocks).toEqual({
      total_count: 6,
    });
  });

  it.each([
    [
      "{ dynamicBlocks(input: {}) { total_count } }",
      "Field DynamicBlocksFilterInput.type of required type DynamicBlockTypeEnum! was not provided.",
    ],
    [
      "{ dynamicBlocks(page: 1) { total_count } }",
      'Unknown argument "page" on field "dynamicBlocks" of type "Query".',
    ],
    ["{ cart { id } }", 'Field "cart" argument "cart_id" of type "String!" is required but not provided.'],
  ])("%s", async (document, message) => {
    expect((await shop.graphql(document)).json.errors[0].message).toBe(message);
  });

  const wire = join(process.env["EDGE_RECORDINGS"] ?? "", "graphql/requests.jsonl");
  it.skipIf(!existsSync(wire))("PWA Studio's own request is understood, as it is on the wire", async () => {
    const lines = readFileSync(wire, "utf8").trim().split("\n");
    const documents = lines.map((line) => {
      const { url, body } = JSON.parse(line);
      return body === null ? new URL(url, "http://x").searchParams.get("query") : JSON.parse(body).query;
    });
    const query = documents.find((document) => document?.includes("query GetCmsDynamicBlocks"));
    const { json } = await shop.graphql(query, { type: "SPECIFIED", uids: [btoa("2")] });
    expect(json.errors).toBeUndefined();
    expect(json.data.dynamicBlocks.items).toMatchObject([{ uid: btoa("2") }]);
  });

  const recording = join(process.env["EDGE_RECORDINGS"] ?? "", "magento/graphql-dynamic-blocks.json");
  it.skipIf(!existsSync(recording))("opensource: as it was recorded, to the byte", async () => {
    const { text } = await (await open({ edition: "opensource" })).graphql(
      "{dynamicBlocks(input:{type:SPECIFIED}){items{uid}}}",
    );
    expect(text).toBe(readFileSync(recording, "utf8").trim());
  });
});
