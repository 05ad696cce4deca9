/** Verifies the Adobe credentials step by step, lists the destinations, and prints the settings to paste. */

import type { DestinationFlow } from "../src/core/destination-flow.ts";
import { describeProblem, type Problem } from "../src/core/problem.ts";
import type { AdobeAccount } from "../src/core/website.ts";
import { type Adobe, type AdobeFailure, openAdobe } from "../src/edge/adobe.ts";
import { fetchAudiencePage, fetchFlowPage, fetchSandboxes } from "../src/edge/adobe-lists.ts";
import { type CredentialBook, findCredentials, readCredentialBook } from "../src/edge/credentials.ts";
import { readSettings } from "../src/settings.ts";
import {
  CommandError,
  count,
  type ExitCode,
  listWords,
  paint,
  readArguments,
  runCommand,
  wrongUsage,
} from "./command.ts";
import { type Deployment, deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";

const help = `
node cli/adobe.ts [--website CODE]
  Asks Adobe as the sync will: a token, the sandbox, the audiences, the destination flows. Says which step fails and
  which permission mends it, lists the destinations, and prints the settings to paste.
  --website CODE      only this website's account
  ${deploymentHelp}
The credentials are ADOBE_CLIENT_ID and ADOBE_CLIENT_SECRET of the environment, else of .dev.vars, and ADOBE_CREDENTIALS
for websites that have their own; secrets that are set at Cloudflare can't be read back. ADOBE_TECHNICAL_ACCOUNT_ID and
ADOBE_TECHNICAL_ACCOUNT_EMAIL (technicalAccountId, technicalAccountEmail in ADOBE_CREDENTIALS) are shown where they are set.
`;

const options = { ...deploymentOptions, website: { type: "string" } } as const;

interface Account {
  readonly adobe: AdobeAccount;
  readonly websites: readonly string[];
}

export async function runAdobe(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage("adobe:check takes no file; one website is --website CODE.");
  const deployment = readDeployment(values);
  const credentials = readCredentials(deployment);
  let exitCode: ExitCode = 0;
  for (const account of findAccounts(deployment, values.website)) {
    const good = await checkAccount(account, credentials, deployment);
    if (!good) exitCode = 1;
  }
  return exitCode;
}

function readCredentials({ vars }: Deployment): CredentialBook {
  const find = (name: string) => process.env[name] || vars[name];
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const problems: Problem[] = [];
  const book = readCredentialBook(
    {
      ADOBE_CLIENT_ID: text(find("ADOBE_CLIENT_ID")),
      ADOBE_CLIENT_SECRET: text(find("ADOBE_CLIENT_SECRET")),
      ADOBE_CREDENTIALS: find("ADOBE_CREDENTIALS"),
    },
    problems,
  );
  if (problems.length > 0) throw new CommandError(problems.map(describeProblem).join("\n"));
  if (book.standard !== null || book.byWebsite.size > 0) return book;
  const missing = ["ADOBE_CLIENT_ID", "ADOBE_CLIENT_SECRET"].filter((name) => !find(name));
  throw wrongUsage(
    `Neither the environment nor .dev.vars has ${listWords(
      missing,
      "or",
    )}: both are in the Adobe Developer Console, under OAuth Server-to-Server.`,
  );
}

function findAccounts({ vars, configPath }: Deployment, wanted: string | undefined): readonly Account[] {
  const settings = readSettings({ WEBSITES: vars["WEBSITES"] });
  if (!settings.ok) {
    throw new CommandError(`${configPath}:\n${settings.error.map(describeProblem).join("\n")}`);
  }
  const accounts = new Map<string, { adobe: AdobeAccount; websites: string[] }>();
  for (const { code, adobe } of settings.value.websites) {
    if (adobe === null || (wanted !== undefined && code !== wanted)) continue;
    const key = `${adobe.organizationId} ${adobe.sandbox} ${adobe.platformUrl}`;
    const account = accounts.get(key) ?? { adobe, websites: [] };
    account.websites.push(code);
    accounts.set(key, account);
  }
  if (accounts.size > 0) return [...accounts.values()];
  const which = wanted === undefined ? "no website" : `no website "${wanted}"`;
  throw new CommandError(
    `${configPath} has ${which} with an Adobe account: [vars.WEBSITES.main.adobe] with organizationId and sandbox.`,
  );
}

/** No secret, and asked for nowhere: what the Developer Console calls this credential, where somebody wrote it down. */
function findTechnicalAccount(
  websites: readonly string[],
  { byWebsite }: CredentialBook,
  { vars }: Deployment,
): { readonly id: unknown; readonly email: unknown } {
  const find = (name: string) => process.env[name] || vars[name];
  const code = websites.find((one) => byWebsite.has(one));
  if (code === undefined)
    return { id: find("ADOBE_TECHNICAL_ACCOUNT_ID"), email: find("ADOBE_TECHNICAL_ACCOUNT_EMAIL") };
  const own = JSON.parse(String(find("ADOBE_CREDENTIALS")))[code];
  return { id: own.technicalAccountId, email: own.technicalAccountEmail };
}

async function checkAccount(
  { adobe: account, websites }: Account,
  book: CredentialBook,
  deployment: Deployment,
): Promise<boolean> {
  const credentials = findCredentials(book, websites);
  if (credentials === null) {
    console.log(`${paint("bold", account.organizationId)}, for ${listWords(websites)}`);
    return tellBad("secrets", `ADOBE_CREDENTIALS has none for ${listWords(websites)}, and none are for all`);
  }
  const adobe = openAdobe(account, credentials, () => Date.now());
  console.log(`${paint("bold", account.organizationId)}, for ${listWords(websites)}`);
  console.log(`  Client ID      ${credentials.clientId}`);
  console.log("  Client secret  *****");
  const technical = findTechnicalAccount(websites, book, deployment);
  if (typeof technical.id === "string") console.log(`  Technical ID   ${printable(technical.id)}`);
  if (typeof technical.email === "string") console.log(`  Technical mail ${printable(technical.email)}`);
  console.log(`  Sandbox name   ${account.sandbox}`);
  console.log(`  Scopes         ${account.scopes}\n`);
  const token = await adobe.askForToken();
  if (!token.ok) return tellFailure("token", token.error);
  tellGood("token", "Adobe gives one");
  const good = [await checkSandbox(adobe, account), await checkAudiences(adobe)];
  const flows = await listFlows(adobe);
  if (!flows.ok) return tellFailure("flows", flows.error);
  tellGood("flows", `${count(flows.flows.length, "destination flow")}`);
  tellDestinations(flows.flows, account, websites);
  return good.every(Boolean);
}

async function checkSandbox(adobe: Adobe, { sandbox }: AdobeAccount): Promise<boolean> {
  const found = await fetchSandboxes(adobe);
  if (!found.ok) return tellFailure("sandbox", found.error);
  if (found.value.includes(sandbox))
    return tellGood("sandbox", `${sandbox} is one that the credential may use`);
  const known = found.value.length === 0 ? "none" : listWords(found.value);
  return tellBad(
    "sandbox",
    `the credential may not use "${sandbox}"; it may use ${printable(known)}. Write one of them as sandbox, or add the ` +
      "credential to a role with that sandbox (Experience Platform, Permissions, Roles, API credentials)",
  );
}

async function checkAudiences(adobe: Adobe): Promise<boolean> {
  const page = await fetchAudiencePage(adobe, "0");
  if (!page.ok) return tellFailure("audiences", page.error);
  const { audiences, nextStart } = page.value;
  if (audiences.length === 0) {
    return tellBad("audiences", "Adobe lists none: is it the right sandbox, and has it audiences?");
  }
  const more = nextStart === null ? "" : " on the first page";
  return tellGood(
    "audiences",
    `${count(audiences.length, "audience")}${more}, like ${printable(audiences[0]?.name ?? "")}`,
  );
}

type Flows =
  | { readonly ok: true; readonly flows: readonly DestinationFlow[] }
  | { readonly ok: false; readonly error: AdobeFailure };

/** Ten pages of a hundred are more destinations than anybody reads. */
const MAX_PAGES = 10;

async function listFlows(adobe: Adobe): Promise<Flows> {
  const flows: DestinationFlow[] = [];
  const asked = new Set<string>();
  let next: string | null = null;
  do {
    const page = await fetchFlowPage(adobe, next);
    if (!page.ok) return page;
    flows.push(...page.value.flows);
    next = page.value.next;
    if (next !== null && asked.has(next)) break;
    if (next !== null) asked.add(next);
  } while (next !== null && asked.size < MAX_PAGES);
  return { ok: true, flows };
}

function tellDestinations(
  flows: readonly DestinationFlow[],
  { destinations }: AdobeAccount,
  websites: readonly string[],
): void {
  if (flows.length === 0) {
    console.log(
      "\nNo destination has audiences yet: activate some to Commerce's destination in Real-Time CDP.",
    );
    return;
  }
  console.log(`\n${paint("bold", "Destinations")} (the kind's id is not public: pick yours by its name)`);
  for (const { id, name, state, destinationIds, audienceIds } of flows) {
    const picked = [id, ...destinationIds].some((one) => destinations.includes(one))
      ? paint("green", " picked")
      : "";
    const off = state === "disabled" ? paint("yellow", " disabled") : "";
    console.log(
      `  ${printable(name) || "(no name)"}: ${count(audienceIds.length, "audience")}${off}${picked}`,
    );
    console.log(paint("dim", `    flow ${id}, destination ${destinationIds.join(", ") || "none"}`));
  }
  const gone = destinations.filter(
    (one) =>
      !flows.some(({ id, destinationIds, connectionSpecIds }) =>
        [id, ...destinationIds, ...connectionSpecIds].includes(one),
      ),
  );
  if (gone.length > 0) console.log(paint("yellow", `\nPicked, but not there: ${listWords(gone)}`));
  const ids = flows.filter(({ state }) => state !== "disabled").map(({ id }) => `"${id}"`);
  console.log("\nThe settings, with those of the website left in:\n");
  console.log(`[vars.WEBSITES.${websites[0]}.adobe]`);
  console.log(`destinations = [${ids.join(", ")}]`);
}

/** A name may hold what a terminal would obey, or what turns a line around. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 80);
}

function tellGood(step: string, words: string): true {
  console.log(`  ${paint("green", "ok")}      ${step.padEnd(10)} ${words}`);
  return true;
}

function tellBad(step: string, words: string): false {
  console.log(`  ${paint("red", "wrong")}   ${step.padEnd(10)} ${words}`);
  return false;
}

function tellFailure(step: string, { message }: AdobeFailure): false {
  return tellBad(step, message);
}

if (import.meta.main) await runCommand(help, runAdobe);
