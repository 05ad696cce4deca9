/** GraphQL: what is asked, the plan, one request to the origin, and an answer in the shape that the client asked for. */

import type { CartOutcome } from "../core/cart-answer.ts";
import { readCartMutation } from "../core/cart-mutation.ts";
import type { BlocksOutcome } from "../core/dynamic-block/question.ts";
import {
  changesCustomerToken,
  type GraphqlPlan,
  isPersonalGet,
  planAsSent,
  planGraphql,
  planOff,
} from "../core/graphql.ts";
import { guardsCoupons } from "../core/guard.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Website } from "../core/website.ts";
import { loadCart, recallCart } from "./cart-notes.ts";
import { lackOf, lacksSeveral } from "./commerce-lack.ts";
import { seeCustomer } from "./customer.ts";
import { endDevice } from "./device.ts";
import { asksWhy, logOutcome, tellOutcome } from "./explain.ts";
import { countBlocks } from "./exposure.ts";
import { passGraphql, sendGraphql } from "./graphql-exchange.ts";
import { guardGraphql } from "./graphql-guard.ts";
import { type Interest, type ReadGraphql, readGraphql } from "./graphql-reading.ts";
import { openSent } from "./graphql-sending.ts";
import { describeError } from "./log.ts";
import { holdsSignedCookie } from "./membership.ts";
import { countPlacedOrder, countsOrders } from "./order.ts";
import { isSealed } from "./origin.ts";
import type { Outcome } from "./outcome.ts";
import { bannerView } from "./preview.ts";
import { endMembership, reloadAnswered } from "./private-content.ts";
import { type Answered, openQuestion } from "./question.ts";
import { refuseGraphql } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isStagingPreview, shopperOf } from "./shopper.ts";
import { isActing, isConsentRefused, isFresh, type Visit, whyNotActing } from "./visit.ts";
import { forgetWord } from "./word.ts";

const nothing: UpstreamPlan = { kind: "none", reason: "no-membership" };

export async function serveGraphql(
  asked: Visit,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  const acting = isActing(asked);
  const sent = mayBeRead(asked)
    ? await readGraphql(asked, interestOf(asked, countsOrders(asked, services)))
    : unread;
  const login = acting && isLogin(sent);
  const customer = await seeCustomer(asked, services);
  const question =
    mayBeTold(asked, sent) && !login ? openQuestion(customer.visit, services, waitUntil) : null;
  const told = question?.urgent ? await question.join() : { visit: customer.visit, cookies: [] };
  const guarded = await guardGraphql(told.visit, sent, services, waitUntil);
  const { visit, read } = guarded;
  await recall(visit, read, services);
  let plan = planVisit(visit, read, guarded.locked, services);
  const replan = () => {
    plan = planVisit(visit, read, guarded.locked, services);
    return plan;
  };
  const exchange = { visit, read, services, waitUntil };
  const answered =
    plan.kind === "refuse" && (acting || guarded.locked || asked.request.bodyUsed)
      ? { response: refuseRequest(visit, plan), asCame: false, originMs: null, cart: null, blocks: null }
      : await (acting ? sendGraphql({ ...exchange, plan, replan }) : passGraphql(exchange));
  const kept = question && !question.urgent ? await question.join() : told;
  const lines = [...keepMembership(kept, login || customer.changed), customer.cookie ?? []].flat();
  // What Commerce alone has a say in goes out as the very answer that it gave.
  const asCame = answered.asCame && lines.length === 0 && !asksWhy(visit.request);
  const { response } = asCame ? answered : openSent(answered);
  if (!isSealed(response)) for (const line of lines) response.headers.append("set-cookie", line);
  if (login) waitUntil(forgetWord(visit, services));
  if (acting) countPlacedOrder(visit, read.reading, response, services, waitUntil);
  countBlocks(visit, plan, { response, finished: answered.blocks !== null }, services, waitUntil);
  const outcome: Outcome = {
    kind: "graphql",
    plan: plan.kind,
    reason: plan.kind === "refuse" ? plan.reason : whyNotActing(visit),
    choices: plan.kind === "refuse" || plan.blocks.kind === "filter" ? [] : plan.blocks.choices,
    upstream: plan.kind === "forward" ? plan.upstream : nothing,
    offer: describeOffer(plan, answered.cart),
    blocks: describeBlocks(plan, answered.blocks),
    left: null,
    originMs: answered.originMs,
  };
  if (!asCame) return tellOutcome(response, visit, outcome, services);
  logOutcome(response, visit, outcome, services);
  return response;
}

const unread: ReadGraphql = { reading: { kind: "unread", reason: "not-needed" }, bytes: null };

/** Where nothing is acted upon, a body of unknown length is not read: what turns out too long would be lost. */
function mayBeRead(visit: Visit): boolean {
  if ((visit.offers?.exclusive.size ?? 0) > 0 && guardsCoupons(visit)) return true;
  return isActing(visit) || (visit.mode !== "off" && visit.request.headers.has("content-length"));
}

/**
 * Whether anything depends on the document: an offer, an exclusive code, a login, dynamic blocks, a GET that
 * Commerce is told of. GraphQL's names are plain letters; who writes them otherwise has something to hide.
 */
function interestOf(
  { request, website, membership, ecid, device, offers, startedAtMs }: Visit,
  counting: boolean,
): Interest {
  const known = membership.kind === "member" || ecid !== null || device !== null;
  const buying = offers !== null && offers.offers.length > 0;
  const signed = holdsSignedCookie(request, website);
  const filtering = website.dynamicBlocks !== "off" && mayHaveBlocks(website, startedAtMs);
  if (request.method === "GET") {
    return {
      body: false,
      holds: (text) => known || (filtering && /dynamicBlocks|%(?:[46][1-9a-f]|[57][0-9a])/i.test(text)),
    };
  }
  return {
    body: buying || signed || filtering || counting,
    holds: (text) =>
      buying ||
      (filtering && /dynamicBlocks|\\u00[4-7]/.test(text)) ||
      (counting && /placeOrder|\\u00[4-7]/.test(text)) ||
      (signed && /Token|\\u00[4-7]/.test(text)),
  };
}

/** In mode `edge` a Commerce without dynamic blocks is answered for. */
function mayHaveBlocks({ code, dynamicBlocks }: Website, nowMs: number): boolean {
  return dynamicBlocks === "edge" || lackOf(code, nowMs) === "nothing";
}

function mayBeTold({ request, website }: Visit, { reading }: ReadGraphql): boolean {
  if (request.method === "POST") return true;
  return (
    request.method === "GET" && reading.kind === "document" && isPersonalGet({ website }, reading.document)
  );
}

/** Two customers on one browser: what Adobe said of the one must not count for the other. */
function isLogin({ reading }: ReadGraphql): boolean {
  return reading.kind === "document" && changesCustomerToken(reading.document, reading.request.variables);
}

/** What another isolate of the data centre knows of the cart. */
async function recall(visit: Visit, { reading }: ReadGraphql, services: Services): Promise<void> {
  if (reading.kind !== "document" || visit.offers === null || visit.offers.offers.length === 0) return;
  const cart = readCartMutation(reading.document, reading.request.variables);
  if (cart.kind === "cart") await loadCart(visit, cart.mutation.cartId, services);
}

/** Never throws: a plan that can't be made is to forward without a membership. */
function planVisit(
  visit: Visit,
  { reading }: ReadGraphql,
  guarded: boolean,
  services: Services,
): GraphqlPlan {
  const { request, website, path, index, offers, startedAtMs } = visit;
  const view = bannerView(visit);
  try {
    if (visit.mode === "off") return planOff({ reading, guarded, method: request.method });
    return planGraphql({
      ...shopperOf(visit, request.headers.get("store")),
      website,
      method: request.method,
      path,
      preferred: index?.audiences ?? new Set(),
      reading,
      offers,
      guarded,
      fresh: isFresh(visit),
      note: (cartId) => recallCart(website.code, cartId),
      lacks: lackOf(website.code, startedAtMs),
      several: !lacksSeveral(website.code, startedAtMs),
      view,
      blockBanners: view.index?.blocks ?? new Map(),
      stagingPreview: isStagingPreview(request),
    });
  } catch (error) {
    services.log.warn("plan-failed", { error: describeError(error) }, services.now());
    return planAsSent(nothing);
  }
}

/** `Set-Cookie` values: Adobe's word is kept, and after a no to consent or a login it goes; no cache keeps a POST. */
function keepMembership({ visit, cookies }: Answered, otherCustomer: boolean): readonly string[] {
  if (visit.claims.answered !== null) return [...cookies, ...reloadAnswered(visit)];
  if (visit.request.method !== "POST" || !isActing(visit)) return cookies;
  const refused = isConsentRefused(visit);
  const ended = otherCustomer || refused ? endMembership(visit) : [];
  return [...cookies, ...ended, ...(refused ? endDevice(visit.request, visit.website) : [])];
}

function refuseRequest({ website }: Visit, { reason }: Extract<GraphqlPlan, { kind: "refuse" }>): Response {
  if (reason === "unreadable") return refuseGraphql(400, "The request can't be read.");
  return refuseGraphql(413, `Request body is too large: at most ${website.maxBodyBytes} bytes.`);
}

function describeBlocks(plan: GraphqlPlan, outcome: BlocksOutcome | null) {
  if (plan.kind === "refuse") return null;
  const { blocks } = plan;
  if (blocks.kind !== "none") return { kind: blocks.kind, ...outcome };
  return blocks.reason === "no-dynamic-blocks" || blocks.reason === "off" ? null : { reason: blocks.reason };
}

/** What the operator reads: which offer, what was done, what Commerce said to it. */
function describeOffer(plan: GraphqlPlan, outcome: CartOutcome | null) {
  if (plan.kind !== "forward") return null;
  const { cart } = plan;
  switch (cart.kind) {
    case "none":
      return cart.reason === "no-offers" || cart.reason === "not-a-mutation" ? null : cart;
    case "decline":
      return { kind: cart.kind, offers: cart.offers };
    case "swap":
    case "cart": {
      const offer = cart.kind === "swap" ? cart.offer : cart.apply;
      return {
        kind: cart.kind,
        offer: offer?.id ?? null,
        applied: outcome?.applied?.id ?? null,
        refused: outcome?.refused ?? null,
        leaving: outcome?.leaving?.id ?? null,
      };
    }
  }
}
