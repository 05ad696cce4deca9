/** Adobe's credentials: one for all websites, or one for each that has its own; read from secrets and kept nowhere. */

import type { Problem } from "../core/problem.ts";
import { isRecord, parseJson } from "../core/record.ts";
import { groupBySandbox } from "../core/sandbox.ts";
import type { Website } from "../core/website.ts";
import type { AdobeCredentials } from "./adobe.ts";

/** Secrets, as the platform has them. */
export interface CredentialSecrets {
  readonly ADOBE_CLIENT_ID?: string | undefined;
  readonly ADOBE_CLIENT_SECRET?: string | undefined;
  /** JSON: `{ "<website code>": { "clientId": "…", "clientSecret": "…" } }` */
  readonly ADOBE_CREDENTIALS?: unknown;
}

export interface CredentialBook {
  /** For websites without their own; null: there are none. */
  readonly standard: AdobeCredentials | null;
  readonly byWebsite: ReadonlyMap<string, AdobeCredentials>;
}

export const NO_CREDENTIALS: CredentialBook = { standard: null, byWebsite: new Map() };

/** The own ones of the first of these websites that has any: they share a sandbox, and it is asked once. */
export function findCredentials(
  { standard, byWebsite }: CredentialBook,
  codes: readonly string[],
): AdobeCredentials | null {
  for (const code of codes) {
    const own = byWebsite.get(code);
    if (own !== undefined) return own;
  }
  return standard;
}

/** Websites that share a sandbox and would ask it as somebody else each. */
export function warnOfCredentials(book: CredentialBook, websites: readonly Website[]): string[] {
  return groupBySandbox(websites).flatMap((sandbox) => {
    const codes = sandbox.websites.map(({ code }) => code);
    const different = new Set(codes.map((code) => JSON.stringify(findCredentials(book, [code]))));
    if (different.size < 2) return [];
    const asking = codes.find((code) => book.byWebsite.has(code));
    return [
      `websites ${codes.join(", ")} share a sandbox, but not the credentials: its audiences are asked for with ` +
        `those of ${asking} alone; give them the same in ADOBE_CREDENTIALS, or a sandbox each`,
    ];
  });
}

/** What is wrong is among the problems, and never with a value: any of it may be the secret. */
export function readCredentialBook(env: CredentialSecrets, problems: Problem[]): CredentialBook {
  const { ADOBE_CLIENT_ID: clientId, ADOBE_CLIENT_SECRET: clientSecret, ADOBE_CREDENTIALS: written } = env;
  const standard = clientId && clientSecret ? { clientId, clientSecret } : null;
  const report = (path: string, message: string) =>
    problems.push({ path: `ADOBE_CREDENTIALS${path}`, message });
  return { standard, byWebsite: readOwn(written, report) };
}

type Report = (path: string, message: string) => void;

function readOwn(written: unknown, report: Report): ReadonlyMap<string, AdobeCredentials> {
  const own = new Map<string, AdobeCredentials>();
  if (written === undefined || written === null || written === "") return own;
  if (typeof written !== "string") {
    report("", "a secret does not belong into wrangler.toml: npx wrangler secret put ADOBE_CREDENTIALS");
    return own;
  }
  const table = parseJson(written);
  if (!isRecord(table)) {
    report("", 'expected JSON like {"main":{"clientId":"…","clientSecret":"…"}}, by the websites\' codes');
    return own;
  }
  for (const [code, entry] of Object.entries(table)) {
    const path = /^\w{1,64}$/.test(code) ? `.${code}` : "";
    if (!isRecord(entry)) {
      report(path, 'expected {"clientId":"…","clientSecret":"…"}');
      continue;
    }
    const { clientId, clientSecret } = entry;
    if (!isSet(clientId)) report(`${path}.clientId`, "missing, and it has to be there");
    if (!isSet(clientSecret)) report(`${path}.clientSecret`, "missing, and it has to be there");
    if (isSet(clientId) && isSet(clientSecret)) own.set(code, { clientId, clientSecret });
  }
  return own;
}

function isSet(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
