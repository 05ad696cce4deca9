/** One request to an origin, and no more of the answer than how it was received. */

import { type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";

export type Reception =
  | { readonly kind: "answered"; readonly status: number; readonly location: string | null }
  /** Nobody took the request: refused, not found, cut off, or silent until the patience ended. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface Knock {
  /** As which host to ask; null: as the address itself. */
  readonly host: string | null;
  /** Shown as ours; null: as anybody would ask. */
  readonly secret: string | null;
  readonly patienceMs: number;
}

export function knock(origin: URL, { host, secret, patienceMs }: Knock): Promise<Reception> {
  const options = {
    method: "GET",
    agent: false,
    headers: {
      host: host ?? origin.host,
      accept: "text/html",
      "user-agent": "edge-audiences origin:check",
      ...(secret !== null && { "edge-audiences-origin": secret }),
    },
    signal: AbortSignal.timeout(patienceMs),
  };
  return new Promise((resolve) => {
    const outgoing = open(new URL("/", origin), options, host);
    outgoing.on("error", (error) => resolve({ kind: "unreachable", reason: describe(error, patienceMs) }));
    outgoing.on("response", (answer) => {
      // The headers say it; the page may be a megabyte.
      answer.destroy();
      resolve({
        kind: "answered",
        status: answer.statusCode ?? 0,
        location: answer.headers.location ?? null,
      });
    });
    outgoing.end();
  });
}

/** Whoever goes around us does not mind a certificate of the origin's own making. */
function open(url: URL, options: RequestOptions, host: string | null): ClientRequest {
  if (url.protocol === "http:") return httpRequest(url, options);
  const named = host === null ? {} : { servername: host };
  return httpsRequest(url, { ...options, ...named, rejectUnauthorized: false });
}

function describe(error: NodeJS.ErrnoException, patienceMs: number): string {
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return `no answer within ${patienceMs / 1000} seconds`;
  }
  switch (error.code) {
    case "ECONNREFUSED":
      return "the connection is refused";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection is cut off";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name is not known here";
    default:
      return /certificate|handshake|alert/i.test(error.message)
        ? "it asks for a client certificate"
        : (error.code ?? "no connection");
  }
}
