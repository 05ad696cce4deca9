/** Recordings of real stores and storefronts, where they are: `EDGE_RECORDINGS` names the folder. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./edge.ts";
import { comparable, heroOn, memberOf, openShop, type Shop, VIP, VIP_HTML } from "./shop.ts";

const folder = process.env["EDGE_RECORDINGS"] ?? "";
const recorded = (title: string, body: () => Promise<void>) =>
  test(title, async (context) => {
    context.skip(folder === "", "EDGE_RECORDINGS names no folder");
    await body();
  });

interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Recording {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    website: { dynamicBlocks: "off" },
    banners: [heroOn(["/page-home.html", "/builtin-page-home.html"])],
    answer(request, response) {
      const file = join(folder, "magento", request.url);
      if (folder === "" || !request.url.startsWith("/") || !existsSync(file)) return void response.end("{}");
      const { status, headers, body } = readRecording(file);
      response.writeHead(status, headers.flat());
      response.end(request.method === "HEAD" ? undefined : body);
    },
  });
});
afterAll(() => shop.stop());

/** `NAME.html` or `NAME.json`, with the status line and the headers in `NAME.headers.txt`. */
function readRecording(file: string): Recording {
  const lines = readFileSync(file.replace(/\.\w+$/, ".headers.txt"), "latin1").split(/\r?\n/);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(lines[0] ?? "")?.[1] ?? 200);
  const headers = lines.slice(1).flatMap((line): [string, string][] => {
    const at = line.indexOf(":");
    const name = line.slice(0, at).toLowerCase();
    // What framed the recorded bytes on their own wire; Node frames them anew.
    if (at < 1 || /^(transfer-encoding|connection|content-length|content-encoding)$/.test(name)) return [];
    return [[name, line.slice(at + 1).trim()]];
  });
  return { status, headers, body: readFileSync(file) };
}

const clientRequests = (): WireRequest[] =>
  readFileSync(join(folder, "graphql", "requests.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Sends it as the client did; what Commerce got. */
async function pass({ method, url, headers, body }: WireRequest, ...more: (readonly [string, string])[]) {
  const wire = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length)$/i.test(name));
  const length = body === null ? [] : [["content-length", String(Buffer.byteLength(body))] as const];
  const request = { method, headers: [...wire, ...length, ...more], ...(body === null ? {} : { body }) };
  expect((await shop.edge.send(url, request)).status).toBe(200);
  const seen = shop.origin.seen.at(-1);
  if (seen === undefined) throw new Error("Commerce was not asked");
  // workerd keeps no known header without a value: PWA Studio's empty `authorization` is none.
  for (const [name, value] of wire) {
    if (value !== "" && name.toLowerCase() !== "content-type") {
      expect(seen.headers).toContainEqual([name.toLowerCase(), value]);
    }
  }
  return seen;
}

recorded("each request of real storefront clients reaches Commerce as the client wrote it", async () => {
  const requests = clientRequests();
  expect(requests.length).toBeGreaterThan(300);
  for (const request of requests) {
    const seen = await pass(request);
    const { method, url, body } = request;
    expect({ method: seen.method, url: seen.url, body: seen.body.toString() }).toEqual({
      method,
      url,
      body: body ?? "",
    });
  }
});

recorded(
  "a member's too, but that a GET for what is their own asks the same by POST, with the header",
  async () => {
    const counts = { asSent: 0, asPost: 0 };
    for (const request of clientRequests()) {
      const seen = await pass(request, memberOf(VIP));
      const { method, url, body } = request;
      expect(seen.header("cookie")).toBeNull();
      expect(seen.header("aep-segments-membership")).toBe(seen.method === "POST" ? VIP : null);
      if (seen.method === method) {
        counts.asSent += 1;
        expect([seen.url, seen.body.toString()]).toEqual([url, body ?? ""]);
        continue;
      }
      counts.asPost += 1;
      const { searchParams } = new URL(url, "http://shop.test");
      const asked = JSON.parse(seen.body.toString());
      expect(asked.query).toBe(searchParams.get("query"));
      expect(asked.variables ?? {}).toEqual(JSON.parse(searchParams.get("variables") || "{}"));
    }
    expect(counts.asSent).toBeGreaterThan(150);
    expect(counts.asPost).toBeGreaterThan(20);
  },
);

recorded("a recorded home page differs for the VIP in its hero, and in not one byte else", async () => {
  for (const name of ["page-home.html", "builtin-page-home.html"]) {
    const { body } = readRecording(join(folder, "magento", name));
    const answer = await shop.edge.send(`/${name}`, { headers: [memberOf(VIP)] });
    const start = body.indexOf('<section id="hero"');
    const from = body.indexOf(">", start) + 1;
    const to = body.indexOf("</section>", from);
    expect(start).toBeGreaterThan(0);
    const expected = Buffer.concat([body.subarray(0, from), Buffer.from(VIP_HTML), body.subarray(to)]);
    expect(answer.body.equals(expected)).toBe(true);
    expect(answer.header("cache-control")).toBe("private, no-store");

    const guest = await shop.edge.send(`/${name}`);
    expect(guest.body.equals(body)).toBe(true);
  }
});

recorded("every other recorded page and answer comes through with each header and byte", async () => {
  const names = readdirSync(join(folder, "magento")).filter((name) => /\.(html|json)$/.test(name));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names.filter((one) => !one.includes("page-home"))) {
    const path = `/${name}`;
    const direct = await send(shop.origin.port, path);
    const answer = await shop.edge.send(path, { headers: [memberOf(VIP)] });
    expect({ name, status: answer.status }).toEqual({ name, status: direct.status });
    expect(comparable(answer)).toEqual(comparable(direct));
    expect(answer.body.equals(direct.body)).toBe(true);
  }
});
