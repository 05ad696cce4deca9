/** The table of audiences: each row short in bytes, because a hundred of them are a page. */

import type { Audience } from "../core/audience.ts";
import { type Column, type Listing, listingAddress, sortBy } from "./listing.ts";
import { formatDistance, Moment } from "./moment.tsx";

interface TableProps {
  readonly rows: readonly Audience[];
  readonly listing: Listing;
  readonly nowMs: number;
}

/** Longer names are folded: the beginning in the row, all of it a click or a key away. */
const SHOWN_LENGTH = 120;

const columns: readonly (readonly [Column, string])[] = [
  ["name", "Name"],
  ["modified", "Last modified"],
  ["origin", "Origin"],
  ["evaluation", "Evaluation"],
];

const soonestFirst = ["edge", "streaming", "batch"] as const;

export function AudienceTable({ rows, listing, nowMs }: TableProps) {
  return (
    <table>
      <caption class="hidden">Audiences</caption>
      <thead>
        <tr>
          {columns.map(([column, label]) => (
            <ColumnHead column={column} label={label} listing={listing} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((audience) => (
          <Row audience={audience} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

interface ColumnHeadProps {
  readonly column: Column;
  readonly label: string;
  readonly listing: Listing;
}

function ColumnHead({ column, label, listing }: ColumnHeadProps) {
  const ascending = listing.order === "asc";
  const sorted = listing.sort === column ? (ascending ? "ascending" : "descending") : undefined;
  return (
    <th scope="col" aria-sort={sorted}>
      <a href={listingAddress(sortBy(listing, column))}>
        {label}
        {sorted && <span aria-hidden="true">{ascending ? " ↑" : " ↓"}</span>}
      </a>
    </th>
  );
}

function Row({ audience, nowMs }: { audience: Audience; nowMs: number }) {
  const { id, name, origin, lastModifiedMs, evaluation } = audience;
  return (
    <tr>
      <th scope="row">
        <Name name={name} />
        <code>{id}</code>
      </th>
      <td>
        {lastModifiedMs === null ? (
          "Unknown"
        ) : (
          <>
            <Moment atMs={lastModifiedMs} /> <small>{formatDistance(lastModifiedMs, nowMs)}</small>
          </>
        )}
      </td>
      <td>
        <bdi>{origin}</bdi>
      </td>
      <td>
        {evaluation.length === 0 && "Unknown"}
        {soonestFirst.map((kind) => evaluation.includes(kind) && <b class={kind}>{kind}</b>)}
      </td>
    </tr>
  );
}

/** `bdi` keeps what a name does to the direction of text inside of the name. */
function Name({ name }: { name: string }) {
  if (name.length <= SHOWN_LENGTH) return <bdi>{name.trim() || "(no name)"}</bdi>;
  // By code points, so that no pair of surrogates is cut in two.
  const beginning = Array.from(name.slice(0, SHOWN_LENGTH * 2))
    .slice(0, SHOWN_LENGTH)
    .join("");
  return (
    <details>
      <summary>
        <bdi>{beginning}</bdi>…
      </summary>
      <bdi>{name}</bdi>
    </details>
  );
}
