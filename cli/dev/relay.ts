/** What every hop of the way does with header lines and upgrades: repeated lines stay, hop-by-hop ones go. */

import type { ClientRequest, IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

export type Header = [name: string, value: string];

/** Node's own limit of 16 KB is less than what a shopper with many audiences and cookies sends. */
export const MAX_HEADER_BYTES = 262_144;

/** Node's raw lines, which keep case, order and repetition. */
export function pairsOf(rawHeaders: readonly string[]): Header[] {
  const pairs: Header[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
  }
  return pairs;
}

/** `transfer-encoding` is not among them: Node's client needs it to send a body of unknown length. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
]);

/** An upgrade is the one request that is about its connection. */
export function withoutHopByHop(headers: readonly Header[], upgrade = false): Header[] {
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (upgrade && lower === "connection") return true;
    return !hopByHop.has(lower) && (upgrade || lower !== "upgrade");
  });
}

/** Ends a server with all its connections; those that were upgraded are no longer the server's to close. */
export function stopperOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** Joins two sockets once the other side has agreed; a refusal is passed on as it is. */
export function relayUpgrade(
  outgoing: ClientRequest,
  socket: Duplex,
  head: Buffer,
  translate: (headers: Header[], upgrade: boolean) => Header[],
): void {
  const end = () => {
    socket.destroy();
    outgoing.destroy();
  };
  socket.on("error", end);
  outgoing.on("error", end);
  outgoing.on("upgrade", (answer, other, otherHead) => {
    socket.write(headOf(answer, translate(pairsOf(answer.rawHeaders), true)));
    if (otherHead.length > 0) socket.write(otherHead);
    if (head.length > 0) other.write(head);
    other.on("error", () => socket.destroy());
    socket.on("error", () => other.destroy());
    socket.pipe(other).pipe(socket);
  });
  outgoing.on("response", (answer) => {
    const headers = translate(pairsOf(answer.rawHeaders), false);
    const kept = headers.filter(([name]) => name.toLowerCase() !== "transfer-encoding");
    socket.write(headOf(answer, [...kept, ["Connection", "close"]]));
    answer.pipe(socket);
  });
  outgoing.end();
}

function headOf(answer: IncomingMessage, headers: readonly Header[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines}\r\n`;
}
