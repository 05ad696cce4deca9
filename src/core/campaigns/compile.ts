/** From banners as they are written to banners as they are meant: names become ids, texts become patterns. */

import { type AudienceId, parseAudienceId } from "../audience.ts";
import type { Banner, Put, Variant } from "../banner.ts";
import type { Condition } from "../condition.ts";
import { checkHtml } from "../html.ts";
import { isReservedPath, type PathPattern, parsePathPattern } from "../path.ts";
import { formatPath, type Problem, suggestion } from "../problem.ts";
import { parseSelector, tagOf } from "../selector.ts";
import type { WellShaped, WrittenBanner, WrittenCondition, WrittenPut } from "./file.ts";

/** What the check needs to know of the deployment; the file itself is the same everywhere. */
export interface CampaignsContext {
  /** Codes of the websites; null where they are not known. */
  readonly websites: readonly string[] | null;
  /** Commerce's admin path, or null where it is not set: then no banner may stand on `/*`. */
  readonly adminPath: string | null;
}

type Keys = readonly (string | number)[];
type Report = (at: Keys, message: string) => void;
type AudienceNames = ReadonlyMap<string, readonly AudienceId[]>;

interface Compilation extends CampaignsContext {
  readonly names: AudienceNames;
  readonly report: Report;
}

export function compileBanners(
  file: WellShaped,
  context: CampaignsContext,
): { readonly banners: Banner[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (at, message) => problems.push({ path: formatPath(at), message });
  const compilation = { ...context, names: readAudiences(file.audiences, report), report };
  const seen = new Set<string>();
  const banners = file.banners.map((banner, index) => {
    refuseRepeated(banner.id, seen, ["banners", index, "id"], "banner", report);
    return compileBanner(banner, ["banners", index], compilation);
  });
  return { banners, problems };
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

function compileBanner(written: Partial<WrittenBanner>, at: Keys, compilation: Compilation): Banner {
  const seen = new Set<string>();
  return {
    id: written.id ?? "",
    websites: readWebsites(written.websites, [...at, "websites"], compilation),
    paths: (written.paths ?? []).flatMap((path, n) => readPath(path, [...at, "paths", n], compilation)),
    selector: readSelector(written.selector, [...at, "selector"], compilation),
    trust: written.trust ?? "claimed",
    variants: (written.variants ?? []).map((variant, n): Variant => {
      const here = [...at, "variants", n];
      refuseRepeated(variant.id, seen, [...here, "id"], "variant", compilation.report);
      return {
        id: variant.id ?? "",
        for: readCondition(variant.for ?? {}, [...here, "for"], compilation),
        put: readPut(variant.put ?? { content: "" }, written.selector, [...here, "put"], compilation),
      };
    }),
  };
}

function readWebsites(
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

function readPath(written: string, at: Keys, { adminPath, report }: Compilation): PathPattern[] {
  const pattern = parsePathPattern(written);
  if (!pattern.ok) {
    report(at, pattern.error);
    return [];
  }
  const { kind, path } = pattern.value;
  if (isReservedPath(path, adminPath)) {
    report(at, `${quote(written)} is never edited: checkout, account, APIs, files and admin are left alone`);
  } else if (kind === "prefix" && path === "/" && adminPath === null) {
    report(
      at,
      '"/*" would include Commerce\'s admin, whose path is not known here; ' +
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

function readCondition(written: WrittenCondition, at: Keys, { names, report }: Compilation): Condition {
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

function readPut(written: WrittenPut, selector: string | undefined, at: Keys, { report }: Compilation): Put {
  const kind = written.element === undefined ? "content" : "element";
  const html = written[kind] ?? "";
  for (const problem of checkHtml(html)) report([...at, kind], problem);
  if (kind === "element" && html.trim() === "") report([...at, kind], "empty; it would remove the place");
  if (kind === "content" && selector !== undefined && tagOf(selector) === "img") {
    report(at, 'an <img> has no content; write "element" to put another image in its place');
  }
  return { kind, html };
}

function refuseRepeated(id: string | undefined, seen: Set<string>, at: Keys, noun: string, report: Report) {
  if (id === undefined) return;
  if (seen.has(id)) report(at, `a second ${noun} with the id ${quote(id)}`);
  seen.add(id);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
