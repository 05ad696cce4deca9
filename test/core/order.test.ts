/** Orders: an answer of Commerce is one where it says so, and it counts for the arms in which its shopper is. */

import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { type Banner, indexBanners, type Shopper, type Variant } from "../../src/core/banner.ts";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import {
  findPlaceOrder,
  isSuccessPage,
  measuredBanners,
  pointsOfOrder,
  readOrder,
} from "../../src/core/order.ts";

const AUDIENCE = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01" as AudienceId;

function read(text: string, data: Record<string, unknown>, variables: Record<string, unknown> | null = null) {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(document.error);
  const root = findPlaceOrder(document.value, variables);
  return root && readOrder(root, { data });
}
const order = (fields: string) => `mutation { placeOrder(input: { cart_id: "c" }) { ${fields} } }`;
const grandTotal = (value: unknown, currency: unknown = "EUR") => ({
  total: { grand_total: { value, currency } },
});
const asked = order("orderV2 { number total { grand_total { value currency } } }");

describe("an order", () => {
  it("has the value that the client asked for", () => {
    expect(read(asked, { placeOrder: { orderV2: grandTotal(480.5) } })).toEqual({
      value: 480.5,
      currency: "EUR",
    });
  });

  it("also under other keys, and where a part is written twice or in a fragment", () => {
    const text = `mutation M { done: placeOrder(input: { cart_id: "c" }) { mine: orderV2 { number ...T } mine: orderV2 { total { sum: grand_total { v: value } } } } }
      fragment T on CustomerOrder { total { sum: grand_total { c: currency } } }`;
    const data = { done: { mine: { number: "1", total: { sum: { v: 12, c: "CHF" } } } } };
    expect(read(text, data)).toEqual({ value: 12, currency: "CHF" });
  });

  it.each([
    [order("order { order_number }"), { order: { order_number: "1" } }],
    [asked, { orderV2: grandTotal("480") }],
    [asked, { orderV2: grandTotal(-1) }],
    [asked, { orderV2: { total: null } }],
  ])("is one of unknown value where nobody said it: %s", (text, placeOrder) => {
    expect(read(text, { placeOrder })).toEqual({ value: 0, currency: "" });
  });

  it.each([
    ["refused", order("errors { message } order { number }"), { placeOrder: { errors: [{}], order: null } }],
    ["failed", asked, { placeOrder: null }],
    ["without a word of it", order("errors { message }"), { placeOrder: { errors: [] } }],
    [
      "another mutation",
      "mutation { setPaymentMethodOnCart { cart { id } } }",
      { setPaymentMethodOnCart: {} },
    ],
    ["a query", "{ placeOrder { order { number } } }", { placeOrder: { order: {} } }],
  ])("is none: %s", (_, text, data) => {
    expect(read(text, data)).toBeNull();
  });

  it("is none where it was skipped", () => {
    const text = "mutation ($go: Boolean!) { placeOrder(input: {}) @include(if: $go) { order { number } } }";
    expect(read(text, { placeOrder: { order: {} } }, { go: false })).toBeNull();
  });
});

it("Luma's success page is one path, below a store view or not", () => {
  expect(
    ["/checkout/onepage/success", "/checkout/onepage/success/", "/fr/checkout/onepage/success/"].every(
      isSuccessPage,
    ),
  ).toBe(true);
  expect(
    [
      "/checkout/onepage/failure",
      "/checkout/onepage/success/x",
      "/a/b/checkout/onepage/success",
      "/success",
    ].some(isSuccessPage),
  ).toBe(false);
});

const variant = (id: string, share: number | null = null): Variant => ({
  id,
  for: { any: [AUDIENCE], all: [], not: [] },
  schedule: null,
  share,
  publicName: null,
  storeViewPuts: null,
  put: { kind: "content", html: id },
});
const banner = (id: string, change: Partial<Banner>): Banner => ({
  id,
  websites: null,
  storeViews: null,
  paths: [{ kind: "exact", path: "/" }],
  pageTypes: null,
  device: null,
  selector: "#hero",
  dynamicBlock: null,
  trust: "claimed",
  schedule: null,
  holdout: 0,
  group: null,
  variants: [variant("vip")],
  ...change,
});
const index = indexBanners(
  [
    banner("plain", {}),
    banner("held", { holdout: 100, dynamicBlock: "MQ==" }),
    banner("split", { variants: [variant("b", 100), variant("a")] }),
    banner("rest", { variants: [variant("b", 0)] }),
    banner("later", { holdout: 100, schedule: { fromMs: 5000, untilMs: null } }),
  ],
  "main",
  null,
);
const shopper: Shopper = {
  membership: {
    kind: "member",
    source: "cookie",
    trust: "verified",
    audiences: new Set([AUDIENCE]),
    unknown: null,
    lost: [],
  },
  nowMs: 1000,
  visitor: "visitor-4711",
  storeView: null,
  device: "desktop",
};
const count = (change: Partial<Shopper> = {}) =>
  pointsOfOrder({ value: 12, currency: "CHF" }, index, { ...shopper, ...change }, "main");

describe("an order counts", () => {
  it("once for each banner with a holdout or shares, wherever it stands", () => {
    expect(
      measuredBanners(index)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(["held", "later", "rest", "split"]);
  });

  it("for the arm in which its shopper is, and for no banner that had nothing for them", () => {
    const points = count();
    expect(points.map(({ blobs }) => blobs.slice(1, 4).join()).toSorted()).toEqual([
      "held,,holdout",
      "rest,,other-share",
      "split,b,condition-holds",
    ]);
    expect(points[0]).toMatchObject({ indexes: ["main"], doubles: [12] });
    expect(points.every(({ blobs }) => blobs.slice(4, 7).join() === "verified,desktop,order")).toBe(true);
    expect(points.every(({ blobs }) => blobs.length === 9 && blobs[8] === "CHF")).toBe(true);
    expect(JSON.stringify(points)).not.toMatch(new RegExp(`${AUDIENCE}|4711`));
  });

  it("for nothing where nobody knows who buys", () => {
    expect(count({ visitor: null })).toEqual([]);
  });
});
