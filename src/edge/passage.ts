/** Passage: what nothing of ours stands on goes straight through, and nobody asks who the shopper is. */

import { changesCustomer } from "../core/account.ts";
import { isSuccessPage } from "../core/order.ts";
import { isBannerless } from "../core/page.ts";
import { carriesMembership, type UpstreamPlan } from "../core/upstream.ts";
import { belowPrefix } from "../core/virtual-host.ts";
import type { Arrival } from "./arrival.ts";
import { asksWhy, logPassage } from "./explain.ts";
import { askOrigin } from "./origin.ts";
import { isUpgrade } from "./origin-headers.ts";
import { holdsOwnCookie } from "./own-cookie.ts";
import type { Services } from "./services.ts";
import { isActing } from "./visit.ts";

/**
 * Most of what a shop is asked for: pictures, scripts, pages without a banner. Where anything might depend on the
 * shopper, or somebody asks why, the request takes the long way, whose answer is the same.
 */
export function isPassage(arrival: Arrival): boolean {
  const { request, website, path, index, startedAtMs } = arrival;
  const { method, headers } = request;
  if (method !== "GET" && method !== "HEAD") return false;
  if (!isActing(arrival) || (index !== null && !isBannerless(index, path, startedAtMs))) return false;
  if (carriesMembership({ website, method, path, graphql: false })) return false;
  const below = belowPrefix(path, website);
  if (changesCustomer(below) || isSuccessPage(below)) return false;
  return !(isUpgrade(request) || asksWhy(request) || mayPreview(headers));
}

function mayPreview(headers: Headers): boolean {
  const cookies = headers.get("cookie");
  return cookies !== null && holdsOwnCookie(cookies, "preview");
}

const upstream: UpstreamPlan = { kind: "none", reason: "cacheable" };

/** The origin's answer is handed on as it came: the very object, unless something in it is not for the shopper. */
export async function servePassage(arrival: Arrival, services: Services): Promise<Response> {
  const { request, website } = arrival;
  const response = await askOrigin(
    request,
    { website, membership: upstream, editable: false, deadlineMs: null },
    services,
  );
  logPassage(response, arrival, upstream, services);
  return response;
}
