/** The merchant's consent manager in the settings: where its record is, and which words in it are a yes and a no. */

import * as v from "valibot";
import type { ConsentManager } from "../core/consent.ts";

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

export const consentManager = v.pipe(
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

export function toConsentManager(written: v.InferOutput<typeof consentManager>): ConsentManager {
  const { cookie, header = "", granted, refused } = written;
  const place =
    cookie === undefined
      ? ({ kind: "header", name: header.toLowerCase() } as const)
      : ({ kind: "cookie", name: cookie } as const);
  return { place, granted, refused };
}
