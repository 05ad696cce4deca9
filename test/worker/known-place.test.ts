/** A page whose place is known is not searched again, and nobody could tell by the answer. */

import type { Socket } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, openRequest, readAnswer, type SentRequest } from "./edge.ts";
import { lumaPage } from "./luma.ts";
import { startSocketOrigin } from "./origin.ts";
import {
  BARGAIN,
  BARGAIN_HTML,
  comparable,
  compile,
  explained,
  heroOn,
  memberOf,
  openShop,
  planOf,
  ROUTE,
  type Shop,
  VIP,
  VIP_HTML,
} from "./shop.ts";

/** Around the bundle: counts the pages that HTMLRewriter reads, and moves the clock. */
const script = `
let searched = 0;
const Rewriter = globalThis.HTMLRewriter;
globalThis.HTMLRewriter = class extends Rewriter {
  transform(response) {
    searched += 1;
    return super.transform(response);
  }
};
const realNow = Date.now.bind(Date);
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;
const { default: worker } = await import("./worker.js");
export { Control } from "./worker.js";

export default {
  async fetch(request, env, context) {
    const coding = request.headers.get("x-edge-coding");
    // As Cloudflare's edge hands a request over.
    const cf = coding === null ? {} : { cf: { clientAcceptEncoding: coding } };
    if (new URL(request.url).hostname !== "rig.test") return worker.fetch(new Request(request, cf), env, context);
    aheadMs += Number(await request.text());
    return Response.json(searched);
  },
};`;

const page = lumaPage();
const onRoute = page.withHero(VIP_HTML, { website: "route" });
let shop: Shop;
/** What the origin answers under a path, unless it is the page. */
const origin = { pages: new Map<string, () => string>() };

beforeAll(async () => {
  shop = await openShop({
    script,
    banners: [heroOn(["/*"])],
    websites: { ...ROUTE, other: { hosts: ["other.test"] } },
    answer({ url, header }, response) {
      const text = origin.pages.get(url)?.() ?? page.html;
      const type = url === "/latin1" ? "text/html; charset=iso-8859-1" : "text/html; charset=UTF-8";
      const headers = { "content-type": type, "cache-control": "public, max-age=86400", etag: '"e"' };
      if (!url.startsWith("/gzip") || !header("accept-encoding")?.includes("gzip")) {
        response.writeHead(200, { ...headers, "set-cookie": ["a=1; path=/", "b=2; path=/"], "x-page": "1" });
        return void response.end(text);
      }
      response.writeHead(200, { ...headers, "content-encoding": "gzip" });
      response.end(gzipSync(text));
    },
  });
});
afterAll(() => shop.stop());

const placedOf = (answer: Answer) => planOf(answer)["placed"];
const ask = (path: string, audience = VIP, request: SentRequest = {}) =>
  shop.edge.send(path, explained({ ...request, headers: [memberOf(audience), ...(request.headers ?? [])] }));

async function turnRig(aheadMs = 0): Promise<number> {
  const body = String(aheadMs);
  const headers = [["content-length", String(body.length)]] as const;
  const answer = await shop.edge.send("/", { host: "rig.test", method: "POST", headers, body });
  return Number(answer.text());
}

/** Asks until the place is known; a lesson ends some time after its answer. */
async function learn(path: string, audience = VIP, request: SentRequest = {}): Promise<Answer> {
  for (;;) {
    const answer = await ask(path, audience, request);
    if ((placedOf(answer) as { kind: string }).kind === "known") return answer;
    await turnRig(60_000);
  }
}

test("the third time a page is asked for its place is known, and HTMLRewriter is left out", async () => {
  const [first, second] = [await ask("/"), await ask("/")];
  expect([first, second].map(placedOf)).toEqual([
    { kind: "searched", reason: "new" },
    { kind: "searched", reason: "learning" },
  ]);
  await learn("/");
  const before = await turnRig();
  const third = await ask("/");
  expect(placedOf(third)).toEqual({ kind: "known" });
  expect(await turnRig()).toBe(before);
  for (const answer of [first, second, third]) expect(answer.text()).toBe(page.withHero(VIP_HTML));
});

test("the answer has the same status and headers, however the place was found", async () => {
  const searched = await ask("/headers");
  const known = await learn("/headers");
  const compared = (answer: Answer) => ({ ...comparable(answer), "edge-audiences-plan": [] });
  expect(known.status).toBe(searched.status);
  expect(compared(known)).toEqual(compared(searched));
  expect(known.all("transfer-encoding")).toEqual(searched.all("transfer-encoding"));
});

test("a page that changes by a byte, wherever that is, is the page that HTMLRewriter makes of it", async () => {
  const hero = page.html.indexOf("Autumn is made");
  const changes: readonly (readonly [string, string])[] = [
    ["first", page.html.replace("<!doctype", "<!DOCTYPE")],
    ["before", page.html.replace("Summit", "Summid")],
    ["hidden", page.html.replace("<!-- ko template", "<!--<ko template")],
    ["opened", page.html.replace("</textarea>", "</textarex>")],
    ["inside", `${page.html.slice(0, hero)}a${page.html.slice(hero + 1)}`],
    ["tag", page.html.replace("class=edge-hero", "class=edge-hera")],
    ["unnamed", page.html.replace('<section id="hero" class', '<section id="herO" class')],
    ["after", page.html.replace("p-1.html", "p-x.html")],
    ["short", page.html.slice(0, hero)],
    ["empty", ""],
  ];
  for (const [name, text] of changes) {
    const path = `/changes/${name}`;
    origin.pages.set(`/fresh/${name}`, () => text);
    const expected = (await ask(`/fresh/${name}`)).text();
    await learn(path);
    origin.pages.set(path, () => text);
    for (let round = 0; round < 3; round += 1) {
      expect({ name, text: (await ask(path)).text() }).toEqual({ name, text: expected });
    }
    origin.pages.delete(path);
    expect({ name, text: (await ask(path)).text() }).toEqual({ name, text: page.withHero(VIP_HTML) });
  }
});

test("a page that differs from shopper to shopper is right each time, and soon no longer compared", async () => {
  let serial = 1_000;
  const token = () => `<input name="form_key" type="hidden" value="${serial}" />`;
  const withToken = (text: string) => text.replace("<textarea>", `${token()}<textarea>`);
  origin.pages.set("/changing", () => {
    serial += 1;
    return withToken(page.html);
  });
  const reasons = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const answer = await ask("/changing");
    expect(answer.text()).toBe(withToken(page.withHero(VIP_HTML)));
    reasons.add((placedOf(answer) as { reason?: string }).reason ?? "known");
  }
  expect([...reasons]).toContain("differs");
});

test("two pages under one path, as two customer groups see them, are both known", async () => {
  const other = page.html.replace("Trail &amp; Summit", "Trail &amp; Summit for members");
  let turn = 0;
  origin.pages.set("/turns", () => (turn % 2 === 0 ? page.html : other));
  const expected = [
    page.withHero(VIP_HTML),
    page.withHero(VIP_HTML).replace("Summit &#", "Summit for members &#"),
  ];
  for (turn = 0; turn < 12; turn += 1) {
    expect((await ask("/turns")).text()).toBe(expected[turn % 2]);
    await turnRig(600_000);
  }
  const before = await turnRig();
  for (turn = 0; turn < 4; turn += 1) expect((await ask("/turns")).text()).toBe(expected[turn % 2]);
  expect(await turnRig()).toBe(before);
});

test("two audiences on one page see each their own, two hundred times, also while campaigns are published", async () => {
  await Promise.all([learn("/two"), learn("/two", BARGAIN)]);
  const kv = await shop.edge.miniflare.getKVNamespace("KV");
  const html = (round: number) => `<h2>Edition ${round}</h2>`;
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask("/two", n % 2 === 0 ? VIP : BARGAIN)),
    );
    const vip = round === 0 ? VIP_HTML : html(round);
    answers.forEach((answer, n) => {
      expect(answer.text()).toBe(page.withHero(n % 2 === 0 ? vip : BARGAIN_HTML));
    });
    const [hero] = [heroOn(["/*"])];
    const [first, ...more] = hero.variants;
    const next = { ...hero, variants: [{ ...first, put: { content: html(round + 1) } }, ...more] };
    await kv.put("campaigns", await compile([next]));
    await turnRig(60_000);
    while ((await ask("/published")).text() !== page.withHero(html(round + 1))) await turnRig(60_000);
  }
  await kv.put("campaigns", await compile([heroOn(["/*"])]));
  await turnRig(60_000);
  while ((await ask("/published")).text() !== page.withHero(VIP_HTML)) await turnRig(60_000);
});

test("a page that comes compressed is known too, and stays in its coding", async () => {
  const coded = { headers: [["accept-encoding", "gzip"]] } as const;
  for (const answer of [
    await ask("/gzip", VIP, coded),
    await learn("/gzip", VIP, coded),
    await ask("/gzip", VIP, coded),
  ]) {
    expect(answer.header("content-encoding")).toBe("gzip");
    expect(gunzipSync(answer.body).toString()).toBe(page.withHero(VIP_HTML));
  }
});

test("behind Cloudflare's edge, which compresses it for the browser, an edited page goes out plain", async () => {
  const behind = {
    headers: [
      ["accept-encoding", "gzip"],
      ["x-edge-coding", "gzip, br, zstd"],
    ],
  } as const;
  const searched = await ask("/gzip/edge", VIP, behind);
  for (const answer of [searched, await learn("/gzip/edge", VIP, behind)]) {
    expect(answer.header("content-encoding")).toBeNull();
    expect(answer.text()).toBe(page.withHero(VIP_HTML));
  }
  const untouched = await shop.edge.send("/gzip/edge", behind);
  expect(untouched.header("content-encoding")).toBe("gzip");
  expect(gunzipSync(untouched.body).toString()).toBe(page.html);
});

test("behind a known place may stand what HTMLRewriter breaks off at, also where the page differs from the last", async () => {
  const tail = `<p title="${"x".repeat(3_200_000)}">behind</p>`;
  let head = "";
  origin.pages.set("/long", () => `${head}${page.html}${tail}`);
  const expected = () => `${head}${page.withHero(VIP_HTML)}${tail}`;
  const known = await learn("/long");
  expect(known.text() === expected()).toBe(true);
  head = "<!-- another -->";
  for (let round = 0; round < 3; round += 1) {
    const answer = await ask("/long");
    expect(answer.text() === expected()).toBe(true);
  }
});

test("a page in another charset is HTMLRewriter's, always", async () => {
  for (let round = 0; round < 4; round += 1) {
    expect(placedOf(await ask("/latin1"))).toEqual({ kind: "searched", reason: "charset" });
  }
});

/** An origin that sends what it is told, when it is told. */
async function startTeller() {
  let answer: (socket: Socket) => void = (socket) => {
    socket.write(page.html);
    socket.end();
  };
  const teller = await startSocketOrigin((socket) => {
    socket.setNoDelay(true);
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n\r\n");
    answer(socket);
  });
  return {
    ...teller,
    host: `127.0.0.1:${teller.port}`,
    tell: (next: (socket: Socket) => void) => {
      answer = next;
    },
  };
}

test("in whatever pieces it comes, the page is whole", async () => {
  const teller = await startTeller();
  const { host } = teller;
  await learn("/pieces", VIP, { host });
  const bytes = Buffer.from(page.html);
  for (const length of [37, 211, 1_024, 4_999]) {
    teller.tell(async (socket) => {
      for (let at = 0; at < bytes.length; at += length) {
        await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + length), () => resolve()));
      }
      socket.end();
    });
    const answer = await ask("/pieces", VIP, { host });
    expect({ length, placed: placedOf(answer), text: answer.text() }).toEqual({
      length,
      placed: { kind: "known" },
      text: onRoute,
    });
  }
  await teller.stop();
});

test("an origin that stops before the place holds back nothing that it has sent", async () => {
  const teller = await startTeller();
  const { host } = teller;
  await learn("/slow", VIP, { host });
  const cut = Buffer.byteLength(page.html.slice(0, page.html.indexOf('<section id="hero" class')));
  const bytes = Buffer.from(page.html);
  let goOn: () => void = () => undefined;
  teller.tell((socket) => {
    socket.write(bytes.subarray(0, cut));
    goOn = () => {
      socket.write(bytes.subarray(cut));
      socket.end();
    };
  });
  const { outgoing, answer } = openRequest(
    shop.edge.port,
    "/slow",
    explained({ host, headers: [memberOf(VIP)] }),
  );
  outgoing.end();
  const message = await answer;
  const chunks: Buffer[] = [];
  // All but the last step of what was sent, though the page hangs.
  await new Promise<void>((resolve) =>
    message.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length > cut - 1_200) resolve();
    }),
  );
  const ended = new Promise((resolve) => message.once("end", resolve));
  goOn();
  await ended;
  expect(Buffer.concat(chunks).toString()).toBe(onRoute);
  await teller.stop();
});

test("a page that breaks off is broken off, and what came of it is right", async () => {
  const teller = await startTeller();
  const { host } = teller;
  await learn("/broken", VIP, { host });
  const expected = Buffer.from(onRoute);
  const bytes = Buffer.from(page.html);
  for (const cut of [200, 1_000, bytes.length >> 1, bytes.length - 10]) {
    // A length that is never reached: where the socket ends, the page does not.
    teller.tell(
      (socket) =>
        void socket.write(bytes.subarray(0, cut), () => setImmediate(() => socket.resetAndDestroy())),
    );
    const { outgoing, answer } = openRequest(
      shop.edge.port,
      "/broken",
      explained({ host, headers: [memberOf(VIP)] }),
    );
    outgoing.end();
    const message = await answer.catch(() => null);
    if (message === null) continue;
    const chunks: Buffer[] = [];
    const end = await new Promise<string>((resolve) => {
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("end", () => resolve("end"));
      message.on("error", () => resolve("broken"));
    });
    const got = Buffer.concat(chunks);
    expect({ cut, end }).toEqual({ cut, end: "broken" });
    expect(expected.subarray(0, got.length).equals(got)).toBe(true);
  }
  teller.tell((socket) => void socket.end(bytes));
  expect((await readAnswer(await whole(host))).text()).toBe(onRoute);
  await teller.stop();
});

function whole(host: string) {
  const { outgoing, answer } = openRequest(
    shop.edge.port,
    "/broken",
    explained({ host, headers: [memberOf(VIP)] }),
  );
  outgoing.end();
  return answer;
}
