/** Compares the origin's bytes of the home page with a shopper's, and proves what is the same. */

import { sha256 } from "../store/answer.ts";
import { bargainAudience, vipAudience } from "../store/price-rule.ts";
import type { Ask, DemoEnv } from "./ask.ts";
import { cookiesOf, obtainMembership } from "./verified.ts";

interface Side {
  readonly bytes: number;
  /** The element that the banner names, whole. */
  readonly element: string;
  /** Where in `element` the two sides begin and cease to differ, in characters. */
  readonly from: number;
  readonly to: number;
  readonly prefixHash: string;
  readonly suffixHash: string;
}

export interface Comparison {
  readonly identical: boolean;
  /** In bytes: how far both begin alike, and how far both end alike. */
  readonly prefix: number;
  readonly suffix: number;
  readonly line: number;
  readonly origin: Side;
  readonly edited: Side;
  readonly headers: readonly { readonly name: string; readonly origin: string; readonly edited: string }[];
}

const audiencesOf: Readonly<Record<string, string>> = {
  guest: "",
  vip: vipAudience,
  bargain: bargainAudience,
};

export async function compareBytes(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const asked = new URL(request.url);
  const who = asked.searchParams.get("who") ?? "vip";
  const audiences = audiencesOf[who];
  if (audiences === undefined) return new Response("who: guest, vip or bargain\n", { status: 400 });
  const url = new URL(`http://${who}.demo.localhost/`);
  url.port = asked.port;
  // One session for both, so that what differs is the Worker's doing and not the shop's.
  const session = "PHPSESSID=bytesbytesbytesbytesbytes1; form_key=ByteByteByteByte";
  const membership = cookiesOf(
    await obtainMembership({ url, cookies: "", audiences, by: "adobe" }, env, ask),
  );
  const plain = await env.STORE.fetch(new Request(url, { headers: { cookie: session } }));
  const edited = await ask(new Request(url, { headers: { cookie: `${session}; ${membership}` } }));
  const [before, after] = await Promise.all([plain.bytes(), edited.bytes()]);
  const comparison = await compare(before, after);
  const headers = compareHeaders(plain.headers, edited.headers);
  return Response.json({ ...comparison, headers } satisfies Comparison, {
    headers: { "cache-control": "no-store" },
  });
}

async function compare(before: Uint8Array, after: Uint8Array): Promise<Omit<Comparison, "headers">> {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    before[before.length - 1 - suffix] === after[after.length - 1 - suffix]
  ) {
    suffix += 1;
  }
  return {
    identical: before.length === after.length && prefix === before.length,
    prefix,
    suffix,
    line: before.subarray(0, prefix).reduce((lines, byte) => (byte === 10 ? lines + 1 : lines), 1),
    origin: await describe(before, prefix, suffix),
    edited: await describe(after, prefix, suffix),
  };
}

async function describe(bytes: Uint8Array, prefix: number, suffix: number): Promise<Side> {
  // One character a byte, so that a place in the text is a place in the bytes.
  const text = new TextDecoder("latin1").decode(bytes);
  const start = Math.max(0, text.lastIndexOf("<section", Math.min(prefix, text.indexOf('id="hero"'))));
  const last = prefix === bytes.length ? start : bytes.length - suffix - "</section>".length;
  const close = text.indexOf("</section>", Math.max(start, last));
  const end = close < 0 ? bytes.length : close + "</section>".length;
  const read = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const from = read(start, Math.max(start, prefix)).length;
  return {
    bytes: bytes.length,
    element: read(start, end),
    from,
    to: from + read(Math.max(start, prefix), bytes.length - suffix).length,
    prefixHash: await sha256(read(0, prefix)),
    suffixHash: await sha256(read(bytes.length - suffix, bytes.length)),
  };
}

/** Names that differ by nature, or that only this demo adds, are left out. */
function compareHeaders(plain: Headers, edited: Headers): Comparison["headers"] {
  const left = new Set(["set-cookie", "date", "expires", "transfer-encoding"]);
  const names = new Set([...plain.keys(), ...edited.keys()]);
  return [...names]
    .filter((name) => !left.has(name) && plain.get(name) !== edited.get(name))
    .sort()
    .map((name) => ({ name, origin: plain.get(name) ?? "", edited: edited.get(name) ?? "" }));
}
