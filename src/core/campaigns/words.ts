/** Campaigns in words, as the dashboard tells them: who, where, what, and what a version changed. */

import type { AudienceId } from "../audience.ts";
import type { Banner, Variant } from "../banner.ts";
import { type Condition, isForEveryone, type Term } from "../condition.ts";
import type { PathPattern } from "../path.ts";
import { type Change, type Put, placesOf } from "../put.ts";
import type { CampaignsDifference, PartDifference } from "./difference.ts";

export type NameOf = (id: AudienceId) => string;

const MAX_EXCERPT_LENGTH = 90;

/** `everyone`, `shoppers in vip or gold, in newsletter and not in staff` */
export function describeWhom(condition: Condition, nameOf: NameOf): string {
  return isForEveryone(condition) ? "everyone" : `shoppers ${describeCondition(condition, nameOf)}`;
}

function describeCondition({ any, all, not }: Condition, nameOf: NameOf): string {
  const parts: string[] = [];
  if (any.length > 0) parts.push(`in ${listTerms(any, "or", nameOf)}`);
  if (all.length > 0) parts.push(`in ${listTerms(all, "and", nameOf)}`);
  if (not.length > 0) parts.push(`not in ${listTerms(not, "or", nameOf)}`);
  return listWords(parts, "and");
}

/** The ids of one audience have one name, which is said once. */
function listTerms(terms: readonly Term[], conjunction: "and" | "or", nameOf: NameOf): string {
  const words = terms.map((term) => {
    if (typeof term === "string") return nameOf(term);
    if ("any" in term) return `(${describeCondition(term, nameOf)})`;
    return [...new Set(term.map(nameOf))].join(" or ");
  });
  return listWords([...new Set(words)], conjunction);
}

/** `a, b and c` */
export function listWords(words: readonly string[], conjunction: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** `/women.html`, `everything under /sale/` */
export function describePath({ kind, path }: PathPattern): string {
  return kind === "prefix" ? `everything under ${path}` : path;
}

/** `/, at #hero, store view fr, on mobile only` */
export function describeWhere({
  paths,
  selector,
  dynamicBlock,
  storeViews,
  pageTypes,
  device,
}: Banner): string {
  const places = [
    ...(paths.length === 0 ? [] : [`${listWords(paths.map(describePath), "and")}, at ${selector}`]),
    ...(dynamicBlock === null ? [] : [`dynamic block ${dynamicBlock}`]),
  ];
  const limits = [
    ...(storeViews === null ? [] : [`store view ${listWords(storeViews, "or")}`]),
    ...(pageTypes === null ? [] : [`where the page is ${listWords(pageTypes, "or")}`]),
    ...(device === null ? [] : [`on ${device} only`]),
  ];
  return [listWords(places, "and"), ...limits].join(", ");
}

/** What a shopper reads or sees there, shortened: everywhere, and where a store view has something else. */
export function describePut({ put, storeViewPuts }: Variant, selector: string): string {
  const describe = (one: Put) =>
    placesOf(one, selector)
      .flatMap((place) => place.changes.map(describeChange))
      .join("; ");
  const views = Object.entries(storeViewPuts ?? {}).map(
    ([code, one]) => `; store view ${code}: ${describe(one)}`,
  );
  return describe(put) + views.join("");
}

function describeChange(change: Change): string {
  switch (change.kind) {
    case "image": {
      const { desktop, alt, heading } = change.image;
      return `picture ${desktop}${alt === "" ? "" : `: ${excerpt(alt)}`}${heading === null ? "" : `, “${excerpt(heading)}”`}`;
    }
    case "attributes":
      return `sets ${listWords(
        change.attributes.map(([name]) => name),
        "and",
      )}`;
    case "class":
      return `adds the class ${change.names.join(" ")}`;
    case "remove":
      return "takes the store’s own away";
    case "cms-block":
      return `CMS block ${change.identifier}`;
    case "dynamic-blocks":
    case "rotator":
      return "Commerce’s own dynamic blocks";
    case "content":
    case "element":
    case "before":
    case "after":
    case "prepend":
    case "append": {
      const text = excerpt(readText(change.html));
      return text === "" ? "HTML without text" : `“${text}”`;
    }
  }
}

/** Without its tags; what stood in blocks of its own is set apart. */
export function readText(html: string): string {
  const text = html.replace(/<\/(?:p|h[1-6]|div|li)>/gi, " · ").replace(/<[^>]*>/g, " ");
  return text.replace(/\s*·[\s·]*/g, " · ").replace(/^[\s·]+|[\s·]+$/g, "");
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= MAX_EXCERPT_LENGTH) return line;
  return `${[...line].slice(0, MAX_EXCERPT_LENGTH).join("")}…`;
}

/** `Banners: new home-hero; removed aside`: a text for each part that changed. */
export function describeDifference({ banners, offers, audiences }: CampaignsDifference): string[] {
  return [
    ...describePart("Banners", banners),
    ...describePart("Offers", offers),
    ...describePart("Audiences", audiences),
  ];
}

function describePart(name: string, { added, changed, removed }: PartDifference): string[] {
  const parts = [
    ["new", added],
    ["changed", changed],
    ["removed", removed],
  ] as const;
  const words = parts
    .filter(([, ids]) => ids.length > 0)
    .map(([word, ids]) => `${word} ${listWords(ids, "and")}`);
  return words.length === 0 ? [] : [`${name}: ${words.join("; ")}`];
}
