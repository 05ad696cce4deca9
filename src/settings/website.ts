/** A website's table in wrangler.toml: what may be written, what it means, and what it is when nothing is written. */

import * as v from "valibot";
import { type PathPattern, parsePathPattern } from "../core/path.ts";
import type { Website } from "../core/website.ts";

import { consentManager, toConsentManager } from "./consent-manager.ts";
import {
  adobeAccount,
  bytes,
  cookieDomain,
  corsOrigin,
  currency,
  datastream,
  fieldNames,
  host,
  limit,
  origin,
  path,
  pathPrefix,
  readOrigin,
  storeView,
  timeZone,
} from "./value.ts";

const website = v.strictObject({
  hosts: v.pipe(v.array(host), v.minLength(1, "name at least one host that shoppers use")),
  pathPrefix: v.optional(v.nullable(pathPrefix), null),
  cookieDomain: v.optional(v.nullable(cookieDomain), null),
  corsOrigins: v.optional(v.array(corsOrigin), []),
  origin: v.optional(v.nullable(origin), null),
  storefront: v.optional(v.picklist(["luma", "headless"]), "luma"),
  graphqlPath: v.optional(
    v.pipe(v.string(), v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, "expected a path like /graphql")),
    "/graphql",
  ),
  mode: v.optional(v.picklist(["off", "watch", "on"]), "on"),
  rollout: v.optional(
    v.pipe(v.number(), v.minValue(0, "a percentage, 0 to 100"), v.maxValue(100, "a percentage, 0 to 100")),
    100,
  ),
  logSamplingRate: v.optional(
    v.pipe(v.number(), v.minValue(0, "a share, 0 to 1"), v.maxValue(1, "a share, 0 to 1")),
    0.01,
  ),
  consent: v.optional(v.picklist(["honoured", "required"]), "honoured"),
  consentManager: v.optional(v.nullable(consentManager), null),
  gpc: v.optional(v.picklist(["honoured", "ignored"]), "honoured"),
  storeViews: v.optional(v.array(storeView), []),
  storeViewHosts: v.optional(v.record(host, storeView), {}),
  defaultStoreView: v.optional(storeView, "default"),
  currencies: v.optional(v.array(currency), []),
  timeZone: v.optional(v.nullable(timeZone), null),
  membershipPaths: v.optional(v.array(path), []),
  membershipEncoding: v.optional(v.picklist(["urlencoded", "raw"]), "urlencoded"),
  maxUpstreamBytes: v.optional(bytes(64, 16_384), 4096),
  maxPageBytes: v.optional(bytes(1024, 100_000_000), 10_000_000),
  maxBodyBytes: v.optional(bytes(1024, 100_000_000), 1_048_576),
  graphqlPublicFields: v.optional(fieldNames, []),
  graphqlPrivateFields: v.optional(fieldNames, []),
  graphqlLimits: v.optional(
    v.strictObject({ complexity: limit(300), depth: limit(20), aliases: limit(10), pageSize: limit(300) }),
    {},
  ),
  // Taking away what a shopper should not see is safe to begin with: a Commerce that can't say for whom its blocks
  // are is noticed and left alone.
  dynamicBlocks: v.optional(v.picklist(["filter", "edge", "off"]), "filter"),
  exposures: v.optional(v.array(v.picklist(["data-layer", "edge-network"])), []),
  pageDeadlineMs: v.optional(
    v.nullable(v.pipe(v.number(), v.minValue(100, "at least 100 milliseconds"))),
    null,
  ),
  adobe: v.optional(v.nullable(adobeAccount), null),
  trust: v.optional(v.picklist(["verified", "claimed"])),
  datastreamId: v.optional(v.nullable(datastream), null),
  identity: v.optional(v.picklist(["ecid", "fpid"]), "ecid"),
  adobeCookieDomain: v.optional(v.nullable(cookieDomain), null),
  pull: v.optional(v.picklist(["known", "always", "never"]), "known"),
  pullDatastreamId: v.optional(v.nullable(datastream), null),
  budgetMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(5000, "at most 5 seconds")), 150),
  refreshSeconds: v.optional(
    v.pipe(v.number(), v.minValue(30, "at least 30 seconds"), v.maxValue(86_400, "at most a day")),
    300,
  ),
  edgeBasePath: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, "expected one path segment, like ee")),
    "ee",
  ),
  edgeUrl: v.optional(origin, "https://edge.adobedc.net"),
  edgeAuth: v.optional(v.picklist(["none", "oauth"]), "none"),
  edgeServerUrl: v.optional(origin, "https://server.adobedc.net"),
  expiresSeconds: v.optional(
    v.pipe(v.number(), v.minValue(60, "at least 60 seconds"), v.maxValue(86_400, "at most a day")),
    1800,
  ),
});

export const websites = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z]\w*$/i, "a website code has letters, digits and _")), website),
  v.check((all) => Object.keys(all).length > 0, "name at least one website, as a table [vars.WEBSITES.main]"),
);

export function toWebsite(
  code: string,
  written: v.InferOutput<typeof website>,
  originSecret: string | null,
): Website {
  return {
    ...written,
    code,
    originSecret: written.origin === null ? null : originSecret,
    origin: written.origin === null ? null : readOrigin(written.origin),
    consentManager: written.consentManager && toConsentManager(written.consentManager),
    corsOrigins: written.corsOrigins.flatMap((one) => readOrigin(one) ?? []),
    edgeUrl: readOrigin(written.edgeUrl) ?? written.edgeUrl,
    edgeServerUrl: readOrigin(written.edgeServerUrl) ?? written.edgeServerUrl,
    // With a datastream Adobe's own word can be had, and a client's is no longer enough for money.
    trust: written.trust ?? (written.datastreamId === null ? "claimed" : "verified"),
    membershipPaths: written.membershipPaths.flatMap((text): PathPattern[] => {
      const pattern = parsePathPattern(text);
      return pattern.ok ? [pattern.value] : [];
    }),
  };
}
