/** What Commerce is told of a membership where nothing is acted upon: mostly what the client sent, as without us. */

import { planStripped, stripsClaims } from "../core/guard.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import type { Visit } from "./visit.ts";

export function passedMembership(visit: Visit, { graphql }: { graphql: boolean }): UpstreamPlan | "as-sent" {
  if (!stripsClaims(visit)) return "as-sent";
  const { request, index } = visit;
  return planStripped({
    ...visit,
    method: request.method,
    graphql,
    preferred: index?.audiences ?? new Set(),
  });
}
