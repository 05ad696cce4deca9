/** The campaigns file as a merchandiser writes it: the schema that checks it and that editors complete from. */

import * as v from "valibot";
import { name, percent, schedule, share, whom, whose } from "./part.ts";
import { put } from "./put.ts";

const variant = v.strictObject({
  id: v.pipe(name, v.description("Unique within its banner.")),
  for: v.pipe(whom, v.description("Who sees this variant.")),
  share: v.optional(
    v.pipe(
      share,
      v.description(
        "Percent of the shoppers for whom its condition holds; without this key, all whom no variant before has.",
      ),
    ),
  ),
  schedule: v.optional(v.pipe(schedule, v.description("When it is live; without this key, always."))),
  publicName: v.optional(
    v.pipe(
      name,
      v.description(
        "What pages and analytics may call it; without this key, a number that tells nobody anything.",
      ),
    ),
  ),
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
      v.description(
        'Paths of the pages: "/women.html" for one, "/sale/*" for all under it, "/*/sale/*-red.html" with a star ' +
          "for a part between slashes.",
      ),
    ),
  ),
  pageTypes: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, "expected a class, like catalog-product-view"))),
      v.minLength(1, "an empty list; name at least one class, or leave the key out"),
      v.description('Classes of <body>, of which the page has one: "catalog-product-view" for products.'),
    ),
  ),
  storeViews: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one store view, or leave the key out for all"),
      v.description("Codes of the store views it is for; without this key, all of them."),
    ),
  ),
  device: v.optional(
    v.pipe(v.picklist(["mobile", "desktop"]), v.description("Only there; a tablet is a desktop.")),
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
  schedule: v.optional(v.pipe(schedule, v.description("When it is live; without this key, always."))),
  holdout: v.optional(
    v.pipe(
      percent,
      v.description(
        "Percent of the visitors who see the store's own, so that the difference can be measured.",
      ),
    ),
  ),
  group: v.optional(
    v.pipe(name, v.description("Of the banners of a group a visitor sees one alone, always the same.")),
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

const offer = v.strictObject({
  id: v.pipe(name, v.description("Unique among the offers of the file.")),
  websites: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one website, or leave the key out for all"),
      v.description("Codes of the websites it is for; without this key, all of them."),
    ),
  ),
  for: v.pipe(whose, v.description("Who gets it.")),
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
