/** Filters and pages of a list, with Commerce's messages. */

import { failure } from "./asker.ts";

export interface Equal {
  readonly eq?: string | null;
  readonly in?: readonly (string | null)[] | null;
}

export function equals(filter: Equal, value: string): boolean {
  if (filter.eq != null) return filter.eq === value;
  return filter.in?.includes(value) ?? false;
}

export function paginate<T>(
  all: readonly T[],
  { pageSize, currentPage }: { readonly pageSize: number; readonly currentPage: number },
) {
  if (pageSize < 1) throw failure("pageSize value must be greater than 0.", "graphql-input");
  if (currentPage < 1) throw failure("currentPage value must be greater than 0.", "graphql-input");
  const total_pages = Math.ceil(all.length / pageSize);
  if (currentPage > total_pages && all.length > 0) {
    throw failure(
      `currentPage value ${currentPage} specified is greater than the ${total_pages} page(s) available.`,
      "graphql-input",
    );
  }
  return {
    items: all.slice((currentPage - 1) * pageSize, currentPage * pageSize),
    total_count: all.length,
    page_info: { current_page: currentPage, page_size: pageSize, total_pages },
  };
}
