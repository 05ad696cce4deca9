/** Commerce's own content for banners: how it is asked for by GraphQL, and what an answer says. */

import { readStoreAddress, resolveDirectives } from "./directive.ts";
import { readLack } from "./dynamic-block/lack.ts";
import type { GraphqlAnswer } from "./graphql-answer.ts";
import { isWhole } from "./html.ts";
import { isRecord } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

/** Why there is none, and the store's own stands. */
export type ContentProblem =
  /** It is being asked for, or was not there in time. */
  | "content-pending"
  /** Commerce could not be asked, or gave no answer. */
  | "content-unanswered"
  | "no-such-block"
  | "content-too-long"
  /** It holds what only a whole page of Commerce's can resolve, like a widget. */
  | "unresolved-directive"
  /** It leaves an element open, or is a page of its own. */
  | "breaks-page"
  /** This Commerce has none: Open Source, or Commerce as a Cloud Service. */
  | "no-dynamic-blocks"
  /** This Commerce can't say for whom a block is: no Audience Activation, or one before 1.1. */
  | "no-audience-id";

/** A CMS block or a dynamic block as Commerce has it, for whomever. */
export interface CommerceBlock {
  /** A CMS block's identifier. */
  readonly uid: string;
  /** None: it is for everyone. */
  readonly audiences: readonly string[];
  readonly content: Result<string, ContentProblem>;
}

/** All that one question was answered with. */
export type Content = Result<readonly CommerceBlock[], ContentProblem>;

/** Whether JSON that was kept is content: a block without its audiences would be one for everyone. */
export function isContent(kept: unknown): kept is Content {
  return isResult(kept, (blocks) => Array.isArray(blocks) && blocks.every(isBlock));
}

function isBlock(block: unknown): boolean {
  if (!isRecord(block) || typeof block["uid"] !== "string") return false;
  const { audiences, content } = block;
  return Array.isArray(audiences) && audiences.every(isText) && isResult(content, isText);
}

function isResult(result: unknown, holds: (value: unknown) => boolean): boolean {
  if (!isRecord(result)) return false;
  return result["ok"] === true ? holds(result["value"]) : result["ok"] === false && isText(result["error"]);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** `DynamicBlockLocationEnum` */
export type BlockLocation = "CONTENT" | "HEADER" | "FOOTER" | "LEFT" | "RIGHT";

export type ContentQuestion =
  | { readonly kind: "cms-block"; readonly identifier: string }
  | {
      readonly kind: "dynamic-blocks";
      readonly uids: readonly string[];
      readonly locations: readonly BlockLocation[];
    };

export interface GraphqlQuestion {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Longer content is no banner. In UTF-16 code units. */
const MAX_CONTENT_LENGTH = 262_144;

const CMS_BLOCK_QUERY = "query($id:[String]){cmsBlocks(identifiers:$id){items{identifier content}}}";
const DYNAMIC_BLOCKS_QUERY =
  "query($input:DynamicBlocksFilterInput,$size:Int){dynamicBlocks(input:$input,pageSize:$size)" +
  "{items{uid audience_id content{html}}}storeConfig{secure_base_link_url secure_base_media_url}}";

/** Short, and always the same text: Commerce's own cache can keep the answer to a CMS block. */
export function writeQuestion(question: ContentQuestion): GraphqlQuestion {
  switch (question.kind) {
    case "cms-block":
      return { query: CMS_BLOCK_QUERY, variables: { id: [question.identifier] } };
    case "dynamic-blocks": {
      const { uids, locations } = question;
      const input = { type: "SPECIFIED", dynamic_block_uids: uids };
      const narrowed = locations.length === 0 ? input : { ...input, locations };
      return { query: DYNAMIC_BLOCKS_QUERY, variables: { input: narrowed, size: uids.length } };
    }
  }
}

/** `content-unanswered`: nothing is to be concluded from it; all else is Commerce's word. */
export function readContent(
  question: ContentQuestion,
  answer: GraphqlAnswer,
): Result<readonly CommerceBlock[], ContentProblem> {
  switch (question.kind) {
    case "cms-block":
      return readCmsBlock(question.identifier, answer);
    case "dynamic-blocks":
      return readDynamicBlocks(answer);
  }
}

/** A block that is not there is an error of its own category, beside `items` with a hole or none. */
function readCmsBlock(identifier: string, answer: GraphqlAnswer): Result<CommerceBlock[], ContentProblem> {
  const root = answer.data?.["cmsBlocks"];
  const items = isRecord(root) && Array.isArray(root["items"]) ? root["items"] : [];
  const found: unknown = items.find((item) => isRecord(item) && item["identifier"] === identifier);
  if (isRecord(found) && typeof found["content"] === "string") {
    return ok([{ uid: identifier, audiences: [], content: readHtml(found["content"], null) }]);
  }
  const isAbsent = (answer.errors ?? []).some(
    ({ extensions }) => isRecord(extensions) && extensions["category"] === "graphql-no-such-entity",
  );
  return fail(isAbsent ? "no-such-block" : "content-unanswered");
}

function readDynamicBlocks(answer: GraphqlAnswer): Result<CommerceBlock[], ContentProblem> {
  const lack = readLack(answer);
  if (lack !== null) return fail(lack === "audience-id" ? "no-audience-id" : "no-dynamic-blocks");
  const root = answer.data?.["dynamicBlocks"];
  // With an error among them it can't be said for whom each block is.
  if ((answer.errors ?? []).length > 0 || !isRecord(root) || !Array.isArray(root["items"])) {
    return fail("content-unanswered");
  }
  const config = answer.data?.["storeConfig"];
  const media = readStoreAddress(isRecord(config) ? config["secure_base_media_url"] : null);
  const link = readStoreAddress(isRecord(config) ? config["secure_base_link_url"] : null);
  const addresses = media === null || link === null ? null : { media, link };
  const blocks = root["items"].map((item): CommerceBlock | null => {
    const { uid, audience_id: audiences = null, content } = isRecord(item) ? item : {};
    const html = isRecord(content) ? content["html"] : null;
    if (typeof uid !== "string" || typeof html !== "string") return null;
    if (audiences !== null && !Array.isArray(audiences)) return null;
    return { uid, audiences: (audiences ?? []).map(String), content: readHtml(html, addresses) };
  });
  return blocks.includes(null) ? fail("content-unanswered") : ok(blocks.filter((block) => block !== null));
}

function readHtml(
  html: string,
  addresses: Parameters<typeof resolveDirectives>[1],
): Result<string, ContentProblem> {
  if (html.length > MAX_CONTENT_LENGTH) return fail("content-too-long");
  const resolved = resolveDirectives(html, addresses);
  if (!resolved.ok) return resolved;
  return isWhole(resolved.value) ? resolved : fail("breaks-page");
}
