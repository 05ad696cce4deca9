/** The origin of the fidelity suite: a shop with every trouble that a proxy must pass on as it is. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateSync, zstdCompressSync } from "node:zlib";
import { LATIN, PAGE, withAttribute } from "./page.ts";

export interface SeenRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly url: string;
  readonly cookie: string;
  readonly body: string;
}

export interface FidelityOrigin {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** What a slow page holds back is sent now; what hangs is cut. */
  release(): void;
  stop(): Promise<void>;
}

type Send = (request: IncomingMessage, response: ServerResponse, later: (rest: () => void) => void) => void;

const html = { "content-type": "text/html; charset=UTF-8" } as const;
const encoded =
  (encoding: string, compress: (bytes: Buffer) => Buffer): Send =>
  (_, response) => {
    const body = compress(Buffer.from(PAGE));
    response.writeHead(200, { ...html, "content-encoding": encoding, "content-length": body.length });
    response.end(body);
  };
const page: Send = (_, response) => {
  response.writeHead(200, { ...html, "content-length": Buffer.byteLength(PAGE) });
  response.end(PAGE);
};

export const COOKIES = [
  "PHPSESSID=1; path=/; HttpOnly",
  "form_key=2; path=/",
  "X-Magento-Vary=3; path=/; secure",
];
export const TRY_LATER = "<h1>We'll be back soon</h1>";
export const NOT_FOUND = "<h1>404: no such shoe</h1>";
export const FOUND = '{"data":{"products":{"items":[{"name":"<!-- ko --> & <b>shoe</b>"}]}}}';
export const LASTING = {
  "cache-control": "max-age=86400, public, s-maxage=86400",
  etag: '"v1"',
  "last-modified": "Mon, 02 Nov 2026 10:00:00 GMT",
  vary: "Accept-Encoding",
} as const;
export const RANGE = { from: 0, to: 99 };
const HALF = PAGE.slice(0, PAGE.length >> 1);

/** By path; `/edited/` is where a proxy's banner stands, if it has any. */
const routes: Readonly<Record<string, Send>> = {
  "/edited/page": page,
  "/edited/head": page,
  "/edited/target": page,
  "/edited/cookies": (request, response, later) => {
    response.setHeader("set-cookie", COOKIES);
    page(request, response, later);
  },
  "/edited/redirect": (_, response) => {
    response.writeHead(302, { ...html, location: "/edited/target?from=a%20b" });
    response.end("<p>Moved</p>");
  },
  "/edited/unavailable": (_, response) => {
    response.writeHead(503, { ...html, "retry-after": "120" });
    response.end(TRY_LATER);
  },
  "/edited/missing": (_, response) => {
    response.writeHead(404, html);
    response.end(NOT_FOUND);
  },
  "/graphql": (_, response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(FOUND),
    });
    response.end(FOUND);
  },
  "/plain/lasting": (_, response) => {
    response.writeHead(200, { ...html, ...LASTING, "content-length": Buffer.byteLength(PAGE) });
    response.end(PAGE);
  },
  "/edited/slow": (_, response, later) => {
    response.writeHead(200, html);
    response.write(HALF);
    later(() => response.end(PAGE.slice(HALF.length)));
  },
  "/edited/hanging": (_, response, later) => later(() => response.destroy()),
  "/edited/broken": (_, response) => {
    response.writeHead(200, html);
    response.write(HALF, () => setTimeout(() => response.destroy(), 50));
  },
  "/edited/range": (request, response, later) => {
    if (request.headers.range === undefined) return page(request, response, later);
    const part = Buffer.from(PAGE).subarray(RANGE.from, RANGE.to + 1);
    const range = `bytes ${RANGE.from}-${RANGE.to}/${Buffer.byteLength(PAGE)}`;
    response.writeHead(206, { ...html, "content-range": range, "content-length": part.length });
    response.end(part);
  },
  "/edited/conditional": (request, response, later) => {
    if (request.headers["if-none-match"] === undefined) return page(request, response, later);
    response.writeHead(304, { etag: LASTING.etag });
    response.end();
  },
  "/edited/zstd": encoded("zstd", zstdCompressSync),
  "/edited/deflate": encoded("deflate", deflateSync),
  "/edited/charset": (_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=x-of-our-own" });
    response.end(LATIN);
  },
  "/edited/attribute": (_, response) => {
    response.writeHead(200, html);
    response.end(withAttribute(3 * 1024 * 1024));
  },
};

export async function startFidelityOrigin(port: number): Promise<FidelityOrigin> {
  const seen: SeenRequest[] = [];
  const held = new Set<() => void>();
  const server = createServer(async (request, response) => {
    response.on("error", () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, cookie: headers.cookie ?? "", body: Buffer.concat(chunks).toString() });
    (routes[url.split("?", 1)[0] ?? ""] ?? page)(request, response, (rest) => void held.add(rest));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    release() {
      for (const rest of held) rest();
      held.clear();
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
