/** Dynamic blocks: what a shopper may see of Commerce's, and what the campaigns put in their places. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import type { Banner } from "../../src/core/banner.ts";
import { readLack } from "../../src/core/dynamic-block/lack.ts";
import type { BlocksQuestion } from "../../src/core/dynamic-block/question.ts";
import { finishBlocks, planBlocks } from "../../src/core/dynamic-block.ts";
import type { GraphqlAnswer } from "../../src/core/graphql-answer.ts";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { applySplices } from "../../src/core/graphql-document/splice.ts";
import { editJson } from "../../src/core/json-text.ts";
import type { Membership } from "../../src/core/membership.ts";
import { answerAs, ask, commerce, openSource, plainCommerce, type ToyBlock } from "./block-store.ts";

const memberOf = (ids: readonly string[], trust: "claimed" | "verified" = "verified"): Membership => ({
  kind: "member",
  source: "signed-cookie",
  trust,
  audiences: new Set(ids as AudienceId[]),
  unknown: null,
  lost: [],
});
const nobody: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };

const website: BlocksQuestion["website"] = {
  code: "main",
  dynamicBlocks: "filter",
  trust: "verified",
  graphqlLimits: { complexity: 300, depth: 20, aliases: 10, pageSize: 300 },
};

interface Asked extends Partial<Omit<BlocksQuestion, "document" | "website">> {
  readonly website?: Partial<BlocksQuestion["website"]>;
}

function plan(query: string, asked: Asked = {}) {
  const document = parseDocument(query);
  if (!document.ok) throw new Error(document.error);
  return planBlocks({
    document: document.value,
    variables: null,
    membership: nobody,
    lacks: "nothing",
    banners: new Map(),
    nowMs: 0,
    visitor: null,
    storeView: null,
    device: "desktop",
    stagingPreview: false,
    marked: true,
    ...asked,
    website: { ...website, ...asked.website },
  });
}

/** What Commerce receives, and what the client gets. */
function run(query: string, resolver: unknown, asked: Asked = {}, schema = commerce) {
  const planned = plan(query, asked);
  const variables = asked.variables ?? null;
  if (planned.kind === "answer") return { planned, sent: null, outcome: null, answer: planned.answer };
  const changes = planned.kind === "none" ? { splices: [], edits: [] } : planned;
  const sent = {
    query: applySplices(query, changes.splices),
    variables: JSON.parse(editJson(JSON.stringify(variables), changes.edits)) as Record<
      string,
      unknown
    > | null,
  };
  const answer = ask(schema, resolver, sent);
  const outcome = planned.kind === "none" ? null : finishBlocks(planned, answer);
  return { planned, sent, outcome, answer };
}

const block = (id: number, ...audiences: string[]): ToyBlock => ({
  uid: btoa(String(id)),
  audience_id: audiences.length === 0 ? null : audiences,
  content: { html: `<p>${id}</p>` },
});
const blocks = [
  block(1),
  block(2, "vip"),
  block(3, "vip", "sale"),
  block(4, "sale"),
  { ...block(5), audience_id: [] },
];
const trusting = answerAs(blocks, null);
const idsIn = (answer: GraphqlAnswer) => {
  const { dynamicBlocks } = answer.data as { dynamicBlocks: { items: { uid: string }[] } };
  return dynamicBlocks.items.map(({ uid }) => Number(atob(uid)));
};

/** As PWA Studio asks, its own addition left out as its client does. */
const pwaStudio = `query GetCmsDynamicBlocks(
  $cartId: String
  $productId: ID
  $type: DynamicBlockTypeEnum!
  $locations: [DynamicBlockLocationEnum]
  $uids: [ID]!
) {
  dynamicBlocks(
    input: { cart_id: $cartId, product_uid: $productId, dynamic_block_uids: $uids, locations: $locations, type: $type }
  ) {
    items {
      content {
        html
      }
      uid
    }
  }
}`;
const pwaVariables = (...ids: number[]) => ({
  type: "SPECIFIED",
  locations: ["CONTENT"],
  uids: ids.map((id) => btoa(String(id))),
});

describe("filter: Commerce's blocks", () => {
  const all = "{ dynamicBlocks(input: { type: SPECIFIED }) { items { uid } } }";

  it("are those for everyone and for the shopper's audiences, one of several being enough", () => {
    expect(idsIn(run(all, trusting).answer)).toEqual([1, 5]);
    expect(idsIn(run(all, trusting, { membership: memberOf(["vip"]) }).answer)).toEqual([1, 2, 3, 5]);
    expect(run(all, trusting, { membership: memberOf(["vip"]) }).outcome).toEqual({
      dropped: 1,
      unread: 0,
      counts: "ours",
    });
  });

  it("are none of an audience that a client only says to be in, where Adobe can be asked", () => {
    const claimed = memberOf(["vip"], "claimed");
    expect(idsIn(run(all, trusting, { membership: claimed }).answer)).toEqual([1, 5]);
    const asked: Asked = { membership: claimed, website: { trust: "claimed" } };
    expect(idsIn(run(all, trusting, asked).answer)).toEqual([1, 2, 3, 5]);
  });

  it.each([
    ["a literal", '{ type: SPECIFIED, audience_id: { eq: "vip" } }', "", null],
    ["a list", '{ type: SPECIFIED, audience_id: { in: ["vip", "else"] } }', "", null],
    ["a text", "{ type: SPECIFIED, audience_id: { eq: $id } }", "($id: String)", { id: "vip" }],
    [
      "a filter",
      "{ type: SPECIFIED, audience_id: $f }",
      "($f: FilterEqualTypeInput)",
      { f: { in: ["vip"] } },
    ],
    [
      "the input",
      "$i",
      "($i: DynamicBlocksFilterInput)",
      { i: { type: "SPECIFIED", audience_id: { eq: "vip" } } },
    ],
    [
      "a default",
      "$i",
      '($i: DynamicBlocksFilterInput = { type: SPECIFIED, audience_id: { eq: "vip" } })',
      null,
    ],
  ])(
    "are narrowed by the client's audience_id, never widened, and it is not sent on: %s",
    (_, input, head, variables) => {
      const query = `query ${head} { dynamicBlocks(input: ${input}) { items { uid } } }`;
      const outside = run(query, trusting, { variables });
      expect(idsIn(outside.answer)).toEqual([]);
      expect(JSON.stringify(outside.sent)).not.toContain("vip");
      expect(
        idsIn(run(query, trusting, { variables, membership: memberOf(["vip", "sale"]) }).answer),
      ).toEqual([2, 3]);
      expect(idsIn(run(query, trusting, { variables, membership: memberOf(["sale"]) }).answer)).toEqual([]);
    },
  );

  it("are asked for all at once, and counted and paged as if there were no others", () => {
    const query = `query ($size: Int) { dynamicBlocks(pageSize: $size, currentPage: 2) {
      total_count n: total_count
      page_info { __typename current_page size: page_size total_pages }
      items { uid }
    } }`;
    const { sent, answer } = run(query, trusting, { variables: { size: 3 }, membership: memberOf(["vip"]) });
    expect(sent?.query).toContain("query  { dynamicBlocks(pageSize: 300, currentPage: 1)");
    expect(answer).toEqual({
      data: {
        dynamicBlocks: {
          total_count: 4,
          n: 4,
          page_info: { __typename: "SearchResultPageInfo", current_page: 2, size: 3, total_pages: 2 },
          items: [{ uid: btoa("5") }],
        },
      },
    });
  });

  it("are counted as Commerce counts them where there are more than it gives at once, and that is told", () => {
    const limits = { ...website.graphqlLimits, pageSize: 4 };
    const query = "{ dynamicBlocks(pageSize: 2) { total_count page_info { total_pages } items { uid } } }";
    const { answer, outcome } = run(query, trusting, { website: { graphqlLimits: limits } });
    expect(outcome).toEqual({ dropped: 3, unread: 0, counts: "as-they-came" });
    expect(answer.data?.["dynamicBlocks"]).toEqual({
      total_count: 5,
      page_info: { total_pages: 3 },
      items: [{ uid: btoa("1") }],
    });
  });

  it("are kept from whoever asks for no page at all, which may mean all of them", () => {
    const query = "{ dynamicBlocks(pageSize: 0) { items { uid } } }";
    const all = () => ({ items: blocks, total_count: 5, page_info: null });
    const { sent, answer, outcome } = run(query, all);
    expect(sent?.query).toContain("pageSize: 0");
    expect(idsIn(answer)).toEqual([1, 5]);
    expect(outcome?.counts).toBe("as-they-came");
  });

  it("have no count that tells of others, whatever is selected", () => {
    const { answer } = run("{ dynamicBlocks { c: total_count } }", trusting);
    expect(answer).toEqual({ data: { dynamicBlocks: { c: 2 } } });
  });

  it("are judged even where the client has another use for our keys", () => {
    const query =
      "{ dynamicBlocks { total_count: __typename items { audience_id: uid } again: items { uid } } }";
    const { sent, answer } = run(query, trusting);
    expect(sent?.query).toContain("audience_id_: audience_id");
    expect(answer.data?.["dynamicBlocks"]).toEqual({
      total_count: "DynamicBlocks",
      items: [{ audience_id: btoa("1") }, { audience_id: btoa("5") }],
      again: [{ uid: btoa("1") }, { uid: btoa("5") }],
    });
  });

  it("keep the errors of what is shown in their places, and lose those of what is not", () => {
    const failing = () => ({
      ...trusting({ pageSize: 300, currentPage: 1 }),
      items: blocks.map((one) => ({
        ...one,
        content: { html: () => (one.uid === btoa("4") || one.uid === btoa("5") ? fails() : "x") },
        audience_id: () => (one.uid === btoa("2") ? fails() : one.audience_id),
      })),
    });
    const fails = () => {
      throw new Error("broken");
    };
    const query = "{ dynamicBlocks { total_count items { uid content { html } } } }";
    const { answer, outcome } = run(query, failing, { membership: memberOf(["vip"]) });
    expect(answer.data?.["dynamicBlocks"]).toMatchObject({ items: [{}, {}, {}, null, null] });
    expect(answer.errors?.map(({ path }) => path)).toEqual([
      ["dynamicBlocks", "items", 3, "content", "html"],
      ["dynamicBlocks", "items", 4, "content", "html"],
    ]);
    expect(outcome).toEqual({ dropped: 0, unread: 3, counts: "as-they-came" });
  });

  it.each([
    ["off", { website: { dynamicBlocks: "off" } }, all, "off"],
    ["a Commerce without the extension", { lacks: "audience-id" }, all, "no-audience-id"],
    ["another document", {}, "{ storeConfig { store_code } }", "no-dynamic-blocks"],
    [
      "one that is skipped",
      {},
      "{ dynamicBlocks @skip(if: true) { total_count } storeConfig { store_code } }",
      "no-dynamic-blocks",
    ],
    [
      "complexity",
      { website: { graphqlLimits: { ...website.graphqlLimits, complexity: 4 } } },
      all,
      "over-limits",
    ],
    [
      "aliases",
      { website: { graphqlLimits: { ...website.graphqlLimits, aliases: 1 } } },
      "{ dynamicBlocks { items { audience_id: uid } } }",
      "over-limits",
    ],
  ] satisfies [string, Asked, string, string][])(
    "leaves the document alone: %s",
    (_, asked, query, reason) => {
      expect(plan(query, asked)).toEqual({ kind: "none", reason, choices: [], personal: false });
    },
  );
});

describe("filter, for random documents over a Commerce that believes everybody", () => {
  const audience = fc.constantFrom("a", "b", "c", "d");
  const audiences = fc.uniqueArray(audience, { maxLength: 3 });
  const toyBlocks = fc
    .array(fc.option(audiences), { maxLength: 12 })
    .map((list) => list.map((ids, index) => ({ ...block(index + 1), audience_id: ids })));
  const condition = fc.constantFrom(
    "",
    "",
    "",
    " @include(if: $yes)",
    " @skip(if: $yes)",
    " @include(if: $no)",
  );
  const some = (pieces: fc.Arbitrary<string>, min = 1) =>
    fc.array(pieces, { minLength: min, maxLength: 4 }).map((list) => list.join(" "));
  const leaf = fc.constantFrom(
    "uid",
    "id: uid",
    "audience_id",
    "ids: audience_id",
    "audience_id: uid",
    "__typename",
    "content { html }",
    "...Block",
  );
  const inItem = fc
    .tuple(leaf, condition)
    .map(([field, when]) => (field.includes("{") ? field : `${field}${when}`));
  const item = some(
    fc.oneof(
      inItem,
      inItem.map((inner) => `... on DynamicBlock { ${inner} }`),
    ),
  );
  const pageField = fc.constantFrom(
    "current_page",
    "page_size",
    "size: page_size",
    "total_pages",
    "__typename",
  );
  const part = fc.oneof(
    fc
      .tuple(fc.constantFrom("items", "items", "list: items"), condition, item)
      .map(([name, when, inner]) => `${name}${when} { ${inner} }`),
    fc
      .tuple(
        fc.constantFrom("total_count", "n: total_count", "__typename", "total_count: __typename"),
        condition,
      )
      .map((two) => two.join("")),
    fc.tuple(condition, some(pageField)).map(([when, inner]) => `page_info${when} { ${inner} }`),
    fc.constant("...Blocks"),
  );
  const filter = fc.oneof(
    fc.constant(""),
    audience.map((id) => `, audience_id: { eq: "${id}" }`),
    audiences.map((ids) => `, audience_id: { in: ${JSON.stringify(ids)} }`),
    fc.constantFrom(
      ", audience_id: { eq: $eq }",
      ", audience_id: $filter",
      ", audience_id: { eq: $eq, in: $in }",
    ),
  );
  const input = fc.oneof(
    filter.map((written) => `input: { type: SPECIFIED${written} }`),
    fc.constantFrom("input: $input", "input: $fallback"),
  );
  const size = fc.constantFrom("", "pageSize: 2", "pageSize: $size", "pageSize: 5");
  const page = fc.constantFrom("", "currentPage: 1", "currentPage: $page", "currentPage: 2");
  const args = fc.tuple(input, size, page).map((list) => `(${list.filter((one) => one !== "").join(", ")})`);
  const root = fc
    .tuple(
      fc.constantFrom("dynamicBlocks", "x: dynamicBlocks", "y: dynamicBlocks"),
      fc.oneof(args, fc.constant("")),
      condition,
      some(part),
    )
    .map(([name, given, when, inner]) => `${name}${given}${when} { ${inner} }`);
  const rootPart = fc.oneof(
    root,
    fc.constantFrom("storeConfig { store_code }", "__typename", "countPages(size: $size)", "...Root"),
  );
  const types: Record<string, string> = {
    yes: "Boolean = true",
    no: "Boolean!",
    eq: "String",
    in: "[String]",
    filter: "FilterEqualTypeInput",
    input: "DynamicBlocksFilterInput",
    fallback: 'DynamicBlocksFilterInput = { type: SPECIFIED, audience_id: { eq: "b" } }',
    size: "Int",
    page: "Int = 1",
  };
  const written = fc
    .tuple(some(rootPart), root, some(part), item)
    .map(([body, inRoot, inBlocks, inBlock]) => {
      const named = {
        Root: `on Query { ${inRoot} }`,
        Blocks: `on DynamicBlocks { ${inBlocks.replaceAll("...Blocks", "__typename")} }`,
        Block: `on DynamicBlock { ${inBlock.replaceAll("...Block", "uid")} }`,
      };
      let text = `{ ${body} }`;
      for (const [name, fragment] of Object.entries(named)) {
        if (new RegExp(`\\.\\.\\.${name}\\b`).test(text)) text += `\nfragment ${name} ${fragment}`;
      }
      const used = Object.keys(types).filter((name) => new RegExp(`\\$${name}\\b`).test(text));
      return used.length === 0
        ? text
        : `query (${used.map((name) => `$${name}: ${types[name]}`).join(", ")}) ${text}`;
    });
  const values = fc.record(
    {
      eq: audience,
      in: audiences,
      filter: fc.record({ eq: audience, in: audiences }, { requiredKeys: [] }),
      input: fc.record(
        { type: fc.constant("SPECIFIED"), audience_id: fc.record({ eq: audience }, { requiredKeys: [] }) },
        { requiredKeys: ["type"] },
      ),
      no: fc.constant(false),
      size: fc.integer({ min: 1, max: 6 }),
      page: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ["no", "size", "page"] },
  );

  it("the answer is that of a Commerce which knows the shopper, and what it is asked is valid", () => {
    let compared = 0;
    fc.assert(
      fc.property(written, values, toyBlocks, audiences, (query, variables, list, mine) => {
        const truth = ask(commerce, answerAs(list, new Set(mine)), { query, variables });
        fc.pre(truth.data !== undefined);
        const membership = mine.length === 0 ? nobody : memberOf(mine);
        const limits = { ...website.graphqlLimits, aliases: 100 };
        const asked: Asked = { variables, membership, website: { graphqlLimits: limits } };
        const { answer } = run(query, answerAs(list, null), asked);
        expect(JSON.stringify(answer)).toBe(JSON.stringify(truth));
        compared += 1;
      }),
      { numRuns: 500, seed: 4, maxSkipsPerRun: 1000 },
    );
    expect(compared).toBe(500);
  });
});

/** What its banner puts, marked by its public name. */
const own = (id: number) => `<b data-audience-banner="shown-${id}">${id}</b>`;

const banner = (id: number, ...audiences: string[]): [string, Banner] => [
  btoa(String(id)),
  {
    id: `banner-${id}`,
    websites: null,
    paths: [],
    selector: "",
    dynamicBlock: btoa(String(id)),
    trust: "claimed",
    storeViews: null,
    pageTypes: null,
    device: null,
    schedule: null,
    holdout: 0,
    group: null,
    variants: [
      {
        id: "only",
        schedule: null,
        share: null,
        for: { any: audiences as AudienceId[], all: [], not: [] },
        publicName: `shown-${id}`,
        storeViewPuts: null,
        put: { kind: "content", html: `<b>${id}</b>` },
      },
    ],
  },
];

describe("edge: banners in the place of blocks", () => {
  const edge = { dynamicBlocks: "edge" } as const;
  const vip: Asked = {
    website: edge,
    membership: memberOf(["vip"]),
    banners: new Map([banner(2, "vip"), banner(3, "vip")]),
  };

  it("PWA Studio's own component gets the banner, and Commerce is not asked where nothing is left for it", () => {
    const { planned, answer } = run(pwaStudio, null, { ...vip, variables: pwaVariables(2) });
    expect(planned.kind).toBe("answer");
    expect(answer).toEqual({
      data: { dynamicBlocks: { items: [{ content: { html: own(2) }, uid: btoa("2") }] } },
    });
  });

  it("PWA Studio's own component gets banners and blocks in the order asked for, by its own document", () => {
    const { sent, answer } = run(pwaStudio, trusting, { ...vip, variables: pwaVariables(5, 3, 1, 2) });
    expect(sent).toEqual({ query: pwaStudio, variables: pwaVariables(5, 3, 1, 2) });
    const shown = (answer.data as { dynamicBlocks: { items: { content: { html: string } }[] } }).dynamicBlocks
      .items;
    expect(shown.map(({ content }) => content.html)).toEqual(["<p>5</p>", own(3), "<p>1</p>", own(2)]);
  });

  it("who is in no audience gets Commerce's own block, in an answer that no cache may keep", () => {
    expect(plan(pwaStudio, { ...vip, membership: nobody, variables: pwaVariables(2) })).toEqual({
      kind: "none",
      reason: "default-stands",
      choices: [{ banner: "banner-2", variant: null, reason: "no-membership", passed: [] }],
      personal: true,
    });
    expect(plan(pwaStudio, { ...vip, variables: pwaVariables(1) })).toMatchObject({
      reason: "no-banner-asked",
      personal: false,
    });
  });

  it("on a Commerce without dynamic blocks the rest of the document is asked, and the keys are in the client's order", () => {
    const query = `query ($uids: [ID]) {
      first: dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $uids }) { ...Blocks }
      storeConfig { store_code }
      dynamicBlocks(input: { type: CART_PRICE_RULE_RELATED }) { ...Blocks }
    }
    fragment Blocks on DynamicBlocks { __typename total_count items { __typename uid audience_id content { html __typename } } page_info { __typename total_pages current_page } }`;
    const asked: Asked = { ...vip, lacks: "dynamic-blocks", variables: { uids: [btoa("1"), btoa("2")] } };
    const { sent, answer } = run(query, null, asked, openSource);
    expect(sent?.query).not.toMatch(/dynamicBlocks|Blocks|\$uids/);
    const info = { __typename: "SearchResultPageInfo", total_pages: 1, current_page: 1 };
    const item = {
      __typename: "DynamicBlock",
      uid: btoa("2"),
      audience_id: null,
      content: { html: own(2), __typename: "ComplexTextValue" },
    };
    expect(JSON.stringify(answer)).toBe(
      JSON.stringify({
        data: {
          first: { __typename: "DynamicBlocks", total_count: 1, items: [item], page_info: info },
          storeConfig: { store_code: "default" },
          dynamicBlocks: {
            __typename: "DynamicBlocks",
            total_count: 0,
            items: [],
            page_info: { ...info, total_pages: 0 },
          },
        },
      }),
    );
  });

  it("counts and pages are those of both together, wherever the page lies", () => {
    const query = `query ($uids: [ID], $page: Int) {
      dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $uids }, pageSize: 2, currentPage: $page) {
        total_count page_info { total_pages current_page page_size } items { content { html } }
      }
    }`;
    const uids = [4, 3, 9, 2, 1].map((id) => btoa(String(id)));
    const { sent, answer } = run(query, trusting, { ...vip, variables: { uids, page: 2 } });
    expect(sent?.query).toContain("pageSize: 300, currentPage: 1");
    expect(answer.data?.["dynamicBlocks"]).toEqual({
      total_count: 4,
      page_info: { total_pages: 2, current_page: 2, page_size: 2 },
      items: [{ content: { html: own(2) } }, { content: { html: "<p>1</p>" } }],
    });
  });

  it("a field of ours that can go leaves nothing unused behind, beside one that is Commerce's and ours", () => {
    const query = `query ($a: [ID], $b: [ID], $size: Int = 1) {
      x: dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $a }, pageSize: $size) { items { uid } }
      y: dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $b }, pageSize: $size) { n: total_count items { uid } }
    }`;
    const variables = { a: [btoa("2")], b: [btoa("1"), btoa("3")] };
    const { sent, answer } = run(query, trusting, { ...vip, variables });
    expect(sent?.query).not.toMatch(/\$a|\$size/);
    expect(answer).toEqual({
      data: { x: { items: [{ uid: btoa("2") }] }, y: { n: 2, items: [{ uid: btoa("1") }] } },
    });
  });

  it("leaves to Commerce what hangs on price rules, and what we do not know of a block", () => {
    const rules = { ...pwaVariables(2), type: "CART_PRICE_RULE_RELATED" };
    expect(plan(pwaStudio, { ...vip, variables: rules })).toMatchObject({ reason: "no-banner-asked" });
    const more = pwaStudio.replace("uid\n", "uid\n salesRule\n");
    expect(plan(more, { ...vip, variables: pwaVariables(2) })).toMatchObject({
      reason: "unknown-field",
      personal: true,
    });
  });

  it("a shopper's answer is that of a Commerce which holds the banners itself", () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 });
    const selection = fc.constantFrom(
      "items { uid content { html } }",
      "n: total_count items { h: content { html } }",
      "total_count page_info { total_pages }",
      "items { uid: __typename ...B } fragment",
    );
    fc.assert(
      fc.property(
        ids,
        ids,
        ids,
        selection,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (asked, here, ours, wanted, size, page) => {
          const inner = wanted.replace(" fragment", "");
          const query = `query ($u: [ID]) { dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $u }, pageSize: ${size}, currentPage: ${page}) { ${inner} } storeConfig { store_code } }${inner.includes("...B") ? " fragment B on DynamicBlock { content { html } }" : ""}`;
          const variables = { u: asked.map((id) => btoa(String(id))) };
          const inOrder = (id: number) =>
            ours.includes(id) ? { ...block(id), content: { html: own(id) } } : block(id);
          const all = asked.filter((id) => here.includes(id) || ours.includes(id)).map(inOrder);
          const truth = ask(commerce, answerAs(all, null), { query, variables });
          const isTouched = asked.some((id) => ours.includes(id));
          fc.pre(isTouched);
          const banners = new Map(ours.map((id) => banner(id, "vip")));
          const { answer } = run(
            query,
            answerAs(
              here.map((id) => block(id)),
              null,
            ),
            { ...vip, banners, variables },
          );
          expect(JSON.stringify(answer)).toBe(JSON.stringify(truth));
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });
});

/** PWA Studio sends `data-uids` of a rotator as it stands in the page: of two blocks, one text. Commerce's `Uid` refuses it. */
describe("several uids in one text", () => {
  const refusing = (asked: Parameters<typeof trusting>[0]) => {
    const wrong = asked.input?.dynamic_block_uids?.find((uid) => uid.includes(","));
    if (wrong !== undefined) throw new Error(`Value of uid "${wrong}" is incorrect.`);
    return trusting(asked);
  };
  const both = [btoa("2"), btoa("3")].join();
  const membership = memberOf(["vip"]);
  const banners = new Map([banner(2, "vip"), banner(3, "vip")]);
  const variables = { type: "SPECIFIED", locations: ["CONTENT"], uids: both };
  const refused = {
    data: null,
    errors: [
      expect.objectContaining({ message: `Value of uid "${both}" is incorrect.`, path: ["dynamicBlocks"] }),
    ],
  };

  it("are refused as they would be without us, whether blocks are filtered or banners put in their places", () => {
    expect(ask(commerce, refusing, { query: pwaStudio, variables })).toEqual(refused);
    for (const dynamicBlocks of ["filter", "edge"] as const) {
      const asked: Asked = { website: { dynamicBlocks }, membership, banners, variables };
      const { planned, answer } = run(pwaStudio, refusing, asked);
      expect([dynamicBlocks, planned.kind, answer]).toEqual([
        dynamicBlocks,
        dynamicBlocks === "filter" ? "filter" : "none",
        refused,
      ]);
      expect(readLack(answer)).toBeNull();
    }
  });

  it("are refused with all that is asked beside them, as they would be without us, a banner of ours too", () => {
    const uids = [btoa("2"), both];
    const asked: Asked = {
      website: { dynamicBlocks: "edge" },
      membership,
      banners,
      variables: { ...variables, uids },
    };
    expect(run(pwaStudio, refusing, asked).answer).toEqual(refused);
    const query = `query ($one: [ID], $both: [ID]) {
      one: dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $one }) { items { uid } }
      both: dynamicBlocks(input: { type: SPECIFIED, dynamic_block_uids: $both }) { items { uid } } }`;
    const { answer } = run(query, refusing, { ...asked, variables: { one: btoa("2"), both } });
    expect(answer).toMatchObject({ data: null, errors: [{ path: ["both"] }] });
  });

  it("are no reason to think that Commerce has no dynamic blocks, whatever the text is", () => {
    const uids = 'Cannot query field "dynamicBlocks" on type "Query",';
    const { answer } = run(pwaStudio, refusing, { variables: { ...variables, uids } });
    expect(answer.errors?.[0]?.message).toContain("Cannot query field");
    expect(readLack(answer)).toBeNull();
  });

  it("are an empty list on a Commerce without dynamic blocks, as any block that is not ours", () => {
    const asked: Asked = {
      website: { dynamicBlocks: "edge" },
      lacks: "dynamic-blocks",
      membership,
      banners,
      variables,
    };
    expect(run(pwaStudio, null, asked, openSource).answer).toEqual({
      data: { dynamicBlocks: { items: [] } },
    });
  });
});

describe("readLack", () => {
  it("knows a Commerce without the extension, and one without dynamic blocks, by what they say", () => {
    const filtered = run("{ dynamicBlocks { items { uid } } }", trusting, {}, plainCommerce).answer;
    expect(readLack(filtered)).toBe("audience-id");
    expect(
      readLack(ask(openSource, null, { query: "{ dynamicBlocks { total_count } }", variables: null })),
    ).toBe("dynamic-blocks");
    const said = (message: string): GraphqlAnswer => ({ errors: [{ message }] });
    expect(readLack(said('Cannot query field "audience_id" on type "DynamicBlock".'))).toBe("audience-id");
    expect(readLack(said('Field "audience_id" is not defined by type "DynamicBlocksFilterInput".'))).toBe(
      "audience-id",
    );
    expect(
      readLack(said('Cannot query field "dynamicBlocks" on type "Query". Did you mean "cmsBlocks"?')),
    ).toBe("dynamic-blocks");
    expect(readLack(said("Internal server error"))).toBeNull();
    expect(
      readLack({ ...said('Cannot query field "dynamicBlocks" on type "Query".'), data: null }),
    ).toBeNull();
  });
});
