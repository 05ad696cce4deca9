/** Our reader of GraphQL is held against graphql-js: what that reads we read, in the same places; what not, neither. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type ASTNode, parse, type ValueNode } from "graphql";
import { describe, expect, it } from "vitest";
import { Lexer, Unreadable } from "../../src/core/graphql-document/lexer.ts";
import { parseDefinitions } from "../../src/core/graphql-document/syntax.ts";

const folder = process.env["EDGE_RECORDINGS"] ?? "";

/** What ours says of a document in words of graphql-js; null: not readable. */
function ours(text: string): unknown {
  try {
    const definitions = parseDefinitions(new Lexer(text));
    return definitions.filter(({ kind }) => kind !== "types").map(plain);
  } catch (error) {
    if (error instanceof Unreadable && error.reason === "syntax") return null;
    throw error;
  }
}

type Node = ReturnType<typeof parseDefinitions>[number];

/** Maps to pairs in the order that they are compared in. */
function plain(node: unknown): unknown {
  if (node instanceof Map) return [...node].map(plain);
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node as Node)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, plain(value)]),
  );
}

function theirs(text: string): unknown {
  try {
    const { definitions } = parse(text, { allowEmptySelectionSets: false });
    return definitions.flatMap((one) => translate(one, text) ?? []);
  } catch {
    return null;
  }
}

const spanOf = ({ loc }: ASTNode) => ({ start: loc?.start, end: loc?.end });

function translateArguments(nodes: readonly ASTNode[] = []): unknown[] {
  return nodes.map((node) => {
    if (node.kind !== "Argument" && node.kind !== "ObjectField") throw new Error(node.kind);
    const { name, value } = node;
    return [name.value, { value: translateValue(value), valueSpan: spanOf(value), span: spanOf(node) }];
  });
}

function translateValue(node: ValueNode): unknown {
  switch (node.kind) {
    case "Variable":
      return { kind: "variable", name: node.name.value };
    case "IntValue":
    case "FloatValue":
      return { kind: "scalar", value: Number(node.value) };
    case "StringValue":
    case "BooleanValue":
      return { kind: "scalar", value: node.value };
    case "NullValue":
      return { kind: "scalar", value: null };
    case "EnumValue":
      return { kind: "enum", name: node.value };
    case "ListValue":
      return { kind: "list", items: node.values.map(translateValue) };
    case "ObjectValue": {
      // Of equal names the last value stands in the place of the first.
      const fields = translateArguments(node.fields) as [string, unknown][];
      return { kind: "object", fields: [...new Map(fields)] };
    }
  }
}

function translate(node: ASTNode, text: string): unknown {
  const directivesOf = (one: { readonly directives?: readonly ASTNode[] | undefined }) =>
    (one.directives ?? []).map((directive) => {
      if (directive.kind !== "Directive") throw new Error(directive.kind);
      return { name: directive.name.value, arguments: translateArguments(directive.arguments) };
    });
  switch (node.kind) {
    case "SelectionSet": {
      const { start = 0, end = 0 } = spanOf(node);
      const selections = node.selections.map((one) => translate(one, text));
      return { inside: { start: start + 1, end: end - 1 }, selections };
    }
    case "Field":
      return {
        kind: "field",
        ...(node.alias && { alias: node.alias.value }),
        name: node.name.value,
        arguments: translateArguments(node.arguments),
        directives: directivesOf(node),
        ...(node.selectionSet && { set: translate(node.selectionSet, text) }),
        span: spanOf(node),
      };
    case "InlineFragment": {
      const set = translate(node.selectionSet, text);
      return { kind: "inline", directives: directivesOf(node), set, span: spanOf(node) };
    }
    case "FragmentSpread":
      return {
        kind: "spread",
        fragment: node.name.value,
        directives: directivesOf(node),
        span: spanOf(node),
      };
    case "FragmentDefinition": {
      const set = translate(node.selectionSet, text);
      return { kind: "fragment", name: node.name.value, set, span: spanOf(node) };
    }
    case "OperationDefinition": {
      const variables = (node.variableDefinitions ?? []).map((one) => ({
        name: one.variable.name.value,
        type: spanOf(one.type),
        ...(one.defaultValue && { defaultValue: translateValue(one.defaultValue) }),
        span: spanOf(one),
      }));
      let left = node.variableDefinitions?.at(0)?.loc?.startToken.prev;
      let right = node.variableDefinitions?.at(-1)?.loc?.endToken.next;
      while (left?.kind === "Comment") left = left.prev;
      while (right?.kind === "Comment") right = right.next;
      const parentheses = left && right ? { start: left.start, end: right.end } : null;
      return { kind: node.operation, variables, parentheses, set: translate(node.selectionSet, text) };
    }
    default:
      return undefined;
  }
}

/** Words that a document is made of; those of the type system are in documents of their own. */
const word = fc.constantFrom(
  ..."query mutation subscription fragment on a b true false null on _x9 A".split(" "),
  ..."{ } { } ( ) ( ) [ ] : : : = ! $ $ @ ... ... & | $a @include(if:true) {a} (b:1) a:b".split(" "),
  ...'0 -1 12 1.5 -0.0e1 1e+9 01 1. .5 1e 1.e1 - -a "" "x" "\\n" "\\u0041" "\\ud83d\\ude00" "\\u{1F600}"'.split(
    " ",
  ),
  ...'"\\ud83d" "\\u{110000}" "\\u{}" "\\u{000000041}" "\\u{D800}" "\\x" "\\" "😀" \ud83d "\ud83d" """ """a""" "'.split(
    " ",
  ),
  '"""\n  a\n    b\n\r\n  c \\""" d\n\n"""',
  '""" \\ " "" \\u """',
  '"""\ta\n\tb"""',
  '"""\n\n"""',
  "#c\n",
  "#\ud83d\n",
  "#😀\r",
  "\ufeff",
  ",",
  "\n",
  "'",
  "\u0000",
  "é",
  '"é\u0000"',
  '"a\nb"',
  "..",
  "....",
  "/",
);

const value: fc.Arbitrary<string> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("1", "-2.5e3", '"t\\u00e9xt"', "true", "null", "ENUM", "$v", '"""\n block\n   text\n"""'),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `{${items.map((one, at) => `f${at}:${one}`)}}`),
  ),
})).value as fc.Arbitrary<string>;

const directives = fc.option(
  value.map((one) => ` @include(if: ${one})`),
  { nil: "" },
);

const selections: fc.Arbitrary<string> = fc.letrec((tie) => ({
  set: fc.array(tie("selection"), { minLength: 1, maxLength: 3 }).map((all) => `{${all.join(" ")}}`),
  selection: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "al:b", "...F", "query", "on", "fragment"),
    fc.tuple(value, directives).map(([one, two]) => `c(x:${one} y:${one})${two}`),
    fc.tuple(directives, tie("set")).map(([one, set]) => `...${one} ${set}`),
    fc.tuple(directives, tie("set")).map(([one, set]) => `... on T${one}${set}`),
    tie("set").map((set) => `d #comment }\n${set}`),
  ),
})).set as fc.Arbitrary<string>;

const definition = fc.oneof(
  selections,
  fc.tuple(selections, directives).map(([set, one]) => `query N${one}${set}`),
  fc
    .tuple(selections, value)
    .map(
      ([set, one]) =>
        `"said" mutation($v:[T!]!=${one.replaceAll("$v", "1")} "d" $w:T @d){a}fragment F on T${set}`,
    ),
  selections.map((set) => `query($v:T){a}fragment G on on @d${set}`),
  fc.constantFrom(
    'type T implements & A & B @d { "d" a(b: Int = 1 @d, c: [D!]): [C!]! @e b: C }',
    "extend type T { b: Int } scalar S @d(a: 1)",
    "schema @d { query: Q mutation: M } extend schema { subscription: S }",
    "interface I implements J { a: B } union U @d = | A | B enum E { A @d B } input N { a: B = {c: 1} }",
    "directive @d(a: B) repeatable on | QUERY | FIELD directive @e on FIELD type query union on = query",
  ),
);

/** Which Commerce reads and graphql-js doesn't; graphql-document.test.ts has it. */
const numberBeforeName = /(?<!\w)\d+(?:\.\d+)?(?:[eE][+-]?\d+|(?![eE]))[A-Za-z_]/;

describe("a document is read as graphql-js reads it", () => {
  const same = (text: string) => expect(ours(text), JSON.stringify(text)).toEqual(theirs(text));

  it("whatever words stand one after the other", () => {
    const words = fc.array(word, { maxLength: 14 });
    fc.assert(
      fc.property(words, fc.constantFrom("", " "), (all, between) => {
        const text = all.join(between);
        fc.pre(!numberBeforeName.test(text));
        same(text);
        same(`{a(b:${text})}`);
        same(`query(${text}){a}`);
        same(`{${text}}`);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it("when it is one", () => {
    const whole = fc.array(definition, { minLength: 1, maxLength: 4 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(whole, (text) => {
        same(text);
      }),
      { numRuns: 1500, seed: 2 },
    );
  });

  it("and when something of it is lost, doubled or replaced", () => {
    const piece = fc.oneof(word, fc.constant(""));
    fc.assert(
      fc.property(selections, fc.nat(), fc.nat({ max: 4 }), piece, (set, at, length, inserted) => {
        const text = `query N($v:T=1){a}${set}fragment F on T${set}`;
        const from = at % text.length;
        const mutated = text.slice(0, from) + inserted + text.slice(from + length);
        fc.pre(!numberBeforeName.test(mutated));
        same(mutated);
      }),
      { numRuns: 3000, seed: 3 },
    );
  });

  it.skipIf(folder === "")("also the documents that storefronts send", () => {
    const lines = readFileSync(join(folder, "graphql", "operations.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(lines.length).toBeGreaterThan(300);
    for (const line of lines) {
      const { document } = JSON.parse(line) as { readonly document: string };
      expect(theirs(document)).not.toBeNull();
      same(document);
    }
  });

  it("or not at all: half a surrogate pair, an escape of none, an end too early", () => {
    for (const text of [
      '{a(b:"\ud800")}',
      '{a(b:"\\ud800\\u0041")}',
      '{a(b:"\\u{dfff}")}',
      '{a(b:"x',
      "{a #",
    ]) {
      expect(theirs(text)).toBeNull();
      same(text);
    }
  });

  it("and the comparison sees values, places and directives", () => {
    const text = 'query($v:T=1){a:b(c:"\\u{41}",d:$v)@skip(if:$v){...F}}fragment F on T{c}';
    expect(ours(text)).not.toBeNull();
    same(text);
    expect(ours(text)).not.toEqual(theirs(text.replace("41", "42")));
  });
});
