/** Mobile or desktop, by the hint that Chromium sends, else by what a phone calls itself. */

import { expect, it } from "vitest";
import { deviceClassOf } from "../../src/core/device-class.ts";

const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const android =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
const tablet =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const firefox = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0";
const desktop = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

it.each([
  ["an iPhone", { "user-agent": iphone }, "mobile"],
  ["an Android phone", { "user-agent": android }, "mobile"],
  ["Firefox on a phone", { "user-agent": firefox }, "mobile"],
  ["an Android tablet", { "user-agent": tablet }, "desktop"],
  ["a desktop", { "user-agent": desktop }, "desktop"],
  ["nobody", {}, "desktop"],
  [
    "a phone that asks for the desktop's page",
    { "user-agent": android, "sec-ch-ua-mobile": "?0" },
    "desktop",
  ],
  ["a hint without more", { "user-agent": desktop, "sec-ch-ua-mobile": "?1" }, "mobile"],
  ["a hint that is none", { "user-agent": iphone, "sec-ch-ua-mobile": "1" }, "mobile"],
])("%s", (_, headers: Record<string, string>, expected) => {
  expect(deviceClassOf({ get: (name) => headers[name] ?? null })).toBe(expected);
});
