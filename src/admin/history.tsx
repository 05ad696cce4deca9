/** The page of the history: publish a file, every version and what it changed, the audit log, the last syncs. */

import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { SyncReport } from "../core/sync-report.ts";
import { askControl } from "../edge/control/ask.ts";
import type { AuditEntry, ControlCalls, Version } from "../edge/control/calls.ts";
import type { AccountSource } from "./accounts.ts";
import { AuditLog, SyncReports } from "./history-log.tsx";
import { answerPage, Layout } from "./layout.tsx";
import { PublishForm, VersionCard } from "./version-card.tsx";
import { ForPublishers } from "./visitor.tsx";

export interface HistorySource extends AccountSource {
  readonly control: ControlCalls | null;
}

/** All of one moment. */
interface History {
  readonly versions: readonly Version[];
  /** The number of the live one; 0: none was published. */
  readonly live: number;
  readonly audit: readonly AuditEntry[];
  readonly reports: readonly SyncReport[];
}

const MAX_VERSIONS = 50;
const MAX_ENTRIES = 30;

/** What stands above the page after a form, and what the form is filled with again. */
export interface Told {
  readonly notice: Child;
  readonly status?: ContentfulStatusCode;
  readonly note?: string;
}

export async function answerHistoryPage(c: Context, source: HistorySource, told?: Told) {
  const nowMs = source.now();
  const history = await askControl(source.control, loadHistory);
  if (history.kind === "unavailable") {
    const page = (
      <Layout title="History · Edge Audiences" here="history">
        <div class="head">
          <h1>History</h1>
        </div>
        {told?.notice}
        <section class="notice bad" role="alert">
          <h2>There is no history to show</h2>
          <p>{history.reason}</p>
          <p>Shoppers are served all the same.</p>
        </section>
      </Layout>
    );
    return answerPage(c, page, 503);
  }
  const { versions, live, audit, reports } = history.value;
  const page = (
    <Layout title="History · Edge Audiences" here="history">
      <div class="head">
        <h1>History</h1>
        <p class="muted">{live === 0 ? "Nothing was published from here yet" : `Live is version ${live}`}</p>
      </div>
      {told?.notice ?? <Done query={new URL(c.req.url).searchParams} versions={versions} />}
      <ForPublishers>
        <PublishForm live={live} note={told?.note ?? ""} />
      </ForPublishers>
      <section class="stack" aria-labelledby="versions">
        <h2 class="part" id="versions">
          Versions
        </h2>
        {versions.map((version) => (
          <VersionCard version={version} live={live} nowMs={nowMs} />
        ))}
        {versions.length === 0 && (
          <p class="muted">None yet: the first file that you publish is version 1.</p>
        )}
        {versions.length === MAX_VERSIONS && (
          <p class="muted small">
            The newest {MAX_VERSIONS}; older ones: <code>GET /api/campaigns/versions</code>
          </p>
        )}
      </section>
      <SyncReports reports={reports} websites={source.websites} nowMs={nowMs} />
      <AuditLog entries={audit} nowMs={nowMs} />
      <p class="muted small">All times are UTC.</p>
    </Layout>
  );
  return answerPage(c, page, told?.status);
}

async function loadHistory(control: ControlCalls): Promise<History> {
  const [versions, current, audit, reports] = await Promise.all([
    control.listVersions(MAX_VERSIONS, null),
    control.readCurrent(),
    control.listAudit(MAX_ENTRIES),
    control.listReports(10),
  ]);
  return { versions, live: current?.version.number ?? 0, audit, reports };
}

/** After a redirect: only of a version that is really there. */
function Done({ query, versions }: { query: URLSearchParams; versions: readonly Version[] }) {
  const done = versions.find(({ number }) => String(number) === query.get("kept"));
  if (done === undefined) return null;
  if (done.state === "draft") {
    return (
      <section class="notice good" role="status">
        <h2>Version {done.number} is kept as a draft</h2>
        <p>
          Nothing of it is live until you publish it.{" "}
          <a href={`/try?version=${done.number}`}>See it on a page, or show it to others</a>
        </p>
      </section>
    );
  }
  return (
    <section class="notice good" role="status">
      <h2>Version {done.number} is published</h2>
      {query.get("pending") === null ? (
        <p>Shoppers see it within about two minutes, as KV’s caches renew.</p>
      ) : (
        <p>KV has not taken it yet; it is tried again until it has.</p>
      )}
    </section>
  );
}
