/** When Commerce is slow, down or breaks off: the shopper gets what it gave, and it is never asked twice. */

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRequest, readAnswer } from "./edge.ts";
import { type SocketOrigin, startSocketOrigin } from "./origin.ts";
import { heroOn, markAs, memberOf, openShop, ROUTE, type Shop, VIP, VIP_HTML } from "./shop.ts";

const placeOrder = JSON.stringify({ query: 'mutation{placeOrder(input:{cart_id:"c"}){order{number}}}' });
const order = { method: "POST", headers: [["content-type", "application/json"]], body: placeOrder } as const;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    website: { hosts: ["unused.test"] },
    websites: {
      ...ROUTE,
      hurried: { hosts: ["localhost"], origin: null, pageDeadlineMs: 100 },
    },
    answer: (_, response) => void response.end("ok"),
  });
});
afterAll(() => shop.stop());

const at = ({ port }: SocketOrigin) => `127.0.0.1:${port}`;

/** "end", or why it broke off. */
function readToEnd(message: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    message.on("end", () => resolve("end"));
    message.on("error", (error) => resolve(error.message));
    message.resume();
  });
}

test("an origin that can't be reached is a plain 502, whatever was asked", async () => {
  const gone = await startSocketOrigin(() => undefined);
  await gone.stop();
  for (const [path, request] of [
    ["/", { headers: [memberOf(VIP)] }],
    ["/women.html", {}],
    ["/checkout/cart", { method: "POST", body: "a=1" }],
    ["/graphql", order],
  ] as const) {
    const answer = await shop.edge.send(path, { ...request, host: at(gone) });
    expect({ path, status: answer.status }).toEqual({ path, status: 502 });
    expect(answer.header("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.header("cache-control")).toMatch(/no-store/);
    expect(answer.text()).toBe("The shop can't be reached.\n");
  }
});

test("a call that Commerce breaks off is not sent again, a placed order above all", async () => {
  const origin = await startSocketOrigin((socket) => socket.resetAndDestroy());
  for (const [path, request] of [
    ["/graphql", order],
    ["/checkout/cart/add", { method: "POST", body: "a=1" }],
    ["/women.html", {}],
    ["/", { headers: [memberOf(VIP)] }],
  ] as const) {
    origin.heads.length = 0;
    const answer = await shop.edge.send(path, { ...request, host: at(origin) });
    expect({ path, status: answer.status, asked: origin.heads.length }).toEqual({
      path,
      status: 502,
      asked: 1,
    });
  }
  await origin.stop();
});

test("a kept connection that Commerce closes under the next order does not place it twice", async () => {
  let answered = 0;
  const orders: string[] = [];
  const origin = await startSocketOrigin((socket: Socket) => {
    answered += 1;
    socket.on("data", (chunk) => {
      orders.push(String(chunk));
      socket.resetAndDestroy();
    });
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
  });
  expect((await shop.edge.send("/women.html", { host: at(origin) })).status).toBe(200);
  const answer = await shop.edge.send("/graphql", { ...order, host: at(origin) });
  const onKept = orders.filter((text) => text.startsWith("POST /graphql")).length;
  expect(onKept + answered - 1).toBe(1);
  expect(answer.status).toBe(onKept === 1 ? 502 : 200);
  await origin.stop();
});

test("an answer that breaks off in its middle breaks off at the shopper's too, edited or not", async () => {
  const half = "<html><body><section id=hero>default</section><p>half a page";
  let breakOff = () => {};
  const origin = await startSocketOrigin((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=UTF-8\r\ntransfer-encoding: chunked\r\n\r\n` +
        `${half.length.toString(16)}\r\n${half}\r\n`,
    );
    breakOff = () => socket.resetAndDestroy();
  });
  for (const path of ["/women.html", "/"]) {
    origin.heads.length = 0;
    const { outgoing, answer } = openRequest(shop.edge.port, path, {
      host: at(origin),
      headers: [memberOf(VIP)],
    });
    outgoing.end();
    const message = await answer;
    expect(message.statusCode).toBe(200);
    message.once("data", () => breakOff());
    expect(await readToEnd(message)).not.toBe("end");
    expect(origin.heads).toHaveLength(1);
  }
  await origin.stop();
});

test("an order that takes long is waited for; nothing of ours answers in its place", async () => {
  let finish = () => {};
  const origin = await startSocketOrigin((socket) => {
    finish = () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndone");
    if (socket.remotePort) asked();
  });
  let asked = () => {};
  const request = { ...order, host: `localhost:${origin.port}` };
  const received = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/graphql", request);
  outgoing.end(order.body);
  await received;
  // Longer than this website's deadline for pages, which is for pages that a banner names alone.
  const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 250, "none"))]);
  expect(early).toBe("none");
  finish();
  expect((await readAnswer(await answer)).text()).toBe("done");
  await origin.stop();
});

test("a banner's page may have a deadline: 504, asked once; a form post there has none", async () => {
  const origin = await startSocketOrigin((socket, head) => {
    if (head.startsWith("POST")) {
      setTimeout(() => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"), 250);
    }
  });
  const host = `localhost:${origin.port}`;
  const [page, post] = await Promise.all([
    shop.edge.send("/", { host }),
    shop.edge.send("/", { host, method: "POST", body: "a=1" }),
  ]);
  expect(page.status).toBe(504);
  expect(page.text()).toBe("The shop takes too long to answer.\n");
  expect(post.status).toBe(200);
  expect(origin.heads).toHaveLength(2);
  await origin.stop();
});

test("the deadline is for a page's headers: one that has begun may take its time", async () => {
  const origin = await startSocketOrigin((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<p>start</p>");
    setTimeout(() => socket.end("<p>end</p>"), 250);
  });
  const answer = await shop.edge.send("/", { host: `localhost:${origin.port}` });
  expect(answer.text()).toBe("<p>start</p><p>end</p>");
  await origin.stop();
});

test("an edited page streams too: its start is there before Commerce has written its end", async () => {
  let finish = () => {};
  const origin = await startSocketOrigin((socket) => {
    const start = "<html><section id=hero>default</section><p>start</p>";
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n${start}`);
    finish = () => socket.end("<p>end</p></html>");
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/", {
    host: at(origin),
    headers: [memberOf(VIP)],
  });
  outgoing.end();
  let text = "";
  for await (const chunk of await answer) {
    text += chunk;
    if (text.includes("start") && !text.includes("end")) finish();
  }
  const mark = markAs({ website: "route" });
  expect(text).toBe(`<html><section id=hero${mark}>${VIP_HTML}</section><p>start</p><p>end</p></html>`);
  await origin.stop();
});

test("a shopper who leaves takes the call to Commerce with them", async () => {
  let left = () => {};
  const closed = new Promise<void>((resolve) => {
    left = resolve;
  });
  let asked = () => {};
  const received = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const origin = await startSocketOrigin((socket) => {
    socket.on("close", left);
    asked();
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/export.csv", { host: at(origin) });
  outgoing.end();
  await received;
  // A half-closed connection could still read; a reset says that nobody does.
  outgoing.socket?.resetAndDestroy();
  await expect(answer).rejects.toThrow();
  await closed;
  expect(origin.heads).toHaveLength(1);
  await origin.stop();
});
