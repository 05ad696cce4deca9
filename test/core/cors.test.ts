/** CORS: exactly the listed origins, and nothing for anybody else. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CorsQuestion,
  joinNames,
  planCors,
  preflightHeaders,
  siteOrigins,
} from "../../src/core/cors.ts";

const www = "https://www.shop.example";
const website = { corsOrigins: [www, "https://app.example:8443"] };
const call: CorsQuestion = {
  method: "POST",
  origin: www,
  requestMethod: null,
  requestHeaders: null,
  website,
  sharing: [website],
};
const plan = (changes: Partial<CorsQuestion>) => planCors({ ...call, ...changes });
const preflight = (changes: Partial<CorsQuestion> = {}) =>
  plan({ method: "OPTIONS", requestMethod: "POST", ...changes });

describe("planCors", () => {
  it("lets a listed origin read, and answers its preflight", () => {
    expect(plan({})).toEqual({ kind: "readable", origin: www });
    expect(plan({ method: "OPTIONS" })).toEqual({ kind: "readable", origin: www });
    expect(preflight()).toMatchObject({ kind: "preflight", origin: www });
  });

  it.each([
    "https://www.shop.example.evil.example",
    "https://evil.example",
    "http://www.shop.example",
    "https://WWW.shop.example",
    "https://www.shop.example/",
    "https://app.example",
    `${www}, https://evil.example`,
    "null",
    "*",
    "",
  ])("is closed to %j", (origin) => {
    expect(plan({ origin })).toEqual({ kind: "closed", reason: "not-listed" });
    expect(preflight({ origin })).toEqual({ kind: "closed", reason: "not-listed" });
  });

  it("says why it is closed where no origin can be told", () => {
    expect(plan({ origin: null })).toEqual({ kind: "closed", reason: "no-origin" });
    const nobody = { corsOrigins: [] };
    expect(plan({ website: nobody, sharing: [nobody] })).toEqual({ kind: "closed", reason: "nobody-listed" });
  });

  it("a preflight does not tell the store view: any website of the host may have listed the origin", () => {
    const nobody = { corsOrigins: [] };
    expect(preflight({ website: nobody, sharing: [nobody, website] }).kind).toBe("preflight");
    expect(plan({ website: nobody, sharing: [nobody, website] })).toMatchObject({ kind: "closed" });
  });
});

describe("a preflight's answer", () => {
  const headersFor = (requestHeaders: string | null) => {
    const planned = preflight({ requestHeaders });
    if (planned.kind !== "preflight") throw new Error(planned.kind);
    return preflightHeaders(planned);
  };

  it("allows what GraphQL clients send, and what this page's client asks for", () => {
    const allowed = headersFor("Content-Type, Store, traceparent")["access-control-allow-headers"].split(
      ", ",
    );
    for (const name of ["authorization", "content-type", "store", "content-currency", "x-magento-cache-id"]) {
      expect(allowed.filter((one) => one === name)).toEqual([name]);
    }
    expect(allowed).toContain("aep-segments-membership");
    expect(allowed).toContain("traceparent");
  });

  it("never lets a browser send what only servers may, whatever it asks for", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const asked = [...names, "Edge-Audiences-Backend", "edge-audiences-explain"].join(",");
        const allowed = headersFor(asked)["access-control-allow-headers"];
        expect(allowed).not.toContain("edge-audiences-");
        expect(allowed).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+(, [!#$%&'*+.^_`|~0-9a-z-]+)*$/);
      }),
    );
    expect(headersFor("x".repeat(5_000))["access-control-allow-headers"]).not.toContain("xx");
  });
});

it("a list of names is joined, each name once, in the spelling that was there first", () => {
  expect(joinNames(null, ["Origin"])).toBe("Origin");
  expect(joinNames("Accept-Encoding,  origin", ["Origin"])).toBe("Accept-Encoding, origin");
  expect(joinNames("", ["X-Magento-Cache-Id"])).toBe("X-Magento-Cache-Id");
});

it("a website's own pages are those of its hosts under the scheme of the call, and of what it lists", () => {
  const site = { ...website, hosts: ["www.shop.test", "api.shop.test"] };
  expect(siteOrigins(site, "https://api.shop.test")).toEqual([
    "https://api.shop.test",
    "https://www.shop.test",
    "https://api.shop.test",
    ...website.corsOrigins,
  ]);
  expect(siteOrigins(site, "http://api.shop.test")).not.toContain("https://www.shop.test");
});
