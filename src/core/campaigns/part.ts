/** The parts that banners and offers of a campaigns file are written with: names, conditions, schedules, percentages. */

import * as v from "valibot";

export const name = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    (issue) =>
      `a name has lower-case letters, digits and "-", at most 63, found ${issue.received.slice(0, 60)}`,
  ),
);

export type WrittenTerm = string | WrittenCondition;

/** Names of audiences, and conditions within. */
export interface WrittenCondition {
  readonly any?: WrittenTerm[] | undefined;
  readonly all?: WrittenTerm[] | undefined;
  readonly not?: WrittenTerm[] | undefined;
}

export const audienceName = v.string();

/** Chosen by what is there, so that a mistake within is told where it is; editors get both. */
const term: v.GenericSchema<WrittenTerm> = v.lazy((input) => {
  if (input === undefined) return v.union([audienceName, condition]);
  return typeof input === "string" ? audienceName : condition;
});

const terms = v.pipe(
  v.array(term),
  v.minLength(1, "an empty list; name at least one audience, or leave the key out"),
);

export const condition: v.GenericSchema<WrittenCondition> = v.pipe(
  v.strictObject({ any: v.optional(terms), all: v.optional(terms), not: v.optional(terms) }),
  v.minEntries(1, 'nobody is named; write { "any": ["…"] }, "all" or "not" with names from "audiences"'),
);

export const everyone = v.literal(
  "everyone",
  'for whom? write a condition, like { "any": ["…"] }, or "everyone"',
);

/** An offer's: a condition. */
export const whose: v.GenericSchema<WrittenCondition> = v.lazy((input) => {
  if (input !== "everyone") return condition;
  const cure = "for everyone, Commerce itself has cart price rules without a coupon";
  return v.custom<WrittenCondition>(() => false, `an offer is for an audience; ${cure}`);
});

/** A variant's: a condition, or simply everyone. */
export const whom: v.GenericSchema<WrittenCondition | "everyone"> = v.lazy((input) => {
  if (input === undefined) return v.union([condition, everyone]);
  return typeof input === "string" ? everyone : condition;
});

export const storeViewCode = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z]\w*$/, 'a text for each store view has codes for keys, like "fr", or "default"'),
);

/** Something written once, or once for each store view; chosen by what is there, so that a mistake is told where it is. */
function perStoreView<T>(one: v.GenericSchema<T>, noun: string): v.GenericSchema<T | Record<string, T>> {
  const each = v.pipe(
    v.record(storeViewCode, one),
    v.minEntries(
      1,
      `nothing in it; write { "default": ${noun} }, and by its code what a store view has instead`,
    ),
  );
  return v.lazy((input) => {
    if (input === undefined) return v.union([one, each]);
    return typeof input === "object" && input !== null && !Array.isArray(input) ? each : one;
  });
}

export const storeViewText: v.GenericSchema<string | Record<string, string>> = perStoreView(
  v.string(),
  '"…"',
);

/** An attribute's: null takes it off. */
export const storeViewValue: v.GenericSchema<string | null | Record<string, string | null>> = perStoreView(
  v.nullable(v.string()),
  '"…"',
);

export const schedule = v.strictObject({
  from: v.optional(v.string()),
  until: v.optional(v.string()),
  timeZone: v.optional(v.string()),
});

/** A bucket is a hundredth of a percent. */
export const percent = v.pipe(
  v.number(),
  v.minValue(0, "a percentage, 0 to 100"),
  v.maxValue(100, "a percentage, 0 to 100"),
  v.check((share) => Number.isInteger(Math.round(share * 1e6) / 1e4), "at most two decimals"),
);

export const share = v.pipe(
  percent,
  v.check((value) => value > 0, "nobody would see it; write more than 0"),
);
