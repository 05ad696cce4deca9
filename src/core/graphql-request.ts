/** A GraphQL request as Commerce reads it, by POST or GET, and its body rewritten in place. */

import { type JsonProblem, readJson } from "./edge-network/json.ts";
import { editJson, type JsonEdit, membersOf } from "./json-text.ts";
import { decodeFormPart } from "./percent.ts";
import { isRecord } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

/** What is forwarded as it came: Commerce refuses it, or two parsers might read it in two ways. */
export type UnreadableRequest =
  | JsonProblem
  | "too-long"
  | "batch"
  | "not-an-object"
  | "no-query"
  | "variables"
  | "parameters";

/** The longest document with each character escaped once; 1 MB of small keys would take 40 ms. */
const MAX_LENGTH = 131_072;

export interface GraphqlRequest {
  /** The body of a POST; of a GET, the body that asks the same by POST. */
  readonly body: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  /** The body with another query, its variables edited; all else in it keeps its bytes. */
  rewrite(change: RequestChange): string;
}

export interface RequestChange {
  readonly query?: string;
  /** Paths from the top of the variables. An object that is edited loses the white space between its members. */
  readonly variables?: readonly JsonEdit[];
}

/**
 * `text` is the body decoded strictly: bytes that are no UTF-8, and a mark of byte order, are no JSON to PHP. The
 * content type is the caller's matter. `operationName` and `extensions` mean nothing to Commerce.
 */
export function readGraphqlBody(text: string): Result<GraphqlRequest, UnreadableRequest> {
  if (text.length > MAX_LENGTH) return fail("too-long");
  const read = readJson(text);
  if (!read.ok) return read;
  if (Array.isArray(read.value)) return fail("batch");
  if (!isRecord(read.value)) return fail("not-an-object");
  const { query, variables: sent = null } = read.value;
  if (typeof query !== "string") return fail("no-query");
  const variables = readVariables(sent);
  if (!variables.ok) return variables;
  return ok({ body: text, query, variables: variables.value, rewrite: (change) => rewrite(text, change) });
}

/** PHP's clients write an empty list for no variables. */
function readVariables(sent: unknown): Result<Readonly<Record<string, unknown>> | null, "variables"> {
  if (sent === null || (Array.isArray(sent) && sent.length === 0)) return ok(null);
  return isRecord(sent) ? ok(sent) : fail("variables");
}

function rewrite(body: string, { query, variables = [] }: RequestChange): string {
  const members = membersOf(body);
  const splices = members.flatMap(({ key, start, end }) => {
    const raw = body.slice(start, end);
    if (key === "query" && query !== undefined) return [{ start, end, insert: JSON.stringify(query) }];
    if (key === "variables") return [{ start, end, insert: editVariables(raw, variables) }];
    return [];
  });
  let at = 0;
  let rewritten = "";
  for (const { start, end, insert } of splices) {
    rewritten += body.slice(at, start) + insert;
    at = end;
  }
  rewritten += body.slice(at);
  if (members.some(({ key }) => key === "variables")) return rewritten;
  const added = editVariables("null", variables);
  return added === "null" ? rewritten : rewritten.replace(/\}\s*$/, () => `,"variables":${added}}`);
}

/** An empty list is no variables; in any other place of the variables it is a list. */
function editVariables(raw: string, edits: readonly JsonEdit[]): string {
  return raw.startsWith("[") && edits.some((edit) => "value" in edit)
    ? editJson("null", edits)
    : editJson(raw, edits);
}

const parameters = ["query", "variables", "operationName"] as const;

/**
 * A GET's query string, with or without its question mark, as PHP reads it: of a name that comes twice the last
 * counts. What PHP would read as one of ours under another spelling (`query[]`, ` query`) is not read.
 */
export function readGraphqlQuery(search: string): Result<GraphqlRequest, UnreadableRequest> {
  if (search.length > MAX_LENGTH) return fail("too-long");
  const found = new Map<string, string>();
  for (const pair of search.replace(/^\?/, "").split("&")) {
    const at = pair.indexOf("=");
    const name = decodeFormPart(at === -1 ? pair : pair.slice(0, at));
    const value = decodeFormPart(at === -1 ? "" : pair.slice(at + 1));
    if (name === null || value === null) return fail("parameters");
    const meant = /^ *([^[\0]*)/.exec(name)?.[1];
    const parameter = parameters.find((one) => one === meant);
    if (parameter === undefined) continue;
    if (parameter !== name) return fail("parameters");
    found.set(name, value);
  }
  const raw = found.get("variables") ?? "";
  // Empty ones are none to Commerce; what is no JSON by itself would say something else inside of a body.
  if (raw === "" || raw === "0") found.delete("variables");
  else if (!readJson(raw).ok) return fail("variables");
  return readGraphqlBody(toBody(found));
}

/** The variables go as they came: a number in them may be more than JavaScript can hold. */
function toBody(found: ReadonlyMap<string, string>): string {
  const members = parameters.flatMap((name) => {
    const value = found.get(name);
    if (value === undefined) return [];
    return [`"${name}":${name === "variables" ? value : JSON.stringify(value)}`];
  });
  return `{${members.join(",")}}`;
}
