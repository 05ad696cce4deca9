/** Orders: which of Commerce's answers is one, what it is worth, and which arms of the measured banners it counts for. */

import { type Banner, type BannerIndex, chooseVariant, type Shopper } from "./banner.ts";
import { type DataPoint, isControl, pointOf } from "./exposure.ts";
import type { GraphqlAnswer } from "./graphql-answer.ts";
import { isIncluded, type Variables } from "./graphql-document/value.ts";
import type { Field, GraphqlDocument } from "./graphql-document.ts";
import { isRecord } from "./record.ts";

export interface Order {
  /** In the currency; 0: nobody said. */
  readonly value: number;
  /** ISO 4217, as Commerce writes it; empty: nobody said. */
  readonly currency: string;
}

export const UNKNOWN_ORDER: Order = { value: 0, currency: "" };

/** The page that Luma shows once after an order: Commerce sends whoever loads it again back to the cart. */
export function isSuccessPage(path: string): boolean {
  return /^(?:\/[A-Za-z]\w*)?\/checkout\/onepage\/success\/?$/.test(path);
}

/** The `placeOrder` of a mutation; null: it has none. */
export function findPlaceOrder(document: GraphqlDocument, variables: Variables): Field | null {
  if (document.operation !== "mutation") return null;
  const found = document.roots.find(
    (root) => root.name === "placeOrder" && isIncluded(root, document, variables),
  );
  return found ?? null;
}

/**
 * null: Commerce placed none, or did not say so. Since 2.4.7 what went wrong is in `errors` of the field, with an
 * `order` that is null. The value is read where the client asked for it: `orderV2.total.grand_total`.
 */
export function readOrder(root: Field, answer: GraphqlAnswer): Order | null {
  const placed = answer.data?.[root.key];
  if (!isRecord(placed)) return null;
  const fields = root.selection?.fields ?? [];
  const orders = fields.filter(({ name }) => name === "order" || name === "orderV2");
  if (!orders.some(({ key }) => isRecord(placed[key]))) return null;
  const money = descend({ fields, value: placed }, ["orderV2", "total", "grand_total"]);
  const value = money && leafOf(money, "value");
  const currency = money && leafOf(money, "currency");
  if (typeof value !== "number" || !(value >= 0)) return UNKNOWN_ORDER;
  return { value, currency: typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : "" };
}

interface Level {
  readonly fields: readonly Field[];
  readonly value: Readonly<Record<string, unknown>>;
}

/** Down the answer by the names of fields, whatever keys the client gave them. */
function descend(from: Level, names: readonly string[]): Level | null {
  let level: Level = from;
  for (const name of names) {
    const written = level.fields.filter((field) => field.name === name);
    const key = written.find((field) => isRecord(level.value[field.key]))?.key;
    const value = key === undefined ? null : level.value[key];
    if (!isRecord(value)) return null;
    const same = written.filter((field) => field.key === key);
    level = { fields: same.flatMap(({ selection }) => selection?.fields ?? []), value };
  }
  return level;
}

function leafOf({ fields, value }: Level, name: string): unknown {
  const key = fields.find((field) => field.name === name)?.key;
  return key === undefined ? undefined : value[key];
}

/** The banners with a holdout or shares: of the others nobody is kept back, so an order says nothing of them. */
export function measuredBanners({ exact, patterns, blocks }: BannerIndex): readonly Banner[] {
  const all = [...[...exact.values()].flat(), ...patterns, ...blocks.values()];
  const byId = new Map(all.map((banner) => [banner.id, banner]));
  return [...byId.values()].filter(
    ({ holdout, variants }) => holdout > 0 || variants.some(({ share }) => share !== null),
  );
}

/**
 * One for each measured banner of which this shopper is in an arm, by the same choice as on a page: nothing was stored
 * of what they saw, so those count too who never came to the banner's page, in all arms alike.
 */
export function pointsOfOrder(
  { value, currency }: Order,
  index: BannerIndex,
  shopper: Shopper,
  website: string,
): readonly DataPoint[] {
  const { membership, device } = shopper;
  if (shopper.visitor === null) return [];
  return measuredBanners(index)
    .map((banner) => chooseVariant(banner, shopper).choice)
    .filter((choice) => choice.variant !== null || isControl(choice))
    .map((choice) => {
      const point = pointOf(choice, "order", { website, membership, device });
      return { ...point, blobs: [...point.blobs, currency], doubles: [value] };
    });
}
