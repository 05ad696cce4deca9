/** A GraphQL request and its answer: sent as it came or rewritten, and then freed of everything that we added. */

import {
  type CartOutcome,
  finishCart,
  finishLeaving,
  finishSwap,
  writeLeaving,
} from "../core/cart-answer.ts";
import { readLack, readsNoSeveral } from "../core/dynamic-block/lack.ts";
import { finishBlocks } from "../core/dynamic-block.ts";
import type { GraphqlPlan, ReadDocument } from "../core/graphql.ts";
import { type GraphqlAnswer, isUnexecuted, mapLocations, parseAnswer } from "../core/graphql-answer.ts";
import { applySplices, wayBack } from "../core/graphql-document/splice.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import { readMessage } from "./body.ts";
import { noteCart } from "./cart-notes.ts";
import { lackOf, lacksSeveral, noteLack, noteNoSeveral } from "./commerce-lack.ts";
import type { ReadGraphql } from "./graphql-reading.ts";
import { asPost, openSent, type Sent, send, withBody } from "./graphql-sending.ts";
import { describeError } from "./log.ts";
import { isSealed } from "./origin.ts";
import { passedMembership } from "./passing.ts";
import { makePrivate } from "./private-answer.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

type Forward = Extract<GraphqlPlan, { readonly kind: "forward" }>;

/** A longer answer goes through as it is. */
const MAX_ANSWER_BYTES = 4_194_304;

/** Documents that Commerce refused as we had rewritten them: they are left alone from then on. */
const refusedRewrites = new Set<string>();
const MAX_REFUSED = 100;

/** What a request is sent with. */
export interface Exchange {
  readonly visit: Visit;
  readonly read: ReadGraphql;
  readonly services: Services;
  readonly waitUntil: WaitUntil;
  readonly plan: GraphqlPlan;
  /** Where Commerce turns out to lack something. */
  readonly replan: () => GraphqlPlan;
}

/** Where nothing is acted upon: as it came, but for what a client claims where claims are worth money. */
export async function passGraphql({
  visit,
  read,
  services,
}: Omit<Exchange, "plan" | "replan">): Promise<Sent> {
  return send(visit, read.bytes, passedMembership(visit, { graphql: true }), services);
}

export async function sendGraphql(exchange: Exchange): Promise<Sent> {
  const { visit, services, waitUntil, plan } = exchange;
  if (plan.kind === "answer") return answerHere(plan.blocks.answer);
  if (plan.kind === "refuse") return passGraphql(exchange);
  noteDecline(visit, plan, services, waitUntil);
  const sent = await sendForward(exchange, plan);
  if (!plan.personal || isSealed(sent.response)) return sent;
  const open = openSent(sent);
  makePrivate(open.response.headers);
  return open;
}

function answerHere(answer: GraphqlAnswer): Sent {
  const response = new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
  makePrivate(response.headers);
  return { response, asCame: false, originMs: null, cart: null, blocks: null };
}

async function sendForward(exchange: Exchange, plan: Forward): Promise<Sent> {
  const { visit, read, services } = exchange;
  const { reading, bytes } = read;
  if (reading.kind !== "document") return send(visit, bytes, plan.upstream, services);
  const rewrites = plan.splices.length + plan.edits.length > 0;
  if (rewrites && !refusedRewrites.has(reading.document.text)) return sendRewritten(exchange, plan, reading);
  // Told by POST, or as it came.
  if (plan.upstream.kind === "header") return sendOwn(exchange, plan, reading);
  return send(visit, bytes, plan.upstream, services);
}

/** The client's own document. */
function sendOwn(
  { visit, read, services }: Exchange,
  plan: Forward,
  { request }: ReadDocument,
): Promise<Sent> {
  if (!plan.asPost) return send(visit, read.bytes, plan.upstream, services);
  const body = new TextEncoder().encode(request.body);
  return send(asPost(visit, body), body, plan.upstream, services);
}

async function sendRewritten(exchange: Exchange, plan: Forward, reading: ReadDocument): Promise<Sent> {
  const { visit, services, waitUntil } = exchange;
  const { document, request } = reading;
  const query = applySplices(document.text, plan.splices);
  const text = new TextEncoder().encode(request.rewrite({ query, variables: plan.edits }));
  const asked = plan.asPost ? asPost(visit, text) : visit;
  const sent = await send(asked, text, plan.upstream, services);
  const { response } = sent;
  const as = (body: BodyInit) => withBody(sent, body);
  if (isSealed(response) || response.body === null) return sent;
  const body = await readMessage(response, MAX_ANSWER_BYTES);
  if (body === null) return sent;
  if (body.kind === "longer") return as(body.stream);
  const answer = parseAnswer(new TextDecoder().decode(body.bytes));
  if (answer === null) return as(body.bytes);
  // Nothing was done: what is sent now is the first that Commerce executes.
  if (isUnexecuted(answer)) return sendAgain(exchange, plan, reading, answer);
  try {
    mapLocations(answer, () => wayBack(document.text, plan.splices));
    const { blocks: planned } = plan;
    const blocks =
      planned.kind === "none" || planned.kind === "answer" ? null : finishBlocks(planned, answer);
    const cart = await finish(visit, reading, plan, answer, services);
    if (cart !== null) noteOutcome(visit, plan, cart, services, waitUntil);
    return { ...as(JSON.stringify(answer)), cart, blocks };
  } catch (error) {
    // What Commerce has done is done: its answer goes out, with a field more than was asked for.
    services.log.warn("answer-not-finished", { error: describeError(error) }, services.now());
    return as(body.bytes);
  }
}

/** Commerce lacks what we asked for: that is remembered, and asked for no more. Else the document stays its own. */
function sendAgain(
  exchange: Exchange,
  plan: Forward,
  reading: ReadDocument,
  answer: GraphqlAnswer,
): Promise<Sent> {
  const { visit } = exchange;
  const { code } = visit.website;
  if (readsNoSeveral(answer) && !lacksSeveral(code, visit.startedAtMs)) {
    noteNoSeveral(code, visit.startedAtMs);
    return sendGraphql({ ...exchange, plan: exchange.replan() });
  }
  const lack = readLack(answer);
  if (lack !== null && lackOf(visit.website.code, visit.startedAtMs) !== lack) {
    noteLack(visit.website.code, lack, visit.startedAtMs);
    return sendGraphql({ ...exchange, plan: exchange.replan() });
  }
  return sendInstead(exchange, plan, reading);
}

/**
 * What Commerce refuses of the client's own document too was the client's mistake: nobody turns our part off for
 * others, by wrong variables in a document that they send as well.
 */
async function sendInstead(exchange: Exchange, plan: Forward, reading: ReadDocument): Promise<Sent> {
  const sent = await sendOwn(exchange, plan, reading);
  const { response } = sent;
  if (isSealed(response)) return sent;
  const body = await readMessage(response, MAX_ANSWER_BYTES);
  if (body === null) return sent;
  if (body.kind === "longer") return withBody(sent, body.stream);
  const answer = parseAnswer(new TextDecoder().decode(body.bytes));
  if (answer !== null && !isUnexecuted(answer)) rememberRefused(reading.document.text);
  return withBody(sent, body.bytes);
}

function rememberRefused(text: string): void {
  if (refusedRewrites.size >= MAX_REFUSED) refusedRewrites.clear();
  refusedRewrites.add(text);
}

async function finish(
  visit: Visit,
  reading: ReadDocument,
  { cart, upstream }: Forward,
  answer: GraphqlAnswer,
  services: Services,
): Promise<CartOutcome | null> {
  if (cart.kind === "swap") return finishSwap(cart, answer);
  if (cart.kind !== "cart") return null;
  const outcome = finishCart(cart, answer);
  if (outcome.leaving === null) return outcome;
  const alone = writeLeaving(reading.document, cart, outcome.leaving, visit.website.graphqlLimits);
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
