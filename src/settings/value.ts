/** Single values of the settings: what each may be, and in words what it would have to be. */

import * as v from "valibot";
import { parsePathPattern } from "../core/path.ts";
import { isTimeZone } from "../core/schedule.ts";

export const hostPattern =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const host = v.pipe(
  v.string(),
  v.regex(
    hostPattern,
    (issue) => `a host is a lower-case name without scheme, port and path; found ${issue.received}`,
  ),
);

export const url = v.pipe(
  v.string(),
  v.check((written) => URL.canParse(written), "expected an address like https://platform.adobe.io"),
);

export const adobeAccount = v.strictObject({
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

export const bytes = (minimum: number, maximum: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(minimum, `at least ${minimum} bytes`),
    v.maxValue(maximum, `at most ${maximum} bytes`),
  );

export const origin = v.pipe(
  v.string(),
  v.check(
    (written) => readOrigin(written) !== null,
    (issue) => `expected scheme and host alone, like https://commerce.example; found ${issue.received}`,
  ),
);

export const pathPrefix = v.pipe(
  v.string(),
  v.regex(
    /^(\/[A-Za-z0-9_-]+){1,2}$/,
    (issue) =>
      `expected one path segment or two, without a slash at the end, like /fr; found ${issue.received}`,
  ),
);

/** Browsers refuse a `Domain` that is a top-level domain or an address. */
export const cookieDomain = v.pipe(
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
export const corsOrigin = v.pipe(
  v.string(),
  v.check(
    (written) => /^(?:https:|http:\/\/(?:localhost|127\.0\.0\.1)(?::|$))/.test(readOrigin(written) ?? ""),
    (issue) =>
      `expected an origin alone, with https, like https://www.shop.example (http is for localhost); found ${issue.received}`,
  ),
);

export const path = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const pattern = dataset.typed ? parsePathPattern(dataset.value) : null;
    if (pattern?.ok === false) addIssue({ message: pattern.error });
  }),
);

export const datastream = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f-]{36}(:[a-z]+)?$/i, "expected a datastream id, a UUID"),
);

export const fieldNames = v.array(
  v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, "expected the name of a root field, like cmsBlocks")),
);

export const limit = (standard: number) =>
  v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1, "at least 1"), v.maxValue(100_000, "at most 100,000")),
    standard,
  );

export const storeView = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z]\w*$/, "a store view code has letters, digits and _"),
);

export const currency = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{3}$/, "expected a currency's code of three capitals, like EUR"),
);

export const timeZone = v.pipe(
  v.string(),
  v.check(isTimeZone, (issue) => `expected a time zone like Europe/Berlin; found ${issue.received}`),
);

/** Scheme, host and port, and nothing else. */
export function readOrigin(written: string): string | null {
  if (!URL.canParse(written)) return null;
  const parsed = new URL(written);
  const bare =
    parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === "";
  return bare && /^https?:$/.test(parsed.protocol) ? parsed.origin : null;
}
