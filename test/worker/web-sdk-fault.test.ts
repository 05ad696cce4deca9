/** An Edge Network in trouble: the Web SDK is told what Adobe said, nothing is signed, and the shop goes on. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answer as answerWith, type Behaviour, ecidNumber, identity, pull } from "./edge-network.ts";
import { planOf, VIP } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const ecid = ecidNumber(1);
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "never" },
    websites: { unsigned: { hosts: ["unsigned.test"] } },
    answer: (_, response) => void response.end("shop"),
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.adobe.seen.length = 0;
  shop.adobe.recover();
});

async function callWhile(behaviour: Behaviour, cookies = visitor(ecid)) {
  shop.adobe.behave(behaviour);
  const answer = await callSdk(shop, { headers: [cookies, EXPLAIN] });
  expect(signedCookieOf(answer)).toBeNull();
  expect(planOf(answer)).toMatchObject({ kind: "web-sdk", signed: false });
  return { answer, reason: planOf(answer)["reason"] };
}

const errors = [{ type: "https://ns.adobe.com/aep/errors/EXEG-0200-504", status: 504 }];

test("a 207 whose lookup failed says nothing of the visitor, and is not taken for in none", async () => {
  for (const handle of [[identity(ecid)], [identity(ecid), pull(null)], [identity(ecid), pull([])]]) {
    const { answer, reason } = await callWhile((_, response) =>
      answerWith(response, handle, { status: 207, more: { errors } }),
    );
    expect([answer.status, reason]).toEqual([207, "not-known-yet"]);
    expect(JSON.parse(answer.text())).toMatchObject({ errors });
  }
});

test("rubbish, a 403, a 302 and a 503 are Adobe's to say, and pass unsigned", async () => {
  const page = "<!doctype html><title>Welcome</title>";
  for (const [status, headers, body, reason] of [
    [200, { "content-type": "text/html" }, page, "not-json"],
    [200, {}, "", "not-json"],
    [200, {}, `{"handle":"x"}`, "malformed"],
    [200, {}, `{"handle":[],"handle":[]}`, "duplicate-keys"],
    [403, { "content-type": "text/html" }, page, "status"],
    [302, { location: "https://evil.test/" }, "", "status"],
    [503, { "retry-after": "30" }, "{}", "status"],
    [204, {}, "", "status"],
  ] as const) {
    const { answer, reason: told } = await callWhile((_, response) => {
      response.writeHead(status, headers);
      response.end(body);
    });
    expect([answer.status, answer.text(), told]).toEqual([status, body, reason]);
  }
});

test("10 MB stream through whole and unsigned", async () => {
  const body = JSON.stringify({ handle: [identity(ecid), pull([VIP])], filler: "x".repeat(10_000_000) });
  const { answer, reason } = await callWhile((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(body);
  });
  expect(reason).toBe("answer-too-long");
  expect(answer.body.equals(Buffer.from(body))).toBe(true);
});

test("an Adobe that hangs up, before or in the middle of its answer, is a 502 with the reason", async () => {
  const gone = await callWhile((_, response) => void response.socket?.destroy());
  expect([gone.answer.status, gone.reason]).toEqual([502, "unreachable"]);
  const broken = await callWhile((_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"handle":');
    setImmediate(() => response.socket?.destroy());
  });
  expect([broken.answer.status, broken.reason]).toEqual([502, "unreachable"]);
  expect((await shop.edge.send("/")).text()).toBe("shop");
});

test("while Adobe is slow the shop is not, and the Web SDK gets its answer in the end", async () => {
  const release = shop.adobe.hold();
  const calling = callSdk(shop, { headers: [visitor(ecid)] });
  await shop.adobe.asked(1);
  expect((await shop.edge.send("/", { headers: [visitor(ecid)] })).text()).toBe("shop");
  release();
  expect(signedCookieOf(await calling)).not.toBeNull();
});

test("who said no to Adobe is not signed, and loses what was signed before", async () => {
  const out = "kndctr_ABC_AdobeOrg_consent=general%3Dout";
  const headers = [visitor(ecid, out, `${SIGNED}=a.b.c`), EXPLAIN];
  const answer = await callSdk(shop, { headers });
  expect(answer.status).toBe(200);
  expect(planOf(answer)["reason"]).toBe("no-consent");
  expect(answer.all("set-cookie")).toEqual([`${SIGNED}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`]);
  const without = await callSdk(shop, { headers: [visitor(ecid, out), EXPLAIN] });
  expect(without.all("set-cookie")).toEqual([]);
});

test("a website without a datastream has no such endpoint", async () => {
  const answer = await shop.edge.send("/ee/v1/interact", {
    host: "unsigned.test",
    method: "POST",
    body: "{}",
  });
  expect(answer.text()).toBe("shop");
  expect(shop.adobe.seen).toEqual([]);
});
