/** The search above the campaigns: words, and which of them; a plain form and plain links. */

import { type CampaignListing, campaignsAddress, SELECTIONS, type Selection } from "./campaign-listing.ts";

interface SearchProps {
  readonly listing: CampaignListing;
  readonly found: number;
  readonly total: number;
}

const labels: Readonly<Record<Selection, string>> = {
  all: "All",
  live: "Live",
  planned: "Planned",
  over: "Over",
  look: "Need a look",
};

export function CampaignSearch({ listing, found, total }: SearchProps) {
  return (
    <search class="search">
      <form action="/campaigns">
        {listing.selection !== "all" && <input type="hidden" name="show" value={listing.selection} />}
        <input
          type="search"
          name="q"
          value={listing.search}
          maxlength={200}
          aria-label="Search the campaigns"
          placeholder="Banner, offer, variant, page, audience or code"
          dir="auto"
        />
        <button type="submit">Search</button>
        <div data-live>
          {listing.search !== "" && <a href={campaignsAddress({ ...listing, search: "", page: 1 })}>Clear</a>}
        </div>
      </form>
      <nav class="tabs" aria-label="Which campaigns" data-live>
        {SELECTIONS.map((selection) => (
          <a
            href={campaignsAddress({ ...listing, selection, page: 1 })}
            aria-current={selection === listing.selection ? "page" : undefined}
          >
            {labels[selection]}
          </a>
        ))}
      </nav>
      <p class="count" role="status" data-live>
        {found.toLocaleString("en")} of {total.toLocaleString("en")}
      </p>
    </search>
  );
}
