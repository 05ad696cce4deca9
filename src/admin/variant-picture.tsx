/** Variants as pictures: a banner's image small and lazily loaded, where it is the shop's own or named over https. */

import type { Banner, Variant } from "../core/banner.ts";
import { type BannerImage, placesOf } from "../core/put.ts";
import type { Website } from "../core/website.ts";
import { shopOrigin } from "./shop-address.ts";

/** Where the pictures of the page may come from. */
export interface Pictures {
  readonly websites: readonly Website[];
  readonly dashboard: URL;
}

interface PictureProps {
  readonly variant: Variant;
  readonly banner: Banner;
  readonly pictures: Pictures;
}

/** Decoration: what it says stands beside it. The dashboard's address goes nowhere with it. */
export function Picture({ variant, banner, pictures }: PictureProps) {
  const address = findPicture(variant, banner, pictures);
  if (address === null) return null;
  return <img src={address} alt="" width={160} height={70} loading="lazy" referrerpolicy="no-referrer" />;
}

/** The origins of all pictures of these banners, for the policy of the page. */
export function pictureOrigins(banners: readonly Banner[], pictures: Pictures): readonly string[] {
  const origins = banners.flatMap((banner) =>
    banner.variants.flatMap((variant) => {
      const address = findPicture(variant, banner, pictures);
      return address === null ? [] : [new URL(address).origin];
    }),
  );
  return [...new Set(origins)];
}

function findPicture(
  { put }: Variant,
  { websites: codes, selector }: Banner,
  { websites, dashboard }: Pictures,
): string | null {
  const written = placesOf(put, selector)
    .flatMap(({ changes }) => changes)
    .map((change) =>
      "image" in change ? pickSource(change.image) : "html" in change ? findSource(change.html) : null,
    )
    .find((one) => one !== null);
  const website = websites.find(({ code }) => codes === null || codes.includes(code));
  if (written === undefined || written === null || website === undefined) return null;
  const shop = shopOrigin(website, null, dashboard);
  const address = URL.canParse(written, shop) ? new URL(written, shop) : null;
  const trusted = address !== null && (address.protocol === "https:" || address.origin === shop);
  return trusted ? address.href : null;
}

function pickSource({ desktop }: BannerImage): string {
  return desktop;
}

/** The first picture of a piece of HTML. */
function findSource(html: string): string | null {
  return /<img\b[^>]*\ssrc\s*=\s*"([^"]+)"/i.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? null;
}
