/** What a signed address says of the one page that it shows, as a preview link or in the frame of Try it, and until when. */

import * as v from "valibot";
import { type AudienceId, parseAudienceId } from "./audience.ts";
import { parseJson } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

const whole = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value)),
);

/** Of both. */
export const signedPage = {
  path: v.pipe(v.string(), v.check(isPagePath)),
  audiences: v.array(v.custom<AudienceId>((id) => typeof id === "string" && parseAudienceId(id) !== null)),
  atMs: v.nullable(whole),
  /** The hex of the first 16 bytes of the SHA-256. */
  campaigns: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
  expiresSeconds: whole,
};

/** Of this shop, as the platform writes it: never another host's, however a browser reads it. */
export function isPagePath(path: string): boolean {
  return /^\/(?!\/)[!-[\]-~]*$/.test(path) && path.length <= 2_000;
}

/** Of a text whose signature held. */
export function readSignedPage<T extends { readonly expiresSeconds: number }>(
  schema: v.GenericSchema<unknown, T>,
  text: string,
  nowSeconds: number,
): Result<T, "altered" | "expired"> {
  const read = v.safeParse(schema, parseJson(text));
  if (!read.success) return fail("altered");
  return nowSeconds < read.output.expiresSeconds ? ok(read.output) : fail("expired");
}
