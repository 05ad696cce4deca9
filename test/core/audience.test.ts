/** Adobe's audience list: read with its documented inconsistencies, kept in KV as a person can read it. */

import { describe, expect, it } from "vitest";
import {
  type Audience,
  parseAudienceId,
  readAudienceList,
  readAudiencePage,
  writeAudienceList,
} from "../../src/core/audience.ts";

const page = (child: object, rest: object = {}) => readAudiencePage({ children: [child], ...rest });
const first = (child: object) => {
  const read = page(child);
  return read.ok ? read.value.audiences[0] : undefined;
};
const next = (rest: object) => {
  const read = page({ id: "a", name: "A" }, rest);
  return read.ok ? read.value.nextStart : undefined;
};

describe("readAudiencePage", () => {
  it("reads an audience as Adobe's OpenAPI describes it", () => {
    expect(
      first({
        id: "b2f0-1",
        audienceId: "b2f0-1",
        name: " Loyal hikers ",
        description: "Three orders",
        originName: "REAL_TIME_CUSTOMER_PROFILE",
        lifecycleState: "published",
        updateTime: 1763894400000,
        evaluationInfo: {
          batch: { enabled: false },
          continuous: { enabled: true },
          synchronous: { enabled: true },
        },
      }),
    ).toEqual({
      id: "b2f0-1",
      name: "Loyal hikers",
      description: "Three orders",
      origin: "Experience Platform",
      lastModifiedMs: 1763894400000,
      lifecycle: "published",
      evaluation: ["streaming", "edge"],
      websites: null,
    });
  });

  it.each([
    ["milliseconds", { updateTime: 1763894400000 }],
    ["seconds", { updateEpoch: 1763894400 }],
    ["milliseconds under a name that says seconds", { updateEpoch: 1763894400000 }],
    ["microseconds", { creationTime: 1763894400000000 }],
    ["a text", { updateTime: "1763894400000" }],
  ])("reads a time in %s", (_, times) => {
    expect(first({ id: "a", name: "A", ...times })?.lastModifiedMs).toBe(1763894400000);
  });

  it("has no time rather than a wrong one", () => {
    expect(first({ id: "a", name: "A", updateTime: 12 })?.lastModifiedMs).toBeNull();
    expect(first({ id: "a", name: "A", updateTime: "soon" })?.lastModifiedMs).toBeNull();
  });

  it.each([
    ["a number", { _page: { next: 2 } }, "2"],
    ["a text", { _page: { next: "2" } }, "2"],
    ["under the other name", { _pages: { next: 2 } }, "2"],
    ["only as a link", { _links: { next: { href: "@/audiences?start=3&limit=2&totalCount=11" } } }, "3"],
    ["0 on the last page", { _page: { next: 0 } }, null],
    ["missing on the last page", { _page: {} }, null],
    ["no paging at all", {}, null],
  ])("follows the next page as %s", (_, rest, expected) => {
    expect(next(rest)).toBe(expected);
  });

  it("skips an entry that has no usable id or name, and counts it", () => {
    const read = readAudiencePage({
      children: [{ id: "a" }, { name: "B" }, null, { id: "<x>", name: "C" }, { id: "d", name: "D" }],
    });
    expect(read.ok && [read.value.audiences.length, read.value.skipped]).toEqual([1, 4]);
  });

  it.each([null, "x", [], {}, { children: "x" }])("refuses %j", (body) => {
    expect(readAudiencePage(body)).toEqual({ ok: false, error: "not-an-audience-page" });
  });
});

const audience: Audience = {
  id: (() => {
    const id = parseAudienceId("a-1");
    if (id === null) throw new Error("not an id");
    return id;
  })(),
  name: "A",
  description: "",
  origin: "Experience Platform",
  lastModifiedMs: 1763894400000,
  lifecycle: null,
  evaluation: ["edge"],
  websites: null,
};

describe("the list in KV", () => {
  it("is written so that a person can read it, and read back as it was", () => {
    const audiences = [audience, { ...audience, lastModifiedMs: null, websites: ["main"] }];
    const list = { syncedAtMs: 1763894460000, audiences };
    const text = writeAudienceList(list);
    expect(JSON.parse(text)).toMatchObject({
      syncedAt: "2025-11-23T10:41:00.000Z",
      audiences: [{ lastModified: "2025-11-23T10:40:00.000Z" }, { lastModified: null }],
    });
    expect(readAudienceList(JSON.parse(text))).toEqual(list);
  });

  it.each([
    null,
    {},
    { syncedAt: "x", audiences: [] },
    { syncedAt: "2026-01-01", audiences: [{}] },
    { syncedAt: "2026-01-01", audiences: {} },
  ])("is not read from %j", (stored) => {
    expect(readAudienceList(stored)).toBeNull();
  });
});
