/** GraphQL: documents arrive byte for byte, with the membership where it may go; Commerce is their judge. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openRequest, readAnswer, sendRaw } from "./edge.ts";
import type { SeenRequest } from "./origin.ts";
import { comparable, explained, memberOf, openShop, planOf, type Shop, VIP } from "./shop.ts";

let shop: Shop;
let release: () => void = () => {};

const reply = '{"errors":[{"message":"caf\\u00e9 \u2013"}],"data":{"cart":null}}\n';
const MAX_BYTES = 20_000;

beforeAll(async () => {
  shop = await openShop({
    website: { maxBodyBytes: MAX_BYTES },
    websites: { other: { hosts: ["other.test"], graphqlPath: "/shop/api-v2/graphql" } },
    async answer(request, response) {
      const streamed = request.url.includes("stream");
      response.writeHead(request.url.includes("teapot") ? 500 : 200, [
        ...["content-type", "application/json", "cache-control", "max-age=86400, public, s-maxage=86400"],
        ...["x-magento-cache-id", "a1", "set-cookie", "PHPSESSID=1", "set-cookie", "store=fr"],
      ]);
      if (streamed) {
        response.write("{");
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      response.end(reply);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

const lastSeen = (): SeenRequest => {
  const seen = shop.origin.seen.at(-1);
  if (seen === undefined) throw new Error("the origin was not asked");
  return seen;
};

const json = ["content-type", "application/json"] as const;

function post(
  body: string | Buffer,
  headers: readonly (readonly [string, string])[] = [json],
  path = "/graphql",
) {
  const length = ["content-length", String(Buffer.byteLength(body))] as const;
  return shop.edge.send(path, { method: "POST", headers: [memberOf(VIP), ...headers, length], body });
}

test("what Commerce alone answered is its very answer, and says why to whoever has the key", async () => {
  const asked = '{"query":"{cart(cart_id:\\"a\\"){id}}"}';
  const answer = await post(asked);
  expect(lastSeen().header("aep-segments-membership")).toBe(VIP);
  expect(answer.header("server-timing")).toBeNull();
  expect(answer.text()).toBe(reply);
  expect(answer.header("cache-control")).toBe("max-age=86400, public, s-maxage=86400");
  const { headers = [] } = explained({ headers: [json] });
  const told = await post(asked, headers);
  expect(planOf(told)).toMatchObject({ plan: "forward", upstream: { kind: "header", sent: 1 } });
  expect(told.header("server-timing")).toMatch(/^edge;desc="forward";dur=\d+, origin;dur=\d+$/);
  expect(told.text()).toBe(reply);
});

test("whatever a storefront posts arrives byte for byte, also what Commerce will refuse", async () => {
  const bodies: readonly (readonly [string | Buffer, string])[] = [
    ['{"query":"{storeConfig{store_code}}"}', "application/json"],
    [
      '{ "query" : "{a}",\n\t"variables":{"b":1e3,"c":"\\u00fc\u00fc","b":2} , "operationName":null}',
      "application/json; charset=utf-8",
    ],
    ['[{"query":"{a}"},{"query":"{b}"}]', "application/json"],
    ['{"query":"{a"}', "application/json"],
    ["not json at all", "application/json"],
    ["", "application/json"],
    ["query=%7Ba%7D", "application/x-www-form-urlencoded"],
    ["{a}", "application/graphql"],
    ['{"query":"{a}"}', "text/plain"],
    [Buffer.from([0xff, 0xfe, 0x00, 0x7b]), "application/json"],
    [gzipSync('{"query":"{a}"}'), "application/json"],
    [
      '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation{a}"}\r\n' +
        '--x\r\ncontent-disposition: form-data; name="0"; filename="a.bin"\r\n\r\n\u0000\u0001\r\n--x--\r\n',
      "multipart/form-data; boundary=x",
    ],
  ];
  for (const [body, type] of bodies) {
    const answer = await post(body, [["content-type", type]]);
    expect(answer.status).toBe(200);
    expect(lastSeen()).toMatchObject({ method: "POST", url: "/graphql", body: Buffer.from(body) });
    expect(lastSeen().header("content-type")).toBe(type);
    expect(lastSeen().header("content-length")).toBe(String(Buffer.byteLength(body)));
    expect(lastSeen().header("aep-segments-membership")).toBe(VIP);
  }
});

test("headers that Commerce keys on arrive as they were sent", async () => {
  const headers = [
    ["store", "fr"],
    ["content-currency", "EUR"],
    ["authorization", "Bearer eyJ0"],
    ["x-magento-cache-id", "null"],
    ["preview-version", "1"],
    ["origin", "https://pwa.test"],
  ] as const;
  await post("{}", [json, ...headers]);
  for (const header of headers) expect(lastSeen().headers).toContainEqual(header);
  const query =
    "?query=query+a%28%24b%3AInt%21%29%7Bproducts%28pageSize%3A%24b%29%7Btotal_count%7D%7D&variables=%7B%22b%22%3A1%7D&operationName=a";
  await shop.edge.send(`/graphql${query}`, {
    headers: [memberOf(VIP), json, ["authorization", ""], ...headers],
  });
  expect(lastSeen().url).toBe(`/graphql${query}`);
  for (const header of headers) expect(lastSeen().headers).toContainEqual(header);
});

test("a query by GET that a cache may keep carries no membership, because the cache does not key on it", async () => {
  for (const method of ["GET", "HEAD"]) {
    const headers = [memberOf(VIP), ["aep-segments-membership", VIP]] as const;
    const answer = await shop.edge.send(
      "/graphql?query={storeConfig{store_code}__typename}",
      explained({ method, headers }),
    );
    expect(
      lastSeen().headers.filter(([name, value]) => name.startsWith("aep") || value.includes(VIP)),
    ).toEqual([]);
    expect(planOf(answer)).toMatchObject({
      kind: "graphql",
      plan: "forward",
      membership: { kind: "member" },
      upstream: { kind: "none", reason: "cacheable" },
    });
  }
});

test("a query by GET for what is the shopper's own goes on as a POST, and no cache keeps its answer", async () => {
  const query = "query C($id: String!) { cart(cart_id: $id) { id } storeConfig { store_code } }";
  const search = new URLSearchParams({ query, variables: '{"id":"c1","n":12345678901234567890}' });
  const headers = [memberOf(VIP), ["store", "fr"], ["authorization", "Bearer eyJ0"]] as const;
  const answer = await shop.edge.send(`/graphql?${search}`, explained({ headers }));
  const seen = lastSeen();
  expect(seen).toMatchObject({ method: "POST", url: "/graphql" });
  expect(seen.body.toString()).toBe(
    `{"query":${JSON.stringify(query)},"variables":{"id":"c1","n":12345678901234567890}}`,
  );
  expect(seen.header("content-type")).toBe("application/json");
  expect(seen.header("aep-segments-membership")).toBe(VIP);
  expect([seen.header("store"), seen.header("authorization")]).toEqual(["fr", "Bearer eyJ0"]);
  expect(answer.header("cache-control")).toBe("private, no-store");
  expect(planOf(answer)).toMatchObject({ plan: "forward", upstream: { kind: "header" } });
});

test("a guest's query by GET, a mutation by GET, and what can't be read go on as they came", async () => {
  const guest = `/graphql?query=${encodeURIComponent('{cart(cart_id:"c"){id}}')}`;
  await shop.edge.send(guest);
  expect(lastSeen()).toMatchObject({ method: "GET", url: guest });
  for (const query of ["mutation{createEmptyCart}", "{cart(", "{a}&query[]={b}", ""]) {
    const path = `/graphql?query=${query}`;
    await shop.edge.send(path, { headers: [memberOf(VIP)] });
    expect(lastSeen()).toMatchObject({ method: "GET", url: path });
    expect(lastSeen().header("aep-segments-membership")).toBeNull();
  }
});

test("Commerce's answer comes with its own status and headers, errors too", async () => {
  for (const path of ["/graphql", "/graphql?teapot"]) {
    const answer = await post("{}", [json], path);
    expect(answer.status).toBe(path === "/graphql" ? 200 : 500);
    expect(answer.text()).toBe(reply);
    expect(comparable(answer)).toEqual({
      "content-type": ["application/json"],
      "cache-control": ["max-age=86400, public, s-maxage=86400"],
      "x-magento-cache-id": ["a1"],
      "set-cookie": ["PHPSESSID=1", "store=fr"],
    });
  }
});

test("an answer streams: its start is there before Commerce has written its end", async () => {
  const { outgoing, answer } = openRequest(shop.edge.port, "/graphql?stream", {
    method: "POST",
    headers: [json],
  });
  outgoing.end("{}");
  let text = "";
  for await (const chunk of await answer) {
    text += chunk;
    if (text === "{") release();
  }
  expect(text).toBe(`{${reply}`);
});

const refusal = {
  errors: [
    {
      message: `Request body is too large: at most ${MAX_BYTES} bytes.`,
      extensions: { category: "graphql-input" },
    },
  ],
};

test("a body longer than Commerce takes is refused in GraphQL's own shape, told length or not", async () => {
  const body = "x".repeat(MAX_BYTES + 1);
  for (const framing of [json, ["transfer-encoding", "chunked"]] as const) {
    const length = framing === json ? ([["content-length", String(body.length)]] as const) : [];
    const request = { method: "POST", headers: [framing, ...length], body } as const;
    const answer = await shop.edge.send("/graphql", explained(request));
    expect(answer.status).toBe(413);
    expect(answer.header("content-type")).toBe("application/json");
    expect(answer.header("cache-control")).toBe("no-store");
    expect(JSON.parse(answer.text())).toEqual(refusal);
    expect(planOf(answer)).toMatchObject({ plan: "refuse", reason: "body-too-long" });
  }
  expect(shop.origin.seen).toEqual([]);
});

test("a body without end is refused as soon as it is too long, without waiting for the rest", async () => {
  const { outgoing, answer } = openRequest(shop.edge.port, "/graphql", {
    method: "POST",
    headers: [["transfer-encoding", "chunked"]],
  });
  outgoing.on("error", () => undefined);
  outgoing.write("x".repeat(MAX_BYTES));
  outgoing.write("x");
  expect((await readAnswer(await answer)).status).toBe(413);
  outgoing.destroy();
  expect(shop.origin.seen).toEqual([]);
});

test("a body of exactly the limit passes, told length or not", async () => {
  const body = "\u00e9".repeat(MAX_BYTES / 2);
  expect((await post(body)).status).toBe(200);
  expect(lastSeen().body.toString()).toBe(body);
  const chunked = { method: "POST", headers: [["transfer-encoding", "chunked"]], body } as const;
  expect((await shop.edge.send("/graphql", chunked)).status).toBe(200);
  expect(lastSeen().body.toString()).toBe(body);
});

test("a GET whose body nobody measured is a GET all the same", async () => {
  const raw =
    "GET /graphql?query={a} HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n" +
    "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  expect((await sendRaw(shop.edge.port, raw)).toString()).toMatch(/^HTTP\/1\.1 200 /);
  expect(lastSeen()).toMatchObject({ method: "GET", url: "/graphql?query={a}" });
});

test("the website's own GraphQL path counts, and /graphql is then a page like any other", async () => {
  const headers = [["cookie", `aep-segments-membership=${VIP}`]] as const;
  await shop.edge.send("/shop/api-v2/graphql", { host: "other.test", method: "POST", headers, body: "{}" });
  expect(lastSeen().header("aep-segments-membership")).toBe(VIP);
  const answer = await shop.edge.send(
    "/graphql",
    explained({ host: "other.test", method: "POST", headers, body: "{}" }),
  );
  expect(planOf(answer)).toMatchObject({ kind: "page" });
  expect(lastSeen().header("aep-segments-membership")).toBeNull();
});
