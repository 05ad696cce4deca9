/** A Commerce of a test's own: a Node server on loopback that remembers what it was asked, line by line. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names, in the order of the wire. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  header(name: string): string | null;
}

export interface Origin {
  readonly url: string;
  readonly port: number;
  readonly seen: SeenRequest[];
  readonly server: Server;
  stop(): Promise<void>;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

export async function startOrigin(handler: Handler): Promise<Origin> {
  const seen: SeenRequest[] = [];
  const server = createServer({ maxHeaderSize: 262_144 }, async (incoming, response) => {
    // A clock in the answers would make two of them differ for no reason of ours.
    response.sendDate = false;
    const request = await readRequest(incoming);
    seen.push(request);
    await handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    server,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    // The client went away in mid-body; what was read so far is what was seen.
  }
  const headers: [string, string][] = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.push([incoming.rawHeaders[index]?.toLowerCase() ?? "", incoming.rawHeaders[index + 1] ?? ""]);
  }
  return {
    method: incoming.method ?? "",
    url: incoming.url ?? "",
    headers,
    body: Buffer.concat(chunks),
    header: (name) => headers.find(([key]) => key === name)?.[1] ?? null,
  };
}

export interface SocketOrigin {
  readonly url: string;
  readonly port: number;
  /** The head of each request, as text, in the order in which they came. */
  readonly heads: string[];
  stop(): Promise<void>;
}

/** A Commerce that answers in bytes: for resets, odd framing, upgrades, bodies watched as they come. */
export async function startSocketOrigin(
  answer: (socket: Socket, head: string, rest: Buffer) => void,
): Promise<SocketOrigin> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    let bytes = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", read);
      const head = bytes.subarray(0, end).toString("latin1");
      heads.push(head);
      answer(socket, head, bytes.subarray(end + 4));
    };
    socket.on("data", read);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heads,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
