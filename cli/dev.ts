/** Puts the Worker, on this machine, in front of any Luma or headless Commerce. */

import { parseAudienceId } from "../src/core/audience.ts";
import { suggestion } from "../src/core/problem.ts";
import { type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";
import { describeAnswer, isTelling } from "./dev/log-line.ts";
import { type Dev, startDev } from "./dev/session.ts";
import { cookieValue, SHOPPER_PATH } from "./dev/shopper.ts";

const help = `
node cli/dev.ts --origin http://127.0.0.1:8080 [--campaigns campaigns.json]
  Opens the store at http://localhost:8787 with the Worker in front. The Worker sees the store's own address,
  as it will on the shop's zone; what the browser gets is translated: redirects, cookies, links.
  --origin ADDRESS    where the store listens: scheme, host and port
  --host NAME         what the store calls itself (its base URL), where it does not say so by a redirect;
                      https://shop.example for a store that expects https in front of it
  --campaigns FILE    publish this file here, now and whenever it changes
  --port NUMBER       where to listen (default: 8787)
  --website CODE      which website of wrangler.toml the store is
  --audience NAME     an audience for the line to copy, by its name in the campaigns or its id; repeatable
  --insecure          accept the store's certificate, whoever signed it
  --memory            keep KV in memory, apart from what is published with --local
  --verbose           tell of every request, not only of pages, GraphQL and failures
  ${deploymentHelp}
The Worker is built from src and again when a file changes. Secrets come from .dev.vars. The website is
switched on for everybody, whatever its mode in wrangler.toml; npm run off -- --local turns it off.

Through npm: npm run dev -- --origin http://127.0.0.1:8080
`;

const options = {
  ...deploymentOptions,
  origin: { type: "string" },
  host: { type: "string" },
  campaigns: { type: "string" },
  port: { type: "string", default: "8787" },
  website: { type: "string" },
  audience: { type: "string", multiple: true, default: [] as string[] },
  insecure: { type: "boolean", default: false },
  memory: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
} as const;

export async function runDev(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage(`Everything has a name here; found ${positionals.join(" ")}.`);
  const deployment = readDeployment(values);
  const dev = await startDev({
    deployment,
    origin: readOrigin(values.origin),
    host: values.host ?? null,
    port: readPort(values.port),
    website: values.website ?? null,
    campaigns: values.campaigns ?? null,
    trust: values.insecure ? "any" : "certificate",
    localState: values.memory ? null : deployment.localState,
    onAnswer: (answered) => {
      if (values.verbose || isTelling(answered)) tell(describeAnswer(answered));
    },
    onLine: tell,
  });
  try {
    introduce(dev, values.origin ?? "", values.audience);
    await untilStopped();
  } finally {
    await dev.stop();
  }
  return 0;
}

function tell(line: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  console.log(`${paint("dim", time)}  ${line}`);
}

function readOrigin(written: string | undefined): URL {
  if (written === undefined) {
    throw wrongUsage("Where is the store? node cli/dev.ts --origin http://127.0.0.1:8080");
  }
  const text = written.includes("://") ? written : `http://${written}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && url.pathname === "/" && url.search === "" && /^https?:$/.test(url.protocol)) return url;
  throw wrongUsage(
    `--origin is scheme, host and port alone, like http://127.0.0.1:8080; found "${written}".`,
  );
}

function readPort(written: string): number {
  const port = Number(written);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw wrongUsage(`--port is a number up to 65535; found "${written}".`);
}

function introduce(dev: Dev, origin: string, audiences: readonly string[]): void {
  const { url, base, website, storefront, adminToken, operatorKey } = dev;
  const cookie = `aep-segments-membership=${cookieValue(findAudiences(dev, audiences))}`;
  const port = new URL(url).port;
  console.log(`
${paint("bold", "The store, with the Worker in front")}   ${url}/
  who you are in it                   ${url}${SHOPPER_PATH}
  the same by hand                    curl -b '${cookie}' ${url}/
  why, in the answer's header         curl -sI -H 'edge-audiences-explain: ${operatorKey}' ${url}/
${paint("bold", "The dashboard")}                         http://admin.localhost:${port}/   token ${adminToken}

${paint("dim", `${origin} as ${base.origin} · website ${website}, ${storefront} · Ctrl+C ends it`)}
`);
}

/** Names of the campaigns as ids; without any, the first audience that there is. */
function findAudiences(dev: Dev, written: readonly string[]): readonly string[] {
  const choosable = dev.choosable();
  if (written.length === 0) return choosable[0]?.ids.slice(0, 1) ?? ["AUDIENCE-ID"];
  return written.flatMap((name) => {
    const known = choosable.find((audience) => audience.name === name);
    if (known) return known.ids.slice(0, 1);
    const meant = suggestion(
      name,
      choosable.map((audience) => audience.name),
    );
    if (meant === "" && parseAudienceId(name) !== null) return [name];
    throw wrongUsage(`"${name}" is neither a name of the campaigns nor an audience's id${meant}`);
  });
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

if (import.meta.main) await runCommand(help, runDev);
