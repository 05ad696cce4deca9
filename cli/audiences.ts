/** Asks a running or deployed Worker to sync its audience lists with Adobe now, and tells how it went. */

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import * as v from "valibot";
import { CommandError, type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";

const help = `
node cli/audiences.ts sync [--url http://admin.localhost:8787] [--token-env ADMIN_TOKEN]
  Asks the Worker's dashboard to fetch Adobe's audiences now, instead of at the next quarter of an hour.
  --url ADDRESS       the dashboard (default: https and ADMIN_HOST of wrangler.toml)
  --token-env NAME    the environment variable that holds the dashboard's token (default: ADMIN_TOKEN)
  ${deploymentHelp}
For a dashboard on this machine the token of .dev.vars is taken where the environment has none.
`;

const options = {
  ...deploymentOptions,
  url: { type: "string" },
  "token-env": { type: "string", default: "ADMIN_TOKEN" },
} as const;

export async function runAudiences(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.join(" ") !== "sync") throw wrongUsage("Say what to do: node cli/audiences.ts sync");
  const { vars } = readDeployment(values);
  const url = readUrl(values.url, vars["ADMIN_HOST"]);
  const token = readToken(values["token-env"], isLocal(url) ? vars["ADMIN_TOKEN"] : undefined);
  const { status, text } = await post(new URL("/api/sync", url), token);
  return tellAnswer(status, text, url);
}

function readUrl(written: string | undefined, adminHost: unknown): URL {
  if (written === undefined) {
    if (typeof adminHost === "string" && adminHost !== "") return new URL(`https://${adminHost}`);
    throw wrongUsage("wrangler.toml has no ADMIN_HOST; name the dashboard: --url https://admin.shop.example");
  }
  if (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)) return new URL(written);
  throw wrongUsage(`--url is an address like http://admin.localhost:8787; found "${written}".`);
}

function readToken(name: string, local: unknown): string {
  const token = process.env[name] ?? (typeof local === "string" ? local : "");
  if (token !== "") return token;
  throw wrongUsage(
    `The environment has no ${name}: it holds the dashboard's token (--token-env names another).`,
  );
}

function isLocal({ hostname }: URL): boolean {
  return /(^|\.)localhost$|^127\.|^\[::1\]$/.test(hostname);
}

/** Browsers know where *.localhost is; the resolver that Node asks often does not. */
const resolveLocally: LookupFunction = (_name, { all }, found) => {
  if (all) found(null, [{ address: "127.0.0.1", family: 4 }]);
  else found(null, "127.0.0.1", 4);
};

/** Adobe's lists come page by page, and the answer only with the last one. */
const PATIENCE_MS = 300_000;

async function post(url: URL, token: string): Promise<{ status: number; text: string }> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = send(url, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-length": "0" },
        timeout: PATIENCE_MS,
        ...(url.hostname.endsWith("localhost") ? { lookup: resolveLocally } : {}),
      });
      outgoing.on("response", resolve).on("error", reject);
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in five minutes")));
      outgoing.end();
    });
    let text = "";
    for await (const chunk of answer.setEncoding("utf8")) text += chunk;
    return { status: answer.statusCode ?? 0, text };
  } catch (error) {
    throw new CommandError(`${url.origin} can't be reached: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return "nothing answers there (for a dashboard here, start npm run dev)";
  if (code === "ENOTFOUND") return "there is no such host";
  return message;
}

const answerShape = v.object({
  detail: v.optional(v.string()),
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

function tellAnswer(status: number, text: string, url: URL): ExitCode {
  const { reports, detail } = readAnswer(text);
  if (!reports || reports.length === 0) {
    throw new CommandError(`${url.host} answered ${status}: ${detail ?? reasonFor(status)}`);
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

function reasonFor(status: number): string {
  if (status === 401 || status === 403) return "the token is not the dashboard's ADMIN_TOKEN.";
  if (status === 404) return "there is no dashboard; is ADMIN_HOST that host?";
  if (status === 503) return "the dashboard is closed; the Worker has no ADMIN_TOKEN.";
  return "that is no dashboard's answer.";
}

if (import.meta.main) await runCommand(help, runAudiences);
