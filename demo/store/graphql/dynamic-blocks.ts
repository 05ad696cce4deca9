/** Dynamic blocks as Adobe Commerce with Adobe's extension gives them: to whoever asks, whatever they ask for. */

import { bargainAudience, vipAudience } from "../price-rule.ts";
import { type Asker, failure } from "./asker.ts";
import { type Equal, equals, paginate } from "./list.ts";

type BlockType = "SPECIFIED" | "CART_PRICE_RULE_RELATED" | "CATALOG_PRICE_RULE_RELATED";
type Location = "CONTENT" | "HEADER" | "FOOTER" | "LEFT" | "RIGHT";

export interface DynamicBlock {
  readonly uid: string;
  readonly type: BlockType;
  readonly locations: readonly Location[];
  /** Both null and none mean everyone: which of the two Commerce writes is not known. */
  readonly audience_id: readonly string[] | null;
  readonly content: { readonly html: string };
}

interface BlocksArguments {
  readonly input?: {
    readonly type: BlockType;
    readonly locations?: readonly (Location | null)[] | null;
    readonly dynamic_block_uids?: readonly (string | null)[] | null;
    readonly audience_id?: Equal | null;
  } | null;
  readonly pageSize: number;
  readonly currentPage: number;
}

/** In none of this shop's rules; that there are others must not be seen either. */
const lapsedAudience = "e4b7c2d9-1f60-4a8e-93b5-7c0d2e8f6a15";

const own: readonly DynamicBlock[] = [
  block(1, [], "<p>Free repairs, for as long as you wear it.</p>"),
  block(2, [vipAudience], "<p>Your 20% comes off in the cart.</p>", { locations: ["CONTENT", "HEADER"] }),
  block(3, [bargainAudience], "<p>Buy two, the third is free.</p>"),
  block(4, [vipAudience, bargainAudience], "<p>Early entry to the winter sale.</p>", {
    locations: ["HEADER"],
  }),
  block(5, [lapsedAudience], "<p>We have missed you: delivery is on us.</p>", { locations: ["FOOTER"] }),
  // The client resolves the directive: Commerce hands it out as it was written.
  block(
    6,
    null,
    '<div data-content-type="image"><img src="{{media url=&quot;wysiwyg/hero-dawn.svg&quot;}}" alt=""/></div>',
    { locations: ["LEFT", "FOOTER"] },
  ),
  block(7, [vipAudience], "<p>Regulars: your rule is on.</p>", { type: "CART_PRICE_RULE_RELATED" }),
  block(8, [], "<p>Last season's colors, reduced.</p>", { type: "CATALOG_PRICE_RULE_RELATED" }),
];

/** The audience filter is believed as it comes: neither the header nor the customer is asked. */
export function queryDynamicBlocks(_: unknown, asked: BlocksArguments, { visit }: Asker) {
  const wanted = asked.input;
  // Of the other types Commerce reads no uids.
  const uids = wanted?.type === "SPECIFIED" ? (wanted.dynamic_block_uids ?? []) : [];
  const wrong = uids.find((uid) => uid !== null && !isEncoded(uid));
  if (wrong !== undefined) throw failure(`Value of uid "${wrong}" is incorrect.`, "graphql-input");
  const found = blocksOf(visit.settings.dynamicBlocks).filter((one) => {
    if (one.type !== (wanted?.type ?? "SPECIFIED")) return false;
    if (uids.length > 0 && !uids.includes(one.uid)) return false;
    if (wanted?.locations?.length && !one.locations.some((place) => wanted.locations?.includes(place))) {
      return false;
    }
    const filter = wanted?.audience_id;
    return filter == null || (one.audience_id ?? []).some((id) => equals(filter, id));
  });
  return paginate(found, asked);
}

/** Commerce takes what is base64, and written as it would write it: several with commas between them are none. */
function isEncoded(uid: string): boolean {
  try {
    return btoa(atob(uid)) === uid;
  } catch {
    return false;
  }
}

/** What the `banner` section has for a browser: with Adobe's extension also what is for its audiences. */
export function blocksFor(audiences: readonly string[]): readonly DynamicBlock[] {
  return own.filter(({ type, audience_id: ids }) => {
    if (type !== "SPECIFIED") return false;
    return ids === null || ids.length === 0 || ids.some((id) => audiences.includes(id));
  });
}

/** The shop's own, and made-up ones for everyone, a VIP and a bargain hunter by turns until there are so many. */
function blocksOf(count: number): readonly DynamicBlock[] {
  const made: DynamicBlock[] = [];
  for (let id = own.length + 1; id <= count; id += 1) {
    const audiences = [[], [vipAudience], [bargainAudience]][id % 3] ?? [];
    made.push(block(id, audiences, `<p>Block ${id}.</p>`));
  }
  return [...own, ...made];
}

function block(
  id: number,
  audience_id: readonly string[] | null,
  html: string,
  { type = "SPECIFIED", locations = ["CONTENT"] }: Partial<Pick<DynamicBlock, "type" | "locations">> = {},
): DynamicBlock {
  return { uid: btoa(String(id)), type, locations, audience_id, content: { html } };
}
