/** What is found of a list by words, and one page of it: what the audiences and the campaigns have in common. */

const MAX_SEARCH_LENGTH = 200;

export interface Asked {
  readonly search: string;
  /** From 1 on. */
  readonly page: number;
}

export function readAsked(query: URLSearchParams): Asked {
  const page = Number(query.get("page") ?? 1);
  return {
    search: (query.get("q") ?? "").trim().slice(0, MAX_SEARCH_LENGTH),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** Each word must be in what is shown; the case does not matter. */
export function matchWords(search: string): (shown: string) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (shown) => words.every((word) => shown.toLowerCase().includes(word));
}

export interface FoundPage<T> {
  readonly rows: readonly T[];
  readonly page: number;
  readonly pages: number;
  readonly found: number;
}

/** The last one where a later one is asked for. */
export function cutPage<T>(found: readonly T[], size: number, wanted: number): FoundPage<T> {
  const pages = Math.max(1, Math.ceil(found.length / size));
  const page = Math.min(wanted, pages);
  return { rows: found.slice((page - 1) * size, page * size), page, pages, found: found.length };
}
