/** The history of one audience: what syncs noted of it, and which versions changed what its name means. */

import type { AudienceId } from "../core/audience.ts";
import { type NamesById, readNames } from "../core/campaigns/standing.ts";
import type { SyncReport } from "../core/sync-report.ts";
import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls, Version } from "../edge/control/calls.ts";

export interface AudienceEvent {
  readonly atMs: number;
  readonly sentence: string;
  /** Empty: a sync. */
  readonly who: string;
}

const BUDGET_MS = 5_000;
const MAX_REPORTS = 100;
const MAX_VERSIONS = 50;

/** The newest first; empty too where the control plane does not answer. A sync notes the first 20 of each kind. */
export async function loadAudienceHistory(
  id: AudienceId,
  control: ControlCalls | null,
): Promise<readonly AudienceEvent[]> {
  if (control === null) return [];
  const asked = Promise.all([
    control.listReports(MAX_REPORTS),
    control.listVersions(MAX_VERSIONS, null),
    control.readCurrent(),
  ]);
  const loaded = await withinBudget(asked, BUDGET_MS).catch(() => null);
  if (loaded === null) return [];
  const [reports, versions, current] = loaded;
  const names = current === null ? new Map() : readNames(current.file);
  const events = [
    ...reports.flatMap((report) => eventsOfSync(id, report)),
    ...versions.flatMap((version) => eventsOfVersion(id, names, version)),
  ];
  return events.sort((a, b) => b.atMs - a.atMs);
}

function eventsOfSync(id: AudienceId, { at, changes, sandbox }: SyncReport): AudienceEvent[] {
  const atMs = Date.parse(at);
  const renamed = changes?.renamed.find((one) => one.id === id);
  const vanished = changes?.vanished.some((one) => one.id === id) ?? false;
  return [
    ...(renamed === undefined
      ? []
      : [{ atMs, sentence: `Renamed from “${renamed.from}” to “${renamed.to}” (${sandbox})`, who: "" }]),
    ...(vanished ? [{ atMs, sentence: `Gone from Adobe’s list (${sandbox})`, who: "" }] : []),
  ];
}

/** By the name that the file gives it now. */
function eventsOfVersion(
  id: AudienceId,
  names: NamesById,
  { number, at, who, difference, state }: Version,
): AudienceEvent[] {
  const name = names.get(id)?.name;
  if (name === undefined || state === "draft") return [];
  const { added, changed, removed } = difference.audiences;
  const event = (what: string) => ({
    atMs: Date.parse(at),
    sentence: `Version ${number} ${what} the name ${name}`,
    who,
  });
  return [
    ...(added.includes(name) ? [event("brought")] : []),
    ...(changed.includes(name) ? [event("gave other ids to")] : []),
    ...(removed.includes(name) ? [event("took away")] : []),
  ];
}
