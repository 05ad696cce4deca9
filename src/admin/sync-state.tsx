/** How the list stands: when it was synced, what a sync that brought nothing says, and Sync now. */

import type { SyncReport } from "../core/sync-report.ts";
import type { Holding } from "./accounts.ts";
import { type Listing, listingAddress } from "./listing.ts";
import { formatDistance, RecentMoment } from "./moment.tsx";
import { ForPublishers } from "./visitor.tsx";

interface SyncProps {
  readonly lastSync: SyncReport | null;
  readonly holding: Holding;
  readonly nowMs: number;
}

export function SyncLine({ lastSync, holding, nowMs }: SyncProps) {
  if (holding.kind === "never-synced") return <p class="muted">Never synced</p>;
  if (holding.kind === "unreadable") return <p class="muted">The time of the last sync can’t be read</p>;
  const { syncedAtMs, audiences } = holding.list;
  return (
    <p class="muted" role="status">
      Synced <RecentMoment atMs={syncedAtMs} nowMs={nowMs} /> ({formatDistance(syncedAtMs, nowMs)}) —{" "}
      {countAudiences(audiences.length)}
      {lastSync?.changes && describeChanges(lastSync.changes)}
    </p>
  );
}

function describeChanges({ added, changed, removed }: NonNullable<SyncReport["changes"]>): string {
  if (added + changed + removed === 0) return ", none changed";
  const parts = [
    [added, "new"],
    [changed, "changed"],
    [removed, "gone"],
  ] as const;
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString("en")} ${word}`);
  return `: ${words.join(", ")}`;
}

export function countAudiences(count: number): string {
  return `${count.toLocaleString("en")} audience${count === 1 ? "" : "s"}`;
}

/** Only where the last sync did not save: then its own words, and what is shown instead. */
export function SyncNotice({ lastSync, holding, nowMs }: SyncProps) {
  if (lastSync === null || lastSync.outcome === "saved") return null;
  const failed = lastSync.outcome === "failed";
  return (
    <section class={failed ? "notice bad" : "notice"} role="alert">
      <h2>{describeOutcome(lastSync.outcome, holding)}</h2>
      <p>
        Tried <RecentMoment atMs={Date.parse(lastSync.at)} nowMs={nowMs} />:{" "}
        <bdi>{lastSync.message.replace(/\.*$/, ".")}</bdi>
      </p>
      {holding.kind === "synced" && (
        <p>
          Shown and in force is the list of <RecentMoment atMs={holding.list.syncedAtMs} nowMs={nowMs} />.
        </p>
      )}
    </section>
  );
}

function describeOutcome(outcome: "kept" | "failed", holding: Holding): string {
  if (outcome === "failed") return "The last sync failed";
  return holding.kind === "synced" ? "The last sync kept the old list" : "The last sync brought no list";
}

/** Comes back to what is shown now. */
export function SyncButton({ listing }: { listing: Listing }) {
  return (
    <ForPublishers>
      <form method="post" action={listingAddress(listing, "/sync")}>
        <button type="submit" class="primary">
          Sync now
        </button>
      </form>
    </ForPublishers>
  );
}
