/** Groups of banners: who belongs together is known once the whole file is read. */

import type { Banner } from "../banner.ts";
import { quote, type Report } from "./compilation.ts";

export function formGroups(banners: readonly Banner[], report: Report): Banner[] {
  const members = new Map<string, Banner[]>();
  for (const banner of banners) {
    if (banner.group === null) continue;
    members.set(banner.group.name, [...(members.get(banner.group.name) ?? []), banner]);
  }
  return banners.map((banner, index): Banner => {
    if (banner.group === null) return banner;
    const { name } = banner.group;
    const together = members.get(name) ?? [];
    refuseOddGroup(banner, together, ["banners", index, "group"], report);
    return { ...banner, group: { name, banners: together.map(({ id }) => id) } };
  });
}

/** A visitor whose banner stands on another website would see none of the group here. */
function refuseOddGroup(
  banner: Banner,
  together: readonly Banner[],
  at: readonly (string | number)[],
  report: Report,
) {
  const [first] = together;
  if (first === undefined) return;
  const { name } = banner.group ?? { name: "" };
  if (together.length === 1) {
    report(at, `banner ${quote(banner.id)} is alone in the group ${quote(name)}; a group has two or more`);
  } else if (keyOf(first) !== keyOf(banner)) {
    report(at, `banner ${quote(first.id)} of that group is for other websites; a group is for the same ones`);
  }
}

function keyOf({ websites }: Banner): string {
  return websites === null ? "" : [...websites].sort().join(" ");
}
