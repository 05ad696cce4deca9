/** What is done and was done, for machines: syncs under way, the reports of the last ones, and the audit log. */

import { describeLiveState, type LiveState } from "../core/drift.ts";
import { askControl } from "../edge/control/ask.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import type { ApiRoute } from "./api-route.ts";
import { auditEntry, list, liveState, object, progress, report, text } from "./api-schema.ts";
import { answerProblem } from "./problem-details.ts";

const MAX_ENTRIES = 100;

export function listHistoryRoutes(control: ControlCalls | null): ApiRoute[] {
  return [
    {
      method: "get",
      path: "/api/sync",
      summary: "The syncs that are under way.",
      answers: {
        200: { description: "Each with how far it is.", schema: object({ running: list(progress) }) },
      },
      problems: [],
      serve: () => answerList("running", control, (one) => one.listRunning()),
    },
    {
      method: "get",
      path: "/api/sync/reports",
      summary: "How the last 100 syncs ended, the newest first.",
      answers: { 200: { description: "The reports.", schema: object({ reports: list(report) }) } },
      problems: [],
      serve: () => answerList("reports", control, (one) => one.listReports(MAX_ENTRIES)),
    },
    {
      method: "get",
      path: "/api/audit",
      summary: "Who did what, from where: the last 100 changes.",
      answers: { 200: { description: "The newest first.", schema: object({ entries: list(auditEntry) }) } },
      problems: [],
      serve: () => answerList("entries", control, (one) => one.listAudit(MAX_ENTRIES)),
    },
    {
      method: "get",
      path: "/api/campaigns/live",
      summary: "Whether KV holds what was published; for a monitor the status alone tells.",
      answers: {
        200: {
          description: "It does, or it is on its way, or nothing was published from here.",
          schema: object({ state: liveState, message: text }),
        },
      },
      problems: [409],
      serve: () => answerAsked(control, async (one) => describeLive(await one.checkLive())),
    },
  ];
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
  const asked = await askControl(control, ask);
  return asked.kind === "answered" ? asked.value : answerProblem(503, asked.reason);
}
