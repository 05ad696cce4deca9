/** The campaigns file as a merchandiser writes it: the schema that checks it and that editors complete from. */

import * as v from "valibot";
import { put } from "./put.ts";

const name = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    (issue) =>
      `a name has lower-case letters, digits and "-", at most 63, found ${issue.received.slice(0, 60)}`,
  ),
);

const audienceNames = v.pipe(
  v.array(v.string()),
  v.minLength(1, "an empty list; name at least one audience, or leave the key out"),
);

const condition = v.pipe(
  v.strictObject({
    any: v.optional(
      v.pipe(audienceNames, v.description("The shopper is in at least one of these audiences.")),
    ),
    all: v.optional(v.pipe(audienceNames, v.description("The shopper is in every one of these audiences."))),
    not: v.optional(v.pipe(audienceNames, v.description("The shopper is in none of these audiences."))),
  }),
  v.minEntries(1, 'nobody is named; write { "any": ["…"] }, "all" or "not" with names from "audiences"'),
);

const variant = v.strictObject({
  id: v.pipe(name, v.description("Unique within its banner.")),
  for: v.pipe(condition, v.description("Who sees this variant.")),
  put: v.pipe(put, v.description("What they see in the banner's place.")),
});

const banner = v.strictObject({
  id: v.pipe(name, v.description("Unique within the file.")),
  websites: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one website, or leave the key out for all"),
      v.description("Codes of the websites it is for; without this key, all of them."),
    ),
  ),
  paths: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, 'a banner needs at least one path, like "/"'),
      v.description('Paths of the pages: "/" or "/women.html" for one page, "/sale/*" for all under it.'),
    ),
  ),
  selector: v.optional(
    v.pipe(v.string(), v.description('The place in the page, like "#hero"; the first match counts.')),
  ),
  dynamicBlock: v.optional(
    v.pipe(
      v.string(),
      v.description(
        "The uid of the dynamic block that it stands for in a headless storefront; then it may do without a page.",
      ),
    ),
  ),
  trust: v.optional(
    v.pipe(
      v.picklist(["claimed", "verified"]),
      v.description(
        '"verified": only who Adobe itself says is in the audience; "claimed" (the default): also who says so.',
      ),
    ),
  ),
  variants: v.pipe(
    v.array(variant),
    v.minLength(1, "a banner needs at least one variant"),
    v.maxLength(50, "at most 50 variants a banner"),
    v.description("In order of priority: the first one whose condition holds is shown."),
  ),
});

/** It stands on a page, or for a dynamic block alone, or both. */
const placedBanner = v.pipe(
  banner,
  v.forward(
    v.partialCheck(
      [["paths"], ["selector"], ["dynamicBlock"]],
      (written) => written.paths !== undefined || isForBlockAlone(written),
      'missing; a banner has "paths" and "selector", or a "dynamicBlock" alone',
    ),
    ["paths"],
  ),
  v.forward(
    v.partialCheck(
      [["paths"], ["selector"], ["dynamicBlock"]],
      (written) => written.selector !== undefined || isForBlockAlone(written),
      'missing; a banner has "paths" and "selector", or a "dynamicBlock" alone',
    ),
    ["selector"],
  ),
);

function isForBlockAlone(written: {
  readonly paths?: readonly string[] | undefined;
  readonly selector?: string | undefined;
  readonly dynamicBlock?: string | undefined;
}): boolean {
  const { paths, selector, dynamicBlock } = written;
  return dynamicBlock !== undefined && paths === undefined && selector === undefined;
}

const time = v.pipe(
  v.string(),
  v.description("Like 2026-12-24T10:00, with an offset or beside a time zone."),
);

const schedule = v.strictObject({
  from: v.optional(v.pipe(time, v.description("From then on; without it, at once."))),
  until: v.optional(v.pipe(time, v.description("No longer at that very moment; without it, forever."))),
  timeZone: v.optional(
    v.pipe(v.string(), v.description('Of times without an offset: an IANA name, like "Europe/Berlin".')),
  ),
});

const offer = v.strictObject({
  id: v.pipe(name, v.description("Unique among the offers of the file.")),
  websites: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one website, or leave the key out for all"),
      v.description("Codes of the websites it is for; without this key, all of them."),
    ),
  ),
  for: v.pipe(condition, v.description("Who gets it.")),
  coupon: v.pipe(
    v.string(),
    v.regex(/^\S(?:.{0,253}\S)?$/, "a coupon code has 1 to 255 characters and no spaces around it"),
    v.description("The code of a coupon-based cart price rule in Commerce, which decides what comes off."),
  ),
  trust: v.optional(
    v.pipe(
      v.picklist(["claimed", "verified"]),
      v.description(
        '"verified" (the default): only who Adobe itself says is in the audience; "claimed": also who says so.',
      ),
    ),
  ),
  exclusive: v.optional(
    v.pipe(
      v.boolean(),
      v.description("Nobody outside of the audience may use the code, even typed by hand."),
    ),
  ),
  schedule: v.optional(v.pipe(schedule, v.description("When it is live; without this key, always."))),
});

const audienceIds = v.union(
  [v.string(), v.pipe(v.array(v.string()), v.minLength(1, "an empty list; write at least one audience id"))],
  "expected Adobe's audience id, or a list of ids when the same audience has one in each sandbox",
);

export const campaignsFile = v.strictObject({
  $schema: v.optional(
    v.pipe(v.string(), v.description("Where an editor finds the schema that it completes from.")),
  ),
  audiences: v.pipe(
    v.record(name, audienceIds),
    v.description("Readable names for Adobe's audience ids; several ids where sandboxes have one each."),
  ),
  banners: v.pipe(
    v.array(placedBanner),
    v.maxLength(1000, "at most 1,000 banners"),
    v.description("Places in pages, and what stands there for whom. Everybody else sees the store's own."),
  ),
  offers: v.optional(
    v.pipe(
      v.array(offer),
      v.maxLength(200, "at most 200 offers"),
      v.description(
        "Coupons that an audience gets without typing. The first whose condition holds is applied.",
      ),
    ),
  ),
});

type CampaignsFile = v.InferOutput<typeof campaignsFile>;
export type WrittenVariant = Partial<CampaignsFile["banners"][number]["variants"][number]>;
export type WrittenBanner = Omit<CampaignsFile["banners"][number], "variants"> & {
  readonly variants: readonly WrittenVariant[];
};
export type WrittenOffer = v.InferOutput<typeof offer>;
export type WrittenCondition = v.InferOutput<typeof condition>;

/** The parts of a file that have the right shape, each in its own place in the lists. */
export interface WellShaped {
  readonly audiences: Readonly<Record<string, string | string[]>>;
  readonly banners: readonly Partial<WrittenBanner>[];
  readonly offers: readonly Partial<WrittenOffer>[];
}

export function keepWellShaped(written: unknown): WellShaped {
  const file = asRecord(written);
  const audiences: Record<string, string | string[]> = Object.create(null);
  for (const [key, value] of Object.entries(asRecord(file["audiences"]))) {
    if (v.is(audienceIds, value)) audiences[key] = value;
  }
  return {
    audiences,
    banners: asList(file["banners"]).map((entry) => ({
      ...keepEntries(banner.entries, entry),
      variants: asList(asRecord(entry)["variants"]).map((inner) => keepEntries(variant.entries, inner)),
    })),
    offers: asList(file["offers"]).map((entry) => keepEntries(offer.entries, entry)),
  };
}

function keepEntries<T extends v.ObjectEntries>(entries: T, written: unknown) {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(asRecord(written))) {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (schema && v.is(schema, value)) kept[key] = value;
  }
  return kept as Partial<{ [K in keyof T]: v.InferOutput<T[K]> }>;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
