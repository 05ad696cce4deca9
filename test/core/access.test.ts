/** Cloudflare Access: which claims count, and who is what by them. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AccessSubject,
  type AccessTeam,
  judgeClaims,
  parseAccessMember,
  readAlgorithm,
  roleOf,
} from "../../src/core/access.ts";
import { fail, ok } from "../../src/core/result.ts";

const team: AccessTeam = {
  issuer: "https://shop.cloudflareaccess.com",
  audience: "a".repeat(64),
  publishers: [{ kind: "email", email: "anna@shop.example" }],
  viewers: null,
};
const NOW_SECONDS = 1_800_000_000;
const claims = {
  iss: team.issuer,
  aud: [team.audience],
  email: "Anna@Shop.example",
  iat: NOW_SECONDS - 60,
  nbf: NOW_SECONDS - 60,
  exp: NOW_SECONDS + 3600,
  type: "app",
};
const judge = (over: Readonly<Record<string, unknown>>) =>
  judgeClaims({ ...claims, ...over }, team, NOW_SECONDS * 1000);

describe("judgeClaims", () => {
  it("takes a person's token, and a service's", () => {
    expect(judge({})).toEqual(ok({ kind: "person", email: "anna@shop.example", groups: [] }));
    expect(judge({ aud: team.audience, custom: { groups: ["Merchandising", 7] } })).toEqual(
      ok({ kind: "person", email: "anna@shop.example", groups: ["Merchandising"] }),
    );
    expect(judge({ email: undefined, nbf: undefined, sub: "", common_name: "AB12.access" })).toEqual(
      ok({ kind: "service", clientId: "ab12.access" }),
    );
  });

  it("refuses what is missing, over, early, or somebody else's, and says which", () => {
    const doubts = {
      unreadable: [{ exp: undefined }, { exp: "9999999999" }, { iat: undefined }, { nbf: "0" }],
      "other-issuer": [
        { iss: undefined },
        { iss: "https://evil.cloudflareaccess.com" },
        { iss: `${team.issuer}/` },
      ],
      "other-audience": [
        { aud: undefined },
        { aud: [] },
        { aud: ["b".repeat(64)] },
        { aud: [[team.audience]] },
      ],
      expired: [{ exp: NOW_SECONDS }, { exp: 0 }, { exp: -1 }],
      "not-yet": [{ nbf: NOW_SECONDS + 31 }, { iat: NOW_SECONDS + 3600 }],
      nobody: [{ email: undefined }, { email: "", common_name: "" }, { email: ["anna@shop.example"] }],
    } as const;
    for (const [doubt, all] of Object.entries(doubts)) {
      for (const over of all) expect({ over, judged: judge(over) }).toEqual({ over, judged: fail(doubt) });
    }
  });

  it("lets nobody in by whatever JSON there is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(judgeClaims(value, team, NOW_SECONDS * 1000).ok).toBe(false);
        expect(readAlgorithm(value).ok).toBe(false);
      }),
    );
  });
});

describe("readAlgorithm", () => {
  it("knows RS256 alone, whatever the token would like", () => {
    expect(readAlgorithm({ alg: "RS256", kid: "1", typ: "JWT" })).toEqual(ok({ keyId: "1" }));
    for (const alg of ["none", "None", "HS256", "RS384", "PS256", "ES256", "", undefined, ["RS256"]]) {
      expect(readAlgorithm({ alg, kid: "1" })).toEqual(fail("other-algorithm"));
    }
    expect(readAlgorithm({ alg: "RS256", kid: "1", crit: ["b64"] })).toEqual(fail("other-algorithm"));
    expect(readAlgorithm({ alg: "RS256" })).toEqual(fail("unreadable"));
  });
});

describe("roleOf", () => {
  const members = (...written: string[]) => written.flatMap((one) => parseAccessMember(one) ?? []);
  const person = (email: string, groups: string[] = []): AccessSubject => ({ kind: "person", email, groups });
  const service: AccessSubject = { kind: "service", clientId: "ab12.access" };

  it("makes a publisher of whom the settings name, and a viewer of the others", () => {
    expect(roleOf(person("anna@shop.example"), team)).toBe("publisher");
    expect(roleOf(person("bert@shop.example"), team)).toBe("viewer");
    expect(roleOf(service, team)).toBe("viewer");
  });

  it("knows domains, groups and services, and takes none for another", () => {
    const publishers = members("*@shop.example", "group:Merchandising", "service:AB12.access");
    const strict = { ...team, publishers, viewers: members("group:Store") };
    expect(roleOf(person("bert@shop.example"), strict)).toBe("publisher");
    expect(roleOf(person("bert@evilshop.example"), strict)).toBeNull();
    expect(roleOf(person("bert@shop.example.evil.example"), strict)).toBeNull();
    expect(roleOf(person("x@agency.example", ["Merchandising"]), strict)).toBe("publisher");
    expect(roleOf(person("x@agency.example", ["merchandising"]), strict)).toBeNull();
    expect(roleOf(person("x@agency.example", ["Store"]), strict)).toBe("viewer");
    expect(roleOf(service, strict)).toBe("publisher");
    expect(roleOf(person("ab12.access@x.example"), strict)).toBeNull();
  });

  it("with nobody among the viewers, only publishers come in", () => {
    expect(roleOf(person("bert@shop.example"), { ...team, viewers: [] })).toBeNull();
  });
});

describe("parseAccessMember", () => {
  it("takes no pattern that is wider than it looks", () => {
    for (const written of ["*", "*@*", "a*@shop.example", "@shop.example", "anna", "a@b@c", "group:", ""]) {
      expect({ written, member: parseAccessMember(written) }).toEqual({ written, member: null });
    }
  });
});
