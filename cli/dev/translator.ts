/** The server that the browser talks to: it hands each request to the Worker as the store's own address would. */

import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { planBody, readableCodings, sendBody } from "./body.ts";
import { type Header, MAX_HEADER_BYTES, pairsOf, relayUpgrade, stopperOf, withoutHopByHop } from "./relay.ts";
import { openTranslation, type Translation } from "./translation.ts";

/** A request that has been answered, for whoever wants to tell of it. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  /** The Worker's plan as its header holds it; null where it gave none. */
  readonly plan: string | null;
  readonly totalMs: number;
}

export interface TranslatorOptions {
  readonly port: number;
  /** The store's base URL. */
  readonly base: URL;
  /** Where the Worker listens, as soon as it does. */
  readonly findWorker: () => Promise<number>;
  /** Opens the plans of the Worker, unless the browser shows a key of its own. */
  readonly operatorKey: string;
  /** Pages of ours, beside the store's; false where the path is none of them. */
  readonly serveOwn: (incoming: IncomingMessage, response: ServerResponse) => boolean;
  readonly onAnswer: (answered: Answered) => void;
}

export interface Translator {
  readonly port: number;
  stop(): Promise<void>;
}

const EXPLAIN_HEADER = "edge-audiences-explain";
const PLAN_HEADER = "edge-audiences-plan";
const ADMIN_HOST = "admin.localhost";

export async function openTranslator(options: TranslatorOptions): Promise<Translator> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0 });
  const stop = stopperOf(server);
  server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
    serve(incoming, response, options).catch((error: unknown) => fail(response, error));
  });
  server.on("upgrade", (incoming, socket, head) => {
    socket.on("error", () => socket.destroy());
    const join = async () => {
      const way = findWay(incoming, options);
      if (way === null) throw new Error("a name that is not of this machine");
      const outgoing = ask(incoming, way, await options.findWorker(), options);
      relayUpgrade(outgoing, socket, head, (headers, upgrade) => toBrowser(headers, way, upgrade));
    };
    join().catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop,
  };
}

/** What no longer holds of a body that was decoded and translated. */
const recoded: readonly string[] = ["content-length", "content-encoding"];

/** Which address a request means to the Worker; the dashboard's is its own and is not translated. */
interface Way {
  readonly url: string;
  readonly host: string;
  readonly translation: Translation | null;
}

/** null: a name that is not of this machine. A page of elsewhere could otherwise read the shop through us. */
function findWay(incoming: IncomingMessage, { base }: TranslatorOptions): Way | null {
  const host = incoming.headers.host ?? "";
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const path = incoming.url?.startsWith("/") ? incoming.url : "/";
  if (name === ADMIN_HOST) return { url: `http://${host}${path}`, host, translation: null };
  if (name !== "localhost" && name !== "127.0.0.1" && name !== "[::1]") return null;
  const translation = openTranslation(base, new URL(`http://${host}`));
  return { url: base.origin + path, host: base.host, translation };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: TranslatorOptions,
): Promise<void> {
  const startedAtMs = performance.now();
  const way = findWay(incoming, options);
  if (way === null) {
    const sentence = `Open http://localhost:${incoming.socket.localPort}/ instead: only this machine's names work here.`;
    return say(response, 421, sentence);
  }
  if (way.translation !== null && options.serveOwn(incoming, response)) return;
  const outgoing = ask(incoming, way, await options.findWorker(), options);
  outgoing.on("error", (error) => fail(response, error));
  outgoing.on("response", (answer) => {
    const status = answer.statusCode ?? 502;
    const received = pairsOf(answer.rawHeaders);
    const plan = way.translation === null ? null : planBody(incoming.method ?? "GET", status, received);
    const asked = incoming.headers[EXPLAIN_HEADER] !== undefined;
    const hidden = new Set([...(asked ? [] : [PLAN_HEADER]), ...(plan === null ? [] : recoded)]);
    const headers = toBrowser(received, way).filter(([name]) => !hidden.has(name.toLowerCase()));
    response.writeHead(status, answer.statusMessage, headers.flat());
    if (plan === null || way.translation === null) pipeline(answer, response, () => {});
    else sendBody(answer, response, plan, way.translation);
    if (way.translation === null) return;
    response.on("finish", () =>
      options.onAnswer({
        method: incoming.method ?? "GET",
        path: incoming.url ?? "/",
        status,
        contentType: answer.headers["content-type"] ?? "",
        plan: single(answer.headers[PLAN_HEADER]),
        totalMs: Math.round(performance.now() - startedAtMs),
      }),
    );
  });
  response.on("close", () => outgoing.destroy());
  pipeline(incoming, outgoing, () => {});
}

/** The Worker's socket takes a proxy's request line, so that it sees the store's scheme and host. */
function ask(incoming: IncomingMessage, way: Way, port: number, options: TranslatorOptions): ClientRequest {
  const upgrade = incoming.headers.upgrade !== undefined;
  return httpRequest({
    host: "127.0.0.1",
    port,
    method: incoming.method ?? "GET",
    path: way.url,
    headers: toStore(incoming, way, upgrade, options).flat(),
    setHost: false,
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
}

function toStore(
  incoming: IncomingMessage,
  { host, translation }: Way,
  upgrade: boolean,
  { operatorKey }: TranslatorOptions,
): Header[] {
  const headers: Header[] = [["Host", host]];
  for (const [name, value] of withoutHopByHop(pairsOf(incoming.rawHeaders), upgrade)) {
    const lower = name.toLowerCase();
    if (lower === "host") continue;
    const address = lower === "origin" || lower === "referer";
    if (translation !== null && address) headers.push([name, translation.toStore(value)]);
    else if (lower === "accept-encoding") headers.push([name, readableCodings(value)]);
    else headers.push([name, value]);
  }
  const asked = incoming.headers[EXPLAIN_HEADER] !== undefined;
  if (!asked && translation !== null) headers.push([EXPLAIN_HEADER, operatorKey]);
  return headers;
}

/** Headers that speak of the store's own connection, and would bind localhost to https. */
const dropped: ReadonlySet<string> = new Set(["strict-transport-security", "alt-svc", "transfer-encoding"]);

function toBrowser(headers: readonly Header[], { translation }: Way, upgrade = false): Header[] {
  const kept = withoutHopByHop(headers, upgrade);
  if (translation === null) return kept;
  const translated: Header[] = [];
  for (const [name, value] of kept) {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    if (lower === "set-cookie") translated.push([name, translation.translateCookie(value)]);
    else if (lower.startsWith("content-security-policy")) {
      translated.push([policyName(name, value), translation.translatePolicy(value)]);
    } else translated.push([name, translation.toBrowser(value)]);
  }
  return translated;
}

/**
 * Magento's checkout allows its inline scripts by their hashes; with translated addresses in them they have
 * others. Such a policy is only reported here: what it would block in production, the console still tells.
 */
function policyName(name: string, policy: string): string {
  return /'sha(256|384|512)-/.test(policy) ? "Content-Security-Policy-Report-Only" : name;
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${sentence}\n`);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const reason = error instanceof Error ? error.message.split("\n", 1)[0] : "for no reason it told";
  say(response, 502, `The Worker did not answer: ${reason}`);
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
