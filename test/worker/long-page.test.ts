/** Pages of any length: HTMLRewriter fails on a tag of 3 MB, and the shopper must never see it. */

import type { ServerResponse } from "node:http";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRequest } from "./edge.ts";
import { startSocketOrigin } from "./origin.ts";
import { heroOn, markAs, memberOf, openShop, ROUTE, type Shop, VIP, VIP_HTML } from "./shop.ts";

const MB = 1_048_576;
const hero = (content: string) => `<section id=hero>${content}</section>`;
/** That page with the variant in its hero, marked as such. */
const withVip = (html: string, website = "main") =>
  html.replace("<section id=hero>default", () => `<section id=hero${markAs({ website })}>${VIP_HTML}`);
const frame = (inner: string) => `<html><body>${inner}<p>end – 山</p></body></html>`;
/** An image pasted into an attribute; each `>` is where a careless reader sees a tag end. */
const long = (megabytes: number) => `<div data-image="${"ab>山é".repeat((megabytes * MB) / 8)}">x</div>`;

let page = "";
let send: (response: ServerResponse, body: Buffer) => void;
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/*"])],
    website: { maxPageBytes: 10_000_000 },
    websites: { small: { hosts: ["small.test"], maxPageBytes: 100_000 }, ...ROUTE },
    answer: (_, response) => send(response, Buffer.from(page)),
  });
});
afterAll(() => shop.stop());

type Coding = "identity" | "gzip" | "br";
const codings: Readonly<Record<Coding, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gzipSync(body),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
const decoded = (body: Buffer, coding: string | null) =>
  coding === "gzip" ? gunzipSync(body) : coding === "br" ? brotliDecompressSync(body) : body;

function serveIn(coding: Coding, length: "told" | "chunked"): void {
  send = (response, body) => {
    const bytes = codings[coding](body);
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      ...(coding === "identity" ? {} : { "content-encoding": coding }),
      ...(length === "told" ? { "content-length": bytes.length } : {}),
    });
    response.end(bytes);
  };
}

let paths = 0;
async function see(host = "shop.test", path = `/${++paths}.html`): Promise<string> {
  const headers = [memberOf(VIP), ["accept-encoding", "gzip, br"]] as const;
  const answer = await shop.edge.send(path, { host, headers });
  return decoded(answer.body, answer.header("content-encoding")).toString();
}

test("a tag of 3 MB and more, before or behind the banner, in every coding: the page is whole", async () => {
  for (const coding of ["identity", "gzip", "br"] as const) {
    for (const length of ["told", "chunked"] as const) {
      serveIn(coding, length);
      for (const megabytes of [1.5, 3, 4.5]) {
        page = frame(hero("default") + long(megabytes));
        const behind = (await see()) === withVip(page);
        page = frame(long(megabytes) + hero("default"));
        const before = await see();
        // Beyond what can safely be edited, the hero is Commerce's own.
        const expected = megabytes < 2 ? withVip(page) : page;
        expect({ coding, length, megabytes, behind, before: before === expected }).toEqual({
          coding,
          length,
          megabytes,
          behind: true,
          before: true,
        });
      }
    }
  }
});

test("a page that is known to be short and has grown is measured anew before it can break", async () => {
  serveIn("identity", "chunked");
  page = frame(hero("default"));
  for (let n = 0; n < 3; n += 1) {
    expect((await see("shop.test", "/grows.html")) === withVip(page)).toBe(true);
  }
  // Longer than what counts as short, and still far from what breaks.
  page = frame(hero("default") + long(1.5));
  expect((await see("shop.test", "/grows.html")) === withVip(page)).toBe(true);
});

test("a page past maxPageBytes whose length nobody told is edited so far, and whole", async () => {
  serveIn("gzip", "chunked");
  const items = "<li>Üméa 山の靴</li>".repeat(10_000);
  page = frame(hero("default") + items);
  expect((await see("small.test")) === withVip(page, "small")).toBe(true);
  page = frame(items + hero("default"));
  expect((await see("small.test")) === page).toBe(true);
});

test("the bound may fall anywhere, in a tag, a character, the banner itself: nothing is lost", async () => {
  serveIn("identity", "chunked");
  const start = "<html><body>";
  for (let shift = 0; shift < 120; shift += 1) {
    const padding = "山".repeat(Math.floor((100_000 - start.length - shift) / 3));
    page = `${start}${padding}<p title="é">a</p>${hero("default")}<p>end</p></body></html>`;
    // The parts as the network cuts them: the bound is where the second begins.
    send = (response, body) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write(body.subarray(0, 100_000));
      setTimeout(() => response.end(body.subarray(100_000)), 2);
    };
    const text = await see("small.test");
    const whole = text === page || text === withVip(page, "small");
    expect({ shift, text: whole ? "whole" : text.slice(-300) }).toEqual({ shift, text: "whole" });
  }
});

test("it streams: a page of unknown length starts before Commerce has written its end", async () => {
  let finish = () => {};
  const origin = await startSocketOrigin((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n${hero("default")}<p>start`,
    );
    finish = () => socket.end("<p>end");
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/streams.html", {
    host: `127.0.0.1:${origin.port}`,
    headers: [memberOf(VIP)],
  });
  outgoing.end();
  let text = "";
  for await (const chunk of await answer) {
    text += chunk;
    if (text.includes("start") && !text.includes("end")) finish();
  }
  expect(text).toBe(withVip(`${hero("default")}<p>start<p>end`, "route"));
  await origin.stop();
});

test("a shopper who leaves in the middle takes the call to Commerce with them", async () => {
  let closed = () => {};
  const left = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const origin = await startSocketOrigin((socket) => {
    socket.on("close", closed);
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n");
    const more = setInterval(() => socket.write("<p>more</p>".repeat(1000)), 20);
    socket.on("close", () => clearInterval(more));
  });
  const { outgoing, answer } = openRequest(shop.edge.port, "/leaves.html", {
    host: `127.0.0.1:${origin.port}`,
    headers: [memberOf(VIP)],
  });
  outgoing.end();
  const message = await answer;
  message.on("error", () => undefined);
  message.once("data", () => outgoing.socket?.resetAndDestroy());
  await left;
  await origin.stop();
});
