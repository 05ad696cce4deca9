/** Settings: the deployer's environment (wrangler.toml and secrets), read once, with every problem told at once. */

import * as v from "valibot";
import type { AccessTeam } from "./core/access.ts";
import { collectProblems, formatPath, type Problem, sortProblems, suggestion } from "./core/problem.ts";
import { fail, ok, type Result } from "./core/result.ts";
import type { Website } from "./core/website.ts";
import type { Analytics } from "./edge/analytics.ts";
import type { AnalyticsApi } from "./edge/analytics-api.ts";
import type { ControlNamespace } from "./edge/control/calls.ts";
import { type CredentialBook, readCredentialBook, warnOfCredentials } from "./edge/credentials.ts";
import { readAccess } from "./settings/access.ts";
import { readAnalyticsApi } from "./settings/analytics-api.ts";
import { checkHosts, warnOfClaims } from "./settings/hosts.ts";
import { hostPattern, readOrigin } from "./settings/value.ts";
import { toWebsite, websites } from "./settings/website.ts";

/** What the platform gives: all of it may be missing, and nothing of it is trusted. */
export interface Env {
  readonly KV?: KVNamespace;
  readonly CONTROL?: ControlNamespace;
  readonly ANALYTICS?: Analytics;
  readonly WEBSITES?: unknown;
  readonly ADMIN_HOST?: string;
  readonly ADMIN_ACCESS?: unknown;
  readonly ANALYTICS_ACCOUNT_ID?: string;
  readonly ANALYTICS_DATASET?: string;
  readonly ANALYTICS_URL?: string;
  /** Secrets. */
  readonly ADMIN_TOKEN?: string;
  readonly ADMIN_VIEWER_TOKEN?: string;
  readonly OPERATOR_KEY?: string;
  readonly COMMERCE_ADMIN_PATH?: string;
  readonly SIGNING_SECRET?: string;
  readonly SIGNING_SECRET_PREVIOUS?: string;
  readonly ORIGIN_SECRET?: string;
  readonly BACKEND_SECRET?: string;
  readonly BACKEND_SECRET_PREVIOUS?: string;
  readonly ADOBE_CLIENT_ID?: string;
  readonly ADOBE_CLIENT_SECRET?: string;
  readonly ADOBE_CREDENTIALS?: unknown;
  readonly ANALYTICS_TOKEN?: string;
}

/** What the program wants: complete, or explicitly null. */
export interface Settings {
  readonly websites: readonly Website[];
  readonly adminHost: string | null;
  readonly adminToken: string | null;
  readonly adminViewerToken: string | null;
  readonly adminAccess: AccessTeam | null;
  readonly operatorKey: string | null;
  /** First path segment of Commerce's admin, without slashes. */
  readonly adminPath: string | null;
  /** The first one signs, all verify. Empty: nothing is signed, and no membership is ever verified by us. */
  readonly signingSecrets: readonly string[];
  readonly backendSecrets: readonly string[];
  /** Shown to explicit origins. */
  readonly originSecret: string | null;
  readonly adobeCredentials: CredentialBook;
  /** Where what was counted is asked for; null: nobody asks. */
  readonly analyticsApi: AnalyticsApi | null;
  /** What works, but not as somebody may expect. */
  readonly warnings: readonly string[];
}

const MIN_SECRET_LENGTH = 16;
/** What keys are made of: `npm run secret:new`. */
const MIN_KEY_LENGTH = 32;

export function readSettings(env: Env): Result<Settings, Problem[]> {
  const checked = v.safeParse(websites, env.WEBSITES ?? {});
  const problems = collectProblems(websites, env.WEBSITES ?? {}, checked.issues ?? []).map(underWebsites);
  const warnings: string[] = [];
  const adminHost = readAdminHost(env.ADMIN_HOST, problems);
  checkWebsites(env.WEBSITES, problems);
  checkHosts(env.WEBSITES, adminHost, problems);
  const adminPath = readAdminPath(env.COMMERCE_ADMIN_PATH, problems);
  if (adminPath === null) {
    warnings.push(
      'COMMERCE_ADMIN_PATH is not set: banners on "/*" are left out, they would include the admin',
    );
  }
  const operatorKey = readSecret(env.OPERATOR_KEY, "OPERATOR_KEY", problems);
  const adminToken = readSecret(env.ADMIN_TOKEN, "ADMIN_TOKEN", problems);
  const adminViewerToken = readSecret(env.ADMIN_VIEWER_TOKEN, "ADMIN_VIEWER_TOKEN", problems);
  if (adminViewerToken !== null && adminViewerToken === adminToken) {
    const message = "the same as ADMIN_TOKEN: who may only look needs a token of their own";
    problems.push({ path: "ADMIN_VIEWER_TOKEN", message });
  }
  const adminAccess = readAccess(env.ADMIN_ACCESS, problems);
  if (adminHost !== null && adminToken === null && adminViewerToken === null && adminAccess === null) {
    warnings.push("ADMIN_TOKEN is not set: the dashboard stays closed");
  }
  const secretsOf = (name: "SIGNING_SECRET" | "BACKEND_SECRET") =>
    [name, `${name}_PREVIOUS` as const]
      .map((one) => readSecret(env[one], one, problems, MIN_KEY_LENGTH))
      .filter((secret) => secret !== null);
  const signingSecrets = secretsOf("SIGNING_SECRET");
  const backendSecrets = secretsOf("BACKEND_SECRET");
  if (adminHost !== null && adminAccess?.publishers.length === 0 && adminToken === null) {
    warnings.push("ADMIN_ACCESS names no publishers, and ADMIN_TOKEN is not set: nobody can publish");
  }
  const adobeCredentials = readCredentialBook(env, problems);
  checkCredentials(adobeCredentials, env.WEBSITES, problems);
  const originSecret = readSecret(env.ORIGIN_SECRET, "ORIGIN_SECRET", problems, MIN_KEY_LENGTH);
  if (checked.success && signingSecrets.length === 0) {
    for (const [code, { datastreamId }] of Object.entries(checked.output)) {
      if (datastreamId === null) continue;
      warnings.push(
        `website ${code} has a datastream, but SIGNING_SECRET is not set: no membership is verified ` +
          "(npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET)",
      );
    }
  }
  if (env.KV === undefined)
    warnings.push("no KV namespace is bound as KV: only the embedded campaigns are served");
  if (adminHost !== null && env.CONTROL === undefined) {
    warnings.push(
      "no Durable Object is bound as CONTROL: the dashboard can't publish, and no history is kept",
    );
  }
  const analyticsApi = readAnalyticsApi(env, problems);
  if (!checked.success || problems.length > 0) return fail(sortProblems(problems));
  const all = Object.entries(checked.output).map(([code, written]) => toWebsite(code, written, originSecret));
  warnings.push(...warnOfClaims(all), ...warnOfCredentials(adobeCredentials, all));
  return ok({
    websites: all,
    adminHost,
    adminToken,
    adminViewerToken,
    adminAccess,
    operatorKey,
    adminPath,
    signingSecrets,
    backendSecrets,
    originSecret,
    adobeCredentials,
    analyticsApi,
    warnings,
  });
}

/** Over what is written, right or wrong otherwise: all mistakes in one round. */
function checkWebsites(written: unknown, problems: Problem[]): void {
  for (const [code, entry] of Object.entries(written ?? {})) {
    const given = (entry ?? {}) as Readonly<Record<string, unknown>>;
    const { hosts, origin, datastreamId, adobe, consent, consentManager } = given;
    for (const [key, value] of Object.entries({ identity: "fpid", pull: "always", edgeAuth: "oauth" })) {
      if (given[key] !== value || datastreamId) continue;
      const message = `"${value}" needs datastreamId: without one Adobe is never asked`;
      problems.push({ path: formatPath(["WEBSITES", code, key]), message });
    }
    const { exposures } = given;
    if (Array.isArray(exposures) && exposures.includes("edge-network") && !datastreamId) {
      const message = '"edge-network" tells a datastream of them: set datastreamId';
      problems.push({ path: formatPath(["WEBSITES", code, "exposures"]), message });
    }
    const needed = consent === "required" ? "granted" : "refused";
    if (consentManager && !hasWords((consentManager as Readonly<Record<string, unknown>>)[needed])) {
      const message =
        needed === "granted"
          ? 'missing: with consent = "required" say which texts are a yes, or there is never one'
          : 'missing: with consent = "honoured" say which texts are a no, or there is never one';
      problems.push({ path: formatPath(["WEBSITES", code, "consentManager", needed]), message });
    }
    if (datastreamId && !adobe) {
      const message = "missing: a datastream's answers are read by the organization's own cookies";
      problems.push({ path: formatPath(["WEBSITES", code, "adobe"]), message });
    }
    if (!Array.isArray(hosts)) continue;
    const loop = typeof origin === "string" ? readOrigin(origin) : null;
    if (loop !== null && hosts.includes(new URL(loop).hostname)) {
      const message =
        "one of the website's own hosts: requests would loop; leave origin out where the Worker is a route " +
        "on the shop's own zone";
      problems.push({ path: formatPath(["WEBSITES", code, "origin"]), message });
    }
  }
}

/** Whether anything is written there; what it is, the schema says. */
function hasWords(written: unknown): boolean {
  return written !== undefined && !(Array.isArray(written) && written.length === 0);
}

function readAdminHost(written: string | undefined, problems: Problem[]): string | null {
  const name = written?.trim().toLowerCase() ?? "";
  if (name === "") return null;
  if (hostPattern.test(name)) return name;
  problems.push({
    path: "ADMIN_HOST",
    message: `expected a host name alone; found ${JSON.stringify(written)}`,
  });
  return null;
}

function readAdminPath(written: string | undefined, problems: Problem[]): string | null {
  const segment = written?.replace(/^\/+|\/+$/g, "") ?? "";
  if (segment === "") return null;
  if (/^[A-Za-z0-9_-]+$/.test(segment)) return segment;
  problems.push({ path: "COMMERCE_ADMIN_PATH", message: "expected one path segment, like backoffice_x7" });
  return null;
}

function readSecret(
  written: string | undefined,
  name: string,
  problems: Problem[],
  minLength = MIN_SECRET_LENGTH,
): string | null {
  if (written === undefined || written === "") return null;
  if (written.length >= minLength) return written;
  problems.push({ path: name, message: `at least ${minLength} characters; found ${written.length}` });
  return null;
}

/** A code that is misspelled there would leave its website with the credentials of the others. */
function checkCredentials({ byWebsite }: CredentialBook, written: unknown, problems: Problem[]): void {
  const codes = Object.keys(written ?? {});
  for (const code of byWebsite.keys()) {
    if (codes.includes(code)) continue;
    const cure = suggestion(code, codes) || `; there is ${codes.join(", ") || "none"}`;
    problems.push({ path: "ADOBE_CREDENTIALS", message: `no website has that code${cure}` });
  }
}

function underWebsites(problem: Problem): Problem {
  const path =
    problem.path === "" ? "WEBSITES" : `WEBSITES${problem.path.startsWith("[") ? "" : "."}${problem.path}`;
  return { ...problem, path };
}
