/** The signed cookie in other hands than Adobe's visitor's: each is worth nothing, and the plan says why. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { rig } from "./rig.ts";
import { BARGAIN, planOf, STRANGER, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  forgeToken,
  type Header,
  openVerifiedShop,
  SECRET,
  SIGNED,
  signedCookieOf,
  signFor,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const page = lumaPage();
const ecid = ecidNumber(1);
const newer = "a newer signing secret of the tests, long enough";
const b2b = { hosts: ["b2b.test"] };
let shop: VerifiedShop;
let signed: string;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "never" },
    answer: page.answer,
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await restart();
  signed = await signFor(shop, ecid);
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
});

/** Another isolate, with other settings than the shop's own. */
const restart = ({ vars = {}, main = {} } = {}) =>
  rig(shop.edge, {
    cold: true,
    vars: {
      WEBSITES: {
        main: { ...shop.website, ...main },
        b2b: { ...shop.website, ...b2b },
      },
      ...vars,
    },
  });

/** What a page's plan says of it, where the page is the default one and Commerce is told nothing. */
async function whyNothing(cookies: Header, host = "shop.test") {
  const answer = await shop.edge.send("/", { host, headers: [cookies, EXPLAIN] });
  expect([answer.status, answer.text() === page.html]).toEqual([200, true]);
  await shop.edge.send("/graphql", { host, headers: [cookies], method: "POST", body: "{}" });
  expect(shop.origin.seen.at(-1)?.header("aep-segments-membership")).toBeNull();
  expect(shop.origin.seen.at(-1)?.header("cookie") ?? "").not.toContain(SIGNED);
  return planOf(answer)["membership"];
}

const lost = (reason: string, cookie = signed) => ({
  kind: "none",
  reason: "unreadable",
  trust: "claimed",
  lost: [{ source: "signed-cookie", reason, bytes: cookie.length - SIGNED.length - 1 }],
});

test("it personalizes whom it was given to", async () => {
  const answer = await shop.edge.send("/", { headers: [visitor(ecid, signed)] });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
});

test("forged by hand, with a flipped bit, cut or pieced together it is altered", async () => {
  const [name, token = ""] = signed.split("=");
  const [kid = "", payload = "", signature = ""] = token.split(".");
  const flipped = Buffer.from(payload, "base64url");
  flipped[4] = (flipped[4] ?? 0) ^ 1;
  const other = (await callSdk(shop, { headers: [visitor(ecidNumber(7))] })) && signature;
  const last = signature.at(-1) === "A" ? "B" : "A";
  for (const value of [
    `${kid}.${flipped.toString("base64url")}.${signature}`,
    `${kid}.${payload}.${signature.slice(0, -1)}${last}`,
    `${kid}.${payload}.${signature.slice(0, -1)}`,
    `${kid}.${payload.slice(0, -4)}.${signature}`,
    `${kid}.${payload}.${"A".repeat(43)}`,
    `${kid}.${payload}.`,
    `${kid}.${payload}`,
    `${kid}..${other}`,
    `${token}=`,
    `"${token}"`,
    `${token},${token}`,
    VIP,
    "<script>",
    "%00",
    "x".repeat(12_000),
  ]) {
    const cookie = `${name}=${value}`;
    expect([value, await whyNothing(visitor(ecid, cookie))]).toEqual([value, lost("altered", cookie)]);
  }
});

test("signed with another secret it is of an unknown key, or altered under the name of ours", async () => {
  const payload = Buffer.from(signed.split(".")[1] ?? "", "base64url");
  const own = `${SIGNED}=${forgeToken(payload)}`;
  expect(own).toBe(signed);
  const foreign = `${SIGNED}=${forgeToken(payload, "an attacker's secret, long enough")}`;
  expect(await whyNothing(visitor(ecid, foreign))).toEqual(lost("unknown-key", foreign));
  const renamed = foreign.replace(/=[\w-]{6}/, signed.slice(SIGNED.length, SIGNED.length + 7));
  expect(await whyNothing(visitor(ecid, renamed))).toEqual(lost("altered", renamed));
});

test("genuinely signed bytes in another format, or of the future, are none", async () => {
  const payload = Buffer.from(signed.split(".")[1] ?? "", "base64url");
  const with_ = (change: (bytes: Buffer) => Buffer) =>
    `${SIGNED}=${forgeToken(change(Buffer.from(payload)))}`;
  const version = with_((bytes) => {
    bytes[0] = 2;
    return bytes;
  });
  expect(await whyNothing(visitor(ecid, version))).toEqual(lost("altered", version));
  const cut = with_((bytes) => bytes.subarray(0, -1));
  expect(await whyNothing(visitor(ecid, cut))).toEqual(lost("altered", cut));
  const future = with_((bytes) => {
    bytes.writeUInt32BE(bytes.readUInt32BE(1) + 3600, 1);
    return bytes;
  });
  expect(await whyNothing(visitor(ecid, future))).toEqual(lost("from-the-future", future));
});

test("another visitor's is worth nothing, nor is one without an identity", async () => {
  expect(await whyNothing(visitor(ecidNumber(2), signed))).toEqual(lost("other-visitor"));
  expect(await whyNothing(visitor(null, signed))).toEqual(lost("no-visitor"));
  expect(await whyNothing(["cookie", `kndctr_ABC_AdobeOrg_identity=%; ${signed}`])).toEqual(
    lost("no-visitor"),
  );
});

test("another website's is worth nothing, under its own name or the other's", async () => {
  const renamed = signed.replace(SIGNED, "__Host-edge-audiences-b2b");
  const bytes = signed.length - SIGNED.length - 1;
  expect(await whyNothing(visitor(ecid, renamed), "b2b.test")).toMatchObject({
    lost: [{ source: "signed-cookie", reason: "altered", bytes }],
  });
  expect(await whyNothing(visitor(ecid, signed), "b2b.test")).toMatchObject({ reason: "absent", lost: [] });
  expect(shop.origin.seen.at(-1)?.header("cookie")).not.toContain("edge-audiences");
});

test("replayed after its time it has expired, and one second before it has not", async () => {
  await rig(shop.edge, { aheadMs: 1_795_000 });
  const answer = await shop.edge.send("/", { headers: [visitor(ecid, signed)] });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  await rig(shop.edge, { aheadMs: 6_000 });
  expect(await whyNothing(visitor(ecid, signed))).toEqual(lost("expired"));
});

test("a new secret leaves the old cookies valid while the old one is named, and signs anew", async () => {
  await restart({ vars: { SIGNING_SECRET: newer, SIGNING_SECRET_PREVIOUS: SECRET } });
  const answer = await shop.edge.send("/", { headers: [visitor(ecid, signed)] });
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  const fresh = await signFor(shop, ecid);
  expect(fresh.split(".")[0]).not.toBe(signed.split(".")[0]);
  await restart({ vars: { SIGNING_SECRET: newer } });
  expect(await whyNothing(visitor(ecid, signed))).toEqual(lost("unknown-key"));
});

test("without a secret nothing is signed or believed, and the SDK's calls still pass", async () => {
  await restart({ vars: { SIGNING_SECRET: "" } });
  expect(await whyNothing(visitor(ecid, signed))).toEqual(lost("signing-is-off"));
  const answer = await callSdk(shop, { headers: [visitor(ecid), EXPLAIN] });
  expect([answer.status, planOf(answer)["reason"]]).toEqual([200, "signing-is-off"]);
  expect(signedCookieOf(answer)).toBeNull();
});

test("off or watching, nothing is signed, and ours still goes neither to Commerce nor to Adobe", async () => {
  for (const mode of ["off", "watch"] as const) {
    await restart({ main: { mode } });
    const headers = [visitor(ecid, signed, "PHPSESSID=1"), EXPLAIN];
    for (const path of ["/", "/checkout/cart", "/media/a.png"]) {
      expect((await shop.edge.send(path, { headers })).text()).toBe(page.html);
      expect(shop.origin.seen.at(-1)?.header("cookie")).toBe(`${visitor(ecid)[1]}; PHPSESSID=1`);
    }
    const answer = await callSdk(shop, { headers });
    expect([planOf(answer)["reason"], signedCookieOf(answer)]).toEqual([`mode-${mode}`, null]);
    expect(shop.adobe.seen.at(-1)?.header("cookie")).toBe(visitor(ecid)[1]);
  }
});

test("in a second Cookie line, or twice, it does not slip through to Commerce", async () => {
  const headers: Header[] = [visitor(ecid, "a=1"), ["cookie", `${signed}; b=2`], ["cookie", `${SIGNED}=x`]];
  const answer = await shop.edge.send("/checkout/cart", { headers });
  expect(answer.status).toBe(200);
  expect(shop.origin.seen[0]?.header("cookie")).not.toContain(SIGNED);
});

test("only audiences that the shop knows are signed, and 250 of them fit into a cookie", async () => {
  shop.adobe.members.set(ecid, [VIP, STRANGER, BARGAIN]);
  const payload = Buffer.from((await signFor(shop, ecid)).split(".")[1] ?? "", "base64url");
  expect(payload.byteLength).toBe(13 + 2 * 8);
  const many = Array.from(
    { length: 248 },
    (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  );
  shop.adobe.members.set(ecid, [VIP, BARGAIN, ...many]);
  expect((await signFor(shop, ecid)).length).toBeLessThan(4096);
  shop.adobe.members.set(ecid, [VIP]);
});
