/** The merchandiser's file from the command line: check it, publish it, and write the schema for editors. */

import { runCheck } from "./campaigns/check.ts";
import { runPublish } from "./campaigns/publish.ts";
import { runSchema } from "./campaigns/schema.ts";
import { type ExitCode, runCommand, wrongUsage } from "./command.ts";
import { deploymentHelp } from "./deployment.ts";

const help = `
node cli/campaigns.ts check FILE [--json]
  Says everything that is wrong with a campaigns file, or in words what it does.
  --json              for machines: { file, ok, problems: [{ path, message }] }

node cli/campaigns.ts publish FILE [--local | --remote] [--embed]
  Checks the file and makes it live. A refused file changes nothing.
  --local             in this machine's KV, which npm run dev reads (the default)
  --remote            in the KV of the deployed Worker
  --embed             also into src/campaigns.embedded.json, which the next deploy carries

node cli/campaigns.ts schema [--check]
  Writes campaigns.schema.json, from which editors complete. --check: only say whether it is in step.

check and publish read the websites from wrangler.toml, and Commerce's admin path, which a banner
on "/*" needs, from COMMERCE_ADMIN_PATH in the environment or in .dev.vars. publish --remote looks in the
environment, and else asks Cloudflare whether the secret of that name is set.
  ${deploymentHelp}

Through npm: npm run campaigns:check -- FILE, npm run campaigns:publish -- FILE --remote
`;

export async function runCampaigns([subcommand, ...words]: string[]): Promise<ExitCode> {
  switch (subcommand) {
    case "check":
      return runCheck(words);
    case "publish":
      return runPublish(words);
    case "schema":
      return runSchema(words);
    default:
      throw wrongUsage("Say what to do: check FILE, publish FILE or schema; --help tells more.");
  }
}

if (import.meta.main) await runCommand(help, runCampaigns);
