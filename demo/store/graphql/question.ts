/** Reads a GraphQL request as Commerce 2.4.7 reads it, with the answers it gives to what it can't read. */

import { type DocumentNode, GraphQLError, Kind, parse } from "graphql";
import { type Limits, limitBroken } from "./limits.ts";

export interface Question {
  readonly document: DocumentNode;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly mutation: boolean;
}

export type Reading =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "refused"; readonly status: 200 | 500; readonly errors: readonly Problem[] }
  /** PHP's own error page. */
  | { readonly kind: "broken" };

export interface Problem {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions?: { readonly category: string };
}

export async function readQuestion(request: Request, limits: Limits): Promise<Reading> {
  switch (request.method) {
    case "GET":
      return limited(readQuery(new URL(request.url).searchParams), limits);
    case "POST":
      return limited(await readBody(request), limits);
    default:
      return { kind: "broken" };
  }
}

function readQuery(params: URLSearchParams): Reading {
  const variables = parseJson(params.get("variables") ?? "null");
  const reading = readDocument(params.get("query") ?? "", isRecord(variables) ? variables : null);
  if (reading.kind !== "question" || !reading.question.mutation) return reading;
  return refuse(500, "Mutation requests allowed only for POST requests");
}

async function readBody(request: Request): Promise<Reading> {
  const type = request.headers.get("content-type") ?? "";
  const text = await request.text();
  const body = parseJson(text);
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    if (!/^text\/plain/i.test(type) || !isRecord(body)) return { kind: "broken" };
    return refuse(500, `Request content type must be application/json`);
  }
  // A batch has no key "query", so that Commerce parses an empty document.
  if (Array.isArray(body)) return readDocument("", null);
  if (!isRecord(body)) return { kind: "broken" };
  const variables = body["variables"] ?? null;
  if (variables !== null && !isRecord(variables)) return { kind: "broken" };
  return readDocument(typeof body["query"] === "string" ? body["query"] : "", variables);
}

/** `operationName` is not looked at: a document with two operations has no answer. */
function readDocument(query: string, variables: Readonly<Record<string, unknown>> | null): Reading {
  if (query.trim() === "") {
    const locations = [{ line: 1, column: 1 }];
    return {
      kind: "refused",
      status: 500,
      errors: [{ message: "Syntax Error: Unexpected <EOF>", locations }],
    };
  }
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const problem = { message: error.message.replace(/\.$/, ""), locations: error.locations ?? [] };
    return { kind: "refused", status: 500, errors: [problem] };
  }
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const mutation = operations.some((one) => one.operation === "mutation");
  if (operations.length !== 1) {
    const many = "Must provide operation name if query contains multiple operations.";
    const message = operations.length > 1 ? many : "Must provide an operation.";
    return { kind: "refused", status: 200, errors: [{ message }] };
  }
  return { kind: "question", question: { document, query, variables, mutation } };
}

function limited(reading: Reading, limits: Limits): Reading {
  if (reading.kind !== "question") return reading;
  const broken = limitBroken(reading.question.document, limits);
  return broken === null ? reading : refuse(broken.status, broken.message);
}

function refuse(status: 200 | 500, message: string): Reading {
  return { kind: "refused", status, errors: [{ message, extensions: { category: "graphql-input" } }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
