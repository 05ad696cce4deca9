/** A website of Commerce as the deployer describes it: hosts, origin, and how careful to be. */

import type { ConsentManager, ConsentPolicy } from "./consent.ts";
import type { MembershipEncoding, Trust } from "./membership.ts";
import type { PathPattern } from "./path.ts";

/** `watch` makes and logs every plan, and forwards byte for byte as `off` does. */
export type Mode = "off" | "watch" | "on";

export interface Website {
  readonly code: string;
  /** Lower-case host names without a port. */
  readonly hosts: readonly string[];
  /** `/fr`: of hosts that it shares, only what is below it is this website's; null: all that is no other's. */
  readonly pathPrefix: string | null;
  /** The parent of all hosts to which the signed cookie goes; null: each host has its own. */
  readonly cookieDomain: string | null;
  /** Origins of pages on other hosts that may read GraphQL's and our own answers, with the shopper's cookies. */
  readonly corsOrigins: readonly string[];
  /** `https://host[:port]` without a path, or null: a route on the shop's own zone, where origin = same URL. */
  readonly origin: string | null;
  /** Proves to an explicit origin that a request came through us. */
  readonly originSecret: string | null;
  readonly storefront: "luma" | "headless";
  readonly graphqlPath: string;
  readonly mode: Mode;
  /** Percent of visitors, 0–100. */
  readonly rollout: number;
  /** Share of ordinary requests in mode `on` that get a line in the log, 0–1. */
  readonly logSamplingRate: number;
  readonly consent: ConsentPolicy;
  readonly consentManager: ConsentManager | null;
  /** Whether `Sec-GPC: 1` counts as a no. */
  readonly gpc: "honoured" | "ignored";
  /** Codes of its store views, which may stand first in paths ("Add Store Code to Urls"): `fr` in `/fr/women.html`. */
  readonly storeViews: readonly string[];
  /** The store view of a host, where hosts have one each. */
  readonly storeViewHosts: Readonly<Record<string, string>>;
  /** Where nothing names a store view. */
  readonly defaultStoreView: string;
  /** Codes that a client may name by `Content-Currency`; content of Commerce is remembered for each of them. */
  readonly currencies: readonly string[];
  /** An IANA name: of times in the campaigns that name none. */
  readonly timeZone: string | null;
  /** Further paths that no shared cache stores, and that may carry the membership upstream. */
  readonly membershipPaths: readonly PathPattern[];
  readonly membershipEncoding: MembershipEncoding;
  /** nginx answers 400 at about 220 UUIDs in one header line; hence a ceiling. */
  readonly maxUpstreamBytes: number;
  /** A page longer than that is left alone. */
  readonly maxPageBytes: number;
  /** A GraphQL body longer than that is refused, as Commerce itself does. */
  readonly maxBodyBytes: number;
  /** Root fields whose answers are the same for everybody, beside those that Commerce lets caches keep. */
  readonly graphqlPublicFields: readonly string[];
  /** Root fields that may differ by audience although Commerce lets caches keep them. */
  readonly graphqlPrivateFields: readonly string[];
  /** What Commerce takes of one document; what we would add beyond it is left out. */
  readonly graphqlLimits: GraphqlLimits;
  /**
   * What a headless storefront's `dynamicBlocks` becomes. `filter`: Commerce's blocks, but those for audiences that the
   * shopper is not in. `edge`: banners of the campaigns in the place of the blocks whose uid they name.
   */
  readonly dynamicBlocks: "filter" | "edge" | "off";
  /**
   * Who beside Workers Analytics Engine hears of a banner that is shown: the page's `adobeDataLayer`, and Adobe's Edge
   * Network through the datastream.
   */
  readonly exposures: readonly ("data-layer" | "edge-network")[];
  /** How long the origin may take for the headers of a page that a banner names; null: as long as it takes. */
  readonly pageDeadlineMs: number | null;
  readonly adobe: AdobeAccount | null;
  /** What a membership must be to be told to Commerce, where it is money. */
  readonly trust: Trust;
  /** The datastream whose answers carry this website's audiences; null: memberships are never verified. */
  readonly datastreamId: string | null;
  /** First segment of the Web SDK's calls to us (`edgeBasePath` there). */
  readonly edgeBasePath: string;
  /** Adobe's Edge Network: scheme and host. */
  readonly edgeUrl: string;
  /** How our own questions are asked: as a browser does, or with the organization's own token, at `edgeServerUrl`. */
  readonly edgeAuth: "none" | "oauth";
  readonly edgeServerUrl: string;
  /** By what a visitor is asked about and bound to: Adobe's id, or strictly our own signed device id. */
  readonly identity: "ecid" | "fpid";
  /** The domain of Adobe's cookies, as its Web SDK finds it; null: the host's own without `www.`. */
  readonly adobeCookieDomain: string | null;
  /** Whether we ask Adobe ourselves: of whom it may know and we hold nothing fresh, or also of new visitors. */
  readonly pull: "known" | "always" | "never";
  /** A datastream for our own questions, without an event dataset; null: the website's. */
  readonly pullDatastreamId: string | null;
  /** What such a question, and one for Commerce's content, may add to an answer, counted from the request's arrival. */
  readonly budgetMs: number;
  /** Older than that, a signed membership is asked again, without delaying anything. */
  readonly refreshSeconds: number;
  /** Older than that, a signed membership no longer counts. */
  readonly expiresSeconds: number;
}

/** Commerce's `queryComplexity`, `queryDepth` and, since 2025, `maximum_alias_allowed`. */
export interface GraphqlLimits {
  readonly complexity: number;
  readonly depth: number;
  readonly aliases: number;
  /** `maximum_page_size`, where it is on: how many dynamic blocks are asked for at once. */
  readonly pageSize: number;
}

/** Which Adobe organization and sandbox this website's audiences live in. The credentials are secrets. */
export interface AdobeAccount {
  /** `…@AdobeOrg` */
  readonly organizationId: string;
  readonly sandbox: string;
  readonly imsUrl: string;
  readonly platformUrl: string;
  /** Comma-separated, as the credential has them in the Adobe Developer Console. */
  readonly scopes: string;
  /** Ids of the destination flows, or of their destinations, that are this website's; empty: all audiences. */
  readonly destinations: readonly string[];
  /** How the details of activated audiences are asked for: by their ids, or out of the whole list. */
  readonly audienceDetails: "bulk" | "list";
}

/**
 * The domain that Adobe's cookies have at a host, so that ours and the Web SDK's are one cookie; null: the host's
 * own, as an address or a name without a dot has to be.
 */
export function findAdobeCookieDomain(
  { adobeCookieDomain }: Pick<Website, "adobeCookieDomain">,
  host: string,
): string | null {
  if (adobeCookieDomain !== null) return adobeCookieDomain;
  const apex = host.replace(/^www\./, "");
  return apex.includes(".") && !/^[0-9.]+$/.test(apex) && !apex.startsWith("[") ? apex : null;
}
