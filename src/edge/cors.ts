/** CORS at the edge: a listed origin's preflight answered, and its answers made readable; all others as they came. */

import { exposedHeaders, joinNames, planCors, preflightHeaders } from "../core/cors.ts";
import type { Website } from "../core/website.ts";
import { isSealed, openResponse } from "./origin.ts";
import type { Services } from "./services.ts";

export interface Door {
  readonly website: Website;
  /** All websites of its hosts, itself included. */
  readonly sharing: readonly Website[];
}

/**
 * In every mode: it is how the storefront gets at its shop, not what we add to it. `answer` is asked for
 * everything but a listed origin's preflight.
 */
export async function serveCrossOrigin(
  request: Request,
  { website, sharing }: Door,
  { log }: Pick<Services, "log">,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { method, headers } = request;
  const plan = planCors({
    method,
    origin: headers.get("origin"),
    requestMethod: headers.get("access-control-request-method"),
    requestHeaders: headers.get("access-control-request-headers"),
    website,
    sharing,
  });
  if (plan.kind === "preflight") {
    log.write({ event: "request", method, status: 204, website: website.code, kind: "preflight" });
    return new Response(null, { status: 204, headers: preflightHeaders(plan) });
  }
  const given = await answer();
  if (isSealed(given) || (plan.kind === "closed" && plan.reason === "nobody-listed")) return given;
  const response = openResponse(given);
  // Also where nothing is allowed: a cache must not give that answer to a listed origin (Fetch §3.2.6).
  response.headers.set("vary", joinNames(response.headers.get("vary"), ["Origin"]));
  if (plan.kind === "readable") allowReading(response.headers, plan.origin);
  return response;
}

/** In place of what Commerce says itself: two of them would be none. */
function allowReading(headers: Headers, origin: string): void {
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-credentials", "true");
  const exposed = joinNames(headers.get("access-control-expose-headers"), exposedHeaders);
  headers.set("access-control-expose-headers", exposed);
}
