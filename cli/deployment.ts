/** The deployment as wrangler.toml and .dev.vars describe it, read by wrangler's own readers. */

import { dirname, resolve } from "node:path";
import { type Unstable_Config, unstable_getVarsForDev, unstable_readConfig } from "wrangler";
import { suggestion } from "../src/core/problem.ts";
import type { Website } from "../src/core/website.ts";
import { readSettings } from "../src/settings.ts";
import { CommandError, listWords, ROOT, wrongUsage } from "./command.ts";

/** The options of every command that reads the deployment. */
export const deploymentOptions = {
  config: { type: "string", short: "c" },
  env: { type: "string", short: "e" },
} as const;

export const deploymentHelp = `
  -c, --config FILE   another wrangler.toml
  -e, --env NAME      a named environment of it`.trimStart();

export interface WrittenDeployment {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
}

export interface Deployment {
  readonly configPath: string;
  readonly env: string | undefined;
  readonly config: Unstable_Config;
  /** The vars of wrangler.toml, and over them those of .dev.vars. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Codes; null where wrangler.toml names none. */
  readonly websites: readonly string[] | null;
  /** Of the websites that name one, by code. */
  readonly timeZones: Readonly<Record<string, string>>;
  /** Of each website, by code. */
  readonly storeViews: Readonly<Record<string, readonly string[]>>;
  /** What wrangler calls the namespace that is bound as KV on this machine; null where none is. */
  readonly kvNamespace: string | null;
  /** Where wrangler keeps KV on this machine. */
  readonly localState: string;
}

/** A table of wrangler.toml, before anybody has checked it. */
interface WrittenWebsite {
  readonly timeZone?: unknown;
  readonly storeViews?: unknown;
  readonly defaultStoreView?: unknown;
}

/** `loud`: wrangler says what it finds odd in the file, such as vars that an environment does not inherit. */
export function readDeployment(
  { config: written, env }: WrittenDeployment,
  voice: "loud" | "quiet" = "quiet",
): Deployment {
  const configPath = resolve(written ?? resolve(ROOT, "wrangler.toml"));
  const config = readConfig(configPath, env, voice);
  const bound = config.kv_namespaces.find(({ binding }) => binding === "KV");
  const tables = (config.vars["WEBSITES"] ?? {}) as Readonly<Record<string, WrittenWebsite>>;
  const websites = Object.keys(tables);
  return {
    configPath,
    env,
    config,
    vars: readVars(config, configPath, env),
    websites: websites.length === 0 ? null : websites,
    timeZones: Object.fromEntries(
      Object.entries(tables).flatMap(([code, { timeZone }]) =>
        typeof timeZone === "string" ? [[code, timeZone]] : [],
      ),
    ),
    storeViews: Object.fromEntries(
      Object.entries(tables).map(([code, { storeViews, defaultStoreView = "default" }]) => [
        code,
        [defaultStoreView, ...(Array.isArray(storeViews) ? storeViews : [])].map(String),
      ]),
    ),
    kvNamespace: bound ? (bound.id ?? bound.binding) : null,
    localState: resolve(dirname(configPath), ".wrangler", "state", "v3"),
  };
}

/** The website that is meant: the one of that code, or the only one. */
export function findWebsite(written: string | undefined, { vars, configPath }: Deployment): Website {
  const settings = readSettings({ WEBSITES: vars["WEBSITES"] });
  if (!settings.ok)
    throw new CommandError(`${configPath} has problems in its settings: npm run deploy names them.`);
  const { websites } = settings.value;
  const codes = websites.map(({ code }) => code);
  const found =
    written === undefined && websites.length === 1
      ? websites[0]
      : websites.find(({ code }) => code === written);
  if (found) return found;
  if (written === undefined) throw wrongUsage(`Which website? --website ${codes.join(" or --website ")}`);
  throw wrongUsage(
    `There is no website "${written}" in wrangler.toml${suggestion(written, codes) || `; there is ${listWords(codes)}`}`,
  );
}

/** Commerce's admin path as this machine knows it; never said to be known at Cloudflare. */
export function findAdminPath({ vars }: Deployment, where: "environment" | "anywhere"): string | null {
  const here = where === "anywhere" ? vars["COMMERCE_ADMIN_PATH"] : undefined;
  const written = process.env["COMMERCE_ADMIN_PATH"] || here;
  const segment = typeof written === "string" ? written.replace(/^\/+|\/+$/g, "") : "";
  return segment === "" ? null : segment;
}

function readConfig(configPath: string, env: string | undefined, voice: "loud" | "quiet"): Unstable_Config {
  const named = env === undefined ? {} : { env };
  try {
    return unstable_readConfig({ config: configPath, ...named }, { hideWarnings: voice === "quiet" });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : "unreadable";
    throw new CommandError(`${configPath} can't be read: ${reason}`);
  }
}

function readVars(
  config: Unstable_Config,
  configPath: string,
  env: string | undefined,
): Record<string, unknown> {
  const bindings = unstable_getVarsForDev(configPath, undefined, config.vars, env, true);
  const vars: Record<string, unknown> = {};
  for (const [name, binding] of Object.entries(bindings)) {
    vars[name] = binding.value;
  }
  return vars;
}
