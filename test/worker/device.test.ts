/** `identity: fpid`: a visitor is who holds the device id that we signed, and a leaked ECID is worth nothing. */

import { createHmac, hkdfSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer } from "./edge.ts";
import { answer as answerWith, ecidNumber, identity, issue, pull } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import type { SeenRequest } from "./origin.ts";
import { rig } from "./rig.ts";
import { planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  type Header,
  openVerifiedShop,
  type SdkCall,
  SECRET,
  sdkCall,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const DEVICE = "__Host-edge-audiences-device-main";
const vipEcid = ecidNumber(7);
const uuidVersion4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const page = lumaPage();
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { identity: "fpid" },
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html", "cache-control": "public, max-age=86400" });
      response.end(page.html);
    },
  });
  shop.adobe.members.set(vipEcid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
  // Every device is in VIP, each by an ECID of its own.
  shop.adobe.behave((question, response) => {
    const ecid = ecidOfDevice(fpidOf(question) ?? "none");
    answerWith(response, [
      identity(ecid),
      issue(ecid),
      pull(question.url.includes("interact") ? [VIP] : null),
    ]);
  });
});

/** 38 digits that are always the same for the same device. */
function ecidOfDevice(fpid: string): string {
  const hash = createHmac("sha512", "adobe").update(fpid).digest();
  return [...hash.subarray(0, 38)].map((byte) => 1 + (byte % 9)).join("");
}

function fpidOf({ header, body }: SeenRequest): string | null {
  const cookie = /(?:^|; )FPID=([^;]+)/.exec(header("cookie") ?? "")?.[1];
  return /"FPID":\[\{"id":"([^"]+)"/.exec(body.toString())?.[1] ?? cookie ?? null;
}

const deviceLineOf = (answer: Answer) => answer.all("set-cookie").find((one) => one.startsWith(`${DEVICE}=`));
const deviceOf = (answer: Answer) => signedCookieOf(answer, DEVICE);
const home = (...headers: Header[]) => shop.edge.send("/", { headers: [...headers, EXPLAIN] });
const sdk = async (cookies: Header, call: SdkCall = {}) => {
  const { path, ...request } = sdkCall({ ...call, headers: [cookies, EXPLAIN] });
  return shop.edge.send(path, request);
};
const restart = (main: object) =>
  rig(shop.edge, { cold: true, vars: { WEBSITES: { main: { ...shop.website, ...main } } } });

/** A browser that the Web SDK has called from once. */
async function newDevice(): Promise<{ device: string; fpid: string; signed: string }> {
  const answer = await callSdk(shop);
  const [device, signed] = [deviceOf(answer), signedCookieOf(answer)];
  const asked = shop.adobe.seen.at(-1);
  if (device === null || signed === null || asked === undefined) throw new Error("no device was minted");
  return { device, signed, fpid: fpidOf(asked) ?? "" };
}

/** A device token that only who has the secret can make. */
function forgeDevice(
  payload: Buffer,
  { purpose = "device", secret = SECRET, context = "main" } = {},
): string {
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `edge-audiences ${purpose} ${info}`, bytes));
  const body = `${derive("key id", 4).toString("base64url")}.${payload.toString("base64url")}`;
  const text = `${purpose}\n${context.length}:${context}\n${body}`;
  return `${DEVICE}=${body}.${createHmac("sha256", derive("key", 32)).update(text).digest("base64url")}`;
}

function devicePayload(ageSeconds: number, fpid = "0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21"): Buffer {
  const head = Buffer.alloc(5, 1);
  head.writeUInt32BE(Math.floor(Date.now() / 1000) - ageSeconds, 1);
  return Buffer.concat([head, Buffer.from(fpid.replaceAll("-", ""), "hex")]);
}

test("the Web SDK's first call gives the browser a device id, tells Adobe of it, and leaves the body alone", async () => {
  const { path, ...request } = sdkCall({
    headers: [visitor(vipEcid, "PHPSESSID=1", "s_ecid=MCMID|1", "FPID=x")],
  });
  const answer = await shop.edge.send(path, request);
  expect(deviceLineOf(answer)).toMatch(
    /^__Host-edge-audiences-device-main=[\w.-]+; Path=\/; Max-Age=34128000; Secure; HttpOnly; SameSite=Lax$/,
  );
  const [asked] = shop.adobe.seen;
  expect(asked?.header("cookie")).toMatch(/^FPID=[0-9a-f-]{36}$/);
  expect(asked && fpidOf(asked)).toMatch(uuidVersion4);
  expect(asked?.body.equals(Buffer.from(request.body ?? ""))).toBe(true);
  expect(signedCookieOf(answer)).not.toBeNull();
  expect(answer.text()).not.toContain(asked && fpidOf(asked));
});

test("who is known by our device id alone gets this very page personalized, and is always the same to Adobe", async () => {
  const { device, fpid } = await newDevice();
  const answer = await home(["cookie", `PHPSESSID=1; ${device}`]);
  expect(answer.text()).toBe(page.withHero(VIP_HTML));
  expect(answer.header("cache-control")).toBe("private, no-store");
  const asked = shop.adobe.seen.at(-1);
  const body = JSON.parse(asked?.body.toString() ?? "");
  expect(body.event.xdm.identityMap).toEqual({
    FPID: [{ id: fpid, primary: true, authenticatedState: "ambiguous" }],
  });
  expect(asked?.header("cookie")).toBeNull();
  expect(deviceOf(answer)).toBeNull();
  const signed = signedCookieOf(answer);
  const again = await home(["cookie", `${device}; ${signed}`]);
  expect(planOf(again)["membership"]).toMatchObject({ source: "signed-cookie", trust: "verified" });
  expect(shop.adobe.seen).toHaveLength(2);
  const third = await sdk(["cookie", device]);
  expect([fpidOf(shop.adobe.seen.at(-1) as SeenRequest), deviceOf(third)]).toEqual([fpid, null]);
  expect(signedCookieOf(third)).not.toBeNull();
});

test("a leaked ECID is worth nothing: neither asked about, nor signed, nor sent on beside a device id", async () => {
  const answer = await home(visitor(vipEcid));
  expect([answer.text() === page.html, signedCookieOf(answer), shop.adobe.seen.length]).toEqual([
    true,
    null,
    0,
  ]);
  const { device, signed } = await newDevice();
  // The victim's membership at another browser, with the victim's ECID or without.
  for (const cookies of [visitor(vipEcid, signed), ["cookie", signed] as const]) {
    const stolen = await home(cookies);
    expect(stolen.text()).toBe(page.html);
    expect(JSON.stringify(planOf(stolen)["membership"])).toContain("no-visitor");
  }
  shop.adobe.seen.length = 0;
  await sdk(visitor(vipEcid, device));
  await home(visitor(vipEcid, device));
  for (const { header, body } of shop.adobe.seen) {
    expect(`${header("cookie")} ${body.toString()}`).not.toContain(vipEcid);
    expect(header("cookie") ?? "").not.toContain("identity");
  }
  expect(shop.adobe.seen).toHaveLength(2);
  for (const [body, reason] of [
    [{ xdm: { identityMap: { ECID: [{ id: vipEcid, primary: true }] } }, events: [{}] }, "foreign-identity"],
    [{ xdm: { identityMap: { FPID: [{ id: crypto.randomUUID(), primary: true }] } } }, "foreign-device"],
  ] as const) {
    const named = await sdk(["cookie", device], { body });
    expect([signedCookieOf(named), planOf(named)["reason"]]).toEqual([null, reason]);
  }
});

test("one browser's membership does not count with another browser's device id", async () => {
  const [one, other] = [await newDevice(), await newDevice()];
  await restart({ pull: "never" });
  const swapped = await home(["cookie", `${one.signed}; ${other.device}`]);
  expect([swapped.text() === page.html, JSON.stringify(planOf(swapped)["membership"])]).toEqual([
    true,
    expect.stringContaining("other-visitor"),
  ]);
  expect((await home(["cookie", `${one.signed}; ${one.device}`])).text()).toBe(page.withHero(VIP_HTML));
  await restart({});
});

test("a device cookie that is forged, altered, too old, of another purpose or website is none", async () => {
  const good = forgeDevice(devicePayload(60));
  const flipped = good.replace(/.$/, (last) => (last === "A" ? "E" : "A"));
  const versionOne = devicePayload(0, "0f5c1d9e-8c53-1c0e-9a41-5d7c0f5a3b21");
  const cases = [
    `${DEVICE}=0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21`,
    `${DEVICE}=`,
    flipped,
    good.replace("main=", "b2b="),
    forgeDevice(devicePayload(60), { secret: "another secret, that nobody has set here" }),
    forgeDevice(devicePayload(60), { purpose: "membership" }),
    forgeDevice(devicePayload(60), { context: "b2b" }),
    forgeDevice(devicePayload(34_128_000)),
    forgeDevice(devicePayload(-3600)),
    forgeDevice(Buffer.alloc(0)),
    forgeDevice(versionOne),
  ];
  for (const cookie of cases) {
    const answer = await home(["cookie", cookie]);
    expect([cookie, answer.text() === page.html]).toEqual([cookie, true]);
    expect([cookie, shop.adobe.seen.length, signedCookieOf(answer)]).toEqual([cookie, 0, null]);
  }
  expect((await home(["cookie", good])).text()).toBe(page.withHero(VIP_HTML));
});

test("without consent nobody gets a device id, and who has one loses it", async () => {
  for (const no of ["mg_dnt=1", "kndctr_ABC_AdobeOrg_consent=general=out"]) {
    const answer = await sdk(["cookie", no]);
    expect([no, answer.status, deviceOf(answer), planOf(answer)["reason"]]).toEqual([
      no,
      200,
      null,
      "no-consent",
    ]);
  }
  const gpc = await callSdk(shop, { headers: [["sec-gpc", "1"]] });
  const saying = await callSdk(shop, { path: "/ee/v1/privacy/set-consent", body: { consent: [] } });
  const out = [{ standard: "Adobe", version: "1.0", value: { general: "out" } }];
  const no = await callSdk(shop, { path: "/ee/v1/privacy/set-consent", body: { consent: out } });
  expect([deviceOf(gpc), deviceOf(saying), deviceOf(no)]).toEqual([null, null, null]);
  for (const { header } of shop.adobe.seen) expect(header("cookie") ?? "").not.toContain("FPID");
  await restart({ consent: "required" });
  expect(deviceOf(await callSdk(shop))).toBeNull();
  expect(
    deviceOf(await callSdk(shop, { headers: [["cookie", "user_allowed_save_cookie=1"]] })),
  ).not.toBeNull();
  await restart({});
  const { device } = await newDevice();
  shop.adobe.seen.length = 0;
  for (const answer of [
    await home(["cookie", `${device}; mg_dnt=1`]),
    await sdk(["cookie", `${device}; mg_dnt=1`]),
  ]) {
    expect(deviceLineOf(answer)).toMatch(/^__Host-edge-audiences-device-main=; Path=\/; Max-Age=0; Secure;/);
    if (answer.header("cache-control") !== null) expect(answer.header("cache-control")).toContain("no-store");
  }
  for (const { header } of shop.adobe.seen) expect(header("cookie") ?? "").not.toContain("FPID");
  expect(shop.adobe.seen).toHaveLength(1);
});

test("a call of another site's page, and a visitor outside of the rollout, go as they would without us", async () => {
  const over = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
  const cross = await callSdk(shop, { over, headers: [visitor(vipEcid)] });
  expect(cross.all("set-cookie")).toEqual([]);
  const { device } = await newDevice();
  for (const main of [{ mode: "watch" }, { mode: "off" }, { rollout: 0 }]) {
    await restart(main);
    const answer = await callSdk(shop, { headers: [visitor(vipEcid, device)] });
    expect([main, answer.all("set-cookie")]).toEqual([main, []]);
    const cookie = shop.adobe.seen.at(-1)?.header("cookie");
    expect([main, cookie]).toEqual([main, visitor(vipEcid)[1]]);
  }
  await restart({});
});

test("our device id reaches neither Commerce nor a cacheable answer", async () => {
  const { device } = await newDevice();
  for (const path of ["/", "/women.html", "/graphql", "/checkout/cart"]) {
    const answer = await shop.edge.send(path, { headers: [["cookie", `a=1; ${device}`]] });
    expect([path, shop.origin.seen.at(-1)?.header("cookie")]).toEqual([
      path,
      expect.not.stringContaining("device"),
    ]);
    const cacheable = answer.header("cache-control")?.includes("public") === true;
    expect([path, cacheable && answer.all("set-cookie").length > 0]).toEqual([path, false]);
  }
  const women = await shop.edge.send("/women.html", { headers: [["cookie", device]] });
  expect([women.header("cache-control"), women.all("set-cookie")]).toEqual(["public, max-age=86400", []]);
});

test("a datastream that reads no device id is told to the operator: one device must be one ECID", async () => {
  const { device } = await newDevice();
  shop.adobe.behave((_, response) => answerWith(response, [identity(ecidNumber(55)), pull([VIP])]));
  // Each warning comes once a minute.
  await rig(shop.edge, { aheadMs: 61_000 });
  const from = shop.edge.logs.length;
  await callSdk(shop, { headers: [visitor(ecidNumber(54), device)] });
  const warning = await shop.edge.logged(({ event }) => event === "device-ignored", from);
  expect(warning).toMatchObject({ website: "main", cure: expect.stringContaining("First Party ID Cookie") });
  expect(JSON.stringify(shop.edge.logs)).not.toContain(ecidNumber(54));
});
