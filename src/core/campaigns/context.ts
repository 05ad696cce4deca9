/** What the check of a campaigns file needs to know of the websites, out of their settings. */

import type { Website } from "../website.ts";
import type { CampaignsContext } from "./compilation.ts";

type Told = Pick<Website, "code" | "timeZone" | "storeViews" | "defaultStoreView">;

export function contextOf(
  websites: readonly Told[],
  adminPath: string | null,
): Required<CampaignsContext> & { readonly websites: readonly string[] } {
  return {
    websites: websites.map(({ code }) => code),
    adminPath,
    timeZones: Object.fromEntries(
      websites.flatMap(({ code, timeZone }) => (timeZone === null ? [] : [[code, timeZone]])),
    ),
    storeViews: Object.fromEntries(
      websites.map(({ code, storeViews, defaultStoreView }) => [code, [defaultStoreView, ...storeViews]]),
    ),
  };
}
