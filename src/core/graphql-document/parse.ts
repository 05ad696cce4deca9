/** Reads a GraphQL document: one parse, everything bounded, fragments opened. */

import { GraphQLError } from "graphql/error/GraphQLError";
import type {
  ASTNode,
  DirectiveNode,
  FieldNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from "graphql/language/ast";
import { parse } from "graphql/language/parser";
import type {
  Argument,
  Field,
  GraphqlDocument,
  Inclusion,
  Span,
  UnreadableDocument,
  Value,
  VariableDefinition,
} from "../graphql-document.ts";
import { fail, ok, type Result } from "../result.ts";
import { BoundedLexer, Unreadable } from "./lexer.ts";
import { insideOf, parenthesesOf, partOf, readFragments, spanOf } from "./outline.ts";
import { type Definitions, measure } from "./size.ts";

const MAX_BYTES = 65_536;
/** The parser keeps each comment, and counts lines for an error that nobody reads. */
const MAX_LINES = 4_096;

export function parseDocument(text: string): Result<GraphqlDocument, UnreadableDocument> {
  if (isLongerThan(text, MAX_BYTES) || hasMoreLinesThan(text, MAX_LINES)) return fail("too-long");
  try {
    return ok(read(text));
  } catch (error) {
    if (error instanceof Unreadable) return fail(error.reason);
    if (error instanceof GraphQLError) return fail("syntax");
    throw error;
  }
}

function isLongerThan(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes || text.length * 3 <= maxBytes) return text.length > maxBytes;
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Half of a surrogate pair is two of its four bytes.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes > maxBytes;
}

function hasMoreLinesThan(text: string, maxLines: number): boolean {
  if (text.length < maxLines) return false;
  let lines = 1;
  for (const _ of text.matchAll(/[\n\r]/g)) {
    lines += 1;
    if (lines > maxLines) return true;
  }
  return false;
}

function read(text: string): GraphqlDocument {
  const lexer = new BoundedLexer(text);
  // Commerce's parser knows no empty braces.
  const { definitions } = parse(text, { lexer, allowEmptySelectionSets: false });
  const operations = definitions.filter((one) => one.kind === "OperationDefinition");
  const [operation] = operations;
  if (operation === undefined) throw new Unreadable("no-operation");
  if (operations.length > 1) throw new Unreadable("several-operations");
  const written = definitions.filter((one) => one.kind === "FragmentDefinition");
  const named: Definitions = new Map(written.map((one) => [one.name.value, one]));
  const size = measure(operation, named);
  const variables = readVariables(operation, text);
  const parentheses = parenthesesOf(operation);
  const { fragments, rest } = readFragments(written, lexer.mentions);
  return {
    text,
    operation: operation.operation,
    roots: openRoots(operation, named),
    variables,
    ...size,
    body: insideOf(operation.selectionSet),
    definitions: parentheses,
    parts: operation.selectionSet.selections.map(partOf),
    mentions: rest.filter(({ at }) => !isWithin(at, parentheses)),
    fragments,
  };
}

const noConditions: readonly Inclusion[] = [];
const noArguments: ReadonlyMap<string, Argument> = new Map();

function openRoots(operation: OperationDefinitionNode, named: Definitions): readonly Field[] {
  /** Of fragments that are spread without a condition. */
  const opened = new Map<string, readonly Field[]>();

  function open(set: SelectionSetNode, around: readonly Inclusion[], shared: boolean): readonly Field[] {
    const fields: Field[] = [];
    for (const selection of set.selections) {
      const conditions = conditionsOf(selection, around);
      switch (selection.kind) {
        case "Field":
          fields.push(fieldOf(selection, conditions, shared));
          break;
        case "InlineFragment":
          fields.push(...open(selection.selectionSet, conditions, shared));
          break;
        case "FragmentSpread":
          fields.push(...openFragment(selection.name.value, conditions));
          break;
      }
    }
    return fields;
  }

  function openFragment(name: string, conditions: readonly Inclusion[]): readonly Field[] {
    const known = conditions === noConditions ? opened.get(name) : undefined;
    const set = named.get(name)?.selectionSet;
    if (known !== undefined || set === undefined) return known ?? [];
    const fields = open(set, conditions, true);
    if (conditions === noConditions) opened.set(name, fields);
    return fields;
  }

  function fieldOf(node: FieldNode, conditions: readonly Inclusion[], shared: boolean): Field {
    const set = node.selectionSet;
    const name = node.name.value;
    return {
      name,
      key: node.alias?.value ?? name,
      arguments: node.arguments === undefined ? noArguments : argumentsOf(node.arguments),
      conditions,
      span: spanOf(node),
      selection: set === undefined ? null : { span: insideOf(set), fields: open(set, noConditions, shared) },
      shared,
    };
  }

  return open(operation.selectionSet, noConditions, false);
}

/** Of several equal directives the first counts, as for Commerce's executor; its validator refuses them. */
function conditionsOf({ directives }: SelectionNode, around: readonly Inclusion[]): readonly Inclusion[] {
  if (directives === undefined) return around;
  const own = (["skip", "include"] as const).flatMap((kind): Inclusion[] => {
    const directive = directives.find((one: DirectiveNode) => one.name.value === kind);
    const condition = directive?.arguments?.find((one) => one.name.value === "if");
    return condition === undefined ? [] : [{ kind, if: readValue(condition.value) }];
  });
  return own.length === 0 ? around : [...around, ...own];
}

function argumentsOf(
  nodes: readonly (ASTNode & { readonly name: { readonly value: string }; readonly value: ValueNode })[],
): ReadonlyMap<string, Argument> {
  return new Map(
    nodes.map((node) => [
      node.name.value,
      { value: readValue(node.value), valueSpan: spanOf(node.value), span: spanOf(node) },
    ]),
  );
}

function readValue(node: ValueNode): Value {
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
      return { kind: "list", items: node.values.map(readValue) };
    case "ObjectValue":
      return { kind: "object", fields: argumentsOf(node.fields) };
  }
}

function readVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  text: string,
): ReadonlyMap<string, VariableDefinition> {
  return new Map(
    variableDefinitions.map((node) => {
      const name = node.variable.name.value;
      const { start, end } = spanOf(node.type);
      const defaultValue = node.defaultValue && readValue(node.defaultValue);
      return [name, { name, type: text.slice(start, end), span: spanOf(node), defaultValue }];
    }),
  );
}

function isWithin(at: number, span: Span | null): boolean {
  return span !== null && at >= span.start && at < span.end;
}
