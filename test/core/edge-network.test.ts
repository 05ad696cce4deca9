/** The Edge Network's addresses, and our own question to it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildQuestion,
  parseEdgePath,
  questionPath,
  readDatastreamIds,
} from "../../src/core/edge-network.ts";

const own = "29000000000000000000000000000000000001";
const other = "31000000000000000000000000000000000009";
const device = "0f5c1d9e-8c53-4c0e-9a41-5d7c0f5a3b21";

const cookieOf = (ecid: string) =>
  Buffer.from(`\n${String.fromCharCode(ecid.length)}${ecid}`).toString("base64");

describe("parseEdgePath", () => {
  it.each([
    ["/ee/v1/interact", { endpoint: "interact", version: "v1", hint: null }],
    ["/ee/v2/interact", { endpoint: "interact", version: "v2", hint: null }],
    ["/ee/irl1/v1/interact", { endpoint: "interact", version: "v1", hint: "irl1" }],
    ["/ee/or2/v2/collect", { endpoint: "collect", version: "v2", hint: "or2" }],
    ["/ee/v1/identity/acquire", { endpoint: "identity/acquire", version: "v1", hint: null }],
    ["/ee/aus3/v1/privacy/set-consent", { endpoint: "privacy/set-consent", version: "v1", hint: "aus3" }],
  ])("%s is Adobe's", (path, expected) => {
    expect(parseEdgePath(path, "ee")).toEqual(expected);
  });

  it.each([
    "/ee/",
    "/ee/women.html",
    "/ee/v3/interact",
    "/ee/v1/interact/",
    "/ee/v1/interact/x",
    "/ee/v1/interactive",
    "/EE/v1/interact",
    "/ee/V1/interact",
    "//ee/v1/interact",
    "/x/ee/v1/interact",
    "/ee//v1/interact",
    "/ee/evil.example/v1/interact",
    "/ee/evil/v1/interact",
    "/ee/irl123/v1/interact",
    "/ee/a1/v1/interact",
    "/ee/IRL1/v1/interact",
    "/ee/irl1/or2/v1/interact",
    "/ee/../v1/interact",
    "/ee/%69rl1/v1/interact",
    "/ee/v1/interact\n",
    "/ee/v1/identity",
    `/ee/${"a".repeat(10_000)}/v1/interact`,
  ])("%j is the shop's", (path) => {
    expect(parseEdgePath(path, "ee")).toBeNull();
  });

  it("keeps Estonia's store view where the merchant chose another base path", () => {
    expect(parseEdgePath("/ee/v1/interact", "adobe-edge")).toBeNull();
    expect(parseEdgePath("/adobe-edge/v1/interact", "adobe-edge")?.endpoint).toBe("interact");
    expect(parseEdgePath("/adobexedge/v1/interact", "adobe.edge")).toBeNull();
  });
});

describe("readDatastreamIds", () => {
  it.each([
    ["", []],
    ["?", []],
    ["?requestId=configId", []],
    ["?configId=a&requestId=1", ["a"]],
    ["configId=a", ["a"]],
    ["?configId=a%2Db&dataStreamId=c&datastreamId=d", ["a-b", "c", "d"]],
    ["?configId=%zz", ["%zz"]],
    ["?%zz=1", ["%zz=1"]],
  ])("of %s are %j", (query, expected) => {
    expect(readDatastreamIds(query)).toEqual(expected);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[?&;=%a-f0-9C+]*$/)),
        (query) => {
          readDatastreamIds(query);
        },
      ),
    );
  });
});

describe("questionPath", () => {
  it.each([
    ["ds", null, null, "/ee/v2/interact?datastreamId=ds"],
    ["ds", "irl1", "r-1", "/ee/irl1/v2/interact?datastreamId=ds&requestId=r-1"],
    ["ds", "evil.example", null, "/ee/v2/interact?datastreamId=ds"],
    ["ds", "../x", "a&configId=b", "/ee/v2/interact?datastreamId=ds"],
    ["d:s&configId=x#", null, null, "/ee/v2/interact?datastreamId=d%3As%26configId%3Dx%23"],
    ["\ud800", null, null, "/ee/v2/interact?datastreamId="],
  ])("of %j with the hint %j", (datastream, hint, request, expected) => {
    expect(questionPath(datastream, hint, request)).toBe(expected);
  });
});

describe("buildQuestion", () => {
  const name = "kndctr_ABC_AdobeOrg_identity";
  const context = { apexDomain: "shop.example", timestampIso: "2026-11-20T10:00:00.000Z", pageUrl: null };
  const state = { domain: "shop.example", cookiesEnabled: true };
  const query = { identity: { fetch: ["ECID"] } };
  const ask = (visitor: Partial<Parameters<typeof buildQuestion>[0]>, pageUrl: string | null = null) =>
    JSON.parse(
      buildQuestion({ identityCookie: null, ecid: null, fpid: null, ...visitor }, { ...context, pageUrl }),
    ) as unknown;
  const primary = (id: string) => [{ id, primary: true, authenticatedState: "ambiguous" }];

  it("asks for a known visitor, with their own cookie decoded, and counts no page view", () => {
    const value = encodeURIComponent(cookieOf(own));
    expect(ask({ identityCookie: { name, value }, ecid: own }, "https://shop.example/sale")).toEqual({
      event: {
        xdm: { identityMap: { ECID: primary(own) }, timestamp: context.timestampIso },
        data: { pageUrl: "https://shop.example/sale" },
      },
      query,
      meta: { state: { ...state, entries: [{ key: name, value: cookieOf(own) }] } },
    });
  });

  it("takes the ECID out of the cookie where nobody else did", () => {
    expect(ask({ identityCookie: { name, value: cookieOf(own) } })).toMatchObject({
      event: { xdm: { identityMap: { ECID: primary(own) } } },
    });
  });

  it("leaves a cookie here that is none, or somebody else's", () => {
    const only = {
      event: { xdm: { identityMap: { ECID: primary(own) }, timestamp: context.timestampIso } },
      query,
      meta: { state },
    };
    expect(ask({ identityCookie: { name, value: cookieOf(other) }, ecid: own })).toEqual(only);
    expect(ask({ identityCookie: { name, value: "%" }, ecid: own })).toEqual(only);
  });

  it("asks by our own device id alone, because Adobe would prefer what the browser says", () => {
    expect(ask({ identityCookie: { name, value: cookieOf(own) }, ecid: own, fpid: device })).toEqual({
      event: { xdm: { identityMap: { FPID: primary(device) }, timestamp: context.timestampIso } },
      query,
      meta: { state },
    });
  });

  it("asks for a stranger without an identity map", () => {
    expect(ask({})).toEqual({
      event: { xdm: { timestamp: context.timestampIso } },
      query,
      meta: { state },
    });
  });
});
