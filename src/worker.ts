/** The entry: settings, then services, then the app; shop hosts and the admin host part here. */

import type { Hono } from "hono/tiny";
import { createAdmin } from "./admin/app.tsx";
import { createShop } from "./app.ts";
import embeddedCampaigns from "./campaigns.embedded.json";
import { describeProblem, type Problem } from "./core/problem.ts";
import { describeError, openLog } from "./edge/log.ts";
import { askOrigin, isLooping } from "./edge/origin.ts";
import { refuse } from "./edge/refusal.ts";
import { type SyncReport, syncAudiences } from "./edge/sync.ts";
import { openServices } from "./edge/visit.ts";
import { type Env, readSettings, type Settings } from "./settings.ts";

/** Everything an isolate opens once. */
interface Running {
  /** By host. */
  readonly shops: ReadonlyMap<string, Hono>;
  readonly admin: { readonly host: string; readonly app: Hono } | null;
  /** A Worker that is a route on a zone also gets hosts that no website names: they pass through. */
  readonly routeMode: boolean;
  sync(): Promise<SyncReport[]>;
}

const log = openLog();
const now = () => Date.now();

function start(env: Env, settings: Settings): Running {
  // One line: the log tells each event once a minute.
  if (settings.warnings.length > 0) log.warn("settings-warning", { warnings: settings.warnings }, now());
  const services = openServices({
    kv: env.KV,
    websites: settings.websites,
    adminPath: settings.adminPath,
    operatorKey: settings.operatorKey,
    embeddedCampaigns,
    signingSecrets: settings.signingSecrets,
    backendSecrets: settings.backendSecrets,
    log,
    now,
  });
  const sync = () =>
    syncAudiences(settings.websites, { kv: env.KV, credentials: settings.adobeCredentials, now });
  const shops = new Map<string, Hono>();
  for (const website of settings.websites) {
    const shop = createShop(website, services);
    for (const host of website.hosts) shops.set(host, shop);
  }
  const { adminHost, adminToken, websites } = settings;
  const signing = settings.signingSecrets.length === 0 ? "off" : "on";
  const admin =
    adminHost === null ? null : createAdmin({ websites, token: adminToken, kv: env.KV, signing, sync, now });
  return {
    shops,
    admin: adminHost !== null && admin !== null ? { host: adminHost, app: admin } : null,
    routeMode: websites.some(({ origin }) => origin === null),
    sync,
  };
}

/** Settings are read once an isolate; the bindings are one object for all of its requests. */
const running = new WeakMap<Env, Running | readonly Problem[]>();

function run(env: Env): Running | readonly Problem[] {
  const before = running.get(env);
  if (before) return before;
  const settings = readSettings(env);
  const after = settings.ok ? start(env, settings.value) : settings.error;
  running.set(env, after);
  return after;
}

export default {
  async fetch(request, env, context) {
    if (isLooping(request))
      return refuse(508, "This request has been here before: the origin leads back to it.");
    if (/^(TRACE|TRACK|CONNECT)$/i.test(request.method)) return refuse(405, "This method is not forwarded.");
    const isolate = run(env);
    const host = new URL(request.url).hostname;
    if (!("shops" in isolate)) return passMisconfigured(request, env, isolate);
    const shop = isolate.shops.get(host);
    if (shop) return serveShop(shop, request, env, context);
    if (isolate.admin?.host === host) return isolate.admin.app.fetch(request, env, context);
    if (isolate.routeMode && !host.endsWith(".workers.dev")) return pass(request, null);
    return refuse(
      404,
      `No website is set up for the host ${host}: name it in "hosts" under [vars.WEBSITES] in wrangler.toml.`,
    );
  },

  async scheduled(_controller, env) {
    const isolate = run(env);
    if (!("shops" in isolate)) return reportProblems(isolate);
    for (const report of await isolate.sync()) log.write({ event: "sync", ...report });
  },
} satisfies ExportedHandler<Env>;

/** Hono answers HEAD by making the answer anew, which for a status like 999 can't be done. */
async function serveShop(
  shop: Hono,
  request: Request,
  env: Env,
  context: ExecutionContext,
): Promise<Response> {
  try {
    return await shop.fetch(request, env, context);
  } catch (error) {
    log.warn("request-failed", { error: describeError(error) }, now());
    return refuse(502, "The shop's answer can't be passed on.");
  }
}

/** Wrong settings: the operator reads every problem in the log, the shopper gets the shop without us. */
function passMisconfigured(request: Request, env: Env, problems: readonly Problem[]): Promise<Response> {
  reportProblems(problems);
  return pass(request, findOrigin(env, new URL(request.url).hostname));
}

function reportProblems(problems: readonly Problem[]): void {
  log.warn("settings-refused", { problems: problems.map(describeProblem) }, now());
}

/** The origin that the refused settings name for that host, as far as they can be read. */
function findOrigin(env: Env, host: string): string | null {
  const websites = Object.values((env.WEBSITES ?? {}) as Record<string, unknown>);
  for (const website of websites) {
    const { hosts, origin } = (website ?? {}) as { hosts?: unknown; origin?: unknown };
    const named = Array.isArray(hosts) && hosts.includes(host);
    if (named && typeof origin === "string" && URL.canParse(origin)) return new URL(origin).origin;
  }
  return null;
}

async function pass(request: Request, origin: string | null): Promise<Response> {
  const website = { origin, originSecret: null };
  const order = { website, membership: "as-sent", editable: false, deadlineMs: null } as const;
  return (await askOrigin(request, order, { log, now })).response;
}
