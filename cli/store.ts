/** Looks at a store from outside and prints one page: what would work on it, what to do first, and settings to start with. */

import { existsSync, writeFileSync } from "node:fs";
import { CommandError, type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { deploymentHelp, deploymentOptions, findAdminPath, readDeployment } from "./deployment.ts";
import { findBaseUrl } from "./dev/base-url.ts";
import { openAsker } from "./store/asker.ts";
import { judge } from "./store/judgement.ts";
import { lookAt } from "./store/look.ts";
import { writeReport } from "./store/report.ts";
import { planStarter, writeStarter } from "./store/starter.ts";

const help = `
node cli/store.ts --origin https://shop.example
  Says what would work on a store, what to do first, and settings to start with. It sends about twenty GETs
  and GraphQL queries, one after another; never a form, a mutation or a sign-in.
  --origin ADDRESS    where the store listens: scheme, host and port
  --host NAME         what the store calls itself (its base URL), where it does not say so by a redirect;
                      https://shop.example for a store that expects https in front of it
  --graphql-path PATH where GraphQL is (default: /graphql)
  --write FILE        the settings into a new file, not on the page
  --json              for machines: { address, reachable, findings, settings }
  --insecure          accept the store's certificate, whoever signed it
  --patience SECONDS  how long one answer may take (default: 20)
  ${deploymentHelp}
COMMERCE_ADMIN_PATH, in the environment or in .dev.vars, is tried too. Ends with 0 where it could look,
whatever it found; with 1 where the store can't be reached.

Through npm: npm run store:check -- --origin https://shop.example
`;

const options = {
  ...deploymentOptions,
  origin: { type: "string" },
  host: { type: "string" },
  "graphql-path": { type: "string", default: "/graphql" },
  write: { type: "string" },
  json: { type: "boolean", default: false },
  insecure: { type: "boolean", default: false },
  patience: { type: "string", default: "20" },
} as const;

export async function runStoreCheck(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage(`Everything has a name here; found ${positionals.join(" ")}.`);
  const order = {
    origin: readOrigin(values.origin),
    host: values.host ?? null,
    trust: values.insecure ? "any" : "certificate",
    patienceMs: readPatience(values.patience),
    graphqlPath: readGraphqlPath(values["graphql-path"]),
    adminPath: findAdminPath(readDeployment(values), "anywhere"),
  } as const;
  const file = readNewFile(values.write);
  try {
    const look = await openLook(order);
    const findings = judge(look);
    const settings = planStarter(look);
    const table = writeStarter(settings, look);
    if (file !== null) writeFileSync(file, table, { flag: "wx" });
    if (values.json) {
      const found = { address: look.base.origin, reachable: true, findings };
      console.log(JSON.stringify({ ...found, settings: { WEBSITES: { main: settings } } }, null, 2));
      return 0;
    }
    console.log(`${writeReport(look.base.origin, findings)}\n`);
    if (file !== null) console.log(`Settings to start with are in ${file}.`);
    else console.log(`${paint("bold", "Settings to start with, for wrangler.toml")}\n${table.trimEnd()}`);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== 1 || !values.json) throw error;
    const found = { address: order.origin.origin, reachable: false, reason: error.message };
    console.log(JSON.stringify({ ...found, findings: [], settings: null }, null, 2));
    return 1;
  }
}

interface Order {
  readonly origin: URL;
  readonly host: string | null;
  readonly trust: "certificate" | "any";
  readonly patienceMs: number;
  readonly graphqlPath: string;
  readonly adminPath: string | null;
}

async function openLook({ origin, host, trust, patienceMs, graphqlPath, adminPath }: Order) {
  const { url: base } = await findBaseUrl({ origin, host, trust, patienceMs });
  return lookAt(openAsker({ origin, base, trust, patienceMs }), { origin, base, graphqlPath, adminPath });
}

function readOrigin(written: string | undefined): URL {
  if (written === undefined) throw wrongUsage("Which store? node cli/store.ts --origin https://shop.example");
  const text = written.includes("://") ? written : `https://${written}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && url.pathname === "/" && url.search === "" && /^https?:$/.test(url.protocol))
    return new URL(url.origin);
  throw wrongUsage(`--origin is scheme, host and port alone, like https://shop.example; found "${written}".`);
}

function readPatience(written: string): number {
  const seconds = Number(written);
  if (seconds > 0 && seconds <= 600) return seconds * 1000;
  throw wrongUsage(`--patience is a number of seconds, up to 600; found "${written}".`);
}

function readGraphqlPath(written: string): string {
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(written)) return written;
  throw wrongUsage(`--graphql-path is a path like /graphql; found "${written}".`);
}

/** Settings that somebody has made are never written over. */
function readNewFile(written: string | undefined): string | null {
  if (written === undefined) return null;
  if (!existsSync(written)) return written;
  throw wrongUsage(`${written} is there already; name a new file.`);
}

if (import.meta.main) await runCommand(help, runStoreCheck);
