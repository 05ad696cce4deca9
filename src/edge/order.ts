/** Orders counted: once each, where the storefront says that it was placed; Commerce is asked nothing for it. */

import type { GraphqlReading } from "../core/graphql.ts";
import { parseAnswer } from "../core/graphql-answer.ts";
import {
  findPlaceOrder,
  isSuccessPage,
  measuredBanners,
  type Order,
  pointsOfOrder,
  readOrder,
  UNKNOWN_ORDER,
} from "../core/order.ts";
import { belowPrefix } from "../core/virtual-host.ts";
import { writePoints } from "./analytics.ts";
import { readMessage } from "./body.ts";
import { describeError } from "./log.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { shopperOf } from "./shopper.ts";
import { isActing, type Visit } from "./visit.ts";

/** The answer to an order has a few hundred. */
const MAX_ANSWER_BYTES = 262_144;

/** Whether a document is worth reading for the order in it: an order of Luma's is counted by its success page alone. */
export function countsOrders(visit: Visit, { analytics }: Pick<Services, "analytics">): boolean {
  const { website, index } = visit;
  return website.storefront === "headless" && mayCount(visit, analytics) && hasMeasured(index);
}

/** Never throws, and the answer goes out as it is: what is read is a copy. */
export function countPlacedOrder(
  visit: Visit,
  reading: GraphqlReading,
  response: Response,
  services: Services,
  waitUntil: WaitUntil,
): void {
  if (reading.kind !== "document" || response.status !== 200 || response.body === null) return;
  if (visit.request.method !== "POST" || !countsOrders(visit, services)) return;
  const root = findPlaceOrder(reading.document, reading.request.variables);
  if (root === null) return;
  const count = async () => {
    const body = await readMessage(response.clone(), MAX_ANSWER_BYTES);
    if (body?.kind === "longer") await body.stream.cancel();
    const answer = body?.kind === "whole" ? parseAnswer(new TextDecoder().decode(body.bytes)) : null;
    const order = answer && readOrder(root, answer);
    if (order !== null) writeOrder(visit, order, visit.request.headers.get("store"), services);
  };
  waitUntil(
    count().catch((error: unknown) => {
      services.log.warn("not-counted", { error: describeError(error) }, services.now());
    }),
  );
}

/** Luma's success page says that there is an order, and not of what value. */
export function countSuccessPage(visit: Visit, { status }: Response, services: Services): void {
  const { website, request, path } = visit;
  if (website.storefront !== "luma" || request.method !== "GET" || status !== 200) return;
  if (!isSuccessPage(belowPrefix(path, website)) || !mayCount(visit, services.analytics)) return;
  writeOrder(visit, UNKNOWN_ORDER, null, services);
}

function writeOrder(visit: Visit, order: Order, store: string | null, services: Services): void {
  const { index, website } = visit;
  if (index === null) return;
  writePoints(() => pointsOfOrder(order, index, shopperOf(visit, store), website.code), services);
}

function mayCount(visit: Visit, analytics: Services["analytics"]): boolean {
  return analytics !== null && isActing(visit) && visit.preview === null && visit.visitor !== null;
}

/** By the index, which lives as long as its campaigns. */
const measured = new WeakMap<object, boolean>();

function hasMeasured(index: Visit["index"]): boolean {
  if (index === null) return false;
  const known = measured.get(index) ?? measuredBanners(index).length > 0;
  measured.set(index, known);
  return known;
}
