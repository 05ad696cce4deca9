/** The built bundle in a real workerd, reached over a plain socket, so that every header line is as it was sent. */

import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

export interface EdgeOptions {
  /** `WEBSITES`, `ADMIN_HOST` and secrets, as the Worker's environment has them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** KV keys that are there before the first request. */
  readonly kv?: Readonly<Record<string, string>>;
  /** Another script than the built bundle: an entry of a test's own around it. */
  readonly script?: string;
}

export interface SentRequest {
  readonly method?: string;
  /** The shop's host; `shop.test` unless told. */
  readonly host?: string;
  /** Header lines as they go over the wire, repeated ones included. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; repeated lines as several entries. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  header(name: string): string | null;
  all(name: string): string[];
  text(): string;
}

export interface Edge {
  readonly port: number;
  readonly logs: string[];
  readonly miniflare: Miniflare;
  send(path: string, request?: SentRequest): Promise<Answer>;
  stop(): Promise<void>;
}

export const BUNDLE = new URL("../../dist/worker.js", import.meta.url);

export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const logs: string[] = [];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      name: "edge",
      modules: [
        { type: "ESModule", path: "worker.js", contents: options.script ?? readFileSync(BUNDLE, "utf8") },
      ],
      compatibilityDate: "2026-10-01",
      bindings: options.bindings as Record<string, never>,
      kvNamespaces: { KV: "test" },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      handleStructuredLogs: ({ message }) => logs.push(message),
    }),
  );
  await miniflare.ready;
  const kv = await miniflare.getKVNamespace("KV");
  for (const [key, value] of Object.entries(options.kv ?? {})) await kv.put(key, value);
  const port = Number((await miniflare.unsafeGetDirectURL()).port);
  return {
    port,
    logs,
    miniflare,
    send: (path, request = {}) => send(port, path, request),
    stop: () => miniflare.dispose(),
  };
}

/** One request over a plain socket to a port on this machine. */
export function send(port: number, path: string, request: SentRequest = {}): Promise<Answer> {
  const { method = "GET", host = "shop.test", headers = [], body } = request;
  return new Promise((resolve, reject) => {
    const lines = [["host", host], ...headers].flat();
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, method, path, headers: lines, setHost: false, agent: false },
      (answer) => readAnswer(answer).then(resolve, reject),
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function readAnswer(message: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers: [string, string][] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index]?.toLowerCase() ?? "", message.rawHeaders[index + 1] ?? ""]);
  }
  const body = Buffer.concat(chunks);
  const all = (name: string) => headers.filter(([key]) => key === name).map(([, value]) => value);
  return {
    status: message.statusCode ?? 0,
    headers,
    body,
    header: (name) => all(name)[0] ?? null,
    all,
    text: () => body.toString("utf8"),
  };
}
