/** What a variant puts into a page: the edits of its elements, and what of it a headless storefront gets. */

/** HTML at the banner's own place, as ever; or edits, each at a place of its own. */
export type Put =
  | { readonly kind: "content" | "element"; readonly html: string }
  | { readonly kind: "edits"; readonly edits: readonly PlacedEdit[] };

/** What is done to one element. */
export interface PlacedEdit {
  /** null: the banner's own place. */
  readonly selector: string | null;
  readonly changes: readonly Change[];
}

/** Where HTML goes: in place of what the element contains, or of itself, or around and at the ends of it. */
export const HTML_KINDS = ["content", "element", "before", "after", "prepend", "append"] as const;
export type HtmlKind = (typeof HTML_KINDS)[number];

export type Change =
  | { readonly kind: HtmlKind; readonly html: string }
  /** A value as text, not as HTML; null takes the attribute off. */
  | { readonly kind: "attributes"; readonly attributes: readonly (readonly [string, string | null])[] }
  | { readonly kind: "class"; readonly names: readonly string[] }
  | { readonly kind: "remove" }
  | { readonly kind: "image"; readonly image: BannerImage }
  /** The content of a CMS block, from Commerce; before a page is edited it becomes `content`. */
  | { readonly kind: "cms-block"; readonly identifier: string }
  /** The dynamic blocks that a rotator of Adobe Commerce names itself, from Commerce. */
  | { readonly kind: "dynamic-blocks" }
  /** What a rotator with those very attributes gets; another one gets its own, as it goes by. */
  | { readonly kind: "rotator"; readonly shell: string; readonly html: string };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture for a desk, and perhaps another for a phone, in place of the store's. Addresses are safe as text. */
export interface BannerImage {
  readonly desktop: string;
  readonly mobile: string | null;
  readonly alt: string;
  readonly size: Size | null;
  readonly mobileSize: Size | null;
  /** Where the link around it goes then. */
  readonly link: string | null;
  /** Text in place of the first heading's. */
  readonly heading: string | null;
  /** Not seen before somebody scrolls: neither announced nor fetched early. */
  readonly belowTheFold: boolean;
}

/** Page Builder's own border between the two (`view.xml` of Magento_PageBuilder, breakpoint `mobile`). */
export const MOBILE_MEDIA = "(max-width: 768px)";

export interface Place {
  readonly selector: string;
  readonly changes: readonly Change[];
}

/** The places of a put on a page, with the changes at each. */
export function placesOf(put: Put, selector: string): readonly Place[] {
  if (put.kind !== "edits") return [{ selector, changes: [put] }];
  return put.edits.map((edit) => ({ selector: edit.selector ?? selector, changes: edit.changes }));
}

/** The first picture that is seen without scrolling. */
export function announcedImage(places: readonly Place[]): BannerImage | null {
  for (const { changes } of places) {
    for (const change of changes) {
      if (change.kind === "image" && !change.image.belowTheFold) return change.image;
    }
  }
  return null;
}

/** The put as one piece of HTML, for storefronts that have no page to edit; null where it is none. */
export function htmlOf(put: Put): string | null {
  if (put.kind !== "edits") return put.html;
  const [change, ...more] = put.edits.flatMap(({ selector, changes }) => (selector === null ? changes : []));
  if (change === undefined || more.length > 0) return null;
  if (change.kind === "content" || change.kind === "element") return change.html;
  return change.kind === "image" ? imageHtml(change.image) : null;
}

function imageHtml(image: BannerImage): string {
  const { desktop, size, alt, heading, link } = image;
  const img = `<img src="${escapeText(desktop)}" alt="${escapeText(alt)}"${sizeHtml(size)}>`;
  const picture = `<picture>${sourceHtml(image)}${img}</picture>`;
  const whole = heading === null ? picture : `${picture}<h2>${escapeText(heading)}</h2>`;
  return link === null ? whole : `<a href="${escapeText(link)}">${whole}</a>`;
}

/** The `<source>` of a phone's picture, to stand before the `<img>`; empty where there is none. */
export function sourceHtml({ mobile, mobileSize }: BannerImage): string {
  if (mobile === null) return "";
  return `<source media="${MOBILE_MEDIA}" srcset="${escapeText(mobile)}"${sizeHtml(mobileSize)}>`;
}

function sizeHtml(size: Size | null): string {
  return size === null ? "" : ` width="${size.width}" height="${size.height}"`;
}

/** Text as HTML and as the value of an attribute in double quotes, in whatever charset the page is. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]|[^\n -~]/gu, (character) => `&#${character.codePointAt(0)};`);
}
