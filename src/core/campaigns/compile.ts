/** From a file as it is written to what is meant: names become ids, texts become patterns. */

import { type AudienceId, parseAudienceId } from "../audience.ts";
import type { Banner, Variant } from "../banner.ts";
import { blockUid, parseBlockUid } from "../dynamic-block/uid.ts";
import type { Offer } from "../offer.ts";
import { isReservedPath, mayBeAdmin, type PathPattern, parsePathPattern } from "../path.ts";
import { formatPath, type Problem } from "../problem.ts";
import { parseSelector } from "../selector.ts";
import {
  type AudienceNames,
  type CampaignsContext,
  type Compilation,
  type Keys,
  quote,
  type Report,
  readStoreViews,
  readWebsites,
  refuseRepeated,
} from "./compilation.ts";
import { readWhom } from "./condition.ts";
import type { WellShaped, WrittenBanner } from "./file.ts";
import { formGroups } from "./group.ts";
import { compileOffers } from "./offer.ts";
import { refuseSharedPlaces } from "./place.ts";
import { refuseUnreachable } from "./reach.ts";
import { readSchedule } from "./schedule.ts";
import { readPuts } from "./store-view.ts";

export function compileFile(
  file: WellShaped,
  context: CampaignsContext,
): { readonly banners: Banner[]; readonly offers: Offer[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (at, message) => problems.push({ path: formatPath(at), message });
  const compilation = { ...context, names: readAudiences(file.audiences, report), report };
  const seen = new Set<string>();
  const banners = file.banners.map((banner, index) => {
    refuseRepeated(banner.id, seen, ["banners", index, "id"], "banner", report);
    return compileBanner(banner, ["banners", index], compilation);
  });
  refuseSharedBlocks(banners, report);
  refuseSharedPlaces(banners, report);
  refuseUnreachable(banners, report);
  refusePublicIds(banners, report);
  return { banners: formGroups(banners, report), offers: compileOffers(file.offers, compilation), problems };
}

function readAudiences(written: WellShaped["audiences"], report: Report): AudienceNames {
  const names = new Map<string, readonly AudienceId[]>();
  const owners = new Map<string, string>();
  for (const [name, texts] of Object.entries(written)) {
    const ids: AudienceId[] = [];
    for (const text of Array.isArray(texts) ? texts : [texts]) {
      const id = parseAudienceId(text);
      if (id) ids.push(id);
      else report(["audiences", name], `${quote(text)} is no audience id; copy it from Adobe Real-Time CDP`);
      const owner = owners.get(text);
      if (owner !== undefined) report(["audiences", name], `the same audience id as ${quote(owner)}`);
      owners.set(text, name);
    }
    names.set(name, ids);
  }
  return names;
}

/** Which of two banners a storefront would get could not be foreseen. */
function refuseSharedBlocks(banners: readonly Banner[], report: Report) {
  banners.forEach(({ dynamicBlock, websites }, index) => {
    const first = banners.slice(0, index).find((earlier) => {
      const together =
        websites === null ||
        earlier.websites === null ||
        websites.some((code) => earlier.websites?.includes(code));
      return dynamicBlock !== null && earlier.dynamicBlock === dynamicBlock && together;
    });
    if (first === undefined) return;
    const message = `banner ${quote(first.id)} stands for that block of the same website already`;
    report(["banners", index, "dynamicBlock"], message);
  });
}

/** In a headless storefront it would be taken for the place of that banner. */
function refusePublicIds(banners: readonly Banner[], report: Report) {
  const ids = new Set(banners.map(({ id }) => id));
  banners.forEach(({ variants }, index) => {
    variants.forEach(({ publicName }, n) => {
      if (publicName === null || !ids.has(publicName)) return;
      const at = ["banners", index, "variants", n, "publicName"];
      report(
        at,
        `${quote(publicName)} is the id of a banner, with which storefronts mark its place; choose another`,
      );
    });
  });
}

function compileBanner(written: Partial<WrittenBanner>, at: Keys, compilation: Compilation): Banner {
  const seen = new Set<string>();
  const place = { selector: written.selector, isBlock: written.dynamicBlock !== undefined };
  return {
    id: written.id ?? "",
    websites: readWebsites(written.websites, [...at, "websites"], compilation),
    paths: (written.paths ?? []).flatMap((path, n) => readPath(path, [...at, "paths", n], compilation)),
    selector: readSelector(written.selector, [...at, "selector"], compilation),
    dynamicBlock: readBlock(written.dynamicBlock, [...at, "dynamicBlock"], compilation),
    trust: written.trust ?? "claimed",
    storeViews: readStoreViews(written, [...at, "storeViews"], compilation),
    pageTypes: written.pageTypes ?? null,
    device: written.device ?? null,
    schedule: readSchedule(written, [...at, "schedule"], compilation),
    holdout: written.holdout ?? 0,
    group: written.group === undefined ? null : { name: written.group, banners: [] },
    variants: (written.variants ?? []).map((variant, n): Variant => {
      const here = [...at, "variants", n];
      refuseRepeated(variant.id, seen, [...here, "id"], "variant", compilation.report);
      return {
        id: variant.id ?? "",
        for: readWhom(variant.for, [...here, "for"], compilation),
        schedule: readSchedule(
          { schedule: variant.schedule, websites: written.websites },
          [...here, "schedule"],
          compilation,
        ),
        share: variant.share ?? null,
        publicName: variant.publicName ?? null,
        ...readPuts(variant.put ?? { content: "" }, place, written, [...here, "put"], compilation),
      };
    }),
  };
}

function readPath(written: string, at: Keys, { adminPath, report }: Compilation): PathPattern[] {
  const pattern = parsePathPattern(written);
  if (!pattern.ok) {
    report(at, pattern.error);
    return [];
  }
  if (isReservedPath(pattern.value.path, adminPath)) {
    report(at, `${quote(written)} is never edited: checkout, account, APIs, files and admin are left alone`);
  } else if (mayBeAdmin(pattern.value) && adminPath === null) {
    report(
      at,
      `${quote(written)} would include Commerce's admin, whose path is not known here; ` +
        "set the secret COMMERCE_ADMIN_PATH, or name the pages",
    );
  }
  return [pattern.value];
}

function readSelector(written: string | undefined, at: Keys, { report }: Compilation): string {
  if (written === undefined) return "";
  const selector = parseSelector(written);
  if (selector.ok) return selector.value;
  report(at, selector.error);
  return "";
}

function readBlock(uid: string | undefined, at: Keys, { report }: Compilation): string | null {
  if (uid === undefined || parseBlockUid(uid) !== null) return uid ?? null;
  // In Commerce's admin a merchandiser sees the number.
  const id = /^[1-9]\d{0,9}$/.exec(uid)?.[0];
  const cure =
    id === undefined ? `like ${quote(blockUid(1))} for block 1` : `which is ${quote(blockUid(Number(id)))}`;
  report(at, `${quote(uid)} is no uid of a dynamic block; write the base64 of its id, ${cure}`);
  return null;
}
