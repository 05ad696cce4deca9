/** Settings: the deployer's environment (wrangler.toml and secrets), read once, with every problem told at once. */

import * as v from "valibot";
import { type PathPattern, parsePathPattern } from "./core/path.ts";
import { collectProblems, formatPath, type Problem, sortProblems } from "./core/problem.ts";
import { fail, ok, type Result } from "./core/result.ts";
import type { Website } from "./core/website.ts";

/** What the platform gives: all of it may be missing, and nothing of it is trusted. */
export interface Env {
  readonly KV?: KVNamespace;
  readonly WEBSITES?: unknown;
  readonly ADMIN_HOST?: string;
  /** Secrets. */
  readonly ADMIN_TOKEN?: string;
  readonly OPERATOR_KEY?: string;
  readonly COMMERCE_ADMIN_PATH?: string;
  readonly ADOBE_CLIENT_ID?: string;
  readonly ADOBE_CLIENT_SECRET?: string;
}

/** What the program wants: complete, or explicitly null. */
export interface Settings {
  readonly websites: readonly Website[];
  readonly adminHost: string | null;
  readonly adminToken: string | null;
  readonly operatorKey: string | null;
  /** First path segment of Commerce's admin, without slashes. */
  readonly adminPath: string | null;
  readonly adobeCredentials: { readonly clientId: string; readonly clientSecret: string } | null;
  /** What works, but not as somebody may expect. */
  readonly warnings: readonly string[];
}

const MIN_SECRET_LENGTH = 16;

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const host = v.pipe(
  v.string(),
  v.regex(
    hostPattern,
    (issue) => `a host is a lower-case name without scheme, port and path; found ${issue.received}`,
  ),
);

const url = v.pipe(v.string(), v.url("expected an address like https://platform.adobe.io"));

const adobeAccount = v.strictObject({
  organizationId: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9]+@AdobeOrg$/,
      "expected Adobe's Organization ID, like 97D1F3F459CE0AD80A495CBE@AdobeOrg",
    ),
  ),
  sandbox: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,256}$/, "expected a sandbox name, like prod")),
    "prod",
  ),
  imsUrl: v.optional(url, "https://ims-na1.adobelogin.com"),
  platformUrl: v.optional(url, "https://platform.adobe.io"),
  scopes: v.optional(
    v.string(),
    "openid,AdobeID,read_organizations,additional_info.projectedProductContext,session",
  ),
});

const kilobytes = (minimum: number, maximum: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(minimum, `at least ${minimum} bytes`),
    v.maxValue(maximum, `at most ${maximum} bytes`),
  );

const origin = v.pipe(
  v.string(),
  v.check(
    (written) => readOrigin(written) !== null,
    (issue) => `expected scheme and host alone, like https://commerce.example; found ${issue.received}`,
  ),
);

const path = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const pattern = dataset.typed ? parsePathPattern(dataset.value) : null;
    if (pattern?.ok === false) addIssue({ message: pattern.error });
  }),
);

const website = v.strictObject({
  hosts: v.pipe(v.array(host), v.minLength(1, "name at least one host that shoppers use")),
  origin: v.optional(v.nullable(origin), null),
  storefront: v.optional(v.picklist(["luma", "headless"]), "luma"),
  graphqlPath: v.optional(
    v.pipe(v.string(), v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, "expected a path like /graphql")),
    "/graphql",
  ),
  mode: v.optional(v.picklist(["off", "watch", "on"]), "on"),
  rollout: v.optional(
    v.pipe(v.number(), v.minValue(0, "a percentage, 0 to 100"), v.maxValue(100, "a percentage, 0 to 100")),
    100,
  ),
  consent: v.optional(v.picklist(["honoured", "required"]), "honoured"),
  storeViews: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^[A-Za-z]\w*$/, "a store view code has letters, digits and _"))),
    [],
  ),
  membershipPaths: v.optional(v.array(path), []),
  membershipEncoding: v.optional(v.picklist(["urlencoded", "raw"]), "urlencoded"),
  maxUpstreamBytes: v.optional(kilobytes(64, 16_384), 4096),
  maxPageBytes: v.optional(kilobytes(1024, 100_000_000), 10_000_000),
  maxBodyBytes: v.optional(kilobytes(1024, 100_000_000), 1_048_576),
  pageDeadlineMs: v.optional(
    v.nullable(v.pipe(v.number(), v.minValue(100, "at least 100 milliseconds"))),
    null,
  ),
  adobe: v.optional(v.nullable(adobeAccount), null),
});

const websites = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z]\w*$/i, "a website code has letters, digits and _")), website),
  v.check((all) => Object.keys(all).length > 0, "name at least one website, as a table [vars.WEBSITES.main]"),
);

export function readSettings(env: Env): Result<Settings, Problem[]> {
  const checked = v.safeParse(websites, env.WEBSITES ?? {});
  const problems = collectProblems(websites, env.WEBSITES ?? {}, checked.issues ?? []).map(underWebsites);
  const warnings: string[] = [];
  const adminHost = readAdminHost(env.ADMIN_HOST, problems);
  checkHosts(env.WEBSITES, adminHost, problems);
  const adminPath = readAdminPath(env.COMMERCE_ADMIN_PATH, problems);
  if (adminPath === null) {
    warnings.push(
      'COMMERCE_ADMIN_PATH is not set: banners on "/*" are left out, they would include the admin',
    );
  }
  const operatorKey = readSecret(env.OPERATOR_KEY, "OPERATOR_KEY", problems);
  const adminToken = readSecret(env.ADMIN_TOKEN, "ADMIN_TOKEN", problems);
  if (adminHost !== null && adminToken === null) {
    warnings.push("ADMIN_TOKEN is not set: the dashboard stays closed");
  }
  if (env.KV === undefined)
    warnings.push("no KV namespace is bound as KV: only the embedded campaigns are served");
  if (!checked.success || problems.length > 0) return fail(sortProblems(problems));
  return ok({
    websites: Object.entries(checked.output).map(([code, written]) => toWebsite(code, written)),
    adminHost,
    adminToken,
    operatorKey,
    adminPath,
    adobeCredentials: readCredentials(env),
    warnings,
  });
}

function toWebsite(code: string, written: v.InferOutput<typeof website>): Website {
  return {
    ...written,
    code,
    origin: written.origin === null ? null : readOrigin(written.origin),
    membershipPaths: written.membershipPaths.flatMap((text): PathPattern[] => {
      const pattern = parsePathPattern(text);
      return pattern.ok ? [pattern.value] : [];
    }),
  };
}

/** Scheme, host and port, and nothing else. */
function readOrigin(written: string): string | null {
  if (!URL.canParse(written)) return null;
  const parsed = new URL(written);
  const bare =
    parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === "";
  return bare && /^https?:$/.test(parsed.protocol) ? parsed.origin : null;
}

/** Over what is written, right or wrong otherwise: all mistakes in one round. */
function checkHosts(written: unknown, adminHost: string | null, problems: Problem[]): void {
  const owners = new Map<unknown, string>();
  for (const [code, entry] of Object.entries(written ?? {})) {
    const { hosts, origin } = (entry ?? {}) as { readonly hosts?: unknown; readonly origin?: unknown };
    if (!Array.isArray(hosts)) continue;
    const loop = typeof origin === "string" ? readOrigin(origin) : null;
    if (loop !== null && hosts.includes(new URL(loop).hostname)) {
      const message =
        "one of the website's own hosts: requests would loop; leave origin out where the Worker is a route " +
        "on the shop's own zone";
      problems.push({ path: formatPath(["WEBSITES", code, "origin"]), message });
    }
    hosts.forEach((name: unknown, index) => {
      const at = formatPath(["WEBSITES", code, "hosts", index]);
      const owner = owners.get(name);
      if (owner !== undefined)
        problems.push({ path: at, message: `${name} is a host of website "${owner}" already` });
      if (name === adminHost && adminHost !== null) {
        problems.push({
          path: at,
          message: `${name} is ADMIN_HOST: the dashboard needs a host that is no shop's`,
        });
      }
      owners.set(name, code);
    });
  }
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

function readSecret(written: string | undefined, name: string, problems: Problem[]): string | null {
  if (written === undefined || written === "") return null;
  if (written.length >= MIN_SECRET_LENGTH) return written;
  problems.push({ path: name, message: `at least ${MIN_SECRET_LENGTH} characters; found ${written.length}` });
  return null;
}

function readCredentials(env: Env): Settings["adobeCredentials"] {
  const { ADOBE_CLIENT_ID: clientId, ADOBE_CLIENT_SECRET: clientSecret } = env;
  return clientId && clientSecret ? { clientId, clientSecret } : null;
}

function underWebsites(problem: Problem): Problem {
  const path =
    problem.path === "" ? "WEBSITES" : `WEBSITES${problem.path.startsWith("[") ? "" : "."}${problem.path}`;
  return { ...problem, path };
}
