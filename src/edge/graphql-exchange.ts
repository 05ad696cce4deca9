/** A GraphQL request and its answer: sent as it came or rewritten, and then freed of everything that we added. */

import {
  type CartOutcome,
  finishCart,
  finishLeaving,
  finishSwap,
  writeLeaving,
} from "../core/cart-answer.ts";
import type { GraphqlPlan } from "../core/graphql.ts";
import { type GraphqlAnswer, isUnexecuted, mapLocations, parseAnswer } from "../core/graphql-answer.ts";
import { applySplices, wayBack } from "../core/graphql-document/splice.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import { readBody } from "./body.ts";
import { noteCart } from "./cart-notes.ts";
import type { ReadGraphql } from "./graphql-reading.ts";
import { describeError } from "./log.ts";
import { askOrigin, isSealed, type OriginAnswer } from "./origin.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

export interface Sent {
  readonly response: Response;
  readonly originMs: number | null;
  readonly outcome: CartOutcome | null;
}

type Forward = Extract<GraphqlPlan, { readonly kind: "forward" }>;

/** A longer answer goes through as it is. */
const MAX_ANSWER_BYTES = 4_194_304;

/** Documents that Commerce refused as we had rewritten them: they are left alone from then on. */
const refusedRewrites = new Set<string>();
const MAX_REFUSED = 100;

/** `plan` is null where nothing is acted upon: then everything goes as it was sent. */
export async function sendGraphql(
  visit: Visit,
  read: ReadGraphql,
  plan: GraphqlPlan | null,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Sent> {
  if (plan?.kind !== "forward") {
    return { ...(await send(visit, read.bytes, "as-sent", services)), outcome: null };
  }
  const { reading } = read;
  if (plan.asPost && reading.kind === "document") {
    return { ...(await sendAsPost(visit, reading.request.body, plan.upstream, services)), outcome: null };
  }
  noteDecline(visit, plan, services, waitUntil);
  if (
    plan.splices.length === 0 ||
    reading.kind !== "document" ||
    refusedRewrites.has(reading.document.text)
  ) {
    return { ...(await send(visit, read.bytes, plan.upstream, services)), outcome: null };
  }
  return sendRewritten(visit, read, plan, services, waitUntil);
}

function send(
  { request, website }: Visit,
  bytes: Uint8Array | null,
  membership: UpstreamPlan | "as-sent",
  services: Services,
): Promise<OriginAnswer> {
  const order = { website, membership, editable: false, deadlineMs: null };
  return askOrigin(request, bytes === null ? order : { ...order, body: bytes }, services);
}

/** What lets a cache or a browser keep an answer that is one shopper's. */
const cachingHeaders = [
  "etag",
  "last-modified",
  "expires",
  "pragma",
  "age",
  "surrogate-control",
  "cdn-cache-control",
];

async function sendAsPost(
  visit: Visit,
  body: string,
  membership: UpstreamPlan,
  services: Services,
): Promise<OriginAnswer> {
  const { url, headers: asked, cf } = visit.request;
  const headers = new Headers(asked);
  headers.set("content-type", "application/json");
  const [address = url] = url.split("?", 1);
  const request = new Request(address, {
    method: "POST",
    headers,
    body,
    redirect: "manual",
    ...(cf ? { cf } : {}),
  });
  const bytes = new TextEncoder().encode(body);
  const answer = await send({ ...visit, request }, bytes, membership, services);
  if (isSealed(answer.response)) return answer;
  for (const name of cachingHeaders) answer.response.headers.delete(name);
  answer.response.headers.set("cache-control", "private, no-store");
  return answer;
}

async function sendRewritten(
  visit: Visit,
  read: ReadGraphql,
  plan: Forward,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Sent> {
  const { reading } = read;
  if (reading.kind !== "document")
    return { ...(await send(visit, read.bytes, plan.upstream, services)), outcome: null };
  const { document, request } = reading;
  const text = request.rewrite({ query: applySplices(document.text, plan.splices) });
  const { response, originMs } = await send(visit, new TextEncoder().encode(text), plan.upstream, services);
  if (isSealed(response) || response.body === null) return { response, originMs, outcome: null };
  const body = await readBody(response.body, MAX_ANSWER_BYTES);
  if (body.kind === "longer")
    return { response: new Response(body.stream, response), originMs, outcome: null };
  const said = new TextDecoder().decode(body.bytes);
  const answer = parseAnswer(said);
  if (answer === null) return { response: withBody(response, body.bytes), originMs, outcome: null };
  if (isUnexecuted(answer)) {
    // Nothing was done: the client's own document is the first that Commerce executes.
    rememberRefused(document.text);
    const again = await send(visit, new TextEncoder().encode(request.body), plan.upstream, services);
    return { ...again, outcome: null };
  }
  mapLocations(answer, wayBack(document.text, plan.splices));
  const outcome = await finish(visit, read, plan, answer, services);
  if (outcome !== null) noteOutcome(visit, plan, outcome, services, waitUntil);
  return { response: withBody(response, JSON.stringify(answer)), originMs, outcome };
}

function rememberRefused(text: string): void {
  if (refusedRewrites.size >= MAX_REFUSED) refusedRewrites.clear();
  refusedRewrites.add(text);
}

function withBody(response: Response, body: string | Uint8Array): Response {
  response.headers.delete("content-length");
  return new Response(body, response);
}

async function finish(
  visit: Visit,
  { reading }: ReadGraphql,
  { cart, upstream }: Forward,
  answer: GraphqlAnswer,
  services: Services,
): Promise<CartOutcome | null> {
  if (cart.kind === "swap") return finishSwap(cart, answer);
  if (cart.kind !== "cart" || reading.kind !== "document") return null;
  const outcome = finishCart(cart, answer);
  if (outcome.leaving === null) return outcome;
  const alone = writeLeaving(reading.document, cart, visit.website.graphqlLimits);
  if (alone === null) return outcome;
  const sent = reading.request.variables ?? {};
  const variables = Object.fromEntries(alone.variables.map((name) => [name, sent[name]]));
  const second = await ask(visit, JSON.stringify({ query: alone.text, variables }), upstream, services);
  return second === null ? outcome : { ...finishLeaving(cart, answer, second), leaving: outcome.leaving };
}

/** A request of our own beside the client's; null where nothing came of it. */
async function ask(visit: Visit, body: string, membership: UpstreamPlan, services: Services) {
  try {
    const { response } = await send(visit, new TextEncoder().encode(body), membership, services);
    return parseAnswer(await response.text());
  } catch (error) {
    services.log.warn("second-request-failed", { error: describeError(error) }, services.now());
    return null;
  }
}

function noteDecline(visit: Visit, { cart }: Forward, services: Services, waitUntil: WaitUntil): void {
  if (cart.kind !== "decline") return;
  noteCart(visit, cart.cartId, { applied: null, declined: cart.offers }, services, waitUntil);
}

function noteOutcome(
  visit: Visit,
  { cart }: Forward,
  { applied, refused }: CartOutcome,
  services: Services,
  waitUntil: WaitUntil,
): void {
  if (refused !== null) services.log.warn("offer-refused", { refused }, services.now(), refused);
  if (applied === undefined || (cart.kind !== "cart" && cart.kind !== "swap")) return;
  const cartId = cart.kind === "swap" ? cart.cartId : cart.mutation.cartId;
  noteCart(visit, cartId, { applied: applied?.id ?? null }, services, waitUntil);
}
