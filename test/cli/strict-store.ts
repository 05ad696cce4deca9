/** A store of a test's own that answers only under its base URL, and writes its links in every spelling. */

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";

export interface StrictStore {
  /** Where it listens. */
  readonly origin: URL;
  readonly seen: SeenByStore[];
  /** Until then `/slow.html` is a half. */
  finishSlowPage(): void;
  stop(): Promise<void>;
}

export interface SeenByStore {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export async function startStrictStore(baseUrl: string): Promise<StrictStore> {
  const base = new URL(baseUrl);
  const seen: SeenByStore[] = [];
  const upgraded = new Set<Duplex>();
  const slowPage = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    await serve(request, response, base, slowPage.promise);
  });
  server.on("upgrade", (request, socket) => {
    seen.push({ method: "UPGRADE", url: request.url ?? "", headers: request.headers, body: "" });
    upgraded.add(socket);
    socket.on("error", () => {});
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${acceptFor(request.headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
    );
    socket.write(Buffer.from([0x81, 5, ...Buffer.from("hello")]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    seen,
    finishSlowPage: slowPage.resolve,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

/** RFC 6455 §4.2.2. */
function acceptFor(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

export const picture = Buffer.from("\x89PNG http://shop.example/ stays \xff\x00 as it is", "latin1");

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  base: URL,
  slowPage: Promise<void>,
): Promise<void> {
  const scheme = request.headers["x-forwarded-proto"] ?? "http";
  const path = request.url ?? "/";
  if (request.headers.host !== base.host || `${scheme}:` !== base.protocol) {
    response.writeHead(302, { location: base.origin + path }).end();
    return;
  }
  switch (path) {
    case "/media/logo.png":
      response.writeHead(200, { "content-type": "image/png", "content-length": picture.length });
      response.end(picture);
      return;
    case "/slow.html":
      response.writeHead(200, { "content-type": "text/html" });
      response.write(`<p>first half</p>${" ".repeat(200)}`);
      await slowPage;
      response.end("<p>second half</p>");
      return;
    case "/section.json":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ url: `${base.origin}/cart/` }).replaceAll("/", "\\/"));
      return;
    case "/checkout/":
      response.writeHead(200, {
        "content-type": "text/html",
        "content-security-policy": "script-src 'self' 'sha256-abc='",
      });
      response.end("<p>checkout</p>");
      return;
    default:
      servePage(request, response, base);
  }
}

function servePage(request: IncomingMessage, response: ServerResponse, base: URL): void {
  const page = Buffer.from(pageOf(base));
  const gzip = /gzip/.test(request.headers["accept-encoding"] ?? "");
  response.writeHead(200, [
    ...["content-type", "text/html; charset=UTF-8"],
    ...["set-cookie", `PHPSESSID=abc; path=/; domain=${base.hostname}; HttpOnly; Secure; SameSite=None`],
    ...["set-cookie", "__Host-key=1; path=/; Secure"],
    ...["set-cookie", "other=1; path=/; domain=elsewhere.example"],
    ...["content-security-policy", `img-src ${base.host} data:; upgrade-insecure-requests`],
    ...["strict-transport-security", "max-age=31536000"],
    ...["link", `<${base.origin}/style.css>; rel=preload`],
    ...(gzip ? ["content-encoding", "gzip"] : []),
  ]);
  response.end(gzip ? gzipSync(page) : page);
}

function pageOf({ origin, host, hostname }: URL): string {
  const script = origin.replaceAll(":", "\\u003A").replaceAll("/", "\\u002F");
  return [
    '<div id="hero"><p>the store\'s own</p></div>',
    `<a href="${origin}/women.html">`,
    `<img src="//${host}/media/logo.png">`,
    `{"url":"${origin.replaceAll("/", "\\/")}\\/cart\\/"}`,
    `var url = '${script}\\u002Fcustomer\\u002F';`,
    `<a href="/go?to=${encodeURIComponent(`${origin}/x`)}">`,
    `"mage/cookies": { "domain": ".${hostname}", "secure": false }`,
    "caf\u00e9 <a href='http://elsewhere.example/'>",
    `${origin}.evil.test/`,
  ].join("\n");
}
