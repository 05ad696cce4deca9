/** A sync that is under way: how far it is; the page looks again by itself until it is over. */

import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls, SyncProgress } from "../edge/control/calls.ts";
import type { Account } from "./accounts.ts";
import { countAudiences } from "./sync-state.tsx";

/** The table does not wait for it. */
const BUDGET_MS = 1_000;
const AGAIN_SECONDS = 4;

/** null: none is under way, or nobody can tell. */
export async function loadProgress(
  control: ControlCalls | null,
  { adobe }: Account,
): Promise<SyncProgress | null> {
  if (control === null) return null;
  const running = await withinBudget(control.listRunning(), BUDGET_MS).catch(() => null);
  const mine = ({ organizationId, sandbox }: SyncProgress) =>
    organizationId === adobe.organizationId && sandbox === adobe.sandbox;
  return running?.find(mine) ?? null;
}

export function ProgressHead({ progress }: { progress: SyncProgress | null }) {
  return progress === null ? null : <meta http-equiv="refresh" content={String(AGAIN_SECONDS)} />;
}

const steps: Readonly<Record<SyncProgress["step"], string>> = {
  flows: "asks which audiences are activated",
  list: "reads Adobe’s list",
  details: "reads what Adobe says of each",
  publish: "puts the list in force",
};

export function Progress({ progress }: { progress: SyncProgress | null }) {
  if (progress === null) return null;
  const { step, taken, pausedUntil } = progress;
  return (
    <section class="notice" role="status">
      <p>
        <b>A sync is under way</b>: it {steps[step]}, {countAudiences(taken)} so far
        {pausedUntil === null ? "." : "; Adobe asked for a pause."}{" "}
        <span class="muted">This page looks again every few seconds.</span>
      </p>
    </section>
  );
}
