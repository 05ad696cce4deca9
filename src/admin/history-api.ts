/** What is done and was done, for machines: syncs under way, the reports of the last ones, and the audit log. */

import type { Hono } from "hono";
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
  admin.get("/api/audit", () => answerList("entries", control, (one) => one.listAudit(MAX_ENTRIES)));
}

async function answerList(
  name: string,
  control: ControlCalls | null,
  ask: (control: ControlCalls) => Promise<unknown>,
): Promise<Response> {
  if (control === null) {
    return answerProblem(
      503,
      "No control plane is bound, so no history is kept: wrangler.toml needs CONTROL.",
    );
  }
  try {
    const list = await withinBudget(ask(control), BUDGET_MS);
    if (list !== null) return Response.json({ [name]: list });
    return answerProblem(503, "The control plane did not answer in time; try again in a minute.");
  } catch (error) {
    return answerProblem(
      503,
      `The control plane does not answer (${describeError(error)}); try again in a minute.`,
    );
  }
}
