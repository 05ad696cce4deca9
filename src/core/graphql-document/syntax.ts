/** The grammar of executable GraphQL documents; a test holds it against graphql-js. */

import type { Argument, Span, Value } from "../graphql-document.ts";
import { type Lexer, type Token, Unreadable } from "./lexer.ts";
import type {
  Definition,
  Directive,
  FieldNode,
  Operation,
  Selection,
  SelectionSet,
  Variable,
} from "./node.ts";

/** Throws `Unreadable`. */
export function parseDefinitions(lexer: Lexer): readonly Definition[] {
  const definitions: Definition[] = [];
  do definitions.push(parseDefinition());
  while (!skip("end"));
  return definitions;

  function parseDefinition(): Definition {
    const { start } = lexer.token;
    if (lexer.token.kind === "{")
      return { kind: "query", variables: [], parentheses: null, set: parseSelectionSet() };
    skip("string");
    const kind = expect("name").value;
    switch (kind) {
      case "query":
      case "mutation":
      case "subscription":
        return parseOperation(kind);
      case "fragment": {
        const name = parseFragmentName();
        if (!skipWord("on")) throw new Unreadable("syntax");
        expect("name");
        parseDirectives(false);
        return { kind, name, set: parseSelectionSet(), span: spanFrom(start) };
      }
    }
    parseTypes(kind === "extend" ? expect("name").value : kind);
    return { kind: "types" };
  }

  /** More lenient than the grammar, never less: what it takes beyond, nobody executes. */
  function parseTypes(keyword: string): void {
    if (!/^(?:schema|scalar|type|interface|union|enum|input|directive)$/.test(keyword))
      throw new Unreadable("syntax");
    if (keyword === "directive") expect("@");
    if (keyword !== "schema") expect("name");
    parseSome("(", parseMember, ")");
    if (keyword === "directive") skipWord("repeatable");
    if (skipWord(keyword === "directive" ? "on" : "implements")) parseNames();
    parseDirectives(true);
    if (skip("=")) parseNames();
    if (!/^(?:scalar|union|directive)$/.test(keyword)) parseSome("{", parseMember, "}");
  }

  function parseNames(): void {
    if (!skip("&")) skip("|");
    do expect("name");
    while (skip("&") || skip("|"));
  }

  function parseMember(): void {
    skip("string");
    expect("name");
    parseSome("(", parseMember, ")");
    if (skip(":")) parseType();
    if (skip("=")) parseValue(true);
    parseDirectives(true);
  }

  function parseOperation(kind: Operation["kind"]): Operation {
    skip("name");
    const { start } = lexer.token;
    const variables = parseSome("(", parseVariable, ")");
    const parentheses = variables.length === 0 ? null : spanFrom(start);
    parseDirectives(false);
    return { kind, variables, parentheses, set: parseSelectionSet() };
  }

  function parseVariable(): Variable {
    const { start } = lexer.token;
    skip("string");
    expect("$");
    const { value: name } = expect("name");
    expect(":");
    const { start: typeStart } = lexer.token;
    parseType();
    const type = spanFrom(typeStart);
    const defaultValue = skip("=") ? parseValue(true) : undefined;
    parseDirectives(true);
    return { name, type, defaultValue, span: spanFrom(start) };
  }

  function parseType(): void {
    if (skip("[")) {
      parseType();
      expect("]");
    } else expect("name");
    skip("!");
  }

  function parseSelectionSet(): SelectionSet {
    const { start } = lexer.token;
    if (lexer.token.kind !== "{") throw new Unreadable("syntax");
    const selections = parseSome("{", parseSelection, "}");
    return { inside: { start: start + 1, end: lexer.lastEnd - 1 }, selections };
  }

  function parseSelection(): Selection {
    const { start } = lexer.token;
    if (!skip("...")) return parseField(start);
    if (lexer.token.kind === "name" && lexer.token.value !== "on") {
      const fragment = lexer.advance().value;
      const directives = parseDirectives(false);
      return { kind: "spread", fragment, directives, span: spanFrom(start) };
    }
    if (skip("name")) expect("name");
    const directives = parseDirectives(false);
    return { kind: "inline", directives, set: parseSelectionSet(), span: spanFrom(start) };
  }

  function parseField(start: number): FieldNode {
    const first = expect("name").value;
    const alias = skip(":") ? first : undefined;
    const name = alias === undefined ? first : expect("name").value;
    const args = parseSome("(", () => parseArgument(false), ")");
    const directives = parseDirectives(false);
    const set = lexer.token.kind === "{" ? parseSelectionSet() : undefined;
    return { kind: "field", alias, name, arguments: args, directives, set, span: spanFrom(start) };
  }

  function parseFragmentName(): string {
    if (lexer.token.value === "on") throw new Unreadable("syntax");
    return expect("name").value;
  }

  function parseDirectives(isConstant: boolean): readonly Directive[] {
    const directives: Directive[] = [];
    while (skip("@")) {
      const { value: name } = expect("name");
      directives.push({ name, arguments: parseSome("(", () => parseArgument(isConstant), ")") });
    }
    return directives;
  }

  function parseArgument(isConstant: boolean): readonly [string, Argument] {
    const { value: name, start } = expect("name");
    expect(":");
    const { start: valueStart } = lexer.token;
    const value = parseValue(isConstant);
    return [name, { value, valueSpan: spanFrom(valueStart), span: spanFrom(start) }];
  }

  function parseValue(isConstant: boolean): Value {
    const { kind, value } = lexer.advance();
    switch (kind) {
      case "[": {
        const items: Value[] = [];
        while (!skip("]")) items.push(parseValue(isConstant));
        return { kind: "list", items };
      }
      case "{": {
        const fields = new Map<string, Argument>();
        while (!skip("}")) fields.set(...parseArgument(isConstant));
        return { kind: "object", fields };
      }
      case "int":
      case "float":
        return { kind: "scalar", value: Number(value) };
      case "string":
        return { kind: "scalar", value };
      case "name":
        if (value === "null") return { kind: "scalar", value: null };
        if (value === "true" || value === "false") return { kind: "scalar", value: value === "true" };
        return { kind: "enum", name: value };
      case "$":
        if (!isConstant) return { kind: "variable", name: expect("name").value };
    }
    throw new Unreadable("syntax");
  }

  /** None, or what is between the two, at least one. */
  function parseSome<T>(open: string, parse: () => T, close: string): readonly T[] {
    const some: T[] = [];
    if (skip(open))
      do some.push(parse());
      while (!skip(close));
    return some;
  }

  function expect(kind: string): Token {
    if (lexer.token.kind !== kind) throw new Unreadable("syntax");
    return lexer.advance();
  }

  function skip(kind: string): boolean {
    if (lexer.token.kind !== kind) return false;
    lexer.advance();
    return true;
  }

  function skipWord(word: string): boolean {
    return lexer.token.value === word && skip("name");
  }

  function spanFrom(start: number): Span {
    return { start, end: lexer.lastEnd };
  }
}
