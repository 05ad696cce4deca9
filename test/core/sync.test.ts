/** A sync's steps: flows first where destinations are picked, every page once, and each audience with its websites. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { readAudiencePage, readBulkAudiences } from "../../src/core/audience.ts";
import { readFlowPage } from "../../src/core/destination-flow.ts";
import { beginSync, idsToAsk, type SyncOrder, takeAudiences, takeFlows } from "../../src/core/sync.ts";

const account = {
  organizationId: "A@AdobeOrg",
  sandbox: "prod",
  imsUrl: "https://ims.example",
  platformUrl: "https://platform.example",
  scopes: "openid",
  destinations: [],
  audienceDetails: "bulk",
} as const;
const order = (destinations: Readonly<Record<string, readonly string[]>>): SyncOrder => ({
  account,
  websites: Object.entries(destinations).map(([code, ids]) => ({ code, destinations: ids })),
  shrinkConfirmed: false,
});

const flow = (id: string, audiences: readonly string[], over: object = {}) => ({
  id,
  name: `Flow ${id}`,
  state: "enabled",
  targetConnectionIds: [`target-${id}`],
  inheritedAttributes: { targetConnections: [{ id: `target-${id}`, connectionSpec: { id: "spec-1" } }] },
  transformations: [
    {
      name: "GeneralTransform",
      params: {
        segmentSelectors: {
          selectors: audiences.map((one) => ({ type: "PLATFORM_SEGMENT", value: { id: one, name: one } })),
        },
      },
    },
  ],
  ...over,
});
const flows = (items: readonly unknown[], rest: object = {}) => {
  const page = readFlowPage({ items, ...rest });
  if (!page.ok) throw new Error(page.error);
  return page.value;
};
const list = (ids: readonly string[], next?: string) => {
  const page = readAudiencePage({ children: ids.map((id) => ({ id, name: id })), _page: { next } });
  if (!page.ok) throw new Error(page.error);
  return page.value;
};

it("reads a flow as Flow Service's OpenAPI has it, and its next page from the link", () => {
  const next = { href: "/flows?limit=100&continuationToken=a%2Bb%3D%3D" };
  expect(flows([flow("f1", ["one", "two"]), { name: "no id" }, null], { _links: { next } })).toEqual({
    flows: [
      {
        id: "f1",
        name: "Flow f1",
        state: "enabled",
        destinationIds: ["target-f1"],
        connectionSpecIds: ["spec-1"],
        audienceIds: ["one", "two"],
      },
    ],
    next: "continuationToken=a+b==",
  });
  expect(readFlowPage({ flows: [] }).ok).toBe(false);
  const odd = { id: "f2", transformations: [{ params: null }, { params: { segmentSelectors: [] } }, 7] };
  expect(flows([odd]).flows[0]).toMatchObject({ name: "", audienceIds: [], destinationIds: [] });
});

it("asks for all audiences where no destination is picked", () => {
  const plan = order({ main: [] });
  const begun = beginSync(plan, 0);
  expect(begun.step).toEqual({ kind: "list", start: "0" });
  const taken = takeAudiences(begun, plan, list(["a", "b"]));
  expect(taken.ok && taken.value.audiences.map(({ id, websites }) => [id, websites])).toEqual([
    ["a", null],
    ["b", null],
  ]);
  expect(taken.ok && taken.value.run.step).toEqual({ kind: "publish" });
});

it("takes the audiences of the picked destinations, each with its websites, and asks for just these", () => {
  const plan = order({ main: ["target-f1"], b2b: ["f2", "f3"] });
  const page = flows([
    flow("f1", ["one", "two"]),
    flow("f2", ["two", "three"]),
    flow("f3", ["off"], { state: "disabled" }),
    flow("f4", ["another"]),
  ]);
  const taken = takeFlows(beginSync(plan, 0), plan, page);
  if (!taken.ok) throw new Error(taken.error);
  expect(taken.value.step).toEqual({ kind: "details", offset: 0 });
  expect(idsToAsk(taken.value)).toEqual(["one", "two", "three"]);
  const bulk = readBulkAudiences({
    results: { one: { id: "one", name: "One" }, two: { name: "Two" }, three: { message: "not found" } },
  });
  if (!bulk.ok) throw new Error(bulk.error);
  const done = takeAudiences(taken.value, plan, bulk.value);
  expect(done.ok && done.value.audiences.map(({ id, websites }) => [id, websites])).toEqual([
    ["one", ["main"]],
    ["two", ["main", "b2b"]],
  ]);
  expect(done.ok && done.value.run).toMatchObject({ step: { kind: "publish" }, taken: 2, skipped: 1 });
});

it("lists everything where one website has no choice of its own, or bulk questions are off", () => {
  const mixed = order({ main: ["f1"], all: [] });
  const taken = takeFlows(beginSync(mixed, 0), mixed, flows([flow("f1", ["one"])]));
  if (!taken.ok) throw new Error(taken.error);
  expect(taken.value.step).toEqual({ kind: "list", start: "0" });
  const listed = takeAudiences(taken.value, mixed, list(["one", "two"]));
  expect(listed.ok && listed.value.audiences.map(({ websites }) => websites)).toEqual([
    ["main", "all"],
    ["all"],
  ]);
  const off: SyncOrder = { ...order({ main: ["f1"] }), account: { ...account, audienceDetails: "list" } };
  const paged = takeFlows(beginSync(off, 0), off, flows([flow("f1", ["one"])]));
  const left = paged.ok ? takeAudiences(paged.value, off, list(["one", "two"])) : paged;
  expect(left.ok && left.value.audiences.map(({ id }) => id)).toEqual(["one"]);
});

it("says so when no flow is one of the picked destinations", () => {
  const plan = order({ main: ["gone"] });
  expect(takeFlows(beginSync(plan, 0), plan, flows([flow("f1", ["one"])]))).toEqual({
    ok: false,
    error: expect.stringMatching(/none of adobe\.destinations is among the 1 destination flows.*adobe:check/),
  });
});

it("goes through many flows' pages and ends where they repeat", () => {
  const plan = order({ main: ["f1"] });
  const first = takeFlows(
    beginSync(plan, 0),
    plan,
    flows([flow("f1", ["one"])], { continuationToken: "t1" }),
  );
  expect(first.ok && first.value.step).toEqual({ kind: "flows", next: "continuationToken=t1" });
  const again = first.ok && takeFlows(first.value, plan, flows([], { continuationToken: "t1" }));
  expect(again).toMatchObject({ ok: false, error: expect.stringContaining("does not end") });
});

it("ends a list of audiences that goes in a circle, and one without an end", () => {
  const plan = order({ main: [] });
  const circle = takeAudiences(beginSync(plan, 0), plan, list(["a"], "0x"));
  const back = circle.ok && takeAudiences(circle.value.run, plan, list(["a"], "0x"));
  expect(back).toMatchObject({
    ok: false,
    error: "Adobe's list does not end: after 2 pages it came back to start=0x",
  });
  let run = beginSync(plan, 0);
  for (let page = 1; ; page += 1) {
    const taken = takeAudiences(run, plan, list([`a${page}` as AudienceId], String(page)));
    if (!taken.ok) {
      expect([page, taken.error]).toEqual([80, expect.stringContaining("more than 80 pages")]);
      return;
    }
    run = taken.value.run;
  }
});
