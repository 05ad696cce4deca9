/** The table of audiences: each row short in bytes, because a hundred of them are a page. */

import type { Audience, AudienceId } from "../core/audience.ts";
import type { Use } from "../core/campaigns/standing.ts";
import { type Column, type Listing, listingAddress, sortBy } from "./listing.ts";
import { formatDistance, Moment } from "./moment.tsx";

/** null: the live campaigns can't be read. */
export type Uses = ReadonlyMap<AudienceId, readonly Use[]> | null;

interface TableProps {
  readonly rows: readonly Audience[];
  readonly uses: Uses;
  readonly listing: Listing;
  readonly nowMs: number;
}

/** Longer names are folded: the beginning in the row, all of it a click or a key away. */
const SHOWN_LENGTH = 120;
const SHOWN_USES = 8;

const columns: readonly (readonly [Column, string])[] = [
  ["name", "Name"],
  ["modified", "Last modified"],
  ["origin", "Origin"],
  ["evaluation", "Evaluation"],
];

const soonestFirst = ["edge", "streaming", "batch"] as const;

export function AudienceTable({ rows, listing, uses, nowMs }: TableProps) {
  return (
    <table>
      <caption class="hidden">Audiences</caption>
      <thead>
        <tr>
          {columns.map(([column, label]) => (
            <ColumnHead column={column} label={label} listing={listing} />
          ))}
          <th scope="col">Used by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((audience) => (
          <Row audience={audience} uses={uses} nowMs={nowMs} />
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

function Row({ audience, uses, nowMs }: { audience: Audience; uses: Uses; nowMs: number }) {
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
      <td>{uses === null ? "Unknown" : <UsedBy uses={uses.get(id) ?? []} />}</td>
    </tr>
  );
}

function UsedBy({ uses }: { uses: readonly Use[] }) {
  return (
    <>
      {uses.slice(0, SHOWN_USES).map(({ kind, id }) => (
        <a class="use" href={`/campaigns#${kind}-${id}`}>
          {id}
        </a>
      ))}
      {uses.length > SHOWN_USES && <small>and {uses.length - SHOWN_USES} more</small>}
    </>
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
