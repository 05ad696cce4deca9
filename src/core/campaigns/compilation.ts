/** What every part of a campaigns file is compiled with: the names it may use, and where its problems go. */

import type { AudienceId } from "../audience.ts";
import type { Condition } from "../condition.ts";
import { suggestion } from "../problem.ts";
import type { WrittenCondition } from "./file.ts";

/** What the check needs to know of the deployment; the file itself is the same everywhere. */
export interface CampaignsContext {
  /** Codes of the websites; null where they are not known. */
  readonly websites: readonly string[] | null;
  /** Commerce's admin path, or null where it is not set: then no banner may stand on `/*`. */
  readonly adminPath: string | null;
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

export function readCondition(
  written: WrittenCondition,
  at: Keys,
  { names, report }: Compilation,
): Condition {
  const findAudiences = (key: "any" | "all" | "not") =>
    (written[key] ?? []).map((name, index): readonly AudienceId[] => {
      const ids = names.get(name);
      if (ids) return ids;
      const cure = suggestion(name, names.keys()) || '; give it a name in "audiences" first';
      report([...at, key, index], `unknown audience ${quote(name)}${cure}`);
      return [];
    });
  for (const name of written.not ?? []) {
    if (written.all?.includes(name)) report(at, `nobody can be in ${quote(name)} and not be in it`);
  }
  return { any: findAudiences("any").flat(), all: findAudiences("all"), not: findAudiences("not").flat() };
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
