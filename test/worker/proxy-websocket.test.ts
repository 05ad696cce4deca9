/** WebSockets of a shop, a chat or GraphQL subscriptions, open through us and carry bytes both ways. */

import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SocketOrigin, startSocketOrigin } from "./origin.ts";
import { heroOn, memberOf, openShop, ROUTE, type Shop, VIP } from "./shop.ts";

let shop: Shop;
let origin: SocketOrigin;

/** RFC 6455 §4.2.2: what proves that the other side read the key. */
const accept = (key: string) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    websites: ROUTE,
    answer: (_, response) => void response.end(),
  });
  origin = await startSocketOrigin((socket, head) => {
    const key = /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? "";
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n` +
        `sec-websocket-accept: ${accept(key)}\r\n\r\n`,
    );
    // RFC 6455 §5.2: a text frame of two bytes, unmasked as a server's are.
    socket.write(Buffer.from([0x81, 2, ...Buffer.from("hi")]));
    socket.on("data", (frame) => {
      if (frame[0] === 0x81) socket.write(Buffer.from([0x81, 4, ...Buffer.from("got!")]));
    });
  });
});
afterAll(async () => {
  await shop.stop();
  await origin.stop();
});

/** A client's side of a WebSocket, as bytes. */
function openSocket(path: string, key: string) {
  const socket = connect(shop.edge.port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${origin.port}\r\nconnection: keep-alive, Upgrade\r\n` +
      `upgrade: WebSocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n` +
      `${memberOf(VIP).join(": ")}\r\n\r\n`,
  );
  return {
    socket,
    received: () => received,
    waitFor: (part: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (received.includes(part)) resolve();
        };
        socket.on("data", look);
        look();
      }),
  };
}

test("a WebSocket opens on any path, where a banner stands and on GraphQL's too", async () => {
  for (const path of ["/socket", "/", "/graphql"]) {
    const key = Buffer.from(`nonce of ${path}`.padEnd(16)).toString("base64");
    const { socket, received, waitFor } = openSocket(path, key);
    await waitFor("hi");
    expect(received()).toMatch(/^HTTP\/1\.1 101 /);
    expect(received()).toContain(accept(key));
    // Masked with zeros, as a client must mask.
    socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
    await waitFor("got!");
    socket.destroy();
  }
  expect(origin.heads).toHaveLength(3);
});
