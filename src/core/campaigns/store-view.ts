/** Texts per store view: a put as each store view has it, and where one has no text of its own. */

import { formatPath, type Problem } from "../problem.ts";
import type { Put } from "../put.ts";
import { pickForStoreView } from "../store-view.ts";
import {
  type CampaignsContext,
  type Compilation,
  findStoreViews,
  type Keys,
  quote,
  refuseStoreView,
  type StoreViewed,
} from "./compilation.ts";
import { type PutPlace, readPut } from "./compile-put.ts";
import type { WellShaped } from "./file.ts";
import {
  IMAGE_TEXT_KEYS,
  type OneChange,
  type OnePut,
  TEXT_KEYS,
  type WrittenChange,
  type WrittenPut,
} from "./put.ts";

/** A place in a put where something else is written for each store view. */
interface Texts {
  readonly at: Keys;
  readonly texts: Readonly<Record<string, string | null>>;
}

/** The put of all store views, and of each that the file names at any of its texts. */
export function readPuts(
  written: WrittenPut,
  place: PutPlace,
  scope: StoreViewed,
  at: Keys,
  compilation: Compilation,
): { readonly put: Put; readonly storeViewPuts: Readonly<Record<string, Put>> | null } {
  const all = findTexts(written);
  for (const texts of all) refuseCodes(texts, scope, at, compilation);
  const told = new Set<string>();
  const read = (storeView: string): Put =>
    readPut(putOf(written, storeView), place, at, (keys, message) => {
      const path = formatPath(keys);
      const own = all.find((one) => formatPath([...at, ...one.at]) === path);
      const here = own === undefined ? keys : [...keys, codeOf(own.texts, storeView)];
      // What is the same in all store views is wrong once.
      const problem = `${formatPath(here)}: ${message}`;
      if (!told.has(problem)) compilation.report(here, message);
      told.add(problem);
    });
  const put = read("default");
  const codes = [...new Set(all.flatMap(({ texts }) => Object.keys(texts)))].filter(
    (one) => one !== "default",
  );
  if (codes.length === 0) return { put, storeViewPuts: null };
  return { put, storeViewPuts: Object.fromEntries(codes.map((code) => [code, read(code)])) };
}

function refuseCodes({ at, texts }: Texts, scope: StoreViewed, put: Keys, compilation: Compilation) {
  const codes = Object.keys(texts).filter((code) => code !== "default");
  for (const code of codes) refuseStoreView(code, scope.websites, [...put, ...at, code], compilation);
  const { storeViews } = scope;
  const others = storeViews?.filter((code) => !codes.includes(code));
  if (Object.hasOwn(texts, "default") || others?.length === 0) return;
  const whom = others === undefined ? "the other store views" : others.map(quote).join(" and ");
  compilation.report([...put, ...at], `nothing for ${whom}; write it under "default", or under each code`);
}

/**
 * Store views that the settings have and that get the text of all others, one warning for each text that is written
 * per store view. A website's default store view is meant by "default".
 */
export function findMissingTexts(
  { banners }: Pick<WellShaped, "banners">,
  context: CampaignsContext,
): Problem[] {
  return banners.flatMap(({ storeViews, websites, variants = [] }, index) => {
    const known = findStoreViews(websites, context)?.flatMap(([, ...others]) => others);
    const wanted = [...new Set(storeViews ?? known ?? [])];
    return variants.flatMap(({ put = {} }, n) =>
      findTexts(put).flatMap(({ at, texts }): Problem[] => {
        const missing = wanted.filter((code) => !Object.hasOwn(texts, code));
        if (missing.length === 0 || wanted.length === 0) return [];
        const views = missing.length === 1 ? "store view" : "store views";
        const message = `nothing for the ${views} ${missing.map(quote).join(", ")}; "default" is shown there`;
        return [{ path: formatPath(["banners", index, "variants", n, "put", ...at]), message }];
      }),
    );
  });
}

function findTexts({ edits = [], allow: _, ...own }: WrittenPut): Texts[] {
  return [
    ...findIn(own, []),
    ...edits.flatMap(({ selector: _selector, ...change }, index) => findIn(change, ["edits", index])),
  ];
}

function findIn(change: WrittenChange, at: Keys): Texts[] {
  const { image, attributes = {} } = change;
  const places: (readonly [Keys, unknown])[] = [
    ...TEXT_KEYS.map((key) => [[key], change[key]] as const),
    ...IMAGE_TEXT_KEYS.map((key) => [["image", key], image?.[key]] as const),
    ...Object.entries(attributes).map(([name, value]) => [["attributes", name], value] as const),
  ];
  return places.flatMap(([keys, texts]) => (isTexts(texts) ? [{ at: [...at, ...keys], texts }] : []));
}

function isTexts(value: unknown): value is Texts["texts"] {
  return typeof value === "object" && value !== null;
}

/** As that store view has it. */
function putOf({ edits, allow, ...own }: WrittenPut, storeView: string): OnePut {
  return {
    ...changeOf(own, storeView),
    ...(edits && {
      edits: edits.map(({ selector, ...change }) => ({
        ...(selector !== undefined && { selector }),
        ...changeOf(change, storeView),
      })),
    }),
    ...(allow && { allow }),
  };
}

function changeOf({ image, attributes, ...rest }: WrittenChange, storeView: string): OneChange {
  const one = (value: unknown) => (isTexts(value) ? (value[codeOf(value, storeView)] ?? null) : value);
  const pick = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, one(value)]));
  return {
    ...pick(rest),
    ...(image && { image: pick(image) }),
    ...(attributes && { attributes: pick(attributes) }),
  } as OneChange;
}

/** Under which code a store view's text is; where even "default" is missing, which is refused, the first. */
function codeOf(texts: Texts["texts"], storeView: string): string {
  const codes = Object.fromEntries(Object.keys(texts).map((code) => [code, code]));
  return pickForStoreView(codes, storeView) ?? Object.keys(texts)[0] ?? "default";
}
