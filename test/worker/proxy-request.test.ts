/** What Commerce is asked: the shopper's own request, and nothing that it should not believe. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendRaw } from "./edge.ts";
import type { SeenRequest } from "./origin.ts";
import { openShop, ROUTE, type Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    answer: (_, response) => void response.end("ok"),
    websites: ROUTE,
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

function lastSeen(): SeenRequest {
  const seen = shop.origin.seen.at(-1);
  if (seen === undefined) throw new Error("the origin was not asked");
  return seen;
}

test("each method arrives as itself, with its body", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "PURGE"]) {
    const body = `sku=24-MB01&note=${method}&umlaut=\u00fc`;
    const length = String(Buffer.byteLength(body));
    const answer = await shop.edge.send("/cart/add", { method, headers: [["content-length", length]], body });
    expect(answer.status).toBe(200);
    expect(lastSeen()).toMatchObject({ method, url: "/cart/add", body: Buffer.from(body) });
  }
  for (const method of ["GET", "HEAD", "OPTIONS", "DELETE", "PROPFIND"]) {
    const raw = `${method} /women.html HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n`;
    expect((await sendRaw(shop.edge.port, raw)).toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(lastSeen()).toMatchObject({ method, url: "/women.html", body: Buffer.alloc(0) });
  }
});

test("TRACE is refused, because it would show a script the shopper's HttpOnly cookies", async () => {
  const answer = await shop.edge.send("/", { method: "TRACE", headers: [["cookie", "PHPSESSID=secret"]] });
  expect(answer.status).toBe(405);
  expect(answer.text()).not.toContain("secret");
  expect(shop.origin.seen).toEqual([]);
});

test("the query string arrives byte for byte", async () => {
  for (const query of [
    "?a=x%20y&b=~&c&d=%zz&e=*(",
    "?",
    "?q=caf%C3%A9&q=caf%c3%a9",
    "?a=1&a=2&b[]=3&b[]=4&a=5",
    "?x=1+2&y=|^`{}!$",
    "?utm_source=a&gclid=b;c=d",
    "?next=https://shop.test/?a=1",
    "?=&&=&a?b",
  ]) {
    await shop.edge.send(`/search${query}`);
    expect(lastSeen().url).toBe(`/search${query}`);
  }
});

test("a path arrives as the shopper wrote it; only dot segments are resolved, as browsers do", async () => {
  for (const path of [
    "//",
    "//women//tops",
    "/a%2fb%2Fc",
    "/x;jsessionid=1/y",
    "/%7Euser/~user",
    "/a%zz",
    "/%",
  ]) {
    await shop.edge.send(path);
    expect(lastSeen().url).toBe(path);
  }
  await shop.edge.send("/a/./b/../c/%2e%2e/d");
  expect(lastSeen().url).toBe("/a/d");
});

test("what belongs to the shopper's connection stays on it, and what Connection names goes too", async () => {
  const lines = [
    "GET / HTTP/1.1",
    "host: shop.test",
    "connection: close, X-Debug-Token ,x-hop, , not a name",
    "x-debug-token: 1",
    "x-hop: 2",
    "keep-alive: timeout=5",
    "te: trailers",
    "trailer: x-checksum",
    "proxy-connection: keep-alive",
    "proxy-authorization: Basic c2VjcmV0",
    "upgrade: h2c",
    "x-stays: 3",
  ];
  await sendRaw(shop.edge.port, `${lines.join("\r\n")}\r\n\r\n`);
  const names = lastSeen().headers.map(([name]) => name);
  expect(names).toContain("x-stays");
  for (const gone of ["x-debug-token", "x-hop", "keep-alive", "te", "trailer", "upgrade"]) {
    expect(names).not.toContain(gone);
  }
  expect(names).not.toContain("proxy-connection");
  expect(names).not.toContain("proxy-authorization");
});

test("a shopper cannot use Connection to take off the address that Cloudflare vouches for", async () => {
  const headers = [
    ["connection", "close, X-Forwarded-For, x-forwarded-proto, x-real-ip, true-client-ip"],
    ["x-forwarded-for", "203.0.113.7"],
    ["x-forwarded-proto", "https"],
    ["x-real-ip", "203.0.113.7"],
    ["true-client-ip", "203.0.113.7"],
  ] as const;
  await shop.edge.send("/", { headers });
  for (const header of headers.slice(1)) expect(lastSeen().headers).toContainEqual(header);
});

test("headers that override the address in some frameworks never reach Commerce", async () => {
  const evil = [
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-server",
    "x-forwarded-scheme",
    "x-forwarded-prefix",
    "x-forwarded-port",
    "x-original-url",
    "x-original-host",
    "x-rewrite-url",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-host",
    "proxy",
  ];
  await shop.edge.send("/", { headers: evil.map((name) => [name, "evil.test"] as const) });
  expect(lastSeen().headers.filter(([, value]) => value.includes("evil"))).toEqual([]);
  expect(lastSeen().header("x-forwarded-host")).toBe("shop.test");

  const host = `127.0.0.1:${shop.origin.port}`;
  await shop.edge.send("/", { host, headers: evil.map((name) => [name, "evil.test"] as const) });
  expect(lastSeen().header("host")).toBe(host);
  expect(lastSeen().headers.filter(([name]) => name.startsWith("x-forwarded"))).toEqual([]);
  expect(lastSeen().headers.filter(([, value]) => value.includes("evil"))).toEqual([]);
});

test("two Cookie lines reach Commerce as the cookies that they are", async () => {
  await shop.edge.send("/", {
    headers: [
      ["cookie", "PHPSESSID=abc; store=fr"],
      ["cookie", "form_key=x[1,2]; admin[a]=2"],
      ["cookie", "section_ids={%22a%22:1}"],
    ],
  });
  expect(lastSeen().header("cookie")).toBe(
    "PHPSESSID=abc; store=fr; form_key=x[1,2]; admin[a]=2; section_ids={%22a%22:1}",
  );
});

test("100 KB of headers and repeated lines of the shop's own do no harm", async () => {
  const headers = Array.from({ length: 100 }, (_, index) => [`x-app-${index}`, "v".repeat(1024)] as const);
  const answer = await shop.edge.send("/", {
    headers: [...headers, ["x-tag", "1"], ["x-tag", "2"], ["cookie", `big=${"c".repeat(16_000)}`]],
  });
  expect(answer.status).toBe(200);
  const seen = lastSeen().headers;
  for (const header of headers) expect(seen).toContainEqual(header);
  expect(seen.filter(([name]) => name === "x-tag")).toEqual([
    ["x-tag", "1"],
    ["x-tag", "2"],
  ]);
  expect(lastSeen().header("cookie")).toHaveLength(16_004);
});

test("where no banner stands, Commerce gets the shopper's codings, conditions and ranges", async () => {
  const headers = [
    ["accept-encoding", "zstd, br;q=0.9, gzip"],
    ["if-none-match", '"a", W/"b"'],
    ["if-modified-since", "Mon, 23 Nov 2026 08:00:00 GMT"],
    ["range", "bytes=0-99"],
    ["if-range", '"a"'],
    ["authorization", "Bearer token"],
    ["x-requested-with", "XMLHttpRequest"],
  ] as const;
  await shop.edge.send("/media/video.mp4", { headers });
  for (const header of headers) expect(lastSeen().headers).toContainEqual(header);
});
