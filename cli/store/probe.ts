/** The GraphQL queries that find out what a store's schema has and allows; reading them changes nothing there. */

import type { Asked } from "./answer.ts";

const aliases = Array.from({ length: 11 }, (_, index) => `a${index}:__typename`).join(" ");

/**
 * Queries alone. What a mutation needs is asked by its input type, in a query: validation says whether the
 * type is known, with introspection switched off too, and nothing is executed. So does the Worker learn of fields.
 */
export const probes = {
  config: "{storeConfig{store_code website_code base_url}}",
  storeViews: "{availableStores{store_code use_store_in_url is_default_store}}",
  dynamicBlocks: "{dynamicBlocks(input:{type:SPECIFIED},pageSize:1){items{uid audience_id}}}",
  coupons: "query($input:ApplyCouponsToCartInput){__typename}",
  captcha: "{recaptchaFormConfig(formType:COUPON_CODE){is_enabled}}",
  introspection: "{__schema{queryType{name}}}",
  /** One more than Commerce allows where it limits aliases. */
  aliases: `{${aliases}}`,
  /** A hundred more than Commerce allows; they are one field to the resolver. */
  complexity: `{storeConfig{${"store_code ".repeat(400).trimEnd()}}}`,
} as const;

export type Probe = keyof typeof probes;

/** What GraphQL said, or null: it was not GraphQL that answered. */
export interface Said {
  readonly errors: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export function readSaid(asked: Asked): Said | null {
  if (asked.kind !== "answer") return null;
  const body = parseJson(asked.body);
  if (!isRecord(body) || !("data" in body || "errors" in body)) return null;
  const written = Array.isArray(body["errors"]) ? body["errors"] : [];
  const errors = written.map((one: unknown) => (isRecord(one) ? String(one["message"]) : ""));
  return { errors, data: isRecord(body["data"]) ? body["data"] : {} };
}

/** The validator's own words, which graphql-php and graphql-js share. */
export function lacksField({ errors }: Said, field: string): boolean {
  return errors.some((message) => message.startsWith(`Cannot query field "${field}" on type`));
}

export function lacksType({ errors }: Said, type: string): boolean {
  return errors.some((message) => message.startsWith(`Unknown type "${type}"`));
}

/** `Max Aliases in query should be 10 but got 11.`; null: no such complaint. */
export function limitIn({ errors }: Said, kind: "Aliases in query" | "query complexity"): number | null {
  for (const message of errors) {
    const limit = new RegExp(`^Max ${kind} should be (\\d+) but got`).exec(message)?.[1];
    if (limit !== undefined) return Number(limit);
  }
  return null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
