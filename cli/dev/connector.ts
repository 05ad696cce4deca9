/** The Worker's way out to the store: it connects to where the store listens, and keeps the host it was asked for. */

import {
  type ClientRequest,
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type AddressInfo, isIP } from "node:net";
import { pipeline } from "node:stream";
import { MAX_HEADER_BYTES, pairsOf, relayUpgrade, stopperOf, withoutHopByHop } from "./relay.ts";

export interface ConnectorOptions {
  /** Where the store listens. */
  readonly origin: URL;
  /** What the store calls itself: its base URL. */
  readonly base: URL;
  /** Whether a certificate that nobody vouches for is good enough. */
  readonly trust: "certificate" | "any";
  /** A sentence about a store that can't be reached. */
  readonly onProblem: (sentence: string) => void;
}

export interface Connector {
  readonly port: number;
  stop(): Promise<void>;
}

/** A forward proxy in the sense of RFC 9112 §3.2.2: each request line holds the whole URL. */
export async function openConnector(options: ConnectorOptions): Promise<Connector> {
  const ask = openStore(options);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0 }, (incoming, response) =>
    forward(incoming, response, ask(incoming), options),
  );
  const stop = stopperOf(server);
  // The Worker's runtime keeps its connections; one that we close could be the next order's.
  server.keepAliveTimeout = 0;
  server.on("upgrade", (incoming, socket, head) =>
    relayUpgrade(ask(incoming), socket, head, withoutHopByHop),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop,
  };
}

/** Idle connections are left before the servers that are usual behind a store close them. */
const IDLE_MS = 4_000;

function openStore({ origin, base, trust }: ConnectorOptions): (incoming: IncomingMessage) => ClientRequest {
  const encrypted = origin.protocol === "https:";
  const idle = { keepAlive: true, timeout: IDLE_MS };
  const agent = encrypted ? new HttpsAgent(idle) : new HttpAgent(idle);
  const send = encrypted ? httpsRequest : httpRequest;
  return (incoming) => {
    const upgrade = incoming.headers.upgrade !== undefined;
    return send({
      host: origin.hostname.replace(/^\[|\]$/g, ""),
      port: origin.port === "" ? (encrypted ? 443 : 80) : Number(origin.port),
      ...tlsOf(base, trust),
      method: incoming.method ?? "GET",
      path: pathOf(incoming.url ?? "/"),
      headers: storeHeaders(incoming, base).flat(),
      setHost: false,
      agent: upgrade ? false : agent,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
  };
}

/** The certificate is the one of the store's name, wherever it listens; an address is no name (RFC 6066 §3). */
export function tlsOf(base: URL, trust: "certificate" | "any") {
  const name = isIP(base.hostname) === 0 ? { servername: base.hostname } : {};
  return { ...name, rejectUnauthorized: trust === "certificate" };
}

/** `https://shop.example/a%20b?x=1` → `/a%20b?x=1`, exactly as it was written. */
function pathOf(url: string): string {
  const slash = url.indexOf("/", url.indexOf("//") + 2);
  return slash < 0 ? "/" : url.slice(slash);
}

/** With what Cloudflare adds for an origin: the scheme that the shopper used. */
function storeHeaders(incoming: IncomingMessage, base: URL): [string, string][] {
  const replaced = new Set(["host", "x-forwarded-proto"]);
  const sent = withoutHopByHop(pairsOf(incoming.rawHeaders), incoming.headers.upgrade !== undefined);
  return [
    ["Host", base.host],
    ["X-Forwarded-Proto", base.protocol.slice(0, -1)],
    ...sent.filter(([name]) => !replaced.has(name.toLowerCase())),
  ];
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  outgoing: ClientRequest,
  { origin, onProblem }: ConnectorOptions,
): void {
  outgoing.on("response", (answer) => {
    const headers = withoutHopByHop(pairsOf(answer.rawHeaders));
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers.flat());
    // An answer that breaks off must break off there too: the destroyed socket says so.
    pipeline(answer, response, () => {});
  });
  outgoing.on("error", (error) => {
    if (!response.headersSent && !incoming.destroyed) onProblem(describeFailure(error, origin));
    incoming.socket.destroy();
  });
  response.on("close", () => outgoing.destroy());
  pipeline(incoming, outgoing, () => {});
}

/** What a developer can do about it. */
export function describeFailure(error: Error, origin: URL): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return `Nothing answers at ${origin.origin}: is the store running?`;
  if (code === "ENOTFOUND") return `There is no host ${origin.hostname}.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `The certificate of ${origin.origin} is for another name; name the store: --host shop.example.`;
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code ?? "")) {
    return (
      `The certificate of ${origin.origin} is not trusted (${code}): ` +
      "name its authority in NODE_EXTRA_CA_CERTS, or start with --insecure."
    );
  }
  return `${origin.origin} can't be reached: ${error.message}.`;
}
