/** A banner's picture: an <img>, a <picture>, an image or a background of Page Builder, with its link and heading. */

import { BACKGROUND_ATTRIBUTE, isBackground, swapBackground } from "../core/page-builder.ts";
import { preloadsOf, withoutImagePreloads } from "../core/preload.ts";
import { type BannerImage, escapeText, type Size, sourceHtml } from "../core/put.ts";

export interface ImagePart {
  /** At the banner's place: what is in it is looked at until the answered function is called. */
  open(element: Element): () => void;
  /** Adds the handlers for what the place contains; after the one that opens it. */
  watch(rewriter: HTMLRewriter): void;
}

export interface ImageSetting {
  readonly selector: string;
  readonly image: BannerImage;
  /** Tells the places of one page apart. */
  readonly serial: number;
  /** With which a `<style>` is let through. */
  readonly nonce: string | null;
  readonly picture: { inside: boolean };
  /** Told what could not be done. */
  readonly leave: (reason: string) => void;
}

/** What the picture of a place turned out to be: the first that comes decides, and all else is left alone. */
type Unit = "background" | "pair" | "picture" | "img";

export function putImage({ selector, image, serial, nonce, picture, leave }: ImageSetting): ImagePart {
  let isOpen = false;
  let unit: Unit | null = null;
  let linked = image.link === null;
  let headed = image.heading === null;
  const pair = new Set<PairHalf>();

  function swap(element: Element): void {
    if (unit === null && element.hasAttribute(BACKGROUND_ATTRIBUTE)) {
      if (setBackground(element, image, serial, nonce)) unit = "background";
    }
    const { tagName } = element;
    if (tagName === "picture") unit ??= "picture";
    else if (tagName === "source") {
      if (unit === "picture" && picture.inside) element.remove();
    } else if (tagName === "img") swapImg(element);
    else if (tagName === "a" && !linked && image.link !== null) {
      element.setAttribute("href", escapeText(image.link));
      linked = true;
    } else if (/^h[1-6]$/.test(tagName) && !headed && image.heading !== null) {
      element.setInnerContent(image.heading, { html: false });
      headed = true;
    }
  }

  function swapImg(element: Element): void {
    const half = halfOf(element);
    if (half !== null && (unit === null || unit === "pair")) {
      unit = "pair";
      if (pair.has(half)) return;
      pair.add(half);
      const { mobile, mobileSize } = image;
      const isMobile = half === "mobile" && mobile !== null;
      setImg(element, image, isMobile ? mobile : image.desktop, isMobile ? mobileSize : image.size);
    } else if (unit === "picture" ? picture.inside : unit === null) {
      // The picture's sources went by before: they would be shown, whatever the <img> says.
      if (unit === null && picture.inside) {
        leave("name-the-picture");
        return;
      }
      const source = sourceHtml(image);
      const wraps = source !== "" && unit === null;
      unit = "img";
      setImg(element, image, image.desktop, image.size);
      if (!image.belowTheFold) element.setAttribute("fetchpriority", "high");
      if (source !== "") element.before(wraps ? `<picture>${source}` : source, { html: true });
      if (wraps) element.after("</picture>", { html: true });
    }
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    if (unit === null || unit === "picture") leave("no-image");
    if (!linked) leave("no-link");
    if (!headed) leave("no-heading");
  }

  return {
    open(element) {
      isOpen = true;
      const { tagName } = element;
      swap(element);
      return () => {
        close();
        if (tagName === "picture") picture.inside = false;
      };
    },
    watch(rewriter) {
      const headings = image.heading === null ? [] : ["h1", "h2", "h3", "h4", "h5", "h6"];
      const parts = ["picture", "source", "img", "a", `[${BACKGROUND_ATTRIBUTE}]`, ...headings];
      for (const part of parts) {
        rewriter.on(`${selector} ${part}`, {
          element(element) {
            try {
              if (isOpen) swap(element);
            } catch {
              leave("failed");
            }
          },
        });
      }
    },
  };
}

type PairHalf = "desktop" | "mobile";

/** Page Builder writes an image with a phone's picture as two, of which style sheets hide one. */
function halfOf(img: Element): PairHalf | null {
  const names = img.getAttribute("class")?.split(/\s+/) ?? [];
  if (names.includes("pagebuilder-mobile-only")) return "mobile";
  return names.includes("pagebuilder-mobile-hidden") ? "desktop" : null;
}

function setImg(img: Element, { alt, belowTheFold }: BannerImage, address: string, size: Size | null): void {
  img.setAttribute("src", escapeText(address));
  img.setAttribute("alt", escapeText(alt));
  for (const name of ["srcset", "sizes"]) img.removeAttribute(name);
  if (!belowTheFold) img.removeAttribute("loading");
  if (size === null) return;
  img.setAttribute("width", String(size.width));
  img.setAttribute("height", String(size.height));
}

function setBackground(element: Element, image: BannerImage, serial: number, nonce: string | null): boolean {
  const background = {
    images: element.getAttribute(BACKGROUND_ATTRIBUTE) ?? "",
    className: element.getAttribute("class"),
    style: element.getAttribute("style"),
  };
  if (!isBackground(background)) return false;
  const { images, className, style, rule } = swapBackground(background, image, serial, nonce);
  element.setAttribute(BACKGROUND_ATTRIBUTE, images);
  element.setAttribute("class", className);
  if (style !== null) element.setAttribute("style", style);
  element.before(rule, { html: true });
  return true;
}

/** The chosen picture is fetched while the page still comes, and the one that it replaces is not. */
export function announce(headers: Headers, image: BannerImage): void {
  const kept = withoutImagePreloads(headers.get("link") ?? "");
  if (kept !== null) {
    headers.delete("link");
    for (const link of kept) headers.append("link", link);
  }
  for (const link of preloadsOf(image)) headers.append("link", link);
}
