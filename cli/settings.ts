/** Reads the settings as the Worker will, and tells every problem and warning before a deploy meets them. */

import { describeProblem } from "../src/core/problem.ts";
import type { Website } from "../src/core/website.ts";
import { type Env, readSettings } from "../src/settings.ts";
import { count, type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { type Deployment, deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";

const help = `
node cli/settings.ts
  Reads wrangler.toml and .dev.vars as the Worker reads its environment: every problem and every warning.
  Ends with 1 where there is a problem; npm run deploy asks it first.
  ${deploymentHelp}
`;

export async function runSettings(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, deploymentOptions);
  if (positionals.length > 0)
    throw wrongUsage("settings takes no file; another wrangler.toml is --config FILE.");
  const deployment = readDeployment(values, "loud");
  const settings = readSettings(toEnv(deployment));
  if (!settings.ok) {
    const many = count(settings.error.length, "problem");
    console.error(paint("red", `wrangler.toml: ${many} in the settings`, process.stderr));
    for (const problem of settings.error) console.error(`  ${describeProblem(problem)}`);
    return 1;
  }
  const { websites, warnings } = settings.value;
  console.log(`${paint("green", "The settings are fine")}: ${count(websites.length, "website")}.`);
  for (const website of websites) console.log(`  ${describeWebsite(website)}`);
  const all = [...warnings, ...warnOfRoutes(websites, deployment)];
  if (all.length > 0) {
    console.log(paint("yellow", "But mind:"));
    for (const warning of all) console.log(`  ${warning}`);
    console.log(
      paint("dim", "  (Secrets are read from .dev.vars here; those at Cloudflare: npx wrangler secret list)"),
    );
  }
  return 0;
}

/** What the Worker would be given; of the bindings only whether there are any is ever looked at. */
function toEnv({ vars, kvNamespace, config }: Deployment): Env {
  const bound = config.durable_objects.bindings.some(({ name }) => name === "CONTROL");
  return {
    ...vars,
    ...(kvNamespace === null ? {} : { KV: { get: () => Promise.resolve(null) } }),
    ...(bound ? { CONTROL: { getByName: () => neverAsked() } } : {}),
  };
}

function neverAsked(): never {
  throw new Error("the settings ask no binding");
}

function describeWebsite(website: Website): string {
  const { code, hosts, pathPrefix, origin, storefront, mode, rollout } = website;
  const share = mode === "on" && rollout < 100 ? ` for ${rollout} %` : "";
  const behind = origin === null ? "a route on the shop's own zone" : `in front of ${origin}`;
  const where = hosts.map((name) => name + (pathPrefix ?? "")).join(", ");
  return `${code}: ${where} (${storefront}, ${mode}${share}), ${behind}`;
}

/** In route mode the Worker gets a shop's requests only where a route says so. */
function warnOfRoutes(websites: readonly Website[], { config }: Deployment): string[] {
  if ((config.routes ?? []).length > 0 || config.route !== undefined) return [];
  return websites
    .filter(({ origin }) => origin === null)
    .map(
      ({ code, hosts }) =>
        `website ${code} has no origin, so it needs a route, and wrangler.toml has none: ` +
        `routes = [{ pattern = "${hosts[0]}/*", zone_name = "…" }], or one made in the Cloudflare dashboard`,
    );
}

if (import.meta.main) await runCommand(help, runSettings);
