/** The table of audiences: each row short in bytes, because a hundred of them are a page. */

import type { Audience } from "../core/audience.ts";
import type { Use } from "../core/campaigns/standing.ts";
import { type Column, type Listing, listingAddress, type Optional, sortBy, type Uses } from "./listing.ts";
import { formatDistance, Moment } from "./moment.tsx";

interface TableProps {
  readonly rows: readonly Audience[];
  readonly uses: Uses;
  readonly listing: Listing;
  readonly nowMs: number;
}

/** Longer names are cut here; the audience's own page has all of it. */
const SHOWN_LENGTH = 120;
const SHOWN_USES = 8;

const labels: Readonly<Record<Column, string>> = {
  name: "Name",
  modified: "Last modified",
  origin: "Origin",
  evaluation: "Evaluation",
  websites: "Websites",
  used: "Used by",
};

export const soonestFirst = ["edge", "streaming", "batch"] as const;

export function AudienceTable({ rows, listing, uses, nowMs }: TableProps) {
  const { columns } = listing;
  return (
    <table class={columns.includes("used") ? "used" : undefined}>
      <caption class="hidden">Audiences</caption>
      <thead>
        <tr>
          {(["name", ...columns] as const).map((column) => (
            <ColumnHead column={column} listing={listing} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((audience) => (
          <tr>
            <th scope="row">
              <Name audience={audience} listing={listing} />
              <code>{audience.id}</code>
            </th>
            {columns.map((column) => (
              <td>
                <Cell column={column} audience={audience} uses={uses} nowMs={nowMs} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ColumnHead({ column, listing }: { column: Column; listing: Listing }) {
  const ascending = listing.order === "asc";
  const sorted = listing.sort === column ? (ascending ? "ascending" : "descending") : undefined;
  return (
    <th scope="col" class={`c-${column}`} aria-sort={sorted}>
      <a href={listingAddress(sortBy(listing, column))}>
        {labels[column]}
        {sorted && <span aria-hidden="true">{ascending ? " ↑" : " ↓"}</span>}
      </a>
    </th>
  );
}

/** `bdi` keeps what a name does to the direction of text inside of the name. */
function Name({ audience: { id, name }, listing: { website } }: { audience: Audience; listing: Listing }) {
  const query = website === null ? "" : `?website=${encodeURIComponent(website)}`;
  return (
    <a href={`/audiences/${id}${query}`}>
      <bdi>{shortenName(name)}</bdi>
    </a>
  );
}

/** By code points, so that no pair of surrogates is cut in two. */
export function shortenName(name: string): string {
  if (name.length <= SHOWN_LENGTH) return name.trim() || "(no name)";
  return `${Array.from(name.slice(0, SHOWN_LENGTH * 2))
    .slice(0, SHOWN_LENGTH)
    .join("")}…`;
}

interface CellProps {
  readonly column: Optional;
  readonly audience: Audience;
  readonly uses: Uses;
  readonly nowMs: number;
}

function Cell({ column, audience, uses, nowMs }: CellProps) {
  const { id, origin, lastModifiedMs, websites } = audience;
  switch (column) {
    case "modified":
      return <Modified atMs={lastModifiedMs} nowMs={nowMs} />;
    case "origin":
      return <bdi>{origin}</bdi>;
    case "evaluation":
      return <Evaluation audience={audience} />;
    case "websites":
      return <>{websites === null ? "all of the sandbox" : websites.join(", ")}</>;
    case "used":
      return uses === null ? <>Unknown</> : <UsedBy uses={uses.get(id) ?? []} />;
  }
}

export function Modified({ atMs, nowMs }: { atMs: number | null; nowMs: number }) {
  if (atMs === null) return <>Unknown</>;
  return (
    <>
      <Moment atMs={atMs} /> <small>{formatDistance(atMs, nowMs)}</small>
    </>
  );
}

export function Evaluation({ audience: { evaluation } }: { audience: Pick<Audience, "evaluation"> }) {
  return (
    <>
      {evaluation.length === 0 && "Unknown"}
      {soonestFirst.map((kind) => evaluation.includes(kind) && <b class={kind}>{kind}</b>)}
    </>
  );
}

function UsedBy({ uses }: { uses: readonly Use[] }) {
  return (
    <>
      {uses.slice(0, SHOWN_USES).map((use) => (
        <a class="use" href={useAddress(use)}>
          {use.id}
        </a>
      ))}
      {uses.length > SHOWN_USES && <small>and {uses.length - SHOWN_USES} more</small>}
    </>
  );
}

/** Of hundreds of banners a page has some; the search has this one. */
export function useAddress({ kind, id }: Use): string {
  return `/campaigns?q=${encodeURIComponent(id)}#${kind}-${id}`;
}
