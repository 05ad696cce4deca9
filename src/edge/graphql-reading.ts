/** A GraphQL request read: only where something depends on what it asks, and never longer than the website allows. */

import { SPOILER } from "../core/coupon-code.ts";
import { findGraphql, findJson } from "../core/coupon-door/scan.ts";
import { insertAt } from "../core/coupon-door.ts";
import type { GraphqlReading } from "../core/graphql.ts";
import { type GraphqlRequest, readGraphqlBody, readGraphqlQuery } from "../core/graphql-request.ts";
import { isLocked } from "../core/offer.ts";
import type { Result } from "../core/result.ts";
import { decodeText, readMessage } from "./body.ts";
import { rememberDocument } from "./documents.ts";
import type { Visit } from "./visit.ts";

export interface ReadGraphql {
  readonly reading: GraphqlReading;
  /** Where the body had to be read. */
  readonly bytes: Uint8Array | null;
}

/** What a plan may depend on. */
export interface Interest {
  /** Without it a body streams through, unless nobody told its length: then it is read to be bounded. */
  readonly body: boolean;
  /** Of the text of a body or the query string: whether its document is worth reading. */
  readonly holds: (text: string) => boolean;
}

export async function readGraphql(visit: Visit, interest: Interest): Promise<ReadGraphql> {
  const { request, website } = visit;
  const { method, body, headers } = request;
  if (method === "GET") return { reading: readAddress(request, interest), bytes: null };
  const length = headers.get("content-length");
  if (length !== null && Number(length) > website.maxBodyBytes)
    return { reading: { kind: "too-long" }, bytes: null };
  if (body === null || method === "HEAD") return { reading: unread("no-body"), bytes: null };
  if (!interest.body && length !== null) return { reading: unread("not-needed"), bytes: null };
  const read = await readMessage(request, website.maxBodyBytes);
  if (read === null) return { reading: unread("no-body"), bytes: null };
  if (read.kind === "longer") {
    await read.stream.cancel();
    return { reading: { kind: "too-long" }, bytes: null };
  }
  const reading = interest.body ? readPost(request, read.bytes, interest) : unread("not-needed");
  return { reading, bytes: read.bytes };
}

function unread(reason: Extract<GraphqlReading, { kind: "unread" }>["reason"]): GraphqlReading {
  return { kind: "unread", reason };
}

/** Commerce takes JSON by POST, by that name. */
function readPost({ method, headers }: Request, bytes: Uint8Array, { holds }: Interest): GraphqlReading {
  if (method !== "POST") return unread("method");
  if (!/^application\/json\b/i.test(headers.get("content-type") ?? "")) return unread("content-type");
  if (!/^(?:identity)?$/i.test(headers.get("content-encoding") ?? "")) return unread("encoding");
  const text = decodeText(bytes);
  if (text === null) return unread("encoding");
  return holds(text) ? readRequest(readGraphqlBody(text)) : unread("not-needed");
}

function readAddress({ url }: Request, { holds }: Interest): GraphqlReading {
  const { search } = new URL(url);
  return holds(search) ? readRequest(readGraphqlQuery(search)) : unread("not-needed");
}

function readRequest(request: Result<GraphqlRequest, Extract<GraphqlReading, { kind: "unread" }>["reason"]>) {
  if (!request.ok) return unread(request.error);
  const document = rememberDocument(request.value.query);
  if (!document.ok) return unread(document.error);
  return { kind: "document", request: request.value, document: document.value } as const;
}

/**
 * An exclusive code that this shopper may not use becomes one that is none: each text of a mutation's document
 * and of its variables is looked at, wherever it stands.
 */
export function spoilCoupons(read: ReadGraphql, locked: readonly string[]): ReadGraphql | null {
  const { reading } = read;
  if (reading.kind !== "document" || reading.document.operation === "query") return null;
  const isCode = (typed: string) => isLocked(typed, locked);
  const { request, document } = reading;
  // GraphQL's texts are written as JSON's are; of the longer ones between three quotes each piece is one.
  const inDocument = findGraphql(document.text, isCode);
  const text = insertAt(document.text, inDocument, SPOILER);
  const withText = inDocument.length === 0 ? request.body : request.rewrite({ query: text });
  // The query is one text of the body, never a code by itself.
  const inBody = findJson(withText, isCode);
  if (inDocument.length + inBody.length === 0) return null;
  const spoiled = insertAt(withText, inBody, SPOILER);
  return { reading: readRequest(readGraphqlBody(spoiled)), bytes: new TextEncoder().encode(spoiled) };
}
