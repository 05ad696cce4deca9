/** The dashboard's API from the command line: where it is, the token, and one call of it. */

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { CommandError, wrongUsage } from "./command.ts";
import type { Deployment } from "./deployment.ts";

/** The options of every command that asks a dashboard. */
export const dashboardOptions = {
  url: { type: "string" },
  "token-env": { type: "string", default: "ADMIN_TOKEN" },
} as const;

export const dashboardHelp = `
  --url ADDRESS       the dashboard (default: https and ADMIN_HOST of wrangler.toml)
  --token-env NAME    the environment variable that holds the dashboard's token (default: ADMIN_TOKEN)
                      Behind Cloudflare Access: CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, a service token's,
                      in its place or beside it`.trimStart();

export interface Dashboard {
  readonly url: URL;
  ask(path: string, question?: Question): Promise<DashboardAnswer>;
}

export interface Question {
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface DashboardAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
}

interface WrittenDashboard {
  readonly url?: string | undefined;
  readonly "token-env": string;
}

export function openDashboard(written: WrittenDashboard, { vars }: Deployment): Dashboard {
  const url = readUrl(written.url, vars["ADMIN_HOST"]);
  const service = readServiceToken();
  const local = isLocal(url) ? vars["ADMIN_TOKEN"] : undefined;
  const token = readToken(written["token-env"], local, service);
  const keys = { ...service, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  return { url, ask: (path, question = {}) => send(new URL(path, url), keys, question) };
}

/** What an answer says that is no success. */
export function describeRefusal({ status, text }: DashboardAnswer): string {
  return readDetail(text) ?? reasonFor(status);
}

function readDetail(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}

function reasonFor(status: number): string {
  if (status === 302)
    return "it sends us on to sign in; behind Cloudflare Access set CF_ACCESS_CLIENT_ID and its secret.";
  if (status === 401 || status === 403) return "the token is not the dashboard's ADMIN_TOKEN.";
  if (status === 404) return "there is no dashboard; is ADMIN_HOST that host?";
  if (status === 503) return "the dashboard is closed; the Worker has no ADMIN_TOKEN.";
  return "that is no dashboard's answer.";
}

function readUrl(written: string | undefined, adminHost: unknown): URL {
  if (written === undefined) {
    if (typeof adminHost === "string" && adminHost !== "") return new URL(`https://${adminHost}`);
    throw wrongUsage("wrangler.toml has no ADMIN_HOST; name the dashboard: --url https://admin.shop.example");
  }
  if (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)) return new URL(written);
  throw wrongUsage(`--url is an address like http://admin.localhost:8787; found "${written}".`);
}

type Keys = Readonly<Record<string, string>>;

/** What Access takes from a machine; it makes of it the token that the dashboard believes. */
function readServiceToken(): Keys | null {
  const { CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret } = process.env;
  return id && secret ? { "cf-access-client-id": id, "cf-access-client-secret": secret } : null;
}

/** null: a service token is enough. */
function readToken(name: string, local: unknown, service: Keys | null): string | null {
  const token = process.env[name] ?? (typeof local === "string" ? local : "");
  if (token !== "") return token;
  if (service !== null) return null;
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

async function send(url: URL, keys: Keys, question: Question): Promise<DashboardAnswer> {
  const { method = "GET", headers = {}, body = "" } = question;
  const transport = url.protocol === "https:" ? httpsRequest : httpRequest;
  const length = method === "GET" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = transport(url, {
        method,
        headers: { ...keys, accept: "application/json", ...length, ...headers },
        timeout: PATIENCE_MS,
        ...(url.hostname.endsWith("localhost") ? { lookup: resolveLocally } : {}),
      });
      outgoing.on("response", resolve).on("error", reject);
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in five minutes")));
      outgoing.end(body);
    });
    let text = "";
    for await (const chunk of answer.setEncoding("utf8")) text += chunk;
    return { status: answer.statusCode ?? 0, etag: answer.headers.etag ?? null, text };
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
