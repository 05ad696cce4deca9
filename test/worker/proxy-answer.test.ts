/** What the shopper gets where no banner stands: Commerce's answer, byte for byte and header for header. */

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openRequest, send } from "./edge.ts";
import { startSocketOrigin } from "./origin.ts";
import { comparable, heroOn, openShop, ROUTE, type Shop } from "./shop.ts";

const text = Buffer.from('{"message":"caf\u00e9 \u2013 \ud83c\udfd4"}\r\n');

interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
}

const cookies = [
  ["set-cookie", "PHPSESSID=1; expires=Mon, 23 Nov 2026 07:22:30 GMT; path=/; HttpOnly; SameSite=Lax"],
  ["set-cookie", "private_content_version=a; path=/"],
  ["set-cookie", "private_content_version=b; path=/"],
  ["set-cookie", "X-Magento-Vary=deleted; path=/"],
  ["set-cookie", "private_content_version=a; path=/"],
] as const;

const replies: Readonly<Record<string, Reply>> = {
  "/301": { status: 301, headers: [["location", "https://elsewhere.test/a?b=%20"], ...cookies] },
  "/302": { status: 302, headers: [["location", "/checkout/cart/"], ...cookies] },
  "/303": { status: 303, headers: [["location", "../relative"], ...cookies] },
  "/307": { status: 307, headers: [["location", "//elsewhere.test/x"], ...cookies] },
  "/308": { status: 308, headers: [["location", "https://shop.test/y"], ...cookies] },
  "/204": { status: 204, headers: [["x-a", "1"]] },
  "/206": { status: 206, headers: [["content-range", "bytes 0-3/20"]], body: Buffer.from("abcd") },
  "/304": {
    status: 304,
    headers: [
      ["etag", 'W/"1"'],
      ["vary", "Accept-Encoding"],
    ],
  },
  "/404": {
    status: 404,
    headers: [
      ["content-type", "text/html"],
      ["pragma", "cache"],
    ],
    body: text,
  },
  "/500": { status: 500, headers: [["content-type", "text/html; charset=UTF-8"]], body: text },
  "/503": {
    status: 503,
    headers: [
      ["retry-after", "120"],
      ["cache-control", "no-store"],
    ],
    body: text,
  },
  "/report.csv": {
    status: 200,
    headers: [
      ["content-type", "application/octet-stream"],
      ["content-disposition", 'attachment; filename="r\u00e9sum\u00e9.csv"'],
      ["content-length", "300000"],
      ["accept-ranges", "bytes"],
    ],
    body: Buffer.alloc(300_000, 0xff),
  },
  "/page.html": {
    status: 200,
    headers: [
      ["content-type", "text/html; charset=UTF-8"],
      ["date", "Mon, 23 Nov 2026 06:22:31 GMT"],
      ["cache-control", "max-age=86400, public, s-maxage=86400"],
      ["cache-control", "public"],
      ["expires", "Tue, 24 Nov 2026 06:22:31 GMT"],
      ["pragma", "cache"],
      ["etag", '"abc"'],
      ["last-modified", "Mon, 23 Nov 2026 06:22:31 GMT"],
      ["x-magento-tags", "cat_p,cat_p_2047"],
      ["surrogate-control", "max-age=5"],
      ["cdn-cache-control", "max-age=5"],
      ["age", "7"],
      ["link", "</a.css>; rel=preload"],
      ["link", "</b.js>; rel=preload"],
      ["content-security-policy", "default-src 'self'"],
      ["content-security-policy", "img-src *"],
      ["www-authenticate", "Basic realm=a"],
      ["server", "nginx/1.22.1"],
      ["server-timing", "php;dur=77"],
      ...cookies,
    ],
    body: text,
  },
};

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    websites: ROUTE,
    answer(request, response) {
      const reply = replies[request.url];
      if (reply === undefined) throw new Error(`no reply for ${request.url}`);
      response.writeHead(reply.status, reply.headers.flat());
      response.end(reply.body);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

test("redirects, files, ranges, errors and pages come with every header and byte of Commerce's", async () => {
  for (const path of Object.keys(replies)) {
    for (const method of ["GET", "HEAD", "POST"]) {
      const direct = await send(shop.origin.port, path, { method });
      shop.origin.seen.length = 0;
      const answer = await shop.edge.send(path, { method });
      expect({ path, method, status: answer.status }).toEqual({ path, method, status: direct.status });
      expect(comparable(answer)).toEqual(comparable(direct));
      expect(answer.body.equals(direct.body)).toBe(true);
      // A redirect that was followed would have taken the shopper's cookies to another host.
      expect(shop.origin.seen).toHaveLength(1);
    }
  }
});

test("Commerce's own Server-Timing stays alone where we only hand on, and beside ours where we have a say", async () => {
  const passed = await shop.edge.send("/page.html");
  expect(passed.all("server-timing")).toEqual(["php;dur=77"]);
  const told = await shop.edge.send("/page.html", { method: "POST" });
  expect(told.all("server-timing").join(", ")).toMatch(
    /^php;dur=77, edge;desc="pass method";dur=\d+, origin;dur=\d+$/,
  );
});

test("compressed bodies pass as they are, in codings that we can't read too", async () => {
  const page = Buffer.from("<section id=hero>hello</section>".repeat(500));
  const bodies = {
    gzip: gzipSync(page),
    br: brotliCompressSync(page),
    deflate: deflateSync(page),
    zstd: zstdCompressSync(page),
  };
  const origin = await startSocketOrigin((socket, head) => {
    const coding = /\/(\w+)\.html/.exec(head)?.[1] as keyof typeof bodies;
    const { length } = bodies[coding];
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: ${coding}\r\n`);
    socket.write(`content-length: ${length}\r\nconnection: close\r\n\r\n`);
    socket.end(bodies[coding]);
  });
  for (const [coding, body] of Object.entries(bodies)) {
    const answer = await shop.edge.send(`/${coding}.html`, {
      host: `127.0.0.1:${origin.port}`,
      headers: [["accept-encoding", "gzip, deflate, br, zstd"]],
    });
    expect(answer.header("content-encoding")).toBe(coding);
    expect(answer.header("content-length")).toBe(String(body.length));
    expect(answer.body.equals(body)).toBe(true);
  }
  await origin.stop();
});

test("what belongs to Commerce's connection stays on it, and what Connection names goes too", async () => {
  const origin = await startSocketOrigin((socket) => {
    socket.end(
      "HTTP/1.1 200 OK\r\nconnection: close, X-Debug\r\nx-debug: 1\r\nkeep-alive: timeout=5\r\n" +
        "upgrade: h2,h2c\r\nproxy-connection: close\r\nx-stays: 1\r\ncontent-length: 2\r\n\r\nok",
    );
  });
  const answer = await shop.edge.send("/", { host: `127.0.0.1:${origin.port}`, headers: [["x-a", "1"]] });
  expect(answer.header("x-stays")).toBe("1");
  for (const name of ["x-debug", "keep-alive", "upgrade", "proxy-connection"]) {
    expect({ name, value: answer.header(name) }).toEqual({ name, value: null });
  }
  await origin.stop();
});

test("a status that only a firewall in front of Commerce would choose comes through as it is", async () => {
  const origin = await startSocketOrigin((socket) => {
    socket.end("HTTP/1.1 999 Denied\r\ncontent-length: 6\r\nx-a: 1\r\nconnection: close\r\n\r\ndenied");
  });
  for (const path of ["/women.html", "/", "/graphql"]) {
    const answer = await shop.edge.send(path, { host: `127.0.0.1:${origin.port}` });
    expect([answer.status, answer.header("x-a"), answer.text()]).toEqual([999, "1", "denied"]);
  }
  expect(origin.heads).toHaveLength(3);
  await origin.stop();
});

test("a body streams: the shopper has its start before Commerce has written its end", async () => {
  let finish = () => {};
  const origin = await startSocketOrigin((socket) => {
    socket.write(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: text/plain\r\n\r\n5\r\nstart\r\n",
    );
    finish = () => socket.end("3\r\nend\r\n0\r\n\r\n");
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/export", { host: `127.0.0.1:${origin.port}` });
  outgoing.end();
  const message = await answer;
  const read: string[] = [];
  for await (const chunk of message) {
    read.push(String(chunk));
    if (read.length === 1) finish();
  }
  expect(read).toEqual(["start", "end"]);
  await origin.stop();
});
