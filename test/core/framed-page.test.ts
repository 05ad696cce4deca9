/** The frame of Try it: what its signed address may say, and what becomes of a page's own policies. */

import { expect, it } from "vitest";
import { parseAudienceId } from "../../src/core/audience.ts";
import {
  type FramedPage,
  frameAddress,
  framePolicies,
  inStoreView,
  readFramedPage,
  splitFrameAddress,
  writeFramedPage,
} from "../../src/core/framed-page.ts";

const vip = parseAudienceId("6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01");
if (vip === null) throw new Error("no audience id");

const page: FramedPage = {
  path: "/women.html?p=2",
  audiences: [vip],
  trust: "claimed",
  atMs: Date.UTC(2026, 11, 24, 9),
  campaigns: "0123456789abcdef0123456789abcdef",
  device: "mobile",
  visitor: "somebody",
  ancestor: "https://admin.shop.example",
  expiresSeconds: 1_000,
};

it("what is written is read back until it ends, and not a second longer", () => {
  expect(readFramedPage(writeFramedPage(page), 999)).toEqual({ ok: true, value: page });
  expect(readFramedPage(writeFramedPage(page), 1_000)).toEqual({ ok: false, error: "expired" });
});

it.each([
  { ...page, path: "https://evil.test/" },
  { ...page, audiences: ["not an id;"] },
  { ...page, trust: "certain" },
  { ...page, campaigns: "../switch" },
  { ...page, ancestor: "https://admin.test 'unsafe-inline'" },
  { ...page, ancestor: "*" },
  { ...page, more: true },
  [],
])("another shape is none: %j", (written) => {
  expect(readFramedPage(JSON.stringify(written), 0)).toEqual({ ok: false, error: "altered" });
});

it("no text that is no JSON is read", () => {
  expect(readFramedPage("", 0)).toEqual({ ok: false, error: "altered" });
});

it.each(["/", "/?p=2", "/women.html?q=a%26b&p"])(
  "the page's own address comes out as it went in: %s",
  (path) => {
    const address = frameAddress("https://shop.example", path, "a.b-c_d");
    expect(splitFrameAddress(address)).toEqual({ address: `https://shop.example${path}`, token: "a.b-c_d" });
  },
);

it.each([
  ["/", null, "/"],
  ["/", "fr", "/?___store=fr"],
  ["/a?p=2", "fr", "/a?p=2&___store=fr"],
  ["/a?___store=de", "fr", "/a?___store=de"],
])("%s in the store view %s is %s", (path, storeView, expected) => {
  expect(inStoreView(path, storeView)).toBe(expected);
});

it.each([
  "https://shop.example/",
  "https://shop.example/?_audience_frame=",
  "https://shop.example/?_audience_frame=a&utm=b",
  "https://shop.example/_audience_frame=a",
])("what has no token at its end is no frame: %s", (address) => {
  expect(splitFrameAddress(address)).toBeNull();
});

const OURS =
  "frame-ancestors https://admin.test; sandbox allow-scripts; connect-src 'none'; form-action 'none'";

it.each([
  [null, OURS],
  ["", OURS],
  ["frame-ancestors 'self'", OURS],
  ["script-src 'self'; frame-ancestors 'none'; img-src *", `script-src 'self'; img-src *, ${OURS}`],
  ["default-src 'self', FRAME-ANCESTORS a.test;sandbox", `default-src 'self', sandbox, ${OURS}`],
  ["frame-ancestors-not 'self'", `frame-ancestors-not 'self', ${OURS}`],
])("the page's policies stay, but for who may frame it: %s", (own, expected) => {
  expect(framePolicies(own, "https://admin.test")).toBe(expected);
});
