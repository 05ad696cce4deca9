/** What the address bar says of the table (search, dates, sort, columns, page), and the rows that follow from it. */

import type { Audience, AudienceId } from "../core/audience.ts";
import type { Use } from "../core/campaigns/standing.ts";
import { type Problem, showValue, suggestion } from "../core/problem.ts";
import { type Asked, cutPage, type FoundPage, matchWords, readAsked } from "./found.ts";

/** The columns, in the table's order, each with the order that a person expects first. */
const firstOrders = {
  name: "asc",
  modified: "desc",
  origin: "asc",
  evaluation: "asc",
  websites: "asc",
  used: "desc",
} as const;

export type Column = keyof typeof firstOrders;
export type Order = "asc" | "desc";
/** All but the name, which is always there. */
export type Optional = Exclude<Column, "name">;

export const optionalColumns = ["modified", "origin", "evaluation", "websites", "used"] as const;
/** Most shops have one website. */
const usualColumns: readonly Optional[] = ["modified", "origin", "evaluation", "used"];

/** A hundred rows keep the page under 60 KB, and a phone's scroll bearable. */
export const ROW_COUNTS = [25, 50, 100, 250] as const;
const USUAL_ROWS = 100;

/** By audience; null: the live campaigns can't be read. */
export type Uses = ReadonlyMap<AudienceId, readonly Use[]> | null;

export interface Listing extends Asked {
  /** A website's code; null: the first Adobe account. */
  readonly website: string | null;
  /** `2026-11-21`, in UTC and inclusive; of the last modification. null: open on that side. */
  readonly since: string | null;
  readonly until: string | null;
  readonly columns: readonly Optional[];
  readonly rows: number;
  readonly sort: Column;
  readonly order: Order;
}

export interface Listed extends FoundPage<Audience> {
  readonly total: number;
}

/** The soonest first: what a shopper sees at once, within minutes, tomorrow. */
const evaluationRank = { edge: 0, streaming: 1, batch: 2 } as const;

/** Always a listing that can be shown; machines are told of the problems, people see how it is sorted. */
export function readListing(query: URLSearchParams): { listing: Listing; problems: Problem[] } {
  const problems: Problem[] = [];
  const sort = readWord(query, "sort", Object.keys(firstOrders), problems) as Column | null;
  const order = readWord(query, "order", ["asc", "desc"], problems) as Order | null;
  const website = query.get("website");
  const rows = Number(query.get("rows"));
  const columns = optionalColumns.filter((column) => query.getAll("column").includes(column));
  return {
    listing: {
      website: website === "" ? null : website,
      ...readAsked(query),
      since: readDay(query, "since", problems),
      until: readDay(query, "until", problems),
      columns: columns.length === 0 ? usualColumns : columns,
      rows: ROW_COUNTS.find((count) => count === rows) ?? USUAL_ROWS,
      sort: sort ?? "modified",
      order: order ?? firstOrders[sort ?? "modified"],
    },
    problems,
  };
}

function readWord(
  query: URLSearchParams,
  name: string,
  known: readonly string[],
  problems: Problem[],
): string | null {
  const word = query.get(name);
  if (word === null || word === "" || known.includes(word)) return word || null;
  const message = `expected ${known.join(", ")}; found ${showValue(word)}${suggestion(word, known)}`;
  problems.push({ path: name, message });
  return null;
}

function readDay(query: URLSearchParams, name: string, problems: Problem[]): string | null {
  const day = query.get(name)?.trim() ?? "";
  if (day === "") return null;
  const atMs = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!Number.isNaN(atMs)) return day;
  problems.push({ path: name, message: `expected a day like 2026-11-21; found ${showValue(day)}` });
  return null;
}

/** The parameters that differ from what is shown without any, so that addresses stay short. */
export function listingParameters(listing: Listing): [string, string][] {
  const { website, search, since, until, columns, rows, sort, order, page } = listing;
  const parameters: [string, string][] = [];
  if (website !== null) parameters.push(["website", website]);
  if (search !== "") parameters.push(["q", search]);
  if (since !== null) parameters.push(["since", since]);
  if (until !== null) parameters.push(["until", until]);
  if (columns.join() !== usualColumns.join()) {
    for (const column of columns) parameters.push(["column", column]);
  }
  if (rows !== USUAL_ROWS) parameters.push(["rows", String(rows)]);
  if (sort !== "modified") parameters.push(["sort", sort]);
  if (order !== firstOrders[sort]) parameters.push(["order", order]);
  if (page > 1) parameters.push(["page", String(page)]);
  return parameters;
}

export function listingAddress(listing: Listing, path = "/"): string {
  const query = new URLSearchParams(listingParameters(listing)).toString();
  return query === "" ? path : `${path}?${query}`;
}

/** What a click on that column's head asks for: its first order, or the other one where it has that. */
export function sortBy(listing: Listing, column: Column): Listing {
  const turned = listing.order === "asc" ? "desc" : "asc";
  const order = listing.sort === column ? turned : firstOrders[column];
  return { ...listing, sort: column, order, page: 1 };
}

export function listAudiences(audiences: readonly Audience[], listing: Listing, uses: Uses): Listed {
  const found = sortAudiences(searchAudiences(audiences, listing), listing, uses);
  return { ...cutPage(found, listing.rows, listing.page), total: audiences.length };
}

export function searchAudiences(
  audiences: readonly Audience[],
  { search, since, until }: Pick<Listing, "search" | "since" | "until">,
): readonly Audience[] {
  const matches = matchWords(search);
  const fromMs = since === null ? null : Date.parse(since);
  const untilMs = until === null ? null : Date.parse(until) + DAY_MS;
  if (search === "" && fromMs === null && untilMs === null) return audiences;
  return audiences.filter(({ name, id, origin, evaluation, lastModifiedMs }) => {
    if (fromMs !== null && (lastModifiedMs === null || lastModifiedMs < fromMs)) return false;
    if (untilMs !== null && (lastModifiedMs === null || lastModifiedMs >= untilMs)) return false;
    return matches(`${name}\n${id}\n${origin}\n${evaluation.join(" ")}`);
  });
}

const DAY_MS = 86_400_000;
const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** Equal rows stand by name, then by id, so that two visits show the same table; undated ones come last. */
export function sortAudiences(
  audiences: readonly Audience[],
  { sort, order }: Pick<Listing, "sort" | "order">,
  uses: Uses,
): Audience[] {
  const sign = order === "asc" ? 1 : -1;
  return [...audiences].sort((a, b) => {
    if (sort === "modified" && (a.lastModifiedMs === null) !== (b.lastModifiedMs === null)) {
      return a.lastModifiedMs === null ? 1 : -1;
    }
    const byColumn = sign * compareBy(sort, a, b, uses);
    return byColumn || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  });
}

function compareBy(column: Column, a: Audience, b: Audience, uses: Uses): number {
  switch (column) {
    case "name":
      return collator.compare(a.name, b.name);
    case "modified":
      return (a.lastModifiedMs ?? 0) - (b.lastModifiedMs ?? 0);
    case "origin":
      return collator.compare(a.origin, b.origin);
    case "evaluation":
      return rankEvaluation(a) - rankEvaluation(b);
    case "websites":
      return collator.compare(a.websites?.join() ?? "", b.websites?.join() ?? "");
    case "used":
      return (uses?.get(a.id)?.length ?? 0) - (uses?.get(b.id)?.length ?? 0);
  }
}

function rankEvaluation({ evaluation }: Audience): number {
  return Math.min(3, ...evaluation.map((kind) => evaluationRank[kind]));
}
