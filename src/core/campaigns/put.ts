/** A variant's `put` in the campaigns file: its shape as it is written, and as it is stored. */

import * as v from "valibot";
import { HTML_KINDS } from "../put.ts";
import { storeViewText, storeViewValue } from "./part.ts";

const html = (description: string) => v.optional(v.pipe(storeViewText, v.description(description)));
const pixels = v.optional(
  v.pipe(v.number(), v.integer("a whole number of pixels"), v.minValue(1, "at least 1 pixel")),
);

const image = v.strictObject({
  desktop: v.pipe(
    storeViewText,
    v.description('Its address, like "/media/wysiwyg/vip.jpg" or with https://.'),
  ),
  mobile: html(
    "The address of another picture for phones, up to 768 pixels wide; without it, the desktop's.",
  ),
  alt: html('What the picture says, for who does not see it; "" only where it says nothing.'),
  width: pixels,
  height: pixels,
  mobileWidth: pixels,
  mobileHeight: pixels,
  belowTheFold: v.optional(
    v.pipe(v.boolean(), v.description("Only seen after scrolling: then it is not fetched early.")),
  ),
});

const change = {
  content: html("HTML that takes the place of what the element contains."),
  element: html("HTML that takes the place of the element itself."),
  before: html("HTML to stand before the element."),
  after: html("HTML to stand after the element."),
  prepend: html("HTML to stand first in the element."),
  append: html("HTML to stand last in the element."),
  attributes: v.optional(
    v.pipe(
      v.record(v.string(), storeViewValue),
      v.description('Attributes to set, as text: { "href": "/vip" }; null takes one off.'),
    ),
  ),
  addClass: v.optional(
    v.pipe(v.string(), v.description("Names to add to the element's class, with spaces between.")),
  ),
  remove: v.optional(v.pipe(v.literal(true), v.description("Takes the element out of the page."))),
  image: v.optional(
    v.pipe(
      image,
      v.description("The picture of the element: an <img>, a <picture>, a banner of Page Builder."),
    ),
  ),
  cmsBlock: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[\w.:-]{1,100}$/,
        'the identifier of a CMS block, like "vip-hero", as Commerce\'s admin lists it under Content > Blocks',
      ),
      v.description(
        "The identifier of a CMS block of Commerce: its content takes the element's place inside.",
      ),
    ),
  ),
  from: v.optional(
    v.pipe(
      v.literal(
        "commerce",
        'only "commerce": the dynamic blocks that the rotator at this place names itself',
      ),
      v.description(
        '"commerce": the element is Adobe Commerce\'s rotator, and the dynamic blocks that it names come from there.',
      ),
    ),
  ),
  link: html("With an image: where the link around it goes."),
  heading: html("With an image: text that takes the place of the element's first heading."),
};

export const put = v.strictObject({
  ...change,
  edits: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          selector: v.optional(
            v.pipe(v.string(), v.description("Another place in the page; without it, the banner's own.")),
          ),
          ...change,
        }),
      ),
      v.minLength(1, "an empty list; write at least one edit, or leave the key out"),
      v.maxLength(20, "at most 20 edits a variant"),
      v.description("Several edits, each like a put of its own, at places of their own."),
    ),
  ),
  allow: v.optional(
    v.pipe(
      v.array(v.picklist(["script", "handlers", "iframe"])),
      v.description("What its HTML may hold although it runs code: said by name, never by accident."),
    ),
  ),
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

const storedSize = v.nullable(v.object({ width: v.number(), height: v.number() }));

const storedImage = v.object({
  desktop: v.string(),
  mobile: v.nullable(v.string()),
  alt: v.string(),
  size: storedSize,
  mobileSize: storedSize,
  link: v.nullable(v.string()),
  heading: v.nullable(v.string()),
  belowTheFold: v.boolean(),
});

const storedChange = v.variant("kind", [
  v.object({ kind: v.picklist(HTML_KINDS), html: v.string() }),
  v.object({
    kind: v.literal("attributes"),
    attributes: v.array(v.tuple([v.string(), v.nullable(v.string())])),
  }),
  v.object({ kind: v.literal("class"), names: v.array(v.string()) }),
  v.object({ kind: v.literal("remove") }),
  v.object({ kind: v.literal("image"), image: storedImage }),
  v.object({ kind: v.literal("cms-block"), identifier: v.string() }),
  v.object({ kind: v.literal("dynamic-blocks") }),
]);

/** HTML at the banner's own place is stored as it always was: a Worker from before still serves it. */
export const storedPut = v.variant("kind", [
  v.object({ kind: v.picklist(["content", "element"]), html: v.string() }),
  v.object({
    kind: v.literal("edits"),
    edits: v.array(v.object({ selector: v.nullable(v.string()), changes: v.array(storedChange) })),
  }),
]);
