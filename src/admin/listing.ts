/** What the address bar says of the table (search, sort, page), and the rows that follow from it. */

import type { Audience } from "../core/audience.ts";
import { type Problem, showValue, suggestion } from "../core/problem.ts";

/** The columns, in the table's order, each with the order that a person expects first. */
const firstOrders = { name: "asc", modified: "desc", origin: "asc", evaluation: "asc" } as const;

export type Column = keyof typeof firstOrders;
export type Order = "asc" | "desc";

export interface Listing {
  /** A website's code; null: the first Adobe account. */
  readonly website: string | null;
  readonly search: string;
  readonly sort: Column;
  readonly order: Order;
  /** From 1. */
  readonly page: number;
}

export interface Listed {
  readonly rows: readonly Audience[];
  readonly page: number;
  readonly pages: number;
  /** How many the search leaves, on all pages. */
  readonly found: number;
  readonly total: number;
}

/** A hundred rows keep the page under 60 KB, and a phone's scroll bearable. */
export const PAGE_SIZE = 100;
const MAX_SEARCH_LENGTH = 200;
/** The soonest first: what a shopper sees at once, within minutes, tomorrow. */
const evaluationRank = { edge: 0, streaming: 1, batch: 2 } as const;

/** Always a listing that can be shown; machines are told of the problems, people see how it is sorted. */
export function readListing(query: URLSearchParams): { listing: Listing; problems: Problem[] } {
  const problems: Problem[] = [];
  const sort = readWord(query, "sort", Object.keys(firstOrders), problems) as Column | null;
  const order = readWord(query, "order", ["asc", "desc"], problems) as Order | null;
  const page = Number(query.get("page") ?? 1);
  const website = query.get("website");
  return {
    listing: {
      website: website === "" ? null : website,
      search: (query.get("q") ?? "").trim().slice(0, MAX_SEARCH_LENGTH),
      sort: sort ?? "modified",
      order: order ?? firstOrders[sort ?? "modified"],
      page: Number.isSafeInteger(page) && page > 0 ? page : 1,
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

/** The parameters that differ from what is shown without any, so that addresses stay short. */
export function listingParameters(listing: Listing): [string, string][] {
  const { website, search, sort, order, page } = listing;
  const parameters: [string, string][] = [];
  if (website !== null) parameters.push(["website", website]);
  if (search !== "") parameters.push(["q", search]);
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

export function listAudiences(audiences: readonly Audience[], listing: Listing): Listed {
  const found = sortAudiences(searchAudiences(audiences, listing.search), listing);
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(listing.page, pages);
  const rows = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  return { rows, page, pages, found: found.length, total: audiences.length };
}

/** Each word must be in what the row shows; the case does not matter. */
export function searchAudiences(audiences: readonly Audience[], search: string): readonly Audience[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return audiences;
  return audiences.filter(({ name, id, origin, evaluation }) => {
    const shown = `${name}\n${id}\n${origin}\n${evaluation.join(" ")}`.toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** Equal rows stand by name, then by id, so that two visits show the same table; undated ones come last. */
export function sortAudiences(
  audiences: readonly Audience[],
  { sort, order }: Pick<Listing, "sort" | "order">,
): Audience[] {
  const sign = order === "asc" ? 1 : -1;
  return [...audiences].sort((a, b) => {
    if (sort === "modified" && (a.lastModifiedMs === null) !== (b.lastModifiedMs === null)) {
      return a.lastModifiedMs === null ? 1 : -1;
    }
    const byColumn = sign * compareBy(sort, a, b);
    return byColumn || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  });
}

function compareBy(column: Column, a: Audience, b: Audience): number {
  switch (column) {
    case "name":
      return collator.compare(a.name, b.name);
    case "modified":
      return (a.lastModifiedMs ?? 0) - (b.lastModifiedMs ?? 0);
    case "origin":
      return collator.compare(a.origin, b.origin);
    case "evaluation":
      return rankEvaluation(a) - rankEvaluation(b);
  }
}

function rankEvaluation({ evaluation }: Audience): number {
  return Math.min(3, ...evaluation.map((kind) => evaluationRank[kind]));
}
