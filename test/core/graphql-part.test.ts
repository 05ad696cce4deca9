/** Roots go with all that only they needed; what is asked alone brings all that it needs. */

import fc from "fast-check";
import { parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { buildAlone, removeRoots } from "../../src/core/graphql-document/part.ts";
import { applySplices } from "../../src/core/graphql-document/splice.ts";
import { isIncluded } from "../../src/core/graphql-document/value.ts";
import type { GraphqlDocument } from "../../src/core/graphql-document.ts";
import { answer, schema, writeDocument } from "./random-document.ts";

function read(text: string): GraphqlDocument {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(`${document.error}: ${text}`);
  return document.value;
}

function without(text: string, ...names: readonly string[]): string | null {
  const document = read(text);
  const splices = removeRoots(
    document,
    document.roots.filter(({ name }) => names.includes(name)),
  );
  return splices && applySplices(text, splices);
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly unknown[];
}

const only = (variables: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));

describe("removeRoots", () => {
  it("takes the variables and fragments along that nothing else uses", () => {
    expect(
      without(
        "query Q($a: Int, $b: Int! = 1 @d, $c: C) { x(a: $a) { ...F ...G } y(a: $a, b: $b) { ...G ...H } }" +
          " fragment F on T { i(c: $c) } fragment G on T { j } fragment H on T { ...I } fragment I on T { k }",
        "y",
      ),
    ).toBe(
      "query Q($a: Int, , $c: C) { x(a: $a) { ...F ...G }  } fragment F on T { i(c: $c) } fragment G on T { j }  ",
    );
  });

  it("takes the parentheses along with the last variable", () => {
    expect(without("query ($a: Int # ) \n) { x y(a: $a) }", "y")).toBe("query  { x  }");
  });

  it("takes what is left empty: inline fragments, fragments and their spreads", () => {
    expect(
      without("{ x ... @include(if: true) { y } ...F } fragment F on Query { ... on Query { y } }", "y"),
    ).toBe("{ x   } ");
    expect(without("{ ...F } fragment F on Query { x y }", "y")).toBe("{ ...F } fragment F on Query { x  }");
  });

  it("says null where nothing would remain, or where a place serves a root that stays", () => {
    expect(without("{ y }", "y")).toBeNull();
    expect(without("{ ...F ... { y } } fragment F on Query { y }", "y")).toBeNull();
    const document = read("{ ...F @skip(if: true) ...F x } fragment F on Query { y }");
    expect(removeRoots(document, document.roots.slice(0, 1))).toBeNull();
    expect(removeRoots(document, document.roots.slice(0, 2))).not.toBeNull();
  });

  it("leaves a valid document with the same answer for the others", async () => {
    const seen = { null: 0, removed: 0, fragments: 0, variables: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const { text, variables } = writeDocument((count) => gen(fc.nat, count - 1));
        const document = read(text);
        const roots = document.roots.filter(() => gen(fc.boolean));
        const splices = removeRoots(document, roots);
        if (splices === null) {
          seen.null += 1;
          const stay = document.roots.filter((one) => !roots.includes(one));
          const torn = stay.some((one) => roots.some(({ span }) => span.start === one.span.start));
          expect(stay.length === 0 || torn).toBe(true);
          return;
        }
        const rewritten = applySplices(text, splices);
        expect(validate(schema, parse(rewritten))).toEqual([]);
        const left = read(rewritten);
        expect(left.roots.map(({ key }) => key)).toEqual(
          document.roots.filter((one) => !roots.includes(one)).map(({ key }) => key),
        );
        const before = (await answer(text, variables)) as Answer;
        const after = (await answer(rewritten, only(variables, [...left.variables.keys()]))) as Answer;
        expect(after.errors).toBeUndefined();
        expect(JSON.parse(JSON.stringify(after.data))).toEqual(
          JSON.parse(JSON.stringify(only(before.data ?? {}, Object.keys(after.data ?? {})))),
        );
        if (roots.length > 0) seen.removed += 1;
        if (left.fragments.size < document.fragments.size) seen.fragments += 1;
        if (left.variables.size < document.variables.size) seen.variables += 1;
      }),
      { numRuns: 400, seed: 4 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});

describe("buildAlone", () => {
  it("brings the definitions that the quoted places need, as they are written, and no others", () => {
    const document = read(
      "query Q($a: String!, $b: Int = 2, $c: Int) { cart(cart_id: $a) { ...F } z(c: $c) { ...H } }" +
        " fragment F on Cart { items(first: $b) { ...G } } fragment G on Item { uid } fragment H on Cart { id }",
    );
    const [cart] = document.roots;
    const id = cart?.arguments.get("cart_id");
    if (!cart?.selection || !id) throw new Error("no cart");
    const quote = (span: { readonly start: number; readonly end: number }) =>
      document.text.slice(span.start, span.end);
    expect(
      buildAlone(document, {
        operation: "mutation",
        body: ` removeCouponFromCart(input: {cart_id: ${quote(id.valueSpan)}}) { cart {${quote(cart.selection.span)}} }`,
        uses: [id.valueSpan, cart.selection.span],
      }),
    ).toEqual({
      text:
        "mutation($a: String!\n$b: Int = 2) { removeCouponFromCart(input: {cart_id: $a}) { cart { ...F } }\n}\n" +
        "fragment F on Cart { items(first: $b) { ...G } }\nfragment G on Item { uid }",
      variables: ["a", "b"],
    });
  });

  it("asks for the same cart by itself", async () => {
    let carts = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const { text, variables } = writeDocument((count) => gen(fc.nat, count - 1));
        const document = read(text);
        const root = document.roots.find(
          (one) => isIncluded(one, document, variables) && one.selection !== null,
        );
        if (root === undefined || document.operation === "subscription") return;
        carts += 1;
        const body = text.slice(root.span.start, root.span.end);
        const alone = buildAlone(document, { operation: document.operation, body, uses: [root.span] });
        expect(validate(schema, parse(alone.text))).toEqual([]);
        const before = (await answer(text, variables)) as Answer;
        const after = (await answer(alone.text, only(variables, alone.variables))) as Answer;
        expect(after.errors).toBeUndefined();
        expect(Object.keys(after.data ?? {})).toEqual([root.key]);
        expect(JSON.stringify(after.data?.[root.key])).toBe(JSON.stringify(before.data?.[root.key]));
      }),
      { numRuns: 400, seed: 4 },
    );
    expect(carts).toBeGreaterThan(200);
  });
});
