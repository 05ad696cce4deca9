/** A website's table in wrangler.toml: what may be written, what it means, and what it is when nothing is written. */

import * as v from "valibot";
import type { ConsentManager } from "../core/consent.ts";
import { type PathPattern, parsePathPattern } from "../core/path.ts";
import { isTimeZone } from "../core/schedule.ts";
import type { Website } from "../core/website.ts";

export const hostPattern =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const host = v.pipe(
  v.string(),
  v.regex(
    hostPattern,
    (issue) => `a host is a lower-case name without scheme, port and path; found ${issue.received}`,
  ),
);

const url = v.pipe(v.string(), v.url("expected an address like https://platform.adobe.io"));

const adobeAccount = v.strictObject({
  organizationId: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9]+@AdobeOrg$/,
      "expected Adobe's Organization ID, like 97D1F3F459CE0AD80A495CBE@AdobeOrg",
    ),
  ),
  sandbox: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,256}$/, "expected a sandbox name, like prod")),
    "prod",
  ),
  imsUrl: v.optional(url, "https://ims-na1.adobelogin.com"),
  platformUrl: v.optional(url, "https://platform.adobe.io"),
  scopes: v.optional(
    v.string(),
    "openid,AdobeID,read_organizations,additional_info.projectedProductContext,session",
  ),
  destinations: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.regex(
            /^[A-Za-z0-9-]{8,64}$/,
            (issue) =>
              `expected the id of a flow or a destination, which npm run adobe:check lists; found ${issue.received}`,
          ),
        ),
      ),
      v.maxLength(50, "at most 50 destinations"),
    ),
    [],
  ),
  audienceDetails: v.optional(v.picklist(["bulk", "list"]), "bulk"),
});

const bytes = (minimum: number, maximum: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(minimum, `at least ${minimum} bytes`),
    v.maxValue(maximum, `at most ${maximum} bytes`),
  );

const origin = v.pipe(
  v.string(),
  v.check(
    (written) => readOrigin(written) !== null,
    (issue) => `expected scheme and host alone, like https://commerce.example; found ${issue.received}`,
  ),
);

const pathPrefix = v.pipe(
  v.string(),
  v.regex(
    /^(\/[A-Za-z0-9_-]+){1,2}$/,
    (issue) =>
      `expected one path segment or two, without a slash at the end, like /fr; found ${issue.received}`,
  ),
);

/** Browsers refuse a `Domain` that is a top-level domain or an address. */
const cookieDomain = v.pipe(
  v.string(),
  v.regex(
    hostPattern,
    (issue) => `a domain is a lower-case name, like shop.example; found ${issue.received}`,
  ),
  v.regex(
    /\.[a-z0-9-]*[a-z][a-z0-9-]*$/,
    (issue) => `no browser keeps a cookie for ${issue.received}: name at least two labels, like shop.example`,
  ),
);

/** Whoever sits in the network speaks for an origin without TLS; "*" is none that a browser sends cookies for. */
const corsOrigin = v.pipe(
  v.string(),
  v.check(
    (written) => /^(?:https:|http:\/\/(?:localhost|127\.0\.0\.1)(?::|$))/.test(readOrigin(written) ?? ""),
    (issue) =>
      `expected an origin alone, with https, like https://www.shop.example (http is for localhost); found ${issue.received}`,
  ),
);

const path = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const pattern = dataset.typed ? parsePathPattern(dataset.value) : null;
    if (pattern?.ok === false) addIssue({ message: pattern.error });
  }),
);

const datastream = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f-]{36}(:[a-z]+)?$/i, "expected a datastream id, a UUID"),
);

/** RFC 9110 §5.6.2: what a header's name is made of, and a cookie's. */
const token = v.pipe(
  v.string(),
  v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "expected the name of a cookie or a header"),
);

const consentWords = v.array(
  v.pipe(
    v.string(),
    v.minLength(1, "an empty text would be found in every record"),
    v.maxLength(200, "at most 200 characters"),
    v.check(
      (word) => !/%[0-9a-f]{2}/i.test(word),
      (issue) => `write it as it reads when it is percent-decoded, like C0004:1; found ${issue.received}`,
    ),
  ),
);

const consentManager = v.pipe(
  v.strictObject({
    cookie: v.optional(token),
    header: v.optional(token),
    granted: v.optional(consentWords, []),
    refused: v.optional(consentWords, []),
  }),
  v.check(
    ({ cookie, header }) => (cookie === undefined) !== (header === undefined),
    "name the cookie or the header in which the consent manager keeps its record, one of them",
  ),
  v.check(({ header }) => header?.toLowerCase() !== "cookie", 'a cookie is named as cookie = "…"'),
  v.check(
    ({ granted, refused }) => !granted.some((word) => refused.includes(word)),
    "the same text stands under granted and under refused; a no would always win",
  ),
);

const fieldNames = v.array(
  v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, "expected the name of a root field, like cmsBlocks")),
);

const limit = (standard: number) =>
  v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1, "at least 1"), v.maxValue(100_000, "at most 100,000")),
    standard,
  );

const storeView = v.pipe(v.string(), v.regex(/^[A-Za-z]\w*$/, "a store view code has letters, digits and _"));

const timeZone = v.pipe(
  v.string(),
  v.check(isTimeZone, (issue) => `expected a time zone like Europe/Berlin; found ${issue.received}`),
);

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
  consent: v.optional(v.picklist(["honoured", "required"]), "honoured"),
  consentManager: v.optional(v.nullable(consentManager), null),
  gpc: v.optional(v.picklist(["honoured", "ignored"]), "honoured"),
  storeViews: v.optional(v.array(storeView), []),
  storeViewHosts: v.optional(v.record(host, storeView), {}),
  defaultStoreView: v.optional(storeView, "default"),
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

function toConsentManager(written: v.InferOutput<typeof consentManager>): ConsentManager {
  const { cookie, header = "", granted, refused } = written;
  const place =
    cookie === undefined
      ? ({ kind: "header", name: header.toLowerCase() } as const)
      : ({ kind: "cookie", name: cookie } as const);
  return { place, granted, refused };
}

/** Scheme, host and port, and nothing else. */
export function readOrigin(written: string): string | null {
  if (!URL.canParse(written)) return null;
  const parsed = new URL(written);
  const bare =
    parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === "";
  return bare && /^https?:$/.test(parsed.protocol) ? parsed.origin : null;
}
