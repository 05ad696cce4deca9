/** What is done and was done, for machines: syncs under way, the reports of the last ones, and the audit log. */

import type { Hono } from "hono";
import { describeLiveState, type LiveState } from "../core/drift.ts";
import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import { describeError } from "../edge/log.ts";
import type { AdminEnv } from "./actor.ts";
import { answerProblem } from "./problem-details.ts";

const BUDGET_MS = 15_000;
const MAX_ENTRIES = 100;

export function addHistory(admin: Hono<AdminEnv>, control: ControlCalls | null): void {
  admin.get("/api/sync", () => answerList("running", control, (one) => one.listRunning()));
  admin.get("/api/sync/reports", () => answerList("reports", control, (one) => one.listReports(MAX_ENTRIES)));
  admin.get("/api/campaigns/live", () =>
    answerAsked(control, async (one) => describeLive(await one.checkLive())),
  );
  admin.get("/api/audit", () => answerList("entries", control, (one) => one.listAudit(MAX_ENTRIES)));
}

/** For a monitor, the status alone tells: 409 where shoppers get something else than what was published. */
function describeLive(state: LiveState): Response {
  const message = describeLiveState(state);
  if (state.kind === "drifted") return answerProblem(409, message, { state });
  return state.kind === "unknown"
    ? answerProblem(503, message, { state })
    : Response.json({ state, message });
}

function answerList(
  name: string,
  control: ControlCalls | null,
  ask: (control: ControlCalls) => Promise<unknown>,
): Promise<Response> {
  return answerAsked(control, async (one) => Response.json({ [name]: await ask(one) }));
}

async function answerAsked(
  control: ControlCalls | null,
  ask: (control: ControlCalls) => Promise<Response>,
): Promise<Response> {
  if (control === null) {
    return answerProblem(
      503,
      "No control plane is bound, so no history is kept: wrangler.toml needs CONTROL.",
    );
  }
  try {
    const answer = await withinBudget(ask(control), BUDGET_MS);
    return answer ?? answerProblem(503, "The control plane did not answer in time; try again in a minute.");
  } catch (error) {
    return answerProblem(
      503,
      `The control plane does not answer (${describeError(error)}); try again in a minute.`,
    );
  }
}
