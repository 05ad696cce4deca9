/** The way to the store: GETs and GraphQL queries, one after another, each within its time. Nothing else can be sent. */

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { describeFailure, tlsOf } from "../dev/connector.ts";
import type { Asked } from "./answer.ts";

export interface AskerOptions {
  /** Where the connections go. */
  readonly origin: URL;
  /** What the store is asked as. */
  readonly base: URL;
  readonly trust: "certificate" | "any";
  /** For one whole answer. */
  readonly patienceMs: number;
}

export interface Asker {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Asked>;
  /** A query by POST. A document that is no query is a mistake of ours, and throws. */
  query(path: string, document: string): Promise<Asked>;
}

const USER_AGENT = "edge-audiences-store-check";

/** Enough for the longest page whose head is of interest. */
const MAX_BODY_BYTES = 2_000_000;

/** After so many silences in a row the rest is not asked: a store in trouble is left in peace. */
const MAX_SILENCES = 2;

export function openAsker(options: AskerOptions): Asker {
  let silences = 0;
  const ask = async (path: string, order: Order): Promise<Asked> => {
    if (silences >= MAX_SILENCES) {
      return { kind: "silence", path, reason: "not asked, the store had stopped answering" };
    }
    const asked = await send(path, order, options);
    silences = asked.kind === "silence" ? silences + 1 : 0;
    return asked;
  };
  return {
    get: (path, headers = {}) => ask(path, { method: "GET", headers, body: null }),
    query: (path, document) => {
      if (!/^(query\b|\{)/.test(document)) throw new Error("only queries are asked");
      const headers = { "content-type": "application/json", accept: "application/json" };
      return ask(path, { method: "POST", headers, body: JSON.stringify({ query: document }) });
    },
  };
}

interface Order {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

function send(path: string, order: Order, { origin, base, trust, patienceMs }: AskerOptions): Promise<Asked> {
  const start = origin.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patienceMs);
    const end = (asked: Asked) => {
      clearTimeout(timer);
      resolve(asked);
    };
    const fail = (error: Error) => {
      const late = `no answer in ${patienceMs / 1000} seconds`;
      const reason = stop.signal.aborted ? late : describeFailure(error, origin).replace(/\.$/, "");
      end({ kind: "silence", path, reason });
    };
    const outgoing = start(origin, {
      path,
      method: order.method,
      headers: {
        host: base.host,
        "x-forwarded-proto": base.protocol.slice(0, -1),
        "user-agent": USER_AGENT,
        accept: "text/html,application/json;q=0.9,*/*;q=0.8",
        "accept-encoding": "identity",
        ...order.headers,
        ...(order.body === null ? {} : { "content-length": String(Buffer.byteLength(order.body)) }),
      },
      ...tlsOf(base, trust),
      agent: false,
      signal: stop.signal,
    });
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      readBody(incoming).then((body) => {
        const status = incoming.statusCode ?? 0;
        end({ kind: "answer", path, status, headers: pairsOf(incoming.rawHeaders), body });
      }, fail);
    });
    outgoing.end(order.body ?? undefined);
  });
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    pairs.push([(raw[index] ?? "").toLowerCase(), raw[index + 1] ?? ""]);
  }
  return pairs;
}
