/** Bodies on their way to Commerce: framed as the shopper framed them, and streamed, never gathered first. */

import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRequest, readAnswer } from "./edge.ts";
import { type SeenRequest, startSocketOrigin } from "./origin.ts";
import { openShop, ROUTE, type Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ websites: ROUTE, answer: (_, response) => void response.end("ok") });
});
afterAll(() => shop.stop());

function lastSeen(): SeenRequest {
  const seen = shop.origin.seen.at(-1);
  if (seen === undefined) throw new Error("the origin was not asked");
  return seen;
}

test("a body keeps its framing: a told length stays told, chunks stay chunks", async () => {
  const body = "form_key=abc&qty=2";
  await shop.edge.send("/cart", { method: "POST", headers: [["content-length", "18"]], body });
  expect(lastSeen().header("content-length")).toBe("18");
  expect(lastSeen().header("transfer-encoding")).toBeNull();

  await shop.edge.send("/cart", { method: "POST", headers: [["transfer-encoding", "chunked"]], body });
  expect(lastSeen().header("content-length")).toBeNull();
  expect(lastSeen().header("transfer-encoding")).toBe("chunked");
  expect(lastSeen().body.toString()).toBe(body);
});

test("a client that waits for 100 Continue gets its upload through", async () => {
  const { outgoing, answer } = openRequest(shop.edge.port, "/upload", {
    method: "POST",
    headers: [
      ["content-length", "4"],
      ["expect", "100-continue"],
    ],
  });
  outgoing.flushHeaders();
  await new Promise((resolve) => outgoing.on("continue", resolve));
  outgoing.end("data");
  expect((await readAnswer(await answer)).status).toBe(200);
  expect(lastSeen().body.toString()).toBe("data");
});

test("an upload of 5 MB streams: Commerce reads its start before the shopper has sent its end", async () => {
  const half = Buffer.alloc(2_500_000, "catalog import ");
  const upload = createHash("sha256");
  let received = 0;
  let sawStart = () => {};
  const start = new Promise<void>((resolve) => {
    sawStart = resolve;
  });
  const origin = await startSocketOrigin((socket, _head, rest) => {
    const read = (chunk: Buffer) => {
      received += chunk.length;
      upload.update(chunk);
      if (received > 0) sawStart();
      if (received === half.length * 2) socket.end("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n");
    };
    read(rest);
    socket.on("data", read);
  });
  const host = `127.0.0.1:${origin.port}`;
  const { outgoing, answer } = openRequest(shop.edge.port, "/rest/V1/import", {
    method: "POST",
    host,
    headers: [["content-length", String(half.length * 2)]],
  });
  outgoing.write(half);
  await start;
  outgoing.end(half);
  expect((await readAnswer(await answer)).status).toBe(201);
  expect(upload.digest("hex")).toBe(createHash("sha256").update(half).update(half).digest("hex"));
  await origin.stop();
});

test("a GET with a body is passed on with it", async () => {
  const request = { headers: [["content-length", "7"]], body: '{"a":1}' } as const;
  await shop.edge.send("/rest/V1/search", request);
  expect(lastSeen()).toMatchObject({ method: "GET", body: Buffer.from('{"a":1}') });
});
