/** The search above the table and the pages under it: a plain form and plain links. */

import { type Listed, type Listing, listingAddress, listingParameters, PAGE_SIZE } from "./listing.ts";

interface SearchProps {
  readonly listing: Listing;
  readonly listed: Listed;
}

export function Search({ listing, listed }: SearchProps) {
  const kept = listingParameters({ ...listing, search: "", page: 1 });
  return (
    <search class="search">
      <form action="/">
        {kept.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input
          type="search"
          name="q"
          value={listing.search}
          maxlength={200}
          aria-label="Search the audiences"
          placeholder="Name, id, origin or evaluation"
          dir="auto"
        />
        <button type="submit">Search</button>
        {listing.search !== "" && <a href={listingAddress({ ...listing, search: "", page: 1 })}>Clear</a>}
      </form>
      <p class="count" role="status">
        {listed.found.toLocaleString("en")} of {listed.total.toLocaleString("en")}
      </p>
    </search>
  );
}

export function Pages({ listing, listed: { page, pages, found } }: SearchProps) {
  if (pages < 2) return null;
  const first = (page - 1) * PAGE_SIZE + 1;
  const last = Math.min(page * PAGE_SIZE, found);
  const [from, to, of] = [first, last, found].map((count) => count.toLocaleString("en"));
  return (
    <nav class="pages" aria-label="Pages">
      <PageLink to={page - 1} pages={pages} listing={listing} rel="prev">
        ← Previous
      </PageLink>
      <span>
        {from}–{to} of {of}
      </span>
      <PageLink to={page + 1} pages={pages} listing={listing} rel="next">
        Next →
      </PageLink>
    </nav>
  );
}

interface PageLinkProps {
  readonly to: number;
  readonly pages: number;
  readonly listing: Listing;
  readonly rel: "prev" | "next";
  readonly children: string;
}

/** At either end the word stays where it was, without a link. */
function PageLink({ to, pages, listing, rel, children }: PageLinkProps) {
  if (to < 1 || to > pages) return <span class="off">{children}</span>;
  return (
    <a rel={rel} href={listingAddress({ ...listing, page: to })}>
      {children}
    </a>
  );
}
