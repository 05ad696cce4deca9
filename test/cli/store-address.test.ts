/** Whether a store can be reached around Cloudflare: what its answer and its address say of it. */

import { expect, test } from "vitest";
import { findAddress, findCloudflare, findHome, isPrivate } from "../../cli/store/address.ts";
import type { Answer } from "../../cli/store/answer.ts";

const home = (headers: Answer["headers"] = [], status = 200): Answer => ({
  kind: "answer",
  path: "/",
  status,
  headers,
  body: "",
});
const levelOf = (address: string, headers: Answer["headers"] = []) =>
  findCloudflare({ origin: new URL(address), home: home(headers) }).level;

test("a public address that answers without CF-Ray is a way around us", () => {
  expect(levelOf("https://203.0.113.7")).toBe("problem");
  expect(levelOf("https://commerce.example")).toBe("problem");
});

test("behind Cloudflare, and in a network of one's own, it does not show", () => {
  expect(levelOf("https://shop.example", [["cf-ray", "8f1b2c3d4e5f6a7b-FRA"]])).toBe("unseen");
  expect(levelOf("http://10.1.2.3")).toBe("unseen");
  expect(levelOf("http://[::1]:8080")).toBe("unseen");
});

test("which addresses are of a network of one's own", () => {
  const own = ["localhost", "shop.localhost", "magento.test", "web", "127.0.0.1", "10.0.0.1", "172.16.0.1"];
  const more = [
    "172.31.255.1",
    "192.168.1.1",
    "169.254.1.1",
    "[::1]",
    "[fd00::1]",
    "[fe80::1]",
    "nginx.internal",
  ];
  const others = [
    "shop.example",
    "172.32.0.1",
    "172.15.0.1",
    "11.0.0.1",
    "192.169.0.1",
    "[2001:db8::1]",
    "fd.example",
  ];
  expect([...own, ...more].filter((name) => !isPrivate(name))).toEqual([]);
  expect(others.filter(isPrivate)).toEqual([]);
});

test("a home page that is refused says so, and a challenge of Cloudflare's by its name", () => {
  const base = new URL("https://shop.example");
  const found = (answer: Answer) => findHome(answer, base).map((one) => `${one.level}: ${one.found}`);
  expect(found(home())).toEqual([]);
  expect(found(home([], 503))).toEqual(["problem: It answers 503."]);
  expect(found(home([["cf-mitigated", "challenge"]], 403))).toEqual([
    "problem: It answers 403, a challenge of Cloudflare's.",
  ]);
});

test("a redirect that can't be followed is no redirect", () => {
  const base = new URL("https://shop.example");
  const answer = home([["location", "http://["]], 302);
  expect(findAddress({ origin: base, base, home: answer, encrypted: null }).level).toBe("fine");
});
