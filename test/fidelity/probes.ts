/** What a proxy in front of a shop must not change: each probe asks, and says in a sentence what went wrong. */

import { inflateSync, zstdDecompressSync } from "node:zlib";
import type { Answer, Asked } from "./ask.ts";
import { COOKIES, type FidelityOrigin, FOUND, LASTING, NOT_FOUND, RANGE, TRY_LATER } from "./origin.ts";
import { difference, LETTER, PAGE } from "./page.ts";

/** What is wrong, in a few words; null: nothing. */
export type Verdict = string | null;

export interface Probe {
  readonly id: string;
  /** What a shopper is promised. */
  readonly promise: string;
  run(proxy: Asked, origin: FidelityOrigin): Promise<Verdict>;
}

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";
/** A member of the audience for whom the heroes are another, as a browser asks. */
const shopper = {
  "user-agent": AGENT,
  accept: "text/html",
  cookie: `PHPSESSID=abc; aep-segments-membership=${VIP}; form_key=xyz`,
} as const;
const plain = { ...shopper, "accept-encoding": "identity" } as const;

const status = (answer: Answer, expected: number): Verdict =>
  answer.status === expected ? null : `status ${answer.status} instead of ${expected}`;
const header = (answer: Answer, name: string, expected: string): Verdict =>
  answer.header(name) === expected ? null : `${name}: ${answer.header(name) ?? "missing"}`;
const samePage = (answer: Answer): Verdict => {
  if (!answer.whole) return `breaks off after ${answer.body.length} bytes`;
  return difference(PAGE, answer.body.toString());
};
/** Another promise than that no byte changes: all of it is there. */
const wholePage = (answer: Answer): Verdict => {
  if (!answer.whole) return `breaks off after ${answer.body.length} bytes`;
  return isWhole(answer.body) ? null : `${answer.body.length} bytes that are not the page`;
};
const isWhole = (body: Buffer) => body.includes("shoe 119 ") && /<\/html>\s*$/.test(body.toString());
/** The first that is wrong. */
const first = (...verdicts: readonly Verdict[]): Verdict => verdicts.find((one) => one !== null) ?? null;

const asked = (origin: FidelityOrigin, path: string) => origin.seen.filter(({ url }) => url.startsWith(path));

/** The coding is the origin's, or the page was decoded and is the same. */
async function coded(proxy: Asked, coding: string, decode: (bytes: Buffer) => Buffer): Promise<Verdict> {
  const headers = { ...shopper, "accept-encoding": "gzip, deflate, br, zstd" };
  const answer = await proxy.ask({ path: `/edited/${coding}`, headers });
  if (answer.header("content-encoding") === null) return first(status(answer, 200), wholePage(answer));
  if (answer.header("content-encoding") !== coding)
    return `content-encoding ${answer.header("content-encoding")}`;
  try {
    return isWhole(decode(answer.body)) ? null : "not the page";
  } catch {
    return `what calls itself ${coding} is not`;
  }
}

const withinMs = (ms: number) => new Promise<"late">((resolve) => setTimeout(resolve, ms, "late"));

export const probes: readonly Probe[] = [
  {
    id: "page",
    promise: "Nothing but the hero changes: Knockout's comments, `x-magento-init`, odd HTML, every byte",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/page", headers: plain });
      return first(status(answer, 200), samePage(answer));
    },
  },
  {
    id: "cookies",
    promise: "Three `Set-Cookie` lines arrive, as they are and in their order",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/cookies", headers: plain });
      const arrived = answer.all("set-cookie").filter((line) => COOKIES.includes(line));
      return arrived.join() === COOKIES.join() ? null : `${arrived.length} of ${COOKIES.length} arrive`;
    },
  },
  {
    id: "request-cookies",
    promise: "The shopper's own cookies reach the shop",
    async run(proxy, origin) {
      await proxy.ask({ path: "/edited/page?cookies", headers: plain });
      const sent = asked(origin, "/edited/page?cookies").at(-1)?.cookie ?? "";
      return /PHPSESSID=abc\b.*form_key=xyz\b/.test(sent) ? null : "the session is lost";
    },
  },
  {
    id: "query",
    promise: "An address reaches the shop as it was written",
    async run(proxy, origin) {
      const path = "/edited/page?q=x%20y&~&c&d=%zz&e=a+b&";
      await proxy.ask({ path, headers: plain });
      const sent = origin.seen.at(-1)?.url ?? "";
      return sent === path ? null : `became ${sent}`;
    },
  },
  {
    id: "redirect",
    promise: "A 302 with HTML stays a 302, and is not followed",
    async run(proxy, origin) {
      const before = asked(origin, "/edited/target").length;
      const answer = await proxy.ask({ path: "/edited/redirect", headers: plain });
      const followed = asked(origin, "/edited/target").length > before ? "followed" : null;
      return first(status(answer, 302), header(answer, "location", "/edited/target?from=a%20b"), followed);
    },
  },
  {
    id: "unavailable",
    promise: "A 503 keeps its `Retry-After` and its page",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/unavailable", headers: plain });
      const body = answer.body.toString() === TRY_LATER ? null : "another page";
      return first(status(answer, 503), header(answer, "retry-after", "120"), body);
    },
  },
  {
    id: "missing",
    promise: "A 404 keeps its page",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/missing", headers: plain });
      return first(status(answer, 404), answer.body.toString() === NOT_FOUND ? null : "another page");
    },
  },
  {
    id: "graphql-get",
    promise: "JSON under `/graphql` stays JSON, and the shop is asked once",
    async run(proxy, origin) {
      const before = origin.seen.length;
      const answer = await proxy.ask({ path: "/graphql?query=%7Ba%7D", headers: plain });
      const body = answer.body.toString() === FOUND ? null : "another body";
      const times = origin.seen.length - before;
      const once = times === 1 ? null : `asked ${times} times`;
      return first(status(answer, 200), header(answer, "content-type", "application/json"), body, once);
    },
  },
  {
    id: "graphql-post",
    promise: "A POST arrives byte for byte, once, and its answer comes back so",
    async run(proxy, origin) {
      const before = origin.seen.length;
      const body = '{ "query": "{ products(search: \\"caf\u00e9\\") { items { sku } } }", "variables" : {} }';
      const headers = { ...plain, "content-type": "application/json" };
      const answer = await proxy.ask({ method: "POST", path: "/graphql", headers, body });
      const sent = origin.seen.slice(before);
      const arrived = sent.length === 1 && sent[0]?.body === body ? null : "another body, or more than once";
      return first(status(answer, 200), arrived, answer.body.toString() === FOUND ? null : "another answer");
    },
  },
  {
    id: "lasting",
    promise: "A page that nobody edits keeps `Cache-Control`, `ETag`, `Last-Modified` and `Vary`",
    async run(proxy) {
      const answer = await proxy.ask({
        path: "/plain/lasting",
        headers: { ...plain, cookie: "PHPSESSID=abc" },
      });
      return first(
        status(answer, 200),
        ...Object.entries(LASTING).map(([name, value]) => header(answer, name, value)),
      );
    },
  },
  {
    id: "first-byte",
    promise: "What the shop has written is there before it writes the rest",
    async run(proxy, origin) {
      const { firstByte, answer } = proxy.open({ path: "/edited/slow", headers: plain });
      const came = await Promise.race([firstByte.then(() => "early" as const), withinMs(2000)]);
      origin.release();
      const whole = wholePage(await answer);
      return came === "late" ? "nothing, until the shop is done" : whole;
    },
  },
  {
    id: "hanging",
    promise: "A shop that never answers is given up after a set time",
    async run(proxy, origin) {
      const { answer } = proxy.open({ path: "/edited/hanging", headers: plain });
      const came = await Promise.race([answer.catch(() => "broken" as const), withinMs(4000)]);
      origin.release();
      await answer.catch(() => null);
      if (came === "late") return "waits for ever";
      return came === "broken" || came.status >= 500 ? null : `status ${came.status}`;
    },
  },
  {
    id: "broken",
    promise: "A page that breaks off is never passed off as whole",
    async run(proxy) {
      try {
        const answer = await proxy.ask({ path: "/edited/broken", headers: plain });
        return answer.whole && answer.status < 500 ? `${answer.status}, as if it were whole` : null;
      } catch {
        return null;
      }
    },
  },
  {
    id: "head",
    promise: "HEAD is asked as HEAD, and is answered without a body",
    async run(proxy, origin) {
      const answer = await proxy.ask({ method: "HEAD", path: "/edited/head", headers: plain });
      const method = asked(origin, "/edited/head").at(-1)?.method ?? "nothing";
      return first(
        status(answer, 200),
        method === "HEAD" ? null : `asked as ${method}`,
        answer.body.length === 0 ? null : "a body",
      );
    },
  },
  {
    id: "range",
    promise: "A part is that part, or the page is whole",
    async run(proxy) {
      const headers = { ...plain, range: `bytes=${RANGE.from}-${RANGE.to}` };
      const answer = await proxy.ask({ path: "/edited/range", headers });
      if (answer.status === 200) return wholePage(answer);
      const part = Buffer.from(PAGE).subarray(RANGE.from, RANGE.to + 1);
      return first(status(answer, 206), answer.body.equals(part) ? null : "another part");
    },
  },
  {
    id: "conditional",
    promise: "A conditional request is answered by a 304, or by a page that is whole; never by an empty one",
    async run(proxy) {
      const headers = { ...plain, "if-none-match": LASTING.etag };
      const answer = await proxy.ask({ path: "/edited/conditional", headers });
      if (answer.status === 304) return answer.body.length === 0 ? null : "a body";
      return first(status(answer, 200), wholePage(answer));
    },
  },
  {
    id: "zstd",
    promise: "A shop that compresses with zstd can be read",
    run: (proxy) => coded(proxy, "zstd", zstdDecompressSync),
  },
  {
    id: "deflate",
    promise: "A shop that compresses with deflate can be read",
    run: (proxy) => coded(proxy, "deflate", inflateSync),
  },
  {
    id: "charset",
    promise: "A page in a charset that nobody knows comes as it is",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/charset", headers: plain });
      const same = answer.body.includes(LETTER) ? null : "its letters are others";
      return first(status(answer, 200), same);
    },
  },
  {
    id: "attribute",
    promise: "An attribute of 3 MB does not cut the page",
    async run(proxy) {
      const answer = await proxy.ask({ path: "/edited/attribute", headers: plain });
      return first(status(answer, 200), wholePage(answer));
    },
  },
  {
    id: "markup-in-cookie",
    promise: "Markup in a cookie never gets into the page",
    async run(proxy) {
      const evil = "</script><script>alert(1)</script>";
      const names = ["id", "uuid", "visitor", "gbuuid", "optimizelyEndUserId", "aep-segments-membership"];
      const cookie = names.map((name) => `${name}=${evil}`).join("; ");
      const answer = await proxy.ask({ path: "/edited/page", headers: { ...plain, cookie } });
      return answer.body.includes("alert(1)") ? "it is in the page" : null;
    },
  },
];
