/** Commerce's own content: asked for in few words, believed where it is whole, resolved where GraphQL leaves that to us. */

import { describe, expect, it } from "vitest";
import {
  type ContentQuestion,
  isContent,
  readContent,
  writeQuestion,
} from "../../src/core/commerce-content.ts";
import { resolveDirectives } from "../../src/core/directive.ts";
import { fail, ok } from "../../src/core/result.ts";

const block: ContentQuestion = { kind: "cms-block", identifier: "vip-hero" };
const blocks: ContentQuestion = { kind: "dynamic-blocks", uids: ["MQ==", "Mg=="], locations: [] };

const addresses = { media: "https://shop.example/media/", link: "https://shop.example/fr/" };
const storeConfig = {
  secure_base_link_url: "https://shop.example/fr/",
  secure_base_media_url: "https://shop.example/media/",
};

describe("a CMS block", () => {
  const cms = (content: unknown) => ({
    data: { cmsBlocks: { items: [null, { identifier: "vip-hero", content }] } },
  });
  const contentOf = (content: unknown) => {
    const read = readContent(block, cms(content));
    return read.ok ? read.value[0]?.content : read;
  };

  it("is asked for by its identifier, always in the same words, so that Commerce's cache knows the question", () => {
    const { query, variables } = writeQuestion(block);
    expect(query).toBe("query($id:[String]){cmsBlocks(identifiers:$id){items{identifier content}}}");
    expect(variables).toEqual({ id: ["vip-hero"] });
  });

  it("is what Commerce says, for everyone", () => {
    const content = '<h2 onclick="x()">Hi</h2>';
    const expected = ok([{ uid: "vip-hero", audiences: [], content: ok(content) }]);
    expect(readContent(block, cms(content))).toEqual(expected);
  });

  it.each([
    ["a widget that only a page can resolve", '{{widget type="x"}}', "unresolved-directive"],
    ["a media directive that Commerce left", '<img src="{{media url=a.jpg}}">', "unresolved-directive"],
    ["an element left open", "<div>x", "breaks-page"],
    ["a megabyte of it", `<p>${"x".repeat(300_000)}</p>`, "content-too-long"],
  ] as const)("is left with %s", (_, content, reason) => {
    expect(contentOf(content)).toEqual(fail(reason));
  });

  it("takes no curly braces of a style or a script for a directive", () => {
    const css = "<style>@media print{.a{color:red}}</style>";
    expect(contentOf(css)).toEqual(ok(css));
  });

  it("that is not there is told apart from a Commerce that does not answer", () => {
    const absent = { message: "…", extensions: { category: "graphql-no-such-entity" } };
    expect(readContent(block, { data: { cmsBlocks: { items: [null] } }, errors: [absent] })).toEqual(
      fail("no-such-block"),
    );
    expect(readContent(block, { errors: [{ message: "Internal server error" }] })).toEqual(
      fail("content-unanswered"),
    );
  });
});

describe("dynamic blocks", () => {
  const answer = (items: readonly unknown[], more: object = {}) => ({
    data: { dynamicBlocks: { items: [...items] }, storeConfig },
    ...more,
  });

  it("are asked for by the uids that a rotator names, all on one page", () => {
    const { variables } = writeQuestion({ ...blocks, locations: ["CONTENT"] });
    expect(variables).toEqual({
      input: { type: "SPECIFIED", dynamic_block_uids: ["MQ==", "Mg=="], locations: ["CONTENT"] },
      size: 2,
    });
  });

  it("come with whom they are for, and with their directives resolved", () => {
    const items = [
      { uid: "MQ==", audience_id: null, content: { html: "<p>all</p>" } },
      {
        uid: "Mg==",
        audience_id: ["a", "b"],
        content: { html: '<img src="{{media url=&quot;wysiwyg/a.png&quot;}}" alt="">' },
      },
      { uid: "Mw==", audience_id: [], content: { html: "{{widget}}" } },
    ];
    expect(readContent(blocks, answer(items))).toEqual(
      ok([
        { uid: "MQ==", audiences: [], content: ok("<p>all</p>") },
        {
          uid: "Mg==",
          audiences: ["a", "b"],
          content: ok('<img src="https://shop.example/media/wysiwyg/a.png" alt="">'),
        },
        { uid: "Mw==", audiences: [], content: fail("unresolved-directive") },
      ]),
    );
  });

  it.each([
    ["no-dynamic-blocks", { errors: [{ message: 'Cannot query field "dynamicBlocks" on type "Query".' }] }],
    ["no-audience-id", { errors: [{ message: 'Cannot query field "audience_id" on type "DynamicBlock".' }] }],
    ["content-unanswered", answer([], { errors: [{ message: "x", path: ["dynamicBlocks", "items", 0] }] })],
    ["content-unanswered", answer([{ uid: "MQ==", audience_id: "vip", content: { html: "x" } }])],
    ["content-unanswered", answer([{ uid: "MQ==", audience_id: null, content: null }])],
    ["content-unanswered", { data: null }],
  ] as const)("are none (%s) where it can't be said for whom each is", (reason, said) => {
    expect(readContent(blocks, said as Parameters<typeof readContent>[1])).toEqual(fail(reason));
  });
});

describe("a directive", () => {
  it.each([
    ['{{media url="wysiwyg/a.png"}}', "https://shop.example/media/wysiwyg/a.png"],
    ["{{media url='/a.png'}}", "https://shop.example/media/a.png"],
    ["{{media url=a.png}}", "https://shop.example/media/a.png"],
    ["{{media url=&quot;a.png&quot;}}", "https://shop.example/media/a.png"],
    ["{{store url=&#039;customer/account&#039;}}", "https://shop.example/fr/customer/account/"],
    ['{{store url=""}}', "https://shop.example/fr/"],
    ['{{store direct_url="women.html"}}', "https://shop.example/fr/women.html"],
  ])("%s becomes the address that Commerce would write", (written, expected) => {
    expect(resolveDirectives(`<a href="${written}">x</a>`, addresses)).toEqual(
      ok(`<a href="${expected}">x</a>`),
    );
  });

  it.each([
    '{{store url="a" _query="b"}}',
    '{{media url="a"onerror="}}',
    '{{media url="a.png&quot;}}',
    "{{config path=web}}",
    "{{block id=1}}",
    "{{/if}}",
    '{{media direct_url="a"}}',
    '{{media url="{{var x}}"}}',
  ])("%s is left alone, and the block with it", (written) => {
    expect(resolveDirectives(`<p>${written}</p>`, addresses)).toEqual(fail("unresolved-directive"));
  });
});

describe("content that was kept", () => {
  const whole = { uid: "MQ==", audiences: ["a"], content: ok("<p>x</p>") };
  const kept = (content: unknown): unknown => JSON.parse(JSON.stringify(content));

  it("is read as it was written", () => {
    const contents = [ok([whole, { ...whole, content: fail("breaks-page") }]), ok([]), fail("no-such-block")];
    expect(contents.map((one) => isContent(kept(one)))).toEqual([true, true, true]);
  });

  it("is none where anything of it is missing: a block without its audiences is not one for everyone", () => {
    const { audiences: _, ...forWhom } = whole;
    const others = [null, [], {}, ok({}), ok([null]), ok([forWhom]), ok([{ ...whole, audiences: [1] }])];
    const without = [...others, ok([{ ...whole, content: ok(1) }]), { ok: false }, { value: [] }];
    expect(without.filter((one) => isContent(kept(one)))).toEqual([]);
  });
});
