/** docs/headless.md: the recipe for a server that renders, taken from the page, against the Worker. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ecidNumber } from "./edge-network.ts";
import { heroHtml, heroOn, VIP, VIP_HTML } from "./shop.ts";
import { type Header, openVerifiedShop, SIGNED, type VerifiedShop, visitor } from "./verified-shop.ts";

const page = readFileSync(new URL("../../docs/headless.md", import.meta.url), "utf8");
const [, code = ""] = /```js\n\/\/ lib\/audience-banners\.js\n(.*?)```/s.exec(page) ?? [];

type GetBanners = (
  path: string,
  sent: Headers,
) => Promise<{ readonly html: Readonly<Record<string, string>>; readonly setCookie: readonly string[] }>;

let shop: VerifiedShop;
let getBanners: GetBanners;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { hosts: ["127.0.0.1"], origin: null },
    banners: [{ ...heroOn(["/"]), trust: "verified" }],
    answer: (_, response) => void response.writeHead(404).end(),
  });
  process.env["AUDIENCE_URL"] = `http://127.0.0.1:${shop.edge.port}`;
  ({ getBanners } = await import(`data:text/javascript,${encodeURIComponent(code)}`));
});
afterAll(async () => {
  delete process.env["AUDIENCE_URL"];
  await shop.stop();
});

const sentBy = (...headers: readonly Header[]) => new Headers(headers.map(([name, value]) => [name, value]));

test("a server gets the shopper's banners, and what to set in their browser", async () => {
  shop.adobe.members.set(ecidNumber(900), [VIP]);
  const { html, setCookie } = await getBanners("/", sentBy(visitor(ecidNumber(900))));
  expect(html).toEqual({ "home-hero": heroHtml(VIP_HTML) });
  expect(setCookie).toContainEqual(expect.stringMatching(`^${SIGNED}=`));
});

test("what a browser only fetches ahead asks Adobe nothing", async () => {
  shop.adobe.members.set(ecidNumber(902), [VIP]);
  const ahead = await getBanners(
    "/",
    sentBy(visitor(ecidNumber(902)), ["sec-purpose", "prefetch;prerender"]),
  );
  expect(ahead.html).toEqual({});
  const seen = await getBanners("/", sentBy(visitor(ecidNumber(902))));
  expect(seen.html).toEqual({ "home-hero": heroHtml(VIP_HTML) });
});

test("their no to consent is relayed, and nothing is ever thrown", async () => {
  shop.adobe.members.set(ecidNumber(901), [VIP]);
  const refused = await getBanners("/", sentBy(visitor(ecidNumber(901)), ["sec-gpc", "1"]));
  expect(refused.html).toEqual({});
  process.env["AUDIENCE_URL"] = "http://127.0.0.1:9";
  expect(await getBanners("/", sentBy())).toEqual({ html: {}, setCookie: [] });
  process.env["AUDIENCE_URL"] = `http://127.0.0.1:${shop.edge.port}`;
});
