/** Page views: a person's first page is one; what runs ahead, in the background or by itself is none. */

import { expect, it } from "vitest";
import { isPrefetch, whyNoPageView, whyNotCounted } from "../../src/core/page-view.ts";

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

const ask = (sent: Readonly<Record<string, string>>, { method = "GET", verifiedBot = false } = {}) =>
  whyNoPageView({
    method,
    headers: new Headers({ "sec-fetch-mode": "navigate", "user-agent": firefox, ...sent }),
    verifiedBot,
  });

it.each([
  firefox,
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
  "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]",
])("a page that %s opens is a page view", (agent) => {
  expect(ask({ "user-agent": agent })).toBeNull();
  expect(ask({ "user-agent": agent, "sec-fetch-dest": "document" })).toBeNull();
});

it.each([
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0.1938.76 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Linux; Android 11; moto g power) AppleWebKit/537.36 Chrome/136.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "Screaming Frog SEO Spider/21.0",
  "GPTBot/1.2",
  "curl/8.5.0",
  "",
])("a page that %j opens is none", (agent) => {
  expect(ask({ "user-agent": agent })).toBe("bot");
});

it("a bot that Cloudflare knows is one, whatever it calls itself", () => {
  expect(ask({}, { verifiedBot: true })).toBe("bot");
});

it.each([
  [{ "sec-purpose": "prefetch" }, "prefetch"],
  [{ "sec-purpose": "prefetch;prerender" }, "prefetch"],
  [{ purpose: "prefetch" }, "prefetch"],
  [{ "x-purpose": "preview" }, "prefetch"],
  [{ "x-moz": "prefetch" }, "prefetch"],
  [{ "sec-fetch-mode": "cors" }, "not-a-navigation"],
  [{ "sec-fetch-mode": "no-cors" }, "not-a-navigation"],
  [{ "sec-fetch-dest": "iframe" }, "not-a-navigation"],
] as const)("%j is no page view", (sent, reason) => {
  expect(ask(sent)).toBe(reason);
});

it("nor is what is not GET, or says nothing of what it is", () => {
  for (const method of ["HEAD", "POST", "OPTIONS"]) expect(ask({}, { method })).toBe("method");
  const headers = new Headers({ "user-agent": firefox });
  expect(whyNoPageView({ method: "GET", headers, verifiedBot: false })).toBe("not-a-navigation");
});

it("a purpose that is none is no prefetch", () => {
  expect(isPrefetch(new Headers())).toBe(false);
  expect(isPrefetch(new Headers({ purpose: "other" }))).toBe(false);
});

it("what a storefront asks for in the background is counted; what nobody sees is not", () => {
  const count = (sent: Readonly<Record<string, string>>, { method = "GET", verifiedBot = false } = {}) =>
    whyNotCounted({ method, headers: new Headers({ "user-agent": firefox, ...sent }), verifiedBot });
  expect(count({ "sec-fetch-mode": "cors" }, { method: "POST" })).toBeNull();
  expect(count({})).toBeNull();
  expect(count({}, { method: "HEAD" })).toBe("method");
  expect(count({ purpose: "prefetch" })).toBe("prefetch");
  expect(count({ "user-agent": "GPTBot/1.2" })).toBe("bot");
  expect(count({}, { verifiedBot: true })).toBe("bot");
});
