/** The pretend Commerce counts a document's fields, levels and aliases as the real one does. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningStore, startStore } from "../../demo/run.ts";
import { type Client, openClient } from "./client.ts";

let stores: RunningStore[];
let shop: Client;
let counting: Client;
beforeAll(async () => {
  stores = await Promise.all([startStore(), startStore({ settings: { maxAliases: 10 } })]);
  const [plain, strict] = stores.map(openClient);
  if (plain === undefined || strict === undefined) throw new Error("two stores are two clients");
  shop = plain;
  counting = strict;
});
afterAll(() => Promise.all(stores.map((store) => store.stop())));

const outcome = async (client: Client, document: string) => {
  const { status, json } = await client.graphql(document);
  return [status, json.errors?.[0]?.message ?? null];
};
const fields = (count: number) => "store_code ".repeat(count);

it("300 fields are the most; each counts one, and over it the status is 500", async () => {
  expect(await outcome(shop, `{ storeConfig { ${fields(299)} } }`)).toEqual([200, null]);
  const { status, json } = await shop.graphql(`{ storeConfig { ${fields(300)} } }`);
  expect(status).toBe(500);
  expect(json).toEqual({
    errors: [
      {
        message: "Max query complexity should be 300 but got 301.",
        extensions: { category: "graphql-input" },
      },
    ],
  });
});

it("a fragment counts each time that it is spread", async () => {
  const fragment = `fragment F on StoreConfig { ${fields(100)} }`;
  expect(await outcome(shop, `{ storeConfig { ...F ...F } } ${fragment}`)).toEqual([200, null]);
  expect(await outcome(shop, `{ storeConfig { ...F ...F ...F } } ${fragment}`)).toEqual([
    500,
    "Max query complexity should be 300 but got 301.",
  ]);
  // One that nobody spreads counts for nothing: what the validator says of it is another matter.
  const [status] = await outcome(shop, `{ storeConfig { ${fields(250)} } } ${fragment}`);
  expect(status).toBe(200);
});

it("fragments that double in each other are counted without being walked through", async () => {
  const tower = Array.from(
    { length: 200 },
    (_, level) => `fragment F${level} on StoreConfig { ...F${level + 1} ...F${level + 1} }`,
  );
  const document = `{ storeConfig { ...F0 } } ${tower.join(" ")} fragment F200 on StoreConfig { store_code }`;
  const [status, message] = await outcome(shop, document);
  expect(status).toBe(500);
  expect(message).toMatch(/^Max query complexity should be 300 but got \d+\.$/);
});

it("a fragment inside itself is the validator's business", async () => {
  const document =
    "{ storeConfig { ...A } } fragment A on StoreConfig { ...B } fragment B on StoreConfig { ...A }";
  const [status, message] = await outcome(shop, document);
  expect(status).toBe(200);
  expect(message).toMatch(/^Cannot spread fragment "A" within itself/);
});

it("20 levels are the most; over it the status is 200, with an error", async () => {
  const nested = (levels: number) =>
    `{ __schema { ${"types { fields { type { ".repeat(1)}${"ofType { ".repeat(levels)} name ${"}".repeat(levels)} } } } } }`;
  expect(await outcome(shop, nested(16))).toEqual([200, null]);
  expect(await outcome(shop, nested(17))).toEqual([200, "Max query depth should be 20 but got 21."]);
});

it("aliases are counted only where the store is told to, in fragments each time that they are spread", async () => {
  const aliases = (count: number) =>
    Array.from({ length: count }, (_, index) => `a${index}: store_code`).join(" ");
  expect(await outcome(shop, `{ storeConfig { ${aliases(50)} } }`)).toEqual([200, null]);
  expect(await outcome(counting, `{ storeConfig { ${aliases(10)} } }`)).toEqual([200, null]);
  const over = [500, "Max Aliases in query should be 10 but got 11."];
  expect(await outcome(counting, `{ storeConfig { ${aliases(11)} } }`)).toEqual(over);
  const spread = `{ a: storeConfig { ...F } storeConfig { ...F } } fragment F on StoreConfig { ${aliases(5)} }`;
  expect(await outcome(counting, spread)).toEqual(over);
});
