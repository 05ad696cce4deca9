/** Reads a GraphQL document: one parse, everything bounded, fragments opened. */

import type {
  Argument,
  Field,
  GraphqlDocument,
  Inclusion,
  Span,
  UnreadableDocument,
  VariableDefinition,
} from "../graphql-document.ts";
import { fail, ok, type Result } from "../result.ts";
import { Lexer, Unreadable } from "./lexer.ts";
import type { Directive, FieldNode, Operation, Selection, SelectionSet } from "./node.ts";
import { partOf, readFragments } from "./outline.ts";
import { type Definitions, measure } from "./size.ts";
import { parseDefinitions } from "./syntax.ts";

const MAX_BYTES = 65_536;
/** As long as they are, what is on them may be nothing but comments. */
const MAX_LINES = 4_096;

export function parseDocument(text: string): Result<GraphqlDocument, UnreadableDocument> {
  if (isLongerThan(text, MAX_BYTES) || hasMoreLinesThan(text, MAX_LINES)) return fail("too-long");
  try {
    return ok(read(text));
  } catch (error) {
    if (error instanceof Unreadable) return fail(error.reason);
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
  const lexer = new Lexer(text);
  const definitions = parseDefinitions(lexer);
  const written = definitions.filter((one) => one.kind === "fragment");
  const operations = definitions.filter((one) => one.kind !== "fragment" && one.kind !== "types");
  const [operation] = operations;
  if (operation === undefined) throw new Unreadable("no-operation");
  if (operations.length > 1) throw new Unreadable("several-operations");
  const named: Definitions = new Map(written.map((one) => [one.name, one]));
  const size = measure(operation, named);
  const { kind, parentheses, set } = operation;
  const { fragments, rest } = readFragments(written, lexer.mentions);
  return {
    text,
    operation: kind,
    roots: openRoots(operation, named),
    variables: readVariables(operation, text),
    ...size,
    body: set.inside,
    definitions: parentheses,
    parts: set.selections.map(partOf),
    mentions: rest.filter(({ at }) => !isWithin(at, parentheses)),
    fragments,
  };
}

const noConditions: readonly Inclusion[] = [];
const noArguments: ReadonlyMap<string, Argument> = new Map();

function openRoots(operation: Operation, named: Definitions): readonly Field[] {
  /** Of fragments that are spread without a condition. */
  const opened = new Map<string, readonly Field[]>();

  function open(set: SelectionSet, around: readonly Inclusion[], shared: boolean): readonly Field[] {
    const fields: Field[] = [];
    for (const selection of set.selections) {
      const conditions = conditionsOf(selection, around);
      switch (selection.kind) {
        case "field":
          fields.push(fieldOf(selection, conditions, shared));
          break;
        case "inline":
          fields.push(...open(selection.set, conditions, shared));
          break;
        case "spread":
          fields.push(...openFragment(selection.fragment, conditions));
          break;
      }
    }
    return fields;
  }

  function openFragment(name: string, conditions: readonly Inclusion[]): readonly Field[] {
    const known = conditions === noConditions ? opened.get(name) : undefined;
    const set = named.get(name)?.set;
    if (known !== undefined || set === undefined) return known ?? [];
    const fields = open(set, conditions, true);
    if (conditions === noConditions) opened.set(name, fields);
    return fields;
  }

  function fieldOf(node: FieldNode, conditions: readonly Inclusion[], shared: boolean): Field {
    const { alias, name, arguments: args, set, span } = node;
    return {
      name,
      key: alias ?? name,
      arguments: args.length === 0 ? noArguments : new Map(args),
      conditions,
      span,
      selection: set === undefined ? null : { span: set.inside, fields: open(set, noConditions, shared) },
      shared,
    };
  }

  return open(operation.set, noConditions, false);
}

/** Of several equal directives the first counts, as for Commerce's executor; its validator refuses them. */
function conditionsOf({ directives }: Selection, around: readonly Inclusion[]): readonly Inclusion[] {
  if (directives.length === 0) return around;
  const own = (["skip", "include"] as const).flatMap((kind): Inclusion[] => {
    const directive = directives.find((one: Directive) => one.name === kind);
    const condition = directive?.arguments.find(([name]) => name === "if");
    return condition === undefined ? [] : [{ kind, if: condition[1].value }];
  });
  return own.length === 0 ? around : [...around, ...own];
}

function readVariables({ variables }: Operation, text: string): ReadonlyMap<string, VariableDefinition> {
  return new Map(
    variables.map(({ name, type, span, defaultValue }) => [
      name,
      { name, type: text.slice(type.start, type.end), span, defaultValue },
    ]),
  );
}

function isWithin(at: number, span: Span | null): boolean {
  return span !== null && at >= span.start && at < span.end;
}
