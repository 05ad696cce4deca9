/** A toy Commerce with dynamic blocks: it believes the client's `audience_id`, or knows the shopper's audiences itself. */

import { buildSchema, execute, type GraphQLSchema, parse, validate } from "graphql";
import type { GraphqlAnswer } from "../../src/core/graphql-answer.ts";

export interface ToyBlock {
  readonly uid: string;
  readonly audience_id: readonly string[] | null;
  readonly content: { readonly html: string };
}

const withAudiences = `
  type Query {
    dynamicBlocks(input: DynamicBlocksFilterInput, pageSize: Int = 20, currentPage: Int = 1): DynamicBlocks!
    storeConfig: StoreConfig
    countPages(size: Int): Int
  }
  type StoreConfig { store_code: String }
  input DynamicBlocksFilterInput {
    type: DynamicBlockTypeEnum!
    locations: [DynamicBlockLocationEnum]
    dynamic_block_uids: [ID]
    cart_id: String
    product_uid: ID
    audience_id: FilterEqualTypeInput
  }
  input FilterEqualTypeInput { eq: String, in: [String] }
  enum DynamicBlockTypeEnum { SPECIFIED CART_PRICE_RULE_RELATED CATALOG_PRICE_RULE_RELATED }
  enum DynamicBlockLocationEnum { CONTENT HEADER FOOTER LEFT RIGHT }
  type DynamicBlocks { items: [DynamicBlock]! page_info: SearchResultPageInfo total_count: Int! }
  type DynamicBlock { uid: ID! content: ComplexTextValue! audience_id: [ID] }
  type ComplexTextValue { html: String! }
  type SearchResultPageInfo { current_page: Int page_size: Int total_pages: Int }
`;

/** Adobe Commerce with its extension. */
export const commerce = buildSchema(withAudiences);
/** Without the extension. */
export const plainCommerce = buildSchema(withAudiences.replaceAll(/audience_id: \S+(?: ?\])?/g, ""));
/** Open Source. */
export const openSource = buildSchema(withAudiences.replace(/dynamicBlocks\(.*/, ""));

interface Arguments {
  readonly input?: {
    readonly dynamic_block_uids?: readonly string[] | null;
    readonly audience_id?: { readonly eq?: string | null; readonly in?: readonly string[] | null } | null;
  } | null;
  readonly pageSize: number;
  readonly currentPage: number;
}

/** `allowed`: null believes the client; else the shopper's own audiences, over which no client's word counts. */
export function answerAs(blocks: readonly ToyBlock[], allowed: ReadonlySet<string> | null) {
  return ({ input, pageSize, currentPage }: Arguments) => {
    const uids = input?.dynamic_block_uids;
    const filter = input?.audience_id;
    const equal = filter?.eq == null ? null : [filter.eq];
    const among = filter?.in == null || filter.in.length === 0 ? null : filter.in;
    const isWanted = (id: string) => (equal?.includes(id) ?? true) && (among?.includes(id) ?? true);
    const found = blocks.filter(({ uid, audience_id }) => {
      if (uids && !uids.includes(uid)) return false;
      const ids = audience_id ?? [];
      if (ids.length === 0) return equal === null && among === null;
      return ids.some((id) => isWanted(id) && (allowed === null || allowed.has(id)));
    });
    return {
      items: found.slice((currentPage - 1) * pageSize, currentPage * pageSize),
      total_count: found.length,
      page_info: {
        current_page: currentPage,
        page_size: pageSize,
        total_pages: Math.ceil(found.length / pageSize),
      },
    };
  };
}

/** As JSON brings it to us. */
export function ask(
  schema: GraphQLSchema,
  dynamicBlocks: unknown,
  { query, variables }: { readonly query: string; readonly variables: Record<string, unknown> | null },
): GraphqlAnswer {
  const document = parse(query);
  const problems = validate(schema, document);
  const answer =
    problems.length > 0
      ? { errors: problems }
      : execute({
          schema,
          document,
          variableValues: variables,
          rootValue: {
            dynamicBlocks,
            storeConfig: { store_code: "default" },
            countPages: ({ size }: { size: number }) => size,
          },
        });
  return JSON.parse(JSON.stringify(answer)) as GraphqlAnswer;
}
