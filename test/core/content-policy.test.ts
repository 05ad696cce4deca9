/** A Content-Security-Policy is respected: what the browser would refuse is known before it is put. */

import { expect, it } from "vitest";
import { allowsPlace, parseContentPolicy, styleNonceOf } from "../../src/core/content-policy.ts";
import type { Change } from "../../src/core/put.ts";

const html = (text: string): Change => ({ kind: "content", html: text });
const picture = (desktop: string): Change => ({
  kind: "image",
  image: {
    desktop,
    mobile: null,
    alt: "",
    size: null,
    mobileSize: null,
    link: null,
    heading: null,
    belowTheFold: false,
  },
});
const style = html("<style>b{}</style>");
const styled = html('<b style="color:red">x</b>');
const script = html("<script>x</script>");
const handler: Change = { kind: "attributes", attributes: [["onclick", "x()"]] };

it.each<[string, Change, boolean]>([
  ["default-src 'self'", html("<b class=x>x</b>"), true],
  ["img-src *", style, true],
  ["style-src 'self' 'unsafe-inline'", style, true],
  ["style-src 'self'", style, false],
  ["style-src 'self' 'unsafe-inline' 'nonce-x'", style, false],
  ["default-src 'self'", styled, false],
  ["default-src 'self'; style-src-attr 'unsafe-inline'", styled, true],
  ["style-src-elem 'unsafe-inline'; style-src 'self'", style, true],
  ["script-src 'self' 'sha256-abc'", script, false],
  ["script-src 'unsafe-inline' 'strict-dynamic'", script, false],
  ["script-src 'unsafe-inline', script-src 'self'", script, false],
  ["script-src 'self'", handler, false],
  ["script-src 'self'", { kind: "remove" }, true],
  ["img-src 'self'", picture("/x.jpg"), true],
  ["img-src 'none'", picture("/x.jpg"), false],
  ["img-src https:", picture("/x.jpg"), true],
  ["img-src 'self' *.cdn.example", picture("https://a.cdn.example/x.jpg"), true],
  ["img-src 'self' https://cdn.example", picture("https://cdn.example/x.jpg"), true],
  ["img-src 'self'", picture("https://cdn.example/x.jpg"), false],
])("%s and %o: %s", (header, change, allowed) => {
  const policy = parseContentPolicy(header);
  if (policy === null) throw new Error("no policy");
  expect(allowsPlace(policy, { selector: "img.hero", changes: [change] }, "shop.test")).toBe(allowed);
});

it("gives our own rule the page's nonce, where every policy knows it", () => {
  const nonceOf = (header: string) => {
    const policy = parseContentPolicy(header);
    return policy && styleNonceOf(policy);
  };
  expect(nonceOf("style-src 'nonce-abc='")).toBe("abc=");
  expect(nonceOf("style-src 'nonce-abc', default-src 'nonce-abc'")).toBe("abc");
  expect(nonceOf("style-src 'nonce-abc', style-src 'self'")).toBeNull();
  expect(nonceOf("img-src *")).toBeNull();
});
