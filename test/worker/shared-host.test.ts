/** Two websites on one host: each has its own datastream, consent, banners and signed cookies, and nothing of the other's. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DATASTREAM, ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import { startOrigin } from "./origin.ts";
import { rig } from "./rig.ts";
import { heroOn, planOf, VIP, VIP_HTML } from "./shop.ts";
import {
  callSdk,
  EXPLAIN,
  type Header,
  openVerifiedShop,
  SIGNED,
  signedCookieOf,
  type VerifiedShop,
  visitor,
} from "./verified-shop.ts";

const FR_DATASTREAM = "7e1c0c5a-2f1b-4d0a-9c4e-00000000000f";
const FR_SIGNED = "__Host-edge-audiences-fr";
const page = lumaPage();
const ecid = ecidNumber(1);
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { pull: "never", storeViews: ["default"] },
    banners: [{ ...heroOn(["/", "/fr/*"]), trust: "verified" }],
    websites: {
      fr: {
        hosts: ["shop.test"],
        pathPrefix: "/fr",
        storeViews: ["fr"],
        consent: "required",
        pull: "never",
        datastreamId: FR_DATASTREAM,
      },
    },
    answer: page.answer,
  });
  shop.adobe.members.set(ecid, [VIP]);
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
  shop.adobe.seen.length = 0;
});

/** Website "fr" wants a yes before anything. */
const yes = "user_allowed_save_cookie=1";
const callFr = (...headers: Header[]) =>
  callSdk(shop, { query: `configId=${FR_DATASTREAM}`, headers: [visitor(ecid, yes), EXPLAIN, ...headers] });
const callMain = () => callSdk(shop, { headers: [visitor(ecid), EXPLAIN] });
const open = (path: string, cookies: Header) => shop.edge.send(path, { headers: [cookies, EXPLAIN] });
const graphql = (path: string, cookies: Header, ...headers: Header[]) =>
  shop.edge.send(path, { method: "POST", headers: [cookies, EXPLAIN, ...headers], body: "{}" });

test("a call of the Web SDK is of the website whose datastream it names, and signed for that one alone", async () => {
  const fr = await callFr();
  expect([planOf(fr)["website"], signedCookieOf(fr), signedCookieOf(fr, FR_SIGNED)]).toEqual([
    "fr",
    null,
    expect.stringContaining(FR_SIGNED),
  ]);
  const main = await callMain();
  expect([planOf(main)["website"], signedCookieOf(main, FR_SIGNED)]).toEqual(["main", null]);
  expect(signedCookieOf(main)).not.toBeNull();
});

test("a call that names both, another's or none is of the rest of the host, and not signed", async () => {
  for (const [query, reason] of [
    [`configId=${FR_DATASTREAM}&datastreamId=${DATASTREAM}`, "several-datastreams"],
    [`configId=${FR_DATASTREAM}&configid=${FR_DATASTREAM}`, "several-datastreams"],
    ["configId=00000000-1111-4222-8333-444444444444", "foreign-datastream"],
    ["requestId=1", "no-datastream"],
  ] as const) {
    const answer = await callSdk(shop, { query, headers: [visitor(ecid), EXPLAIN] });
    expect([query, answer.status, planOf(answer)]).toEqual([
      query,
      200,
      expect.objectContaining({ website: "main", signed: false, reason }),
    ]);
    expect(answer.all("set-cookie")).toEqual([]);
  }
});

test("each website's page follows its own signed cookie, and its own consent", async () => {
  const fr = signedCookieOf(await callFr(), FR_SIGNED);
  const main = signedCookieOf(await callMain());
  expect((await open("/", visitor(ecid, main))).text()).toBe(page.withHero(VIP_HTML));
  expect((await open("/fr/", visitor(ecid, fr, yes))).text()).toBe(
    page.withHero(VIP_HTML, { website: "fr" }),
  );
  expect((await open("/", visitor(ecid, fr, yes))).text()).toBe(page.html);
  expect((await open("/fr/", visitor(ecid, main, yes))).text()).toBe(page.html);
  expect((await open("/fr/", visitor(ecid, fr))).text()).toBe(page.html);
  for (const { header } of shop.origin.seen) expect(header("cookie")).not.toContain("edge-audiences");
});

test("one website's signed cookie is altered under the name of the other, on the same host", async () => {
  const fr = signedCookieOf(await callFr(), FR_SIGNED) ?? "";
  const main = signedCookieOf(await callMain()) ?? "";
  for (const [path, cookie] of [
    ["/", fr.replace(FR_SIGNED, SIGNED)],
    ["/fr/", main.replace(SIGNED, FR_SIGNED)],
  ] as const) {
    const answer = await open(path, visitor(ecid, cookie, yes));
    expect(answer.text()).toBe(page.html);
    expect(planOf(answer)["membership"]).toMatchObject({
      kind: "none",
      lost: [{ source: "signed-cookie", reason: "altered" }],
    });
  }
});

test("GraphQL is of the website that the store view names, else of the one that the path names", async () => {
  const fr = visitor(ecid, signedCookieOf(await callFr(), FR_SIGNED), yes);
  for (const [path, headers, website] of [
    ["/graphql", [["store", "fr"]], "fr"],
    ["/graphql", [], "main"],
    ["/graphql", [["store", "nobody's"]], "main"],
    ["/fr/graphql", [], "fr"],
    ["/fr/graphql/", [], "fr"],
    ["/fr/graphql", [["store", "default"]], "main"],
  ] as const satisfies (readonly [string, readonly Header[], string])[]) {
    const answer = await graphql(path, fr, ...headers);
    const { kind, website: found } = planOf(answer);
    expect([path, headers, kind, found]).toEqual([path, headers, "graphql", website]);
    const told = shop.origin.seen.at(-1)?.header("aep-segments-membership");
    expect([path, headers, told]).toEqual([path, headers, website === "fr" ? VIP : null]);
  }
  const byCookie = await graphql("/graphql", [fr[0], `${fr[1]}; store=fr`]);
  expect(planOf(byCookie)["website"]).toBe("fr");
});

test("behind its prefix a website has the same private paths, and the same pages that are left alone", async () => {
  const cookies = visitor(ecid, signedCookieOf(await callFr(), FR_SIGNED), yes);
  const cart = await open("/fr/checkout/", cookies);
  expect([cart.text(), planOf(cart)]).toEqual([
    page.html,
    expect.objectContaining({ website: "fr", plan: "pass", reason: "reserved-path" }),
  ]);
  expect(shop.origin.seen.at(-1)?.header("cookie")).toContain(`aep-segments-membership=${VIP}`);
  const logout = await open("/fr/customer/account/logout/", cookies);
  expect(logout.all("set-cookie")).toEqual([
    expect.stringMatching(/^__Host-edge-audiences-fr=; .*Max-Age=0/),
  ]);
});

test("with refused settings each path still goes to the Commerce that its website names", async () => {
  const other = await startOrigin((_, response) => void response.end("the other Commerce"));
  const at = { hosts: ["shop.test"], mode: "onn" };
  const WEBSITES = {
    fr: { ...at, pathPrefix: "/fr", origin: other.url },
    main: { ...at, origin: shop.origin.url },
  };
  await rig(shop.edge, { cold: true, vars: { WEBSITES } });
  expect((await shop.edge.send("/fr/women.html")).text()).toBe("the other Commerce");
  for (const path of ["/", "/french", "/women.html"]) {
    expect((await shop.edge.send(path)).text()).toBe(page.html);
  }
  await rig(shop.edge, { cold: true, vars: {} });
  await other.stop();
});
