/** From a picture as it is written to one whose addresses are safe wherever they stand. */

import type { BannerImage, Size } from "../put.ts";
import { tagOf } from "../selector.ts";
import { type Keys, quote, type Report } from "./compilation.ts";
import type { OneChange } from "./put.ts";

export function readImage(
  written: NonNullable<OneChange["image"]>,
  { link, heading }: OneChange,
  selector: string | undefined,
  at: Keys,
  report: Report,
): BannerImage {
  const here = [...at, "image"];
  if (written.alt === undefined) {
    const cure = 'say what the picture says, for who does not see it; "" where it is mere decoration';
    report([...here, "alt"], `missing; ${cure}`);
  }
  if (selector !== undefined && tagOf(selector) === "img" && (link ?? heading) !== undefined) {
    const key = link === undefined ? "heading" : "link";
    const cure = "name the element around it, of which the picture is taken too";
    report([...at, key], `not in the <img> that the selector names; ${cure}`);
  }
  return {
    desktop: readAddress(written.desktop, [...here, "desktop"], report),
    mobile: written.mobile === undefined ? null : readAddress(written.mobile, [...here, "mobile"], report),
    alt: written.alt ?? "",
    size: readSize(written.width, written.height, [...here, "width"], report),
    mobileSize: readSize(written.mobileWidth, written.mobileHeight, [...here, "mobileWidth"], report),
    link: link === undefined ? null : readAddress(link, [...at, "link"], report),
    heading: heading ?? null,
    belowTheFold: written.belowTheFold ?? false,
  };
}

function readSize(
  width: number | undefined,
  height: number | undefined,
  at: Keys,
  report: Report,
): Size | null {
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== height) report(at, "width and height belong together: they keep the picture's place free");
  return null;
}

/** An address that stands in HTML, in CSS's `url()` and in a `Link` header without a change of meaning. */
function readAddress(written: string, at: Keys, report: Report): string {
  if (!/^(?:https?:\/\/[^\s/"'()<>\\{}]+|\/(?!\/))[^\s"'()<>\\{}]*$/i.test(written)) {
    const cure = 'begins with "/" or "https://" and has no spaces, quotes or brackets (write "%20")';
    report(at, `an address ${cure}; found ${quote(written)}`);
  }
  return encodeNonAscii(written);
}

/** A lone half of a surrogate pair becomes U+FFFD: `encodeURIComponent` would throw on it. */
function encodeNonAscii(address: string): string {
  return address.replace(/[^\x20-\x7e]+/gu, (text) =>
    encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\u{fffd}")),
  );
}
