/** Asks a running or deployed Worker to sync its audience lists with Adobe now, and tells how it went. */

import * as v from "valibot";
import { CommandError, type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import {
  type Dashboard,
  type DashboardAnswer,
  dashboardHelp,
  dashboardOptions,
  describeRefusal,
  openDashboard,
} from "./dashboard.ts";
import { deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";

const help = `
node cli/audiences.ts sync [--url http://admin.localhost:8787] [--token-env ADMIN_TOKEN] [--confirm-shrink]
  Asks the Worker's dashboard to fetch Adobe's audiences now, instead of at the next quarter of an hour.
  --confirm-shrink    take the list also where it lost more than half of its audiences
  ${dashboardHelp}
  ${deploymentHelp}
For a dashboard on this machine the token of .dev.vars is taken where the environment has none.
`;

const options = {
  ...deploymentOptions,
  ...dashboardOptions,
  "confirm-shrink": { type: "boolean", default: false },
} as const;

export async function runAudiences(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.join(" ") !== "sync") throw wrongUsage("Say what to do: node cli/audiences.ts sync");
  const dashboard = openDashboard(values, readDeployment(values));
  const path = values["confirm-shrink"] ? "/api/sync?confirm=shrink" : "/api/sync";
  return tellAnswer(await dashboard.ask(path, { method: "POST" }), dashboard);
}

const answerShape = v.object({
  reports: v.optional(
    v.array(
      v.object({
        organizationId: v.string(),
        sandbox: v.string(),
        outcome: v.picklist(["saved", "kept", "failed"]),
        message: v.string(),
        durationMs: v.number(),
      }),
    ),
  ),
});

function tellAnswer(answer: DashboardAnswer, { url }: Dashboard): ExitCode {
  const { reports } = readAnswer(answer.text);
  if (!reports || reports.length === 0) {
    throw new CommandError(`${url.host} answered ${answer.status}: ${describeRefusal(answer)}`);
  }
  for (const { organizationId, sandbox, outcome, message, durationMs } of reports) {
    const colour = outcome === "saved" ? "green" : outcome === "kept" ? "yellow" : "red";
    const word = outcome === "kept" ? "kept the old list" : outcome;
    const seconds = (durationMs / 1000).toFixed(1);
    console.log(`${organizationId}, sandbox ${sandbox}: ${paint(colour, word)}. ${message} (${seconds} s)`);
  }
  return reports.every(({ outcome }) => outcome === "saved") ? 0 : 1;
}

function readAnswer(text: string): v.InferOutput<typeof answerShape> {
  try {
    const read = v.safeParse(answerShape, JSON.parse(text));
    return read.success ? read.output : {};
  } catch {
    return {};
  }
}

if (import.meta.main) await runCommand(help, runAudiences);
