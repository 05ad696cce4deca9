/** What Commerce is told of a membership: where it may go, in which form, and never where a cache could keep it. */

import type { AudienceId } from "./audience.ts";
import { encodeMembership, isTrusted, type Membership } from "./membership.ts";
import { isPrivatePath, matchesPath, readablePath } from "./path.ts";
import { belowPrefix } from "./virtual-host.ts";
import type { Website } from "./website.ts";

export type UpstreamPlan =
  | { readonly kind: "none"; readonly reason: "no-membership" | "cacheable" | "not-verified" }
  | {
      readonly kind: "header" | "cookie";
      readonly text: string;
      readonly sent: number;
      /** Audiences that did not fit into `maxUpstreamBytes`. */
      readonly cut: number;
    };

export interface UpstreamQuestion {
  readonly website: Website;
  readonly method: string;
  readonly path: string;
  /** Whether this is the website's GraphQL endpoint. */
  readonly graphql: boolean;
  readonly membership: Membership;
  /** The audiences that the campaigns use: the last to be cut. */
  readonly preferred: ReadonlySet<AudienceId>;
}

/**
 * Varnish and Fastly key on neither the header nor the cookie, so a membership goes only where they store
 * nothing: GraphQL by POST, other methods than GET and HEAD, Commerce's private paths, and paths that the
 * website names. On GraphQL and headless storefronts as Adobe's header, else as Adobe's cookie.
 */
export function planUpstream(question: UpstreamQuestion): UpstreamPlan {
  const { website, membership, graphql } = question;
  if (!carriesMembership(question)) return { kind: "none", reason: "cacheable" };
  if (membership.kind === "none") return { kind: "none", reason: "no-membership" };
  if (!isTrusted(membership.trust, website.trust)) return { kind: "none", reason: "not-verified" };
  const { text, sent, cut } = encodeMembership(membership.audiences, {
    encoding: website.membershipEncoding,
    maxBytes: website.maxUpstreamBytes,
    preferred: question.preferred,
  });
  if (sent === 0) return { kind: "none", reason: "no-membership" };
  return { kind: graphql || website.storefront === "headless" ? "header" : "cookie", text, sent, cut };
}

/** Whether no shared cache can store the answer to that request, so that Commerce may be told. */
export function carriesMembership({
  website,
  method,
  path,
  graphql,
}: Pick<UpstreamQuestion, "website" | "method" | "path" | "graphql">): boolean {
  if (graphql) return method === "POST";
  if (method !== "GET" && method !== "HEAD") return true;
  if (isPrivatePath(belowPrefix(path, website), website.storeViews)) return true;
  return website.membershipPaths.some((pattern) => matchesPath(pattern, readablePath(path)));
}
