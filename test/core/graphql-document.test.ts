/** A GraphQL document is read once, as Commerce reads it, in bounded time. */

import fc from "fast-check";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
  valueFromASTUntyped,
} from "graphql";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { isIncluded, resolveValue } from "../../src/core/graphql-document/value.ts";
import type { Field, GraphqlDocument } from "../../src/core/graphql-document.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";
import { answer, schema, writeDocument } from "./random-document.ts";

function read(text: string): GraphqlDocument {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(`${document.error}: ${text}`);
  return document.value;
}

const reasonOf = (text: string) => {
  const document = parseDocument(text);
  return document.ok ? null : document.error;
};

const at = ({ text }: GraphqlDocument, { start, end }: { readonly start: number; readonly end: number }) =>
  text.slice(start, end);

/** The reference: fragments opened by the book, slowly. */
function opened(text: string): readonly FieldNode[] {
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const open = (set: SelectionSetNode | undefined): readonly FieldNode[] =>
    (set?.selections ?? []).flatMap((one) => {
      if (one.kind === Kind.FIELD) return [one];
      return open(
        one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : fragments.get(one.name.value)?.selectionSet,
      );
    });
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const walk = (fields: readonly FieldNode[]): readonly FieldNode[] =>
    fields.flatMap((one) => [one, ...walk(open(one.selectionSet))]);
  return walk(open(operation?.selectionSet));
}

const all = (fields: readonly Field[]): readonly Field[] =>
  fields.flatMap((one) => [one, ...all(one.selection?.fields ?? [])]);

describe("a random document", () => {
  it("is read with each field where it stands, and counted as Commerce counts it", () => {
    const seen = { fragments: 0, variables: 0, deep: 0 };
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const { text, variables } = writeDocument((count) => gen(fc.nat, count - 1));
        expect(validate(schema, parse(text))).toEqual([]);
        const document = read(text);
        const fields = all(document.roots);
        const expected = opened(text);
        expect(fields.map(({ name, key, span }) => ({ name, key, ...span }))).toEqual(
          expected.map((one) => ({
            name: one.name.value,
            key: (one.alias ?? one.name).value,
            start: one.loc?.start,
            end: one.loc?.end,
          })),
        );
        expect(document.complexity).toBe(expected.length);
        expect(document.aliases).toBe(
          new Set(expected.filter((one) => one.alias).map((one) => one.loc?.start)).size,
        );
        fields.forEach((field, index) => {
          const node = expected[index];
          expect([...field.arguments.keys()]).toEqual((node?.arguments ?? []).map((one) => one.name.value));
          for (const argument of node?.arguments ?? []) {
            const ours = field.arguments.get(argument.name.value);
            if (ours === undefined) throw new Error("an argument is missing");
            expect({ ...ours.valueSpan }).toEqual({
              start: argument.value.loc?.start,
              end: argument.value.loc?.end,
            });
            expect(Number(document.text.slice(ours.span.start).startsWith(argument.name.value))).toBe(1);
            if ([...document.variables.values()].every((one) => one.defaultValue === undefined)) {
              const resolved = resolveValue(ours.value, document, variables);
              expect(JSON.stringify(resolved)).toBe(
                JSON.stringify(valueFromASTUntyped(argument.value, variables)),
              );
            }
          }
        });
        if (document.fragments.size > 0) seen.fragments += 1;
        if (document.variables.size > 0) seen.variables += 1;
        if (document.depth > 2) seen.deep += 1;
      }),
      { numRuns: 400, seed: 4 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(40);
  });

  it("answers exactly the roots that are included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const { text, variables } = writeDocument((count) => gen(fc.nat, count - 1));
        const document = read(text);
        const keys = document.roots
          .filter((one) => isIncluded(one, document, variables))
          .map(({ key }) => key);
        const result = (await answer(text, variables)) as {
          readonly data: Readonly<Record<string, unknown>>;
        };
        expect(Object.keys(result.data)).toEqual([...new Set(keys)]);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

it("a fragment that is spread twice is included where it is not skipped", () => {
  const document = read(
    "{ ...F ... @skip(if: true) { ...F } ...F @include(if: false) ...F } fragment F on Query { a }",
  );
  expect(document.roots.map((one) => isIncluded(one, document, null))).toEqual([true, false, false, true]);
  expect(document.roots.map(({ shared }) => shared)).toEqual([true, true, true, true]);
});

describe("what Commerce's parser takes", () => {
  const cases: Readonly<Record<string, string>> = {
    "a mark of byte order": "\ufeff{a(b:1){c}}",
    "comments with braces": '{ # } {"\n a(b:1) { c } } # }',
    "block strings": 'query { a(b: """ } " \\""" { """) { c } }',
    "carriage returns": "query\r{\ra(b:1)\r\n{c}\r}",
    "no white space": "query Q($v:Int=1,)@x{a(b:1)@y(z:[1{w:2}]){c,},}",
    "a name after a number": "{a(b:1c:-2.5e3d:0x:1){c}}",
    "a number before a name in text alone": '{a(b:"1c"d:1){c} # 1c\n}',
    "type definitions beside":
      "{a(b:1){c}} type T implements X & Y { a: Int } extend type T { b: Int } scalar S",
    subscriptions: "subscription { a(b: 1) { c } }",
    "keywords as names": "query query($on: Int) { a(b: 1, fragment: $on, type: {input: true}) { c } }",
    "fragment names like keywords": "{ a(b: 1) { ...query } } fragment query on fragment { c }",
    "directives on variables": "query ($v: [Int!]! = [1] @x(y: 2)) { a(b: 1) { c } }",
    "a variable named as in a prototype":
      "query ($__proto__: Int) { a(b: 1, constructor: $__proto__) { c } }",
  };
  for (const [title, text] of Object.entries(cases)) {
    it(`is read: ${title}`, () => {
      const document = read(text);
      const [root] = document.roots;
      expect(root).toMatchObject({ name: "a", key: "a" });
      expect(root?.selection?.fields.map(({ name }) => name)).toEqual(["c"]);
      expect(at(document, root?.span ?? document.body)).toMatch(/^a\(b[\s\S]*\}$/);
    });
  }

  it("reads numbers before names as numbers", () => {
    const document = read("{a(b:1c:-2.5e3d:0x:[7null 8true])}");
    const values = [...(document.roots[0]?.arguments ?? [])].map(([name, { value, valueSpan }]) => [
      name,
      resolveValue(value, document, null),
      at(document, valueSpan),
    ]);
    expect(values).toEqual([
      ["b", 1, "1"],
      ["c", -2500, "-2.5e3"],
      ["d", 0, "0"],
      ["x", [7, null, 8, true], "[7null 8true]"],
    ]);
  });
});

/** Fragments that spread one another, the last of them with `end` in it. */
function chain(name: string, length: number, end: string): string {
  const inside = (index: number) => (index === length - 1 ? end : `...${name}${index + 1}`);
  return Array.from({ length }, (_, index) => `fragment ${name}${index} on A{${inside(index)}}`).join(" ");
}

describe("what is left to Commerce", () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ["", "syntax"],
    ["{", "syntax"],
    ["{}", "syntax"],
    ["{a {}}", "syntax"],
    ["{a(b:01)}", "syntax"],
    ["{a(b:1ex:2)}", "syntax"],
    ['{a(b:"\\ud800")}', "syntax"],
    ["fragment f on A { b }", "no-operation"],
    ["type A { b: Int }", "no-operation"],
    ["{a} {b}", "several-operations"],
    ["query A {a} mutation B {b}", "several-operations"],
    ["{...f}", "unknown-fragment"],
    ["{...f} fragment f on A {...g} fragment g on A {...f}", "fragment-cycle"],
    ["{...f} fragment f on A {b {...f}}", "fragment-cycle"],
    [`{${"a{".repeat(51)}b${"}".repeat(51)}}`, null],
    [`{${"a{".repeat(52)}b${"}".repeat(52)}}`, "too-deep"],
    [`{...f0} ${chain("f", 200, "a")}`, null],
    [`{...f0} ${chain("f", 201, "a")}`, "too-deep"],
    [`{...g0 ...f0} ${chain("f", 100, "...g0")} ${chain("g", 100, "a")}`, null],
    [`{...g0 ...f0} ${chain("f", 101, "...g0")} ${chain("g", 100, "a")}`, "too-deep"],
    [`{a(b:${"[".repeat(199)}${"]".repeat(199)})}`, null],
    [`{a(b:${"[".repeat(200)}${"]".repeat(200)})}`, "too-deep"],
    [`{a(b:[${"1 ".repeat(8_181)}])}`, null],
    [`{a(b:[${"1 ".repeat(8_182)}])}`, "too-long"],
    [`{${"\n".repeat(4_095)}a}`, null],
    [`{${"\n".repeat(4_096)}a}`, "too-long"],
    [`{${"a ".repeat(2_000)}}`, null],
    [`{${"a ".repeat(2_001)}}`, "too-many-fields"],
    [`{a(b:"${"x".repeat(65_527)}")}`, null],
    [`{a(b:"${"x".repeat(65_528)}")}`, "too-long"],
    [`{a(b:"${"é".repeat(32_764)}")}`, "too-long"],
    [`{a(b:"${"😀".repeat(16_382)}")}`, "too-long"],
    [`{a(b:"${"😀".repeat(16_381)}")}`, null],
  ];
  for (const [text, reason] of cases) {
    it(`${reason ?? "is read"}: ${text.slice(0, 50)} (${text.length})`, () => {
      expect(reasonOf(text)).toBe(reason);
    });
  }
});

describe("values", () => {
  const document = read(
    "query ($a: Int, $d: [Int] = [5], $n: Int = 1) { f(x: $a, l: [$a, 2], o: {p: $a, __proto__: {q: $d}}, n: $n, e: E) }",
  );
  const meant = (name: string, variables: Readonly<Record<string, unknown>> | null) => {
    const argument = document.roots[0]?.arguments.get(name);
    return argument && resolveValue(argument.value, document, variables);
  };

  it("take defaults for what is absent, and null for what is null", () => {
    expect(meant("x", null)).toBeUndefined();
    expect(meant("x", { a: null })).toBeNull();
    expect(meant("l", null)).toEqual([null, 2]);
    expect(meant("n", {})).toBe(1);
    expect(meant("n", { n: null })).toBeNull();
    expect(meant("e", null)).toBe("E");
  });

  it("have no prototype, and touch none", () => {
    const value = meant("o", null) as object;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(meant("x", Object.create({ a: 1 }))).toBeUndefined();
    expect(({} as Record<string, unknown>)["q"]).toBeUndefined();
  });
});

describe("a document made to be slow", () => {
  const many = (count: number, write: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => write(index)).join(" ");
  const cases: Readonly<Record<string, string>> = {
    "10,000 aliases": `{${many(10_000, (index) => `a${index}:b`)}}`,
    "5,000 aliases": `{${many(5_000, (index) => `a${index}:b`)}}`,
    "20,000 braces": "{".repeat(20_000),
    "20,000 fields in each other": "{a".repeat(20_000),
    "20,000 lists in each other": `{a(b:${"[".repeat(20_000)}`,
    "20,000 lists in a type": `query($a:${"[".repeat(20_000)}`,
    "13,000 inline fragments": `{${"...{".repeat(13_000)}a${"}".repeat(13_000)}}`,
    "a chain of 1,000 fragments": `{...f0}${many(1_000, (index) => `fragment f${index} on A{...f${index + 1}}`)}fragment f1000 on A{a}`,
    "a chain from its end": `{...f0}fragment f1000 on A{a}${many(1_000, (index) => `fragment f${999 - index} on A{...f${1_000 - index}}`)}`,
    "fragments and inline fragments": `{...f0}${many(20, (index) => `fragment f${index} on A{${"...{".repeat(150)}...f${index + 1}${"}".repeat(150)}}`)}fragment f20 on A{a}`,
    "a bomb": `{...f0}${many(150, (index) => `fragment f${index} on A{...f${index + 1} ...f${index + 1}}`)}fragment f150 on A{a}`,
    "a small bomb with conditions": `{...f0}${many(10, (index) => `fragment f${index} on A{...f${index + 1} @skip(if:$a) ...f${index + 1} @include(if:$a)}`)}fragment f10 on A{a}`,
    "a cycle of 150": `{...f0}${many(150, (index) => `fragment f${index} on A{...f${(index + 1) % 150}}`)}`,
    "1 MB in a string": `{a(b:"${"x".repeat(1_000_000)}")}`,
    escapes: `{a(b:"${"\\u0041".repeat(10_800)}")}`,
    comments: `${"#\n".repeat(32_700)}{a}`,
    "lines, then an error": `${"\n".repeat(65_000)}{a`,
    "an error after 4,000 lines": `${"\n".repeat(4_000)}${" ".repeat(60_000)}{a`,
    "lines in a block string": `{a(b:"""${"\n ".repeat(32_000)}""")}`,
    "names after numbers": `{${"a(b:1c:1)".repeat(1_000)}}`,
    digits: `{a(b:${"1".repeat(65_000)}x`,
    "digits and dots": `{a(b:${"1.".repeat(32_000)}x`,
    conditions: `{...f ${"@skip(if:$a)".repeat(700)}}fragment f on A{${"a@skip(if:$a) ".repeat(300)}}`,
    operations: "{a}".repeat(10_000),
  };
  for (const [title, text] of Object.entries(cases)) {
    it(`is read or left in bounded time: ${title}`, () => {
      expect(cpuMsOf(() => parseDocument(text))).toBeLessThan(20 * slownessNow());
    });
  }

  it("never ends in an exhausted stack, nor in any error", () => {
    const bits = fc.constantFrom(
      ...'{}[]()$:@!=|&"\\#\n. ,'.split(""),
      "...",
      "a",
      "on ",
      "fragment ",
      "query ",
      "1",
      "1e",
      '"""',
      "@skip(if:",
      "\ud800",
      "\u0000",
      "type ",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), fc.integer({ min: 1, max: 800 }), (parts, repeat) => {
        expect(parseDocument(parts.join("")).ok || true).toBe(true);
        parseDocument(`{${parts.join("").repeat(repeat)}`);
      }),
      { numRuns: 500 },
    );
  });
});
