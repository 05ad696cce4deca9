/** Which REST call a path is: its manner, whose cart, and what is to be done there. */

export interface RestAddress {
  /** `bulk` has the placeholders `byCartId` and `byCouponCode` in its path, and the values in its body. */
  readonly manner: "sync" | "async" | "bulk";
  readonly owner: "guest" | "mine" | "any";
  /** Null for `mine`. */
  readonly cartId: string | null;
  readonly action: string;
  /** What stands behind the action, decoded; null for nothing. */
  readonly value: string | null;
}

/** `/rest/[<store view>/][async/[bulk/]]V1/{guest-carts/<id>|carts/mine|carts/<id>}/<action>[/<value>]`. */
const pattern =
  /^\/rest\/(?:[a-z_]\w*\/)??(?:(async)\/(?:(bulk)\/)?)?V1\/(?:(guest-carts|carts)\/([^/]+))\/([a-z-]+)(?:\/([^/]+))?\/?$/;

/** Null for what is no call about a cart. */
export function readRestAddress(path: string): RestAddress | null {
  const match = pattern.exec(path);
  if (match === null) return null;
  const [, async, bulk, collection, id = "", action = "", value] = match;
  const mine = collection === "carts" && id === "mine";
  return {
    manner: bulk !== undefined ? "bulk" : async !== undefined ? "async" : "sync",
    owner: collection === "guest-carts" ? "guest" : mine ? "mine" : "any",
    cartId: mine ? null : decode(id),
    action,
    value: value === undefined ? null : decode(value),
  };
}

/** PHP's `urldecode`. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
