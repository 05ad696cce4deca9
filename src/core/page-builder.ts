/** Page Builder's pictures: a JSON attribute, a class of their own and a rule for it, swapped as one. */

import { type BannerImage, escapeText, MOBILE_MEDIA } from "./put.ts";
import { parseRecord } from "./record.ts";

/** The attribute on rows, columns, banners and slides that have, or could have, a picture behind them. */
export const BACKGROUND_ATTRIBUTE = "data-background-images";

export interface BackgroundElement {
  /** Attributes as they stand in the page, entities and all. */
  readonly images: string;
  readonly className: string | null;
  readonly style: string | null;
}

export interface BackgroundSwap {
  /** As they go into the page, within double quotes. */
  readonly images: string;
  readonly className: string;
  /** null: there was nothing of the picture in it, and it stays. */
  readonly style: string | null;
  /** The `<style>` to stand before the element. */
  readonly rule: string;
}

/**
 * Commerce's template filter gives each such element a class `background-image-<id>` and writes a `<style>`
 * for it. Ours gets another class and rule instead, so that the store's rule finds nobody and its picture is
 * not fetched. `serial` tells the elements of one page apart.
 */
export function swapBackground(
  element: BackgroundElement,
  image: BannerImage,
  serial: number,
  nonce: string | null,
): BackgroundSwap {
  const name = `background-image-edge-${serial}`;
  const classes = (element.className ?? "").split(/\s+/);
  const kept = classes.filter((one) => one !== "" && !/^background-image-\w/.test(one));
  const desktop = `.${name}{background-image:url(${image.desktop})}`;
  const mobile =
    image.mobile === null
      ? ""
      : `@media only screen and ${MOBILE_MEDIA}{.${name}{background-image:url(${image.mobile})}}`;
  return {
    images: writeImages(element.images, image),
    className: [...kept, name].join(" "),
    style: element.style === null ? null : withoutBackground(element.style),
    rule: `<style${nonce === null ? "" : ` nonce="${nonce}"`}>${desktop}${mobile}</style>`,
  };
}

/** Whether a picture stands behind it, or it is what a banner or slide keeps its picture in. */
export function isBackground({ images, className }: BackgroundElement): boolean {
  return (
    /_image/.test(images) || /(?:^|\s)pagebuilder-(?:banner|slide)-wrapper(?:\s|$)/.test(className ?? "")
  );
}

/** `{"desktop_image":…}`, with the quotes escaped once more where they were: Commerce strips the slashes. */
function writeImages(written: string, { desktop, mobile }: BannerImage): string {
  const text = decodeQuotes(written);
  const slashed = text.includes('\\"');
  const images: Record<string, unknown> = { ...parseRecord(slashed ? text.replaceAll('\\"', '"') : text) };
  images["desktop_image"] = desktop;
  if (mobile === null) delete images["mobile_image"];
  else images["mobile_image"] = mobile;
  const json = JSON.stringify(images);
  return escapeText(slashed || text.trim() === "" ? json.replaceAll('"', '\\"') : json);
}

function decodeQuotes(text: string): string {
  return text
    .replace(/&(?:quot|#34|#x22);/gi, '"')
    .replace(/&(?:lt|#60|#x3c);/gi, "<")
    .replace(/&(?:gt|#62|#x3e);/gi, ">")
    .replace(/&(?:amp|#38|#x26);/gi, "&");
}

/** null where there is no such declaration. What is left is as it was written. */
function withoutBackground(style: string): string | null {
  const pattern =
    /(^|;)\s*background-image\s*:\s*(?:url\((?:&quot;[^)]*?&quot;|'[^']*'|[^)]*)\)|[^;()]+)\s*(?=;|$)/gi;
  const without = style.replace(pattern, "");
  return without === style ? null : without.replace(/^;\s*/, "");
}
