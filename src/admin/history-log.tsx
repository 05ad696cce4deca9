/** Who did what, and how the last syncs ended; a list that shrank is confirmed here. */

import type { SyncReport } from "../core/sync-report.ts";
import type { Website } from "../core/website.ts";
import type { AuditEntry } from "../edge/control/calls.ts";
import { groupWebsites, isReportOf } from "./accounts.ts";
import { RecentMoment } from "./moment.tsx";
import { ForPublishers } from "./visitor.tsx";

interface AuditLogProps {
  readonly entries: readonly AuditEntry[];
  readonly nowMs: number;
}

const actions: Readonly<Record<AuditEntry["action"], string>> = {
  publish: "Published",
  rollback: "Published again",
  draft: "Kept a draft",
  sync: "Synced",
  republish: "Put back into KV",
  preview: "Made a preview link:",
};

export function AuditLog({ entries, nowMs }: AuditLogProps) {
  return (
    <section class="stack" aria-labelledby="log">
      <h2 class="part" id="log">
        Who did what
      </h2>
      {entries.length === 0 ? (
        <p class="muted">Nobody has changed anything yet.</p>
      ) : (
        <ul class="log">
          {entries.map(({ at, who, from, action, detail }) => (
            <li>
              <RecentMoment atMs={Date.parse(at)} nowMs={nowMs} />
              <div>
                {actions[action]} <bdi>{detail}</bdi>{" "}
                <small>
                  {who}
                  {from === "" ? "" : `, from ${from}`}
                </small>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface SyncReportsProps {
  readonly reports: readonly SyncReport[];
  readonly websites: readonly Website[];
  readonly nowMs: number;
}

const outcomes: Readonly<Record<SyncReport["outcome"], string>> = {
  saved: "Saved",
  kept: "Kept the old list",
  failed: "Failed",
};

export function SyncReports({ reports, websites, nowMs }: SyncReportsProps) {
  const { connected } = groupWebsites(websites);
  // Only the newest of an account can still be confirmed.
  const newest = new Map(
    connected.map((account) => [account, reports.find((report) => isReportOf(account, report))]),
  );
  const open = [...newest].filter(([, report]) => report?.needsConfirmation);
  return (
    <section class="stack" aria-labelledby="syncs">
      <h2 class="part" id="syncs">
        Last syncs
      </h2>
      {reports.length === 0 && <p class="muted">None yet.</p>}
      {reports.length > 0 && (
        <ul class="log">
          {reports.map((report) => (
            <li>
              <RecentMoment atMs={Date.parse(report.at)} nowMs={nowMs} />
              <div>
                {outcomes[report.outcome]}: <bdi>{report.message}</bdi> <small>{report.sandbox}</small>
                {open
                  .filter(([, one]) => one === report)
                  .map(([account]) => (
                    <ConfirmShrink website={account.websites[0] ?? ""} />
                  ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Of this account alone; the list is asked for anew, so that what is taken is what Adobe has now. */
function ConfirmShrink({ website }: { website: string }) {
  return (
    <form method="post" action={`/sync?website=${encodeURIComponent(website)}&confirm=shrink`}>
      <b class="phase">needs confirmation</b>{" "}
      <ForPublishers>
        <button type="submit">Yes, take the shorter list</button>
      </ForPublishers>
    </form>
  );
}
