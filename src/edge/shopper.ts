/** The shopper as a choice sees them, read from a request; and the id of one whom a split needs to know again. */

import type { Shopper } from "../core/banner.ts";
import { findCookie } from "../core/cookie.ts";
import { deviceClassOf } from "../core/device-class.ts";
import { type PagePlan, wantsVisitor } from "../core/page.ts";
import { whyNoPageView } from "../core/page-view.ts";
import { chooseStoreView } from "../core/store-view.ts";
import { keepDeviceCookie, newDevice } from "./device.ts";
import { describeError } from "./log.ts";
import { type Answered, isVerifiedBot } from "./question.ts";
import type { Services } from "./services.ts";
import { urlOf } from "./url.ts";
import { isActing, isConsentRefused, tellsDevice, type Visit } from "./visit.ts";

/** `header`: GraphQL names the store view by `Store`; a page never does. */
export function shopperOf(visit: Visit, header: string | null = null): Shopper {
  const { request, website, path, membership, visitor, startedAtMs } = visit;
  const { hostname: host, search } = urlOf(request);
  const storeView = chooseStoreView({
    website,
    host,
    path,
    header,
    query: search.includes("___store") ? new URLSearchParams(search).get("___store") : null,
    cookie: findCookie(request.headers.get("cookie") ?? "", "store"),
  });
  return { membership, nowMs: startedAtMs, visitor, storeView, device: deviceClassOf(request.headers) };
}

/** Commerce's content staging: what a merchandiser looks at is another day's. */
export function isStagingPreview({ url, headers }: Request): boolean {
  return headers.has("preview-version") || (url.includes("___version=") && /[?&]___version=/.test(url));
}

/**
 * Somebody whom a split would deal in gets an id with the very page, which no cache stores: with consent, and if it
 * is a person who opens it. Whom we can't give one sees what those see who are in no split.
 */
export async function numberVisitor(
  answered: Answered,
  plan: PagePlan,
  { deviceSigner, log, now }: Services,
): Promise<Answered> {
  const { visit, cookies } = answered;
  const { request, website } = visit;
  if (!wantsVisitor(plan) || !isActing(visit) || isConsentRefused(visit)) return answered;
  if (visit.visitor !== null || deviceSigner === null) return answered;
  const { method, headers } = request;
  if (whyNoPageView({ method, headers, verifiedBot: isVerifiedBot(request) }) !== null) return answered;
  try {
    const id = newDevice();
    const cookie = await keepDeviceCookie(deviceSigner, website, id, now());
    const device = tellsDevice(website) ? id : visit.device;
    return { visit: { ...visit, visitor: id, device }, cookies: [...cookies, cookie] };
  } catch (error) {
    log.warn("device-not-kept", { error: describeError(error) }, now());
    return answered;
  }
}
