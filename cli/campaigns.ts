/** The merchandiser's file from the command line: check it, publish it, and write the schema for editors. */

import { runCheck } from "./campaigns/check.ts";
import { runExplain } from "./campaigns/explain.ts";
import { runHistory, runRollback } from "./campaigns/history.ts";

import { runPublish } from "./campaigns/publish.ts";
import { runSchema } from "./campaigns/schema.ts";
import { type ExitCode, runCommand, wrongUsage } from "./command.ts";
import { dashboardHelp } from "./dashboard.ts";
import { deploymentHelp } from "./deployment.ts";

const help = `
node cli/campaigns.ts check FILE [--page PAGE.html [--path /]] [--json]
  Says everything that is wrong with a campaigns file, or in words what it does.
  --json              for machines: { file, ok, problems: [{ path, message }], warnings, marks: [{ website, banner, variant, mark }] }
  --page PAGE.html    a saved page of the store, on which the places of its banners are tried
  --path /women.html  the path of that page; without it, the home page

node cli/campaigns.ts publish FILE [--url ADDRESS] [--note TEXT] [--strict] [--local | --remote] [--embed]
  Checks the file and makes it live. A refused file changes nothing.
  --url ADDRESS       through this dashboard, which keeps every version, with who, when and the note
  --note TEXT         what this version is for
  --strict            through the dashboard: not where something may not be meant, like a live banner that is gone
  --local             straight into this machine's KV, which npm run dev reads (the default)
  --remote            at the deployed Worker: through ADMIN_HOST where ADMIN_TOKEN is set, else straight into KV,
                      where no history is kept
  --embed             also into src/campaigns.embedded.json, which the next deploy carries

node cli/campaigns.ts history [--url ADDRESS]
  The last versions: who published them, when, what for, and what they changed.

node cli/campaigns.ts rollback [NUMBER] [--url ADDRESS] [--note TEXT]
  Publishes an old version again, as a new one; without a number, the one before the live one.

  ${dashboardHelp}
node cli/campaigns.ts explain --campaigns FILE --path / [--audiences vip] [--at TIME] [--website CODE] [--json]
  What that page would be for somebody in those audiences, and why: the very plan of a live request.
  --audiences NAMES   as the file names them, or by id, with commas; none: somebody in no audience
  --at TIME           at that time, like 2026-12-24T10:00:00+01:00 (default: now)
  --store-view CODE   in that store view; --device mobile: on a phone; --visitor ID: whose share of a split it is
  --split NAMES       instead of a visitor: home-hero=b, or home-hero=holdout, with commas
  --page-type CLASS   what the page is, like catalog-product-view; without it a banner with page types says that they decide
  --json              for machines: { website, path, audiences: [{ id, name }], plan }

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
    case "history":
      return runHistory(words);
    case "rollback":
      return runRollback(words);
    case "explain":
      return runExplain(words);
    case "schema":
      return runSchema(words);
    default:
      throw wrongUsage(
        "Say what to do: check FILE, publish FILE, history, rollback, explain or schema; --help tells more.",
      );
  }
}

if (import.meta.main) await runCommand(help, runCampaigns);
