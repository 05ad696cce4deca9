/** What we remember of carts: in the isolate, and for other isolates of the data centre under an HMAC. */

import type { CartNote } from "../core/cart-offer.ts";
import { isRecord } from "../core/record.ts";
import { describeError } from "./log.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

/** By website and cart; the oldest goes first. */
const notes = new Map<string, CartNote>();
const MAX_NOTES = 10_000;

/** Longer than a shopper thinks a cart over in one sitting; after that Commerce's own answer is asked anew. */
const KEPT_SECONDS = 86_400;

const EMPTY: CartNote = { applied: null, declined: [] };

const keyOf = (website: string, cartId: string) => `${website} ${cartId}`;

/** Of what this isolate knows; null: nothing, so the cache may be asked. */
export function recallCart(website: string, cartId: string): CartNote | null {
  return notes.get(keyOf(website, cartId)) ?? null;
}

/** From the data centre's cache into the isolate's memory. Never throws. */
export async function loadCart(visit: Visit, cartId: string, services: Services): Promise<void> {
  const key = keyOf(visit.website.code, cartId);
  if (notes.has(key)) return;
  try {
    const place = await placeOf(visit, cartId, services);
    const found = place === null ? undefined : await caches.default.match(place);
    remember(key, found === undefined ? EMPTY : readNote(await found.json()));
  } catch (error) {
    services.log.warn("cart-not-recalled", { error: describeError(error) }, services.now());
    remember(key, EMPTY);
  }
}

export function noteCart(
  visit: Visit,
  cartId: string,
  change: Partial<CartNote>,
  services: Services,
  waitUntil: WaitUntil,
): void {
  const key = keyOf(visit.website.code, cartId);
  const before = notes.get(key) ?? EMPTY;
  const note = { ...before, ...change };
  remember(key, note);
  if (JSON.stringify(note) !== JSON.stringify(before)) waitUntil(keep(visit, cartId, note, services));
}

function remember(key: string, note: CartNote): void {
  notes.delete(key);
  notes.set(key, note);
  if (notes.size <= MAX_NOTES) return;
  const [oldest] = notes.keys();
  if (oldest !== undefined) notes.delete(oldest);
}

async function keep(visit: Visit, cartId: string, note: CartNote, services: Services): Promise<void> {
  try {
    const place = await placeOf(visit, cartId, services);
    const headers = { "cache-control": `max-age=${KEPT_SECONDS}` };
    if (place !== null) await caches.default.put(place, Response.json(note, { headers }));
  } catch (error) {
    services.log.warn("cart-not-noted", { error: describeError(error) }, services.now());
  }
}

/** null without a secret: a place that others can name is none for a note. */
async function placeOf(
  { website }: Visit,
  cartId: string,
  { visitorSigner }: Services,
): Promise<Request | null> {
  if (visitorSigner === null) return null;
  const token = await visitorSigner.sign(new TextEncoder().encode(`cart ${cartId}`), website.code);
  const name = token.split(".").at(-1);
  return new Request(`https://${website.hosts[0]}/edge-audiences-cart/${website.code}/${name}`);
}

function readNote(stored: unknown): CartNote {
  if (!isRecord(stored)) return EMPTY;
  const { applied, declined } = stored;
  return {
    applied: typeof applied === "string" ? applied : null,
    declined: Array.isArray(declined) ? declined.filter((id) => typeof id === "string") : [],
  };
}
