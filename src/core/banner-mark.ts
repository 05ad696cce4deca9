/** Marks: what a page says of a banner that stands in it, for analytics to count, and for nobody to read. */

import type { Variant } from "./banner.ts";
import { hashText } from "./bucket.ts";
import type { Change, Place } from "./put.ts";

/**
 * On what we put. Storefronts that render themselves write the same attribute, with a banner's id, where our module
 * shall put its content: whoever counts reads one attribute everywhere. A mark begins with "_", as no id does, and the
 * check refuses a public name that is a banner's id; so the module never takes what we put for a place to fill.
 */
export const MARK_ATTRIBUTE = "data-audience-banner";

/** Always the same of one variant; its own name only where the merchant made it public. */
export function markOf(website: string, banner: string, { id, publicName }: MarkedVariant): string {
  if (publicName !== null) return publicName;
  const text = `${website}\n${banner}\n${id}`;
  return `_${hexOf(`mark:1\n${text}`)}${hexOf(`mark:2\n${text}`)}`;
}

type MarkedVariant = Pick<Variant, "id" | "publicName">;

function hexOf(text: string): string {
  return hashText(text).toString(16).padStart(8, "0");
}

/** A place of which the element gets that mark, unless it has one of its own; null: what is put there carries it. */
export interface MarkedPlace extends Place {
  readonly mark: string | null;
}

/** The element of a place where it stays, else the HTML that stands there instead or beside it; never what we left alone. */
export function markPlace({ selector, changes }: Place, mark: string | null): MarkedPlace {
  if (mark === null || changes.some(changesElement)) return { selector, changes, mark };
  const first = changes.find((change) => "html" in change);
  return {
    selector,
    changes: changes.map((change) =>
      change === first ? { ...first, html: markHtml(first.html, mark) } : change,
    ),
    mark: null,
  };
}

function changesElement({ kind }: Change): boolean {
  switch (kind) {
    case "content":
    case "prepend":
    case "append":
    case "attributes":
    case "class":
    case "image":
    case "cms-block":
    case "dynamic-blocks":
    case "rotator":
      return true;
    case "element":
    case "before":
    case "after":
    case "remove":
      return false;
  }
}

/** What stands before the first element that is seen; one piece at a time, so that no HTML takes long. */
const unseen = /[^<]+|<!--[\s\S]*?(?:-->|$)|<(style|script)\b[\s\S]*?(?:<\/\1\s*>|$)|<(?![a-z])/iy;
const startTag = /(<[a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)/iy;

/** With the mark on its first element; as it is where it has none, or one that is marked. */
export function markHtml(html: string, mark: string): string {
  unseen.lastIndex = 0;
  let at = 0;
  while (unseen.test(html)) at = unseen.lastIndex;
  startTag.lastIndex = at;
  const [tag, name, attributes = ""] = startTag.exec(html) ?? [];
  if (tag === undefined || attributes.toLowerCase().includes(MARK_ATTRIBUTE)) return html;
  return `${html.slice(0, at)}${name} ${MARK_ATTRIBUTE}="${mark}"${attributes}${html.slice(at + tag.length)}`;
}
