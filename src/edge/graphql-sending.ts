/** One GraphQL request to Commerce, and the answer that came: as it is, or with another body. */

import type { CartOutcome } from "../core/cart-answer.ts";
import type { BlocksOutcome } from "../core/dynamic-block/question.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import { askOrigin, openResponse } from "./origin.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

export interface Sent {
  readonly response: Response;
  /** It is the very answer that Commerce gave; its headers can't be changed. */
  readonly asCame: boolean;
  readonly originMs: number | null;
  readonly cart: CartOutcome | null;
  readonly blocks: BlocksOutcome | null;
}

/** The same with an answer whose headers can be changed, unless it is sealed. */
export function openSent(sent: Sent): Sent {
  return sent.asCame ? { ...sent, response: openResponse(sent.response), asCame: false } : sent;
}

export async function send(
  { request, website }: Visit,
  bytes: Uint8Array | null,
  membership: UpstreamPlan | "as-sent",
  services: Services,
): Promise<Sent> {
  const askedAtMs = services.now();
  const order = { website, membership, editable: false, deadlineMs: null };
  const response = await askOrigin(request, bytes === null ? order : { ...order, body: bytes }, services);
  return { response, asCame: true, originMs: services.now() - askedAtMs, cart: null, blocks: null };
}

/** A GET that is a shopper's own goes by POST, which no cache keeps. */
export function asPost(visit: Visit, body: Uint8Array): Visit {
  const { url, headers: asked, cf } = visit.request;
  const headers = new Headers(asked);
  headers.set("content-type", "application/json");
  const [address = url] = url.split("?", 1);
  const init = { method: "POST", headers, body, redirect: "manual", ...(cf ? { cf } : {}) } as const;
  return { ...visit, request: new Request(address, init) };
}

export function withBody(sent: Sent, body: BodyInit): Sent {
  const response = new Response(body, sent.response);
  response.headers.delete("content-length");
  return { ...sent, response, asCame: false };
}
