/** Places that two banners would both have: refused, as which of them a shopper sees could not be foreseen. */

import type { Banner } from "../banner.ts";
import { matchesPath, type PathPattern } from "../path.ts";
import { placesOf } from "../put.ts";
import type { Schedule } from "../schedule.ts";
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

/** Whether one shopper could meet both on one page. */
function standTogether(a: Banner, b: Banner): boolean {
  if (a.group !== null && a.group.name === b.group?.name) return false;
  const keys = ["websites", "storeViews", "pageTypes"] as const;
  if (keys.some((key) => areApart(a[key], b[key]))) return false;
  if (a.device !== null && b.device !== null && a.device !== b.device) return false;
  if (a.schedule !== null && b.schedule !== null && !areOverlapping(a.schedule, b.schedule)) return false;
  return a.paths.some((one) => b.paths.some((other) => meet(one, other) || meet(other, one)));
}

/** null is all of them. */
function areApart(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a !== null && b !== null && !a.some((one) => b.includes(one));
}

function areOverlapping(a: Schedule, b: Schedule): boolean {
  const ends = (one: Schedule, other: Schedule) =>
    one.untilMs !== null && other.fromMs !== null && one.untilMs <= other.fromMs;
  return !ends(a, b) && !ends(b, a);
}

/** Whether the second pattern has a page that the first has too, looked at from the first. */
function meet(one: PathPattern, other: PathPattern): boolean {
  return matchesPath(one, other.path) || (one.kind === other.kind && one.path === other.path);
}
