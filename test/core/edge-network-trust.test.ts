/** What of a Web SDK call is believed: its own shapes are, and nothing that speaks of anybody else. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InteractCall, judgeCall } from "../../src/core/edge-network.ts";
import cases from "../cases/edge-calls.json" with { type: "json" };

const own = "29000000000000000000000000000000000001";
const other = "31000000000000000000000000000000000009";
const ownDevice = "0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21";
const datastream = "b7a9c0de-0000-4000-8000-00000000000a";

const cookieOf = (ecid: string) =>
  Buffer.from(`\n${String.fromCharCode(ecid.length)}${ecid}`).toString("base64url");

const call: InteractCall = {
  rawQuery: `?configId=${datastream}&requestId=4c0ae8d3-6896-4769-b96e-b5640c8f179b`,
  body: "{}",
  contentType: "text/plain; charset=UTF-8",
  contentEncoding: null,
  secFetchSite: "same-origin",
  origin: "https://shop.example",
  siteOrigins: ["https://shop.example", "https://www.shop.example"],
  datastreamIds: [datastream],
  organizationId: "ABC@AdobeOrg",
  visitorEcid: own,
  visitorFpid: null,
};

const judge = (changes: Partial<InteractCall>) => judgeCall({ ...call, ...changes });
const refused = (error: string) => ({ ok: false, error });

const fill = (body: unknown) =>
  JSON.stringify(body)
    .replaceAll("OWN_COOKIE", cookieOf(own))
    .replaceAll("OTHER_COOKIE", cookieOf(other))
    .replaceAll("OWN", own)
    .replaceAll("OTHER", other);

describe("the body", () => {
  it.each(cases)("$name: $expected", ({ body, expected }) => {
    const verdict = judge({ body: fill(body) });
    expect(verdict).toEqual(expected === "OWN" ? { ok: true, value: { ecid: own } } : refused(expected));
  });

  it.each(cases.filter(({ expected }) => expected === "OWN"))(
    "of a visitor without an identity, $name: only when it names none",
    ({ body }) => {
      const text = fill(body);
      const verdict = judge({ body: text, visitorEcid: null });
      expect(verdict.ok).toBe(!text.includes(own) && !text.includes(cookieOf(own)));
    },
  );

  it.each([
    ["not-json", ""],
    ["not-json", "null"],
    ["not-json", "[]"],
    ["not-json", '"text"'],
    ["not-json", '{"events":[]} {}'],
    ["not-json", "\uFEFF{}"],
    ["not-json", ":)\n\u0000"],
    ["not-json", '{"a":1,}'],
    ["escaped-keys", '{"\\x":1}'],
    ["escaped-keys", '{"events":[{"xdm":{"identity\\u004dap":{}}}]}'],
    ["duplicate-keys", '{"a":1,"a":1}'],
    ["duplicate-keys", '{"events":[{"xdm":{"identityMap":{},"identityMap":{}}}]}'],
    ["escaped-keys", '{"events":[{"xdm":{"identityMap":{},"identity\\u004dap":{}}}]}'],
    [
      "escaped-keys",
      `{"events":[{"xdm":{"a":1,"\\\\u0069denti":1}},{"xdm":{"a":1,"\\u0069dentityMap":{"ECID":[{"id":"${other}"}]}}}]}`,
    ],
    ["duplicate-keys", '{"__proto__":1,"__proto__":2}'],
    ["duplicate-keys", `{"events":[],"meta":{"x":[[{"id":"${own}","id":"${other}"}]]}}`],
    ["too-deep", "[".repeat(30_000)],
    ["too-deep", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`],
    ["too-long", `{"a":"${"x".repeat(65_536)}"}`],
  ])("that is %s is refused (%#)", (reason, body) => {
    expect(judge({ body })).toEqual(refused(reason));
  });

  it("of more than 64 KB was not even read", () => {
    expect(judge({ body: null })).toEqual(refused("too-long"));
  });

  it("may hold unknown things, deep ones and odd texts", () => {
    const body = `{"x":${"[".repeat(60)}${"]".repeat(60)},"y":"\\ud800","toString":1,"constructor":{"a":null}}`;
    expect(judge({ body })).toEqual({ ok: true, value: { ecid: own } });
  });
});

describe("the sender", () => {
  it.each([
    ["same-origin", null],
    ["same-origin", "https://shop.example"],
    ["same-site", "https://www.shop.example"],
    [null, "https://shop.example"],
  ])("Sec-Fetch-Site %j with Origin %j is the website", (secFetchSite, origin) => {
    expect(judge({ secFetchSite, origin }).ok).toBe(true);
  });

  it.each([
    [null, null],
    ["same-site", null],
    ["none", null],
    ["cross-site", "https://evil.example"],
    ["same-site", "https://blog.shop.example"],
    ["same-origin, cross-site", "https://evil.example"],
    ["Same-Origin", null],
    [null, "null"],
    [null, "http://shop.example"],
    [null, "https://shop.example.evil.example"],
    [null, "https://shop.example, https://evil.example"],
  ])("Sec-Fetch-Site %j with Origin %j is not", (secFetchSite, origin) => {
    expect(judge({ secFetchSite, origin })).toEqual(refused("cross-site"));
  });
});

describe("the datastream", () => {
  it.each([
    [`?configId=${datastream}`],
    [`?datastreamId=${datastream}`],
    [`?dataStreamId=${datastream}&requestId=1`],
    [`?requestId=a%20b&configId=${datastream}`],
    [`?config%49d=%62${datastream.slice(1)}`],
  ])("%s is ours", (rawQuery) => {
    expect(judge({ rawQuery }).ok).toBe(true);
  });

  it.each([
    ["no-datastream", ""],
    ["no-datastream", "?requestId=1"],
    ["no-datastream", `?config=${datastream}`],
    ["foreign-datastream", "?configId="],
    ["foreign-datastream", "?configId"],
    ["foreign-datastream", `?configId=${datastream}:dev`],
    ["foreign-datastream", `?configId=${datastream.toUpperCase()}`],
    ["foreign-datastream", `?configId=${datastream}%`],
    ["several-datastreams", `?configId=${datastream}&configId=${datastream}`],
    ["several-datastreams", `?configId=${datastream}&datastreamId=theirs`],
    ["several-datastreams", `?configId=${datastream}&dataStreamId=theirs`],
    ["several-datastreams", `?configId=${datastream}&CONFIGID=theirs`],
    ["several-datastreams", `?configId=${datastream}&conf%C4%B1gId=theirs`],
    ["several-datastreams", `?configId=${datastream}&config%49d=theirs`],
    ["several-datastreams", `?configId=${datastream}&configId[]=theirs`],
    ["several-datastreams", `?configId=${datastream}&configId%5B0%5D=theirs`],
    ["several-datastreams", `?configId=${datastream}&+configId=theirs`],
    ["several-datastreams", `?configId=${datastream}&%00configId=theirs`],
    ["several-datastreams", `?configId=${datastream}&%2563onfigId=theirs`],
    ["several-datastreams", `?configId=${datastream}&%C0%A3onfigId=theirs`],
    ["several-datastreams", `?configId=${datastream}&x=1;configId=theirs`],
    ["several-datastreams", `??configId=theirs&configId=${datastream}`],
  ])("is refused as %s in %s", (reason, rawQuery) => {
    expect(judge({ rawQuery })).toEqual(refused(reason));
  });

  it("is nobody's when the website has none", () => {
    expect(judge({ datastreamIds: [] })).toEqual(refused("foreign-datastream"));
  });
});

describe("the format", () => {
  it.each([
    "text/plain; charset=UTF-8",
    "text/plain;charset=utf-8",
    "text/plain",
    "application/json",
    'Application/JSON; charset="utf-8"',
  ])("%s is JSON text", (contentType) => {
    expect(judge({ contentType }).ok).toBe(true);
  });

  it.each([
    null,
    "",
    "application/x-jackson-smile",
    "text/plain; charset=UTF-16",
    "text/plain; charset=utf-8; charset=utf-16",
    "text/plain, application/x-jackson-smile",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ])("%j is not", (contentType) => {
    expect(judge({ contentType })).toEqual(refused("content-type"));
  });

  it.each(["gzip", "br", "deflate, identity", "identity, gzip"])("encoded as %s is not read", (encoding) => {
    expect(judge({ contentEncoding: encoding })).toEqual(refused("encoded"));
  });
});

describe("identity: fpid", () => {
  const strict = { visitorEcid: null, visitorFpid: ownDevice };
  const withMap = (identityMap: unknown) => ({ ...strict, body: JSON.stringify({ xdm: { identityMap } }) });

  it("takes our own device id, said or not", () => {
    expect(judge(strict)).toEqual({ ok: true, value: { ecid: null } });
    expect(judge(withMap({ FPID: [{ id: ownDevice, primary: true }] })).ok).toBe(true);
  });

  it("takes no other device id, and no ECID at all, which Adobe would prefer", () => {
    expect(judge(withMap({ FPID: [{ id: ownDevice.replace("0", "1") }] }))).toEqual(
      refused("foreign-device"),
    );
    expect(judge(withMap({ ECID: [{ id: own, primary: true }] }))).toEqual(refused("foreign-identity"));
    expect(judge({ ...strict, visitorEcid: own })).toEqual(refused("unproven-identity"));
  });
});

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.json({ maxDepth: 6 }),
  fc.stringMatching(/^[{}[\]",:\\a0]{0,40}$/),
);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The accepted bodies, as values that a test may change. */
const accepted = cases.filter(({ expected }) => expected === "OWN").map(({ body }) => fill(body));

/** Each object of a body. */
function objectsOf(value: Json): { [key: string]: Json }[] {
  if (typeof value !== "object" || value === null) return [];
  const children = Object.values(value).flatMap(objectsOf);
  return Array.isArray(value) ? children : [value, ...children];
}

describe("whatever is sent", () => {
  it("is judged without an exception", () => {
    const text = fc.option(fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.option(anything), anything, text, text, text, (body, rawQuery, a, b, c) => {
        judge({ body, rawQuery });
        judge({ body, contentType: a, contentEncoding: b, secFetchSite: c, origin: a });
      }),
    );
  });

  it("stays accepted when Adobe adds fields that we don't know", () => {
    const name = fc.stringMatching(/^(new|x)[A-Za-z0-9_.-]{0,10}$/);
    const value = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.stringMatching(/^[a-z ]{0,20}$/),
      fc.constant([{ a: {} }]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...accepted), fc.nat(), name, value, (text, place, added, content) => {
        const body = JSON.parse(text) as Json;
        // An unknown name directly in an identity map is a namespace, and has a list.
        const objects = objectsOf(body).filter((one) => !("ECID" in one || "email" in one || "FPID" in one));
        const object = objects[place % objects.length];
        if (object === undefined || Object.keys(object).length === 0) return;
        object[added] = content as Json;
        expect(judge({ body: JSON.stringify(body) }).ok).toBe(true);
      }),
    );
  });

  it("is refused with another ECID planted in any place where an identity can stand", () => {
    const plant = fc.constantFrom<(object: { [key: string]: Json }) => void>(
      (object) => Object.assign(object, { identityMap: { ECID: [{ id: other, primary: true }] } }),
      (object) =>
        Object.assign(object, { identityMap: { ECID: [{ id: own, primary: true }, { id: other }] } }),
      (object) => Object.assign(object, { identitymap: { shop: [{ id: other }] } }),
      (object) => Object.assign(object, { ECID: [{ id: other, primary: true }] }),
      (object) => Object.assign(object, { id: other }),
      (object) => Object.assign(object, { personID: other }),
      (object) => Object.assign(object, { anything: [` ${other} `] }),
      (object) => Object.assign(object, { state: { entries: [{ key: "s_ecid", value: `MCMID|${other}` }] } }),
      (object) =>
        Object.assign(object, {
          state: { entries: [{ key: "kndctr_ABC_AdobeOrg_identity", value: cookieOf(other) }] },
        }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...accepted), fc.nat(), plant, (text, place, change) => {
        const body = JSON.parse(text) as Json;
        const objects = objectsOf(body);
        const object = objects[place % objects.length];
        if (object !== undefined) change(object);
        expect(judge({ body: JSON.stringify(body) }).ok).toBe(false);
        expect(judge({ body: JSON.stringify(body), visitorEcid: null }).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
