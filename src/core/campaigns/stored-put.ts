/** A variant's `put` as it is stored: what is left of the written one when all of it is decided. */

import * as v from "valibot";
import { HTML_KINDS } from "../put.ts";

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

const storedChange = v.union([
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
export const storedPut = v.union([
  v.object({ kind: v.picklist(["content", "element"]), html: v.string() }),
  v.object({
    kind: v.literal("edits"),
    edits: v.array(v.object({ selector: v.nullable(v.string()), changes: v.array(storedChange) })),
  }),
]);
