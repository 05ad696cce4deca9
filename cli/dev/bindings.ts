/** The Worker's environment on this machine: the deployment's own, but in front of the store that is named. */

import { randomBytes } from "node:crypto";
import { describeProblem, suggestion } from "../../src/core/problem.ts";
import type { Website } from "../../src/core/website.ts";
import { readSettings } from "../../src/settings.ts";
import { CommandError, listWords, wrongUsage } from "../command.ts";
import { type Deployment, findAdminPath } from "../deployment.ts";

export interface LocalBindings {
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly website: Website;
  readonly adminToken: string;
  readonly operatorKey: string;
  readonly warnings: readonly string[];
}

/** Here it has one host, and that to itself. */
const local = { mode: "on", rollout: 100, pathPrefix: null, cookieDomain: null } as const;

/**
 * The website of wrangler.toml with its storefront, consent and Adobe account, as a route on the store's own
 * address and switched on: who tries something out wants to see it. The local switch can still turn it off.
 */
export function prepareBindings(deployment: Deployment, base: URL, code: string): LocalBindings {
  const { vars } = deployment;
  const all = (vars["WEBSITES"] ?? {}) as Readonly<Record<string, object>>;
  const { origin: _, ...written } = (all[code] ?? {}) as { readonly origin?: unknown };
  const adminToken = textOf(vars["ADMIN_TOKEN"]) ?? randomKey();
  const operatorKey = textOf(vars["OPERATOR_KEY"]) ?? randomKey();
  const adminPath = findAdminPath(deployment, "anywhere");
  const bindings = {
    ...vars,
    ...(adminPath === null ? {} : { COMMERCE_ADMIN_PATH: adminPath }),
    WEBSITES: { [code]: { ...written, ...local, hosts: [base.hostname] } },
    ADMIN_HOST: "admin.localhost",
    ADMIN_TOKEN: adminToken,
    OPERATOR_KEY: operatorKey,
  };
  const settings = readSettings({
    ...bindings,
    KV: { get: () => Promise.resolve(null) },
    CONTROL: { getByName: () => neverAsked() },
  });
  if (!settings.ok) {
    throw new CommandError(`wrangler.toml:\n${settings.error.map(describeProblem).join("\n")}`);
  }
  const website = settings.value.websites[0];
  if (website === undefined) throw new CommandError("wrangler.toml names no website.");
  return { bindings, website, adminToken, operatorKey, warnings: settings.value.warnings };
}

/** The local Worker has both bindings; the settings only look whether they are there. */
function neverAsked(): never {
  throw new Error("the settings ask no binding");
}

/** The one that is named, else the only one, else `main`; a deployment without any begins with `main`. */
export function chooseWebsite({ websites }: Deployment, named: string | null): string {
  const known = websites ?? ["main"];
  if (named !== null) {
    if (known.includes(named)) return named;
    const cure = suggestion(named, known) || `; there is ${listWords(known)}`;
    throw wrongUsage(`There is no website "${named}" in wrangler.toml${cure}`);
  }
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  if (known.includes("main")) return "main";
  throw wrongUsage(`Which website is the store? --website ${listWords(known, "or")}`);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function randomKey(): string {
  return randomBytes(12).toString("hex");
}
