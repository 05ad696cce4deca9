/** What announces the chosen picture before the page is read, and what announced the one that it replaces. */

import { type BannerImage, MOBILE_MEDIA } from "./put.ts";

/** Values of `Link` headers (RFC 8288): one for the picture, or one for each kind of screen. */
export function preloadsOf({ desktop, mobile }: BannerImage): string[] {
  const announce = (address: string, media: string) =>
    `<${address}>; rel=preload; as=image; fetchpriority=high${media}`;
  if (mobile === null) return [announce(desktop, "")];
  return [
    announce(mobile, `; media="${MOBILE_MEDIA}"`),
    announce(desktop, `; media="not all and ${MOBILE_MEDIA}"`),
  ];
}

/** The links of a `Link` header without those that preload a picture; null where there is none of these. */
export function withoutImagePreloads(header: string): string[] | null {
  const links = header.match(/<[^<>]*>(?:[^",<]|"[^"]*")*/g) ?? [];
  const kept = links.filter((link) => !isImagePreload(link));
  return kept.length === links.length ? null : kept.map((link) => link.replace(/[\s,]+$/, ""));
}

function isImagePreload(link: string): boolean {
  const parameters = link.slice(link.indexOf(">") + 1);
  return (
    /;\s*rel\s*=\s*(?:preload\b|"[^"]*\bpreload\b)/i.test(parameters) &&
    /;\s*as\s*=\s*"?image\b/i.test(parameters)
  );
}
