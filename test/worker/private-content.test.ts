/** When a membership changes, the mini-cart that the browser keeps is thrown away; at no other time. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "./edge.ts";
import { lumaPage } from "./luma.ts";
import { BARGAIN, STRANGER, VIP } from "./shop.ts";
import {
  callSdk,
  type Header,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
/** What Commerce and Luma's script leave in a browser that has put something into the cart. */
const shopped = "section_data_ids=%7B%22cart%22%3A1795414952%7D; private_content_version=911edc9f";
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    websites: { headless: { hosts: ["headless.test"], storefront: "headless" } },
    answer: page.answer,
  });
});
afterAll(() => shop.stop());

function reloadsIn(answer: Answer) {
  const lines = answer.all("set-cookie");
  const clean = lines.filter((line) => line.startsWith("section_data_clean="));
  const version = lines.filter((line) => line.startsWith("private_content_version="));
  expect(clean.length).toBe(version.length);
  return clean.length > 0;
}

const open = (headers: readonly Header[], path = "/") => shop.edge.send(path, { headers });

test("who becomes a member with a cart in the browser gets both cookies, as Luma and Hyvä read them", async () => {
  const answer = await open([visitor(shop.newMember(VIP), shopped)]);
  expect(signedCookieOf(answer)).not.toBeNull();
  expect(answer.header("cache-control")).toBe("private, no-store");
  expect(answer.all("set-cookie").slice(1)).toEqual([
    "section_data_clean=reload; Path=/; Max-Age=900; Secure; SameSite=Lax",
    expect.stringMatching(
      /^private_content_version=[0-9a-f]{32}; Path=\/; Max-Age=315360000; Secure; SameSite=Lax$/,
    ),
  ]);
});

test("a call of the Web SDK does it, there and back, and not while nothing changes", async () => {
  const ecid = shop.newMember(VIP);
  const call = (...cookies: string[]) => callSdk(shop, { headers: [visitor(ecid, shopped, ...cookies)] });
  const first = await call();
  expect(reloadsIn(first)).toBe(true);
  const signed = signedCookieOf(first) ?? "";
  expect(reloadsIn(await call(signed))).toBe(false);
  shop.adobe.members.set(ecid, [VIP, BARGAIN]);
  const more = await call(signed);
  expect(reloadsIn(more)).toBe(true);
  shop.adobe.members.set(ecid, []);
  expect(reloadsIn(await call(signedCookieOf(more) ?? ""))).toBe(true);
});

test("whose last membership has lapsed, nobody knows what the cart was told: it is asked for once", async () => {
  const ecid = shop.newMember();
  const answer = await open([visitor(ecid, shopped)]);
  expect(reloadsIn(answer)).toBe(true);
  const again = await callSdk(shop, { headers: [visitor(ecid, shopped, signedCookieOf(answer))] });
  expect([signedCookieOf(again) !== null, reloadsIn(again)]).toEqual([true, false]);
});

test("an audience that nobody here knows changes nothing", async () => {
  const ecid = shop.newMember(VIP);
  const signed = await signFor(shop, ecid);
  shop.adobe.members.set(ecid, [VIP, STRANGER]);
  const answer = await callSdk(shop, { headers: [visitor(ecid, shopped, signed)] });
  expect([signedCookieOf(answer) !== null, reloadsIn(answer)]).toEqual([true, false]);
});

test("a browser that holds no private content, and a headless storefront, are left alone", async () => {
  expect(reloadsIn(await open([visitor(shop.newMember(VIP))]))).toBe(false);
  const headers = [visitor(shop.newMember(VIP), shopped)];
  expect(reloadsIn(await shop.edge.send("/", { host: "headless.test", headers }))).toBe(false);
});

test("GraphQL by POST on a Luma store does it too, and a page that caches may keep never", async () => {
  const headers = [visitor(shop.newMember(VIP), shopped)];
  const cacheable = await open(headers, "/women.html");
  expect(cacheable.all("set-cookie")).toEqual([]);
  expect(reloadsIn(await shop.edge.send("/graphql", { method: "POST", headers, body: "{}" }))).toBe(true);
});

test("a membership that ends takes the VIP's cart with it: by a no, and by a logout", async () => {
  const ecid = shop.newMember(VIP);
  const signed = await signFor(shop, ecid);
  for (const [path, more] of [
    ["/", "mg_dnt=1"],
    ["/customer/account/logout/", "a=1"],
  ] as const) {
    const answer = await open([visitor(ecid, shopped, signed, more)], path);
    expect([path, signedCookieOf(answer), reloadsIn(answer)]).toEqual([path, `${SIGNED}=`, true]);
  }
});
