/** Banners as GraphQL answers them in the place of dynamic blocks, in the shape that the client selected. */

import type { Variables } from "../graphql-document/value.ts";
import type { Field, GraphqlDocument } from "../graphql-document.ts";
import { type Paging, selectedIn } from "./field.ts";

/** What stands for a block of Commerce. */
export interface OwnBlock {
  readonly uid: string;
  readonly html: string;
}

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json };

/** `audience_id` is null: which audience a banner is for is nothing that a browser needs to know. */
function blockOf({ uid, html }: OwnBlock): Json {
  return {
    __typename: "DynamicBlock",
    uid,
    audience_id: null,
    content: { __typename: "ComplexTextValue", html },
  };
}

function blocksOf(blocks: readonly OwnBlock[], paging: Paging): Json {
  const { page, size } = paging;
  return {
    __typename: "DynamicBlocks",
    items: blocks.slice((page - 1) * size, page * size).map(blockOf),
    total_count: blocks.length,
    page_info: {
      __typename: "SearchResultPageInfo",
      current_page: page,
      page_size: size,
      total_pages: Math.ceil(blocks.length / size),
    },
  };
}

export interface Renderer {
  /** One item, or null where more is selected than we know. */
  block(block: OwnBlock, fields: readonly Field[]): unknown;
  blocks(blocks: readonly OwnBlock[], paging: Paging, fields: readonly Field[]): unknown;
  knowsBlock(fields: readonly Field[]): boolean;
  knowsBlocks(fields: readonly Field[]): boolean;
}

const anyBlock: OwnBlock = { uid: "", html: "" };
const firstPage: Paging = { page: 1, size: 20 };

export function createRenderer(document: GraphqlDocument, variables: Variables): Renderer {
  function knows(value: Json, fields: readonly Field[]): boolean {
    return selectedIn(fields, document, variables).every((selected) => {
      const inner = own(value, selected.name);
      if (inner === undefined || selected.hasArguments) return false;
      const isObject = typeof inner === "object" && inner !== null;
      if (selected.fields === null) return !isObject;
      const first = Array.isArray(inner) ? inner[0] : inner;
      return isObject && first !== undefined && knows(first, selected.fields);
    });
  }

  function select(value: Json, fields: readonly Field[]): unknown {
    if (Array.isArray(value)) return value.map((item) => select(item, fields));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      selectedIn(fields, document, variables).map((selected) => {
        const inner = own(value, selected.name) ?? null;
        return [selected.key, selected.fields === null ? inner : select(inner, selected.fields)];
      }),
    );
  }

  return {
    block: (block, fields) => select(blockOf(block), fields),
    blocks: (blocks, paging, fields) => select(blocksOf(blocks, paging), fields),
    knowsBlock: (fields) => knows(blockOf(anyBlock), fields),
    knowsBlocks: (fields) => knows(blocksOf([anyBlock], firstPage), fields),
  };
}

function own(value: Json, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const object = value as { readonly [key: string]: Json };
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
