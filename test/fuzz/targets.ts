/** What is fuzzed: readers of what anybody sends. None may throw, and what each says must agree with itself. */

import { readFileSync } from "node:fs";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { readEdgeAnswer } from "../../src/core/edge-network.ts";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { applySplices } from "../../src/core/graphql-document/splice.ts";
import { readGraphqlBody } from "../../src/core/graphql-request.ts";
import { checkHtml } from "../../src/core/html.ts";
import { decodeMembership, encodeMembership } from "../../src/core/membership.ts";
import { compareOpenings, type Opening } from "../../src/core/opening.ts";

export interface Target {
  readonly name: string;
  readonly seeds: readonly string[];
  /** Throws where a promise is broken. */
  readonly check: (text: string) => void;
}

const VIP = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01";
const campaigns = readFileSync(new URL("../../demo/campaigns.json", import.meta.url), "utf8");
const answers = readFileSync(new URL("../cases/edge-answers.json", import.meta.url), "utf8");
const documents = [
  "query Q($id: ID! = 1) { cart(cart_id: $id) { ...F @include(if: true) } } fragment F on Cart { a: id items { uid } }",
  'mutation { applyCouponToCart(input: {cart_id: "c", coupon_code: """VIP20"""}) { cart { id } } }',
  '{ dynamicBlocks(input: {type: SPECIFIED, dynamic_block_uids: ["MQ=="]}, pageSize:10currentPage:1) { items { uid } } }',
];

function demand(holds: boolean, promise: string): void {
  if (!holds) throw new Error(promise);
}

export const targets: readonly Target[] = [
  {
    name: "membership",
    seeds: [VIP, `${VIP},,${VIP}`, `"${VIP}%2C${VIP.replace("6", "7")}"`, "%20, ,x"],
    check(text) {
      const read = decodeMembership(text);
      if (!read.ok) return;
      const options = { encoding: "urlencoded", maxBytes: 100_000, preferred: new Set<never>() } as const;
      const again = decodeMembership(encodeMembership(read.value, options).text);
      demand(
        again.ok && [...again.value].sort().join() === [...read.value].sort().join(),
        "it is read as written",
      );
    },
  },
  {
    name: "campaigns",
    seeds: [campaigns],
    check(text) {
      const parsed = parseCampaigns(text, { websites: null, adminPath: null });
      demand(parsed.ok || parsed.error.length > 0, "what is refused has a reason");
    },
  },
  {
    name: "document",
    seeds: documents,
    check(text) {
      const read = parseDocument(text);
      if (!read.ok) return;
      const { roots, fragments, body } = read.value;
      demand(applySplices(text, []) === text, "without a splice it stays");
      demand(body.start >= 0 && body.end <= text.length, "its braces are in it");
      for (const { span, key } of roots)
        demand(text.slice(span.start, span.end).includes(key), "a field is where it says");
      // A description may stand before it.
      for (const [name, { span }] of fragments)
        demand(
          /^(?:fragment\b|")/.test(text.slice(span.start)) && text.slice(span.start, span.end).includes(name),
          "so is a fragment",
        );
    },
  },
  {
    name: "body",
    seeds: documents.map((query) => JSON.stringify({ query, variables: { id: "1" }, operationName: null })),
    check(text) {
      const read = readGraphqlBody(text);
      if (!read.ok) return;
      const rewritten = readGraphqlBody(read.value.rewrite({ query: "{ a }" }));
      demand(rewritten.ok && rewritten.value.query === "{ a }", "a rewritten query is the query");
      demand(
        rewritten.ok && JSON.stringify(rewritten.value.variables) === JSON.stringify(read.value.variables),
        "and the variables stay",
      );
    },
  },
  {
    name: "answer",
    seeds: (JSON.parse(answers) as readonly { readonly input?: unknown }[])
      .slice(0, 10)
      .map((one) => JSON.stringify(one.input ?? one)),
    check(text) {
      for (const status of [200, 207]) readEdgeAnswer(status, text, "ABC@AdobeOrg");
    },
  },
  {
    name: "html",
    seeds: ['<h2 class="a">A &amp; b</h2><img src="/a.png" alt=\'x\'>'],
    check: (text) => void checkHtml(text),
  },
  {
    name: "opening",
    // The page on the first line, what was learned of others on the next ones; four code units a word.
    seeds: [
      '<body><!-- a --><div id="hero">x</div></body>\n<body><!-- a --><div id="hero">x</div>\n<body><div>',
      "aaaaaaaaaaaaaaaab\naaaaaaaaaaaaaaaac\naaaaaaaaaaaaaaaab\na",
    ],
    check(text) {
      const [page = "", ...learned] = text.split("\n");
      const bytes = new TextEncoder().encode(page);
      const openings = learned.filter((one) => one !== "").map(openingOf);
      const isPrefix = ({ page: first }: Opening) =>
        first.length <= bytes.length && first.every((byte, at) => byte === bytes[at]);
      let read = 0;
      let comparison = compareOpenings(openings, bytes.subarray(0, 0), 0);
      while (comparison.kind === "open" && read < bytes.length) {
        // In pieces of uneven length, and never more than is wanted.
        const end = Math.min(
          bytes.length,
          read + Math.min(comparison.wanted, 1 + ((read * 7 + text.length) % 13)),
        );
        comparison = compareOpenings(comparison.openings, bytes.subarray(0, end), read);
        read = end;
      }
      if (comparison.kind === "known")
        demand(isPrefix(comparison.opening), "a known page begins with its opening");
      else demand(!openings.some(isPrefix), "what begins with an opening is known");
    },
  },
];

function openingOf(text: string): Opening {
  const page = new TextEncoder().encode(text);
  return { page, edited: page, steps: [{ read: page.length, written: page.length }] };
}
