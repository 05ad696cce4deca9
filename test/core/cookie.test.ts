/** The Cookie header: one cookie found or taken out of whatever a browser, or an attacker, sends. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCookie, findCookie, mendCookieLines, removeCookie } from "../../src/core/cookie.ts";

const name = "aep-segments-membership";

describe("findCookie", () => {
  it.each([
    ["aep-segments-membership=a,b", "a,b"],
    ["x=1; aep-segments-membership=a; y=2", "a"],
    ["x=1;aep-segments-membership=a,b;y=2", "a,b"],
    ["x=1;;;aep-segments-membership=a;;", "a"],
    ["aep-segments-membership= a", "a"],
    ["aep-segments-membership=a , b", "a , b"],
    ["aep-segments-membership=a==,b=", "a==,b="],
    ["aep-segments-membership=first; aep-segments-membership=second", "first"],
    ["aep-segments-membership=; aep-segments-membership=root", ""],
    ["x=aep-segments-membership=no; aep-segments-membership=yes", "yes"],
    ['m=[{"t":"aep-segments-membership"}]; aep-segments-membership=a', "a"],
    ["x=1, aep-segments-membership=second-line; y=2", "second-line"],
    ["aep-segments-membership=a,b, y=2", "a,b"],
    ["aep-segments-membership", null],
    ["AEP-Segments-Membership=a", null],
    ["aep-segments-membership2=a", null],
    ["__Host-aep-segments-membership=a", null],
    ["x=1,aep-segments-membership=inside-a-value", null],
    ["", null],
  ])("in %j it is %j", (header, expected) => {
    expect(findCookie(header, name)).toBe(expected);
  });
});

describe("removeCookie", () => {
  it.each([
    ["x=1; y=2", "x=1; y=2"],
    ["x=1; aep-segments-membership=a; y=2", "x=1; y=2"],
    ["aep-segments-membership=a", null],
    ["aep-segments-membership[]=a; aep-segments-membership[0]=b; x=1", "x=1"],
    ["aep-segments-membership =a;  aep-segments-membership=b;x=1", "x=1"],
    ["x=1, aep-segments-membership=a; y=2", "x=1; y=2"],
    ["aep-segments-membership=a,b, y=2", "y=2"],
    ["aep-segments-membership2=a; x=1", "aep-segments-membership2=a; x=1"],
  ])("of %j leaves %j", (header, expected) => {
    expect(removeCookie(header, name)).toBe(expected);
  });

  it("leaves nothing that would be found again, and every other cookie, in order", () => {
    const pair = fc.oneof(
      fc.constantFrom(`${name}=x`, ` ${name} = y`, `${name}[a]=z`, `${name}`, "", " "),
      fc.stringMatching(/^[a-z]{1,5}=[a-z"{}:]{0,6}$/),
    );
    fc.assert(
      fc.property(fc.array(pair), fc.constantFrom(";", "; ", " ;"), (pairs, separator) => {
        const left = removeCookie(pairs.join(separator), name) ?? "";
        expect(findCookie(left, name)).toBeNull();
        const others = pairs.map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith(name));
        if (others.length < pairs.length && pairs.some((one) => one.includes(name))) {
          expect(left.split("; ").filter((one) => one !== "")).toEqual(others);
        }
      }),
    );
  });
});

it("adds a cookie at the end, and makes one line of two", () => {
  expect(addCookie(null, "a", "1")).toBe("a=1");
  expect(addCookie("x=1", "a", "1")).toBe("x=1; a=1");
  expect(mendCookieLines('x=1, y=2; z={"a":1, "b":2}')).toBe('x=1; y=2; z={"a":1, "b":2}');
});
