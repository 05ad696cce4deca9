/** Places that two banners would both have: refused, as which of them a shopper sees could not be foreseen. */

import type { Banner } from "../banner.ts";
import { matchesPath, type PathPattern } from "../path.ts";
import { placesOf } from "../put.ts";
import { quote, type Report } from "./compilation.ts";

export function refuseSharedPlaces(banners: readonly Banner[], report: Report): void {
  const known = new Map<string, Banner[]>();
  banners.forEach((banner, index) => {
    for (const selector of selectorsOf(banner)) {
      const earlier = known.get(selector) ?? [];
      const first = earlier.find((one) => standTogether(one, banner));
      if (first !== undefined) {
        const cure = "make them variants of one banner, in the order of their priority";
        report(
          ["banners", index, "selector"],
          `${quote(selector)} is the place of ${quote(first.id)} on the same page already; ${cure}`,
        );
      }
      known.set(selector, [...earlier, banner]);
    }
  });
}

/** As CSS reads them: how many spaces stand between makes no difference. */
function selectorsOf({ selector, variants }: Banner): ReadonlySet<string> {
  const all = variants.flatMap(({ put }) => placesOf(put, selector).map((place) => place.selector));
  const written = [selector, ...all].map((one) => one.replace(/\s*>\s*/g, ">").replace(/\s+/g, " "));
  return new Set(written.filter((one) => one !== ""));
}

function standTogether(a: Banner, b: Banner): boolean {
  const websites = a.websites === null || b.websites === null;
  if (!websites && !a.websites?.some((code) => b.websites?.includes(code))) return false;
  return a.paths.some((one) => b.paths.some((other) => meet(one, other) || meet(other, one)));
}

/** Whether the second pattern has a page that the first has too, looked at from the first. */
function meet(one: PathPattern, other: PathPattern): boolean {
  return matchesPath(one, other.path) || (one.kind === other.kind && one.path === other.path);
}
