/** The search above the table, and what else is chosen of it: a plain form, folded where it is as usual. */

import {
  type Listed,
  type Listing,
  listingAddress,
  listingParameters,
  type Optional,
  optionalColumns,
  ROW_COUNTS,
} from "./listing.ts";

interface SearchProps {
  readonly listing: Listing;
  readonly listed: Listed;
}

export function Search({ listing, listed }: SearchProps) {
  const { search, since, until } = listing;
  const narrowed = search !== "" || since !== null || until !== null;
  return (
    <search class="search">
      <form action="/">
        <Kept listing={listing} without={["q", "page"]} />
        <input
          type="search"
          name="q"
          value={search}
          maxlength={200}
          aria-label="Search the audiences"
          placeholder="Name, id, origin or evaluation"
          dir="auto"
        />
        <button type="submit">Search</button>
        <div data-live>
          {narrowed && (
            <a href={listingAddress({ ...listing, search: "", since: null, until: null, page: 1 })}>Clear</a>
          )}
        </div>
      </form>
      <p class="count" role="status" data-live>
        {listed.found.toLocaleString("en")} of {listed.total.toLocaleString("en")}
      </p>
      <Choices listing={listing} />
    </search>
  );
}

interface KeptProps {
  readonly listing: Listing;
  /** What the form says itself. */
  readonly without: readonly string[];
}

/** The rest of the question goes along. */
function Kept({ listing, without }: KeptProps) {
  const kept = listingParameters(listing).filter(([name]) => !without.includes(name));
  return (
    <>
      {kept.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

const labels: Readonly<Record<Optional, string>> = {
  modified: "Last modified",
  origin: "Origin",
  evaluation: "Evaluation",
  websites: "Websites",
  used: "Used by",
};

const own = ["since", "until", "column", "rows"];

/** Open where it says something else than usual, so that nobody wonders where a row or a column is. */
function Choices({ listing }: { listing: Listing }) {
  const { since, until, columns, rows } = listing;
  const unusual = listingParameters(listing).some(([name]) => own.includes(name));
  return (
    <details class="choices" open={unusual} data-live>
      <summary>Dates, columns, rows</summary>
      <form class="fields" action="/">
        <Kept listing={listing} without={[...own, "page"]} />
        <label>
          Modified since
          <input type="date" name="since" value={since ?? ""} />
        </label>
        <label>
          until
          <input type="date" name="until" value={until ?? ""} />
        </label>
        <label>
          Rows
          <select name="rows">
            {ROW_COUNTS.map((count) => (
              <option value={count} selected={count === rows}>
                {count}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="boxes">
          <legend>Columns</legend>
          {optionalColumns.map((column) => (
            <label>
              <input type="checkbox" name="column" value={column} checked={columns.includes(column)} />{" "}
              {labels[column]}
            </label>
          ))}
        </fieldset>
        <button type="submit">Show</button>
      </form>
    </details>
  );
}
