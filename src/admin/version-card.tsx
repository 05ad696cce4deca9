/** A version as the history shows it, and the form that publishes another one. */

import type { CampaignsDifference } from "../core/campaigns/difference.ts";
import { describeDifference } from "../core/campaigns/words.ts";
import type { Version } from "../edge/control/calls.ts";
import { formatDistance, RecentMoment } from "./moment.tsx";
import { ForPublishers } from "./visitor.tsx";

interface VersionProps {
  readonly version: Version;
  /** The number of the live one. */
  readonly live: number;
  readonly nowMs: number;
}

export function VersionCard({ version, live, nowMs }: VersionProps) {
  const { number, state, restores } = version;
  const isLive = number === live;
  return (
    <article class="panel version" id={`v${number}`}>
      <h3>
        Version {number} {isLive && <b class="phase live">live</b>}
        {state === "draft" && <b class="phase draft">draft</b>}
        {restores !== null && <small class="muted"> which is {restores} again</small>}
      </h3>
      <VersionFacts version={version} nowMs={nowMs} />
      <DifferenceText difference={version.difference} />
      <p class="small">
        <a href={`/try?version=${number}`}>
          Try it<span class="hidden"> with version {number}</span>
        </a>
        {" · "}
        <a href={`/try?version=${number}#link`}>
          Preview link<span class="hidden"> of version {number}</span>
        </a>
        {" · "}
        <a href={`/history/${number}/file`}>
          Its file<span class="hidden"> of version {number}</span>
        </a>
      </p>
      {!isLive && (
        <ForPublishers>
          <a class="button" href={`/history/${number}`}>
            {state === "draft" ? "Publish this one" : "Publish this one again"}
          </a>
        </ForPublishers>
      )}
    </article>
  );
}

/** When, by whom, and what for. */
export function VersionFacts({ version: { at, who, note }, nowMs }: Omit<VersionProps, "live">) {
  const atMs = Date.parse(at);
  return (
    <p>
      <span class="muted">
        <RecentMoment atMs={atMs} nowMs={nowMs} /> ({formatDistance(atMs, nowMs)}), {who}
      </span>
      {note !== "" && (
        <>
          {" "}
          — <bdi>{note}</bdi>
        </>
      )}
    </p>
  );
}

export function DifferenceText({ difference }: { difference: CampaignsDifference }) {
  const lines = describeDifference(difference);
  return (
    <p class="small">
      <bdi>{lines.length === 0 ? "Nothing changed but how it is written" : lines.join(" · ")}</bdi>
    </p>
  );
}

/** `live` is what it is published on top of: who published meanwhile is not overwritten. */
export function PublishForm({ live, note }: { live: number; note: string }) {
  return (
    <form class="panel" id="publish" method="post" action="/history" enctype="multipart/form-data">
      <h2>Publish a file</h2>
      <input type="hidden" name="basedOn" value={live} />
      <div class="fields">
        <label>
          Campaigns file
          <input type="file" name="file" accept=".json,application/json" required />
        </label>
        <label>
          Note
          <input type="text" name="note" value={note} maxlength={500} placeholder="What for" dir="auto" />
        </label>
      </div>
      <div class="actions">
        <button type="submit" class="primary">
          Publish
        </button>
        <button type="submit" name="as" value="draft">
          Keep as a draft
        </button>
        <span class="muted small">
          It is checked first; what has a mistake is not published.
          {live > 0 && (
            <>
              {" "}
              To start from: <a href={`/history/${live}/file`}>the live file</a>
            </>
          )}
        </span>
      </div>
    </form>
  );
}
