/** The plan of a GraphQL request: forward it with the membership, or refuse a body that is too long. */

import { planUpstream, type UpstreamPlan, type UpstreamQuestion } from "./upstream.ts";

/**
 * `forward`: the document goes byte for byte; on POST with the canonical membership header, on GET without,
 * because a shared cache behind us can't see it. `refuse`: longer than Commerce itself accepts.
 */
export type GraphqlPlan =
  | { readonly kind: "forward"; readonly upstream: UpstreamPlan }
  | { readonly kind: "refuse"; readonly reason: "body-too-long" };

export interface GraphqlQuestion extends Omit<UpstreamQuestion, "graphql"> {
  /** As `Content-Length` says, or as it was read; null where neither is known. */
  readonly bodyBytes: number | null;
}

export function planGraphql(question: GraphqlQuestion): GraphqlPlan {
  const { bodyBytes, website } = question;
  if (bodyBytes !== null && bodyBytes > website.maxBodyBytes)
    return { kind: "refuse", reason: "body-too-long" };
  return { kind: "forward", upstream: planUpstream({ ...question, graphql: true }) };
}
