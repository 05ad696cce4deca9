/** The campaigns file as a merchandiser writes it: the schema that checks it. What each key means: cli/campaigns/sentences.ts. */

import * as v from "valibot";
import { name, percent, schedule, share, whom, whose } from "./part.ts";
import { put } from "./put.ts";

const variant = v.strictObject({
  id: name,
  for: whom,
  share: v.optional(share),
  schedule: v.optional(schedule),
  publicName: v.optional(name),
  put: put,
});

const banner = v.strictObject({
  id: name,
  websites: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one website, or leave the key out for all"),
    ),
  ),
  paths: v.optional(
    v.pipe(v.array(v.string()), v.minLength(1, 'a banner needs at least one path, like "/"')),
  ),
  pageTypes: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, "expected a class, like catalog-product-view"))),
      v.minLength(1, "an empty list; name at least one class, or leave the key out"),
    ),
  ),
  storeViews: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one store view, or leave the key out for all"),
    ),
  ),
  device: v.optional(v.picklist(["mobile", "desktop"])),
  selector: v.optional(v.string()),
  dynamicBlock: v.optional(v.string()),
  trust: v.optional(v.picklist(["claimed", "verified"])),
  schedule: v.optional(schedule),
  holdout: v.optional(percent),
  group: v.optional(name),
  variants: v.pipe(
    v.array(variant),
    v.minLength(1, "a banner needs at least one variant"),
    v.maxLength(50, "at most 50 variants a banner"),
  ),
});

/** It stands on a page, or for a dynamic block alone, or both. */
const placedBanner = v.pipe(
  banner,
  v.rawCheck(({ dataset, addIssue }) => {
    const written = asRecord(dataset.value);
    // What is no object at all has been told so.
    if (written !== dataset.value) return;
    const { paths, selector, dynamicBlock } = written;
    if (dynamicBlock !== undefined && paths === undefined && selector === undefined) return;
    const key = (["paths", "selector"] as const).find((one) => written[one] === undefined);
    if (key === undefined) return;
    addIssue({
      message: 'missing; a banner has "paths" and "selector", or a "dynamicBlock" alone',
      path: [{ type: "object", origin: "value", input: written, key, value: undefined }],
    });
  }),
);

const offer = v.strictObject({
  id: name,
  websites: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "an empty list; name at least one website, or leave the key out for all"),
    ),
  ),
  for: whose,
  coupon: v.pipe(
    v.string(),
    v.regex(/^\S(?:.{0,253}\S)?$/, "a coupon code has 1 to 255 characters and no spaces around it"),
  ),
  trust: v.optional(v.picklist(["claimed", "verified"])),
  exclusive: v.optional(v.boolean()),
  schedule: v.optional(schedule),
});

const audienceIds = v.union(
  [v.string(), v.pipe(v.array(v.string()), v.minLength(1, "an empty list; write at least one audience id"))],
  "expected Adobe's audience id, or a list of ids when the same audience has one in each sandbox",
);

export const campaignsFile = v.strictObject({
  $schema: v.optional(v.string()),
  audiences: v.record(name, audienceIds),
  banners: v.pipe(v.array(placedBanner), v.maxLength(1000, "at most 1,000 banners")),
  offers: v.optional(v.pipe(v.array(offer), v.maxLength(200, "at most 200 offers"))),
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
