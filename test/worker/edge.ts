/** The built bundle in a real workerd, reached over a plain socket: every header line is as it was sent. */

import { readFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

export interface EdgeOptions {
  /** `WEBSITES`, `ADMIN_HOST` and secrets, as the Worker's environment has them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** KV keys that are there before the first request. */
  readonly kv?: Readonly<Record<string, string>>;
  /** An entry of a test's own; it finds the built bundle as `./worker.js`. */
  readonly script?: string;
  /** Another bundle than the built one. */
  readonly bundle?: string;
  /** `unbound`: no control plane. */
  readonly control?: "bound" | "unbound";
  /** A folder for what KV and the control plane keep; else it is in memory. */
  readonly storage?: string;
  /** Its heap can be looked at (`miniflare.getInspectorURL`). */
  readonly inspected?: true;
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

export type LogEntry = Readonly<Record<string, unknown>>;

export interface Edge {
  readonly port: number;
  readonly logs: string[];
  readonly miniflare: Miniflare;
  send(path: string, request?: SentRequest): Promise<Answer>;
  /** The first log line from the `from`th on for which that holds, as soon as it is there. */
  logged(holds: (entry: LogEntry) => boolean, from?: number): Promise<LogEntry>;
  stop(): Promise<void>;
}

export const BUNDLE = new URL("../../dist/worker.js", import.meta.url);

export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const log = openLogReader();
  const contents = options.bundle ?? readFileSync(BUNDLE, "utf8");
  const bundle = { type: "ESModule", path: "worker.js", contents } as const;
  const entry =
    options.script === undefined
      ? []
      : [{ type: "ESModule", path: "entry.js", contents: withControl(options.script) } as const];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      name: "edge",
      ...(options.inspected && { inspectorPort: 0 }),
      modules: [...entry, bundle],
      compatibilityDate: "2026-10-01",
      bindings: logEachRequest(options.bindings) as Record<string, never>,
      kvNamespaces: { KV: "test" },
      ...(options.storage === undefined ? {} : { resourcePersistencePath: options.storage }),
      ...(options.control === "unbound"
        ? {}
        : { durableObjects: { CONTROL: { className: "Control", useSQLite: true } } }),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      handleStructuredLogs: ({ message }) => log.add(message),
    }),
  );
  await miniflare.ready;
  const kv = await miniflare.getKVNamespace("KV");
  for (const [key, value] of Object.entries(options.kv ?? {})) await kv.put(key, value);
  const port = Number((await miniflare.unsafeGetDirectURL()).port);
  return {
    port,
    logs: log.lines,
    miniflare,
    send: (path, request = {}) => send(port, path, request),
    logged: log.find,
    stop: () => miniflare.dispose(),
  };
}

/** What is asserted of the log holds for each request, unless a test is about which of them are told. */
export function logEachRequest(vars: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { WEBSITES } = vars;
  if (typeof WEBSITES !== "object" || WEBSITES === null) return vars;
  const websites = Object.entries(WEBSITES).map(([code, website]) => [
    code,
    typeof website === "object" && website !== null ? { logSamplingRate: 1, ...website } : website,
  ]);
  return { ...vars, WEBSITES: Object.fromEntries(websites) };
}

/** The class of a Durable Object is the entry's to export. */
function withControl(script: string): string {
  if (/export .*\bControl\b/.test(script)) return script;
  return `${script}\nexport { Control } from "./worker.js";\n`;
}

/** Log lines come from another process, some time after the answer: awaited, not slept for. */
function openLogReader() {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const read = (line: string): LogEntry => (line.startsWith("{") ? JSON.parse(line) : { line });
  return {
    lines,
    add(line: string) {
      lines.push(line);
      for (const look of waiting) look();
    },
    find(holds: (entry: LogEntry) => boolean, from = 0): Promise<LogEntry> {
      return new Promise((resolve) => {
        const look = () => {
          const found = lines.slice(from).map(read).find(holds);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** One request over a plain socket to a port on this machine. */
export function send(port: number, path: string, request: SentRequest = {}): Promise<Answer> {
  const { outgoing, answer } = openRequest(port, path, request);
  outgoing.end(request.body);
  return answer.then(readAnswer);
}

/** A request whose body is not ended yet, and its answer as soon as the headers are there. */
export function openRequest(
  port: number,
  path: string,
  request: SentRequest = {},
): { readonly outgoing: ClientRequest; readonly answer: Promise<IncomingMessage> } {
  const { method = "GET", host = "shop.test", headers = [] } = request;
  const lines = [["host", host], ...headers].flat();
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: lines,
    setHost: false,
    agent: false,
    maxHeaderSize: 262_144,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
  });
  return { outgoing, answer };
}

/** Bytes as they are, and every byte of the answer; for what an HTTP client would not send. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks)));
  });
}

export async function readAnswer(message: IncomingMessage): Promise<Answer> {
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
