/** A variant's `put` in the campaigns file: its shape as it is written. */

import * as v from "valibot";
import { HTML_KINDS } from "../put.ts";
import { storeViewText, storeViewValue } from "./part.ts";

const text = v.optional(storeViewText);
const pixels = v.optional(
  v.pipe(v.number(), v.integer("a whole number of pixels"), v.minValue(1, "at least 1 pixel")),
);

const image = v.strictObject({
  desktop: storeViewText,
  mobile: text,
  alt: text,
  width: pixels,
  height: pixels,
  mobileWidth: pixels,
  mobileHeight: pixels,
  belowTheFold: v.optional(v.boolean()),
});

const change = {
  content: text,
  element: text,
  before: text,
  after: text,
  prepend: text,
  append: text,
  attributes: v.optional(v.record(v.string(), storeViewValue)),
  addClass: v.optional(v.string()),
  remove: v.optional(v.literal(true)),
  image: v.optional(image),
  cmsBlock: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[\w.:-]{1,100}$/,
        'the identifier of a CMS block, like "vip-hero", as Commerce\'s admin lists it under Content > Blocks',
      ),
    ),
  ),
  from: v.optional(
    v.literal("commerce", 'only "commerce": the dynamic blocks that the rotator at this place names itself'),
  ),
  link: text,
  heading: text,
};

export const put = v.strictObject({
  ...change,
  edits: v.optional(
    v.pipe(
      v.array(v.strictObject({ selector: v.optional(v.string()), ...change })),
      v.minLength(1, "an empty list; write at least one edit, or leave the key out"),
      v.maxLength(20, "at most 20 edits a variant"),
    ),
  ),
  allow: v.optional(v.array(v.picklist(["script", "handlers", "iframe"]))),
});

export type WrittenPut = v.InferOutput<typeof put>;
export type WrittenChange = Omit<WrittenPut, "edits" | "allow">;

/** What may be written once, or once for each store view. */
export const TEXT_KEYS = [...HTML_KINDS, "link", "heading"] as const;
export const IMAGE_TEXT_KEYS = ["desktop", "mobile", "alt"] as const;

type Texts<K extends string> = { readonly [Key in K]?: string | undefined };
type WrittenImage = NonNullable<WrittenChange["image"]>;
type OneImage = Omit<WrittenImage, (typeof IMAGE_TEXT_KEYS)[number]> &
  Texts<"mobile" | "alt"> & { readonly desktop: string };

/** What is written, as one store view has it. */
export type OneChange = Omit<WrittenChange, (typeof TEXT_KEYS)[number] | "image" | "attributes"> &
  Texts<(typeof TEXT_KEYS)[number]> & {
    readonly image?: OneImage | undefined;
    readonly attributes?: Readonly<Record<string, string | null>> | undefined;
  };

export type OnePut = OneChange & {
  readonly edits?: readonly (OneChange & { readonly selector?: string | undefined })[] | undefined;
  readonly allow?: WrittenPut["allow"];
};
