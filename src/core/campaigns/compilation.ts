/** What every part of a campaigns file is compiled with: the names it may use, and where its problems go. */

import type { AudienceId } from "../audience.ts";
import { suggestion } from "../problem.ts";

/** What the check needs to know of the deployment; the file itself is the same everywhere. */
export interface CampaignsContext {
  /** Codes of the websites; null where they are not known. */
  readonly websites: readonly string[] | null;
  /** Commerce's admin path, or null where it is not set: then no banner may stand on `/*`. */
  readonly adminPath: string | null;
  /** The time zone of each website that names one, by its code. */
  readonly timeZones?: Readonly<Record<string, string>>;
  /** The codes of each website's store views, the default one first, by its own; what is not there is not checked. */
  readonly storeViews?: Readonly<Record<string, readonly string[]>>;
}

export type Keys = readonly (string | number)[];
export type Report = (at: Keys, message: string) => void;
export type AudienceNames = ReadonlyMap<string, readonly AudienceId[]>;

export interface Compilation extends CampaignsContext {
  readonly names: AudienceNames;
  readonly report: Report;
}

export function readWebsites(
  codes: readonly string[] | undefined,
  at: Keys,
  { websites, report }: Compilation,
): readonly string[] | null {
  codes?.forEach((code, index) => {
    if (websites === null || websites.includes(code)) return;
    const cure = suggestion(code, websites) || `; the settings have ${websites.map(quote).join(", ")}`;
    report([...at, index], `unknown website ${quote(code)}${cure}`);
  });
  return codes ?? null;
}

/** A code that the settings don't have is never found in a request. */
export function readStoreViews(
  { storeViews: codes, websites }: StoreViewed,
  at: Keys,
  compilation: Compilation,
): readonly string[] | null {
  codes?.forEach((code, index) => void refuseStoreView(code, websites, [...at, index], compilation));
  return codes ?? null;
}

export function refuseStoreView(
  code: string,
  websites: StoreViewed["websites"],
  at: Keys,
  compilation: Compilation,
): void {
  const known = findStoreViews(websites, compilation);
  if (known === null || known.some((codes) => codes.includes(code))) return;
  const all = [...new Set(known.flat())];
  const cure = suggestion(code, all) || `; the settings have ${all.map(quote).join(", ")}`;
  compilation.report(at, `unknown store view ${quote(code)}${cure}`);
}

/** Of each of these websites, or of all; null where those of one are not known. */
export function findStoreViews(
  written: StoreViewed["websites"],
  { websites, storeViews = {} }: CampaignsContext,
): readonly (readonly string[])[] | null {
  const known = (written ?? websites ?? []).map((code) =>
    Object.hasOwn(storeViews, code) ? storeViews[code] : undefined,
  );
  const all = known.filter((one) => one !== undefined);
  return all.length > 0 && all.length === known.length ? all : null;
}

/** What a banner is for. */
export interface StoreViewed {
  readonly storeViews?: readonly string[] | undefined;
  readonly websites?: readonly string[] | undefined;
}

export function refuseRepeated(
  id: string | undefined,
  seen: Set<string>,
  at: Keys,
  noun: string,
  report: Report,
) {
  if (id === undefined) return;
  if (seen.has(id)) report(at, `a second ${noun} with the id ${quote(id)}`);
  seen.add(id);
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
