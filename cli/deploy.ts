/** Deploys: the settings are checked first, with the same options that wrangler gets then. */

import { spawnSync } from "node:child_process";
import { type ExitCode, runCommand } from "./command.ts";
import { runSettings } from "./settings.ts";
import { EXECUTABLE } from "./wrangler.ts";

const help = `
npm run deploy [-- --env NAME --config FILE --dry-run]
  Checks the settings, then deploys with wrangler. Nothing is deployed while there is a problem.
`;

async function runDeploy(words: string[]): Promise<ExitCode> {
  const checked = await runSettings(words.filter((word) => word !== "--dry-run"));
  if (checked !== 0) return checked;
  const { status } = spawnSync(process.execPath, [EXECUTABLE, "deploy", ...words], { stdio: "inherit" });
  return status === 0 ? 0 : 1;
}

if (import.meta.main) await runCommand(help, runDeploy);
