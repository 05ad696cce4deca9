/** The entry: settings, then services, then the app; shop hosts and the admin host part here. */

import { createAdmin } from "./admin/app.tsx";
import { createShop, type Shop } from "./app.ts";
import embeddedCampaigns from "./campaigns.embedded.json";
import { findCookie } from "./core/cookie.ts";
import { stripsClaims } from "./core/guard.ts";
import { describeProblem, type Problem } from "./core/problem.ts";
import { type SyncReport, withoutNames } from "./core/sync-report.ts";
import { chooseWebsite, type SharedHost, shareHost } from "./core/virtual-host.ts";
import { openControl } from "./edge/control/calls.ts";
import { mendLive } from "./edge/drift.ts";
import { describeError, openLog } from "./edge/log.ts";
import { askOrigin } from "./edge/origin.ts";
import { isLooping, type OriginOrder } from "./edge/origin-headers.ts";
import { refuse } from "./edge/refusal.ts";
import { openServices } from "./edge/services.ts";
import { type SyncRequest, syncAudiences } from "./edge/syncing.ts";
import { urlOf } from "./edge/url.ts";
import { type Env, readSettings, type Settings } from "./settings.ts";

/** The Durable Object, which the binding CONTROL names. */
export { Control } from "./edge/control.ts";

/** Everything an isolate opens once. */
interface Running {
  /** By host: nearly always one website has a host to itself. */
  readonly shops: ReadonlyMap<string, Shop | SharedShops>;
  readonly admin: { readonly host: string; readonly app: Shop } | null;
  /**
   * A Worker that is a route on a zone also gets hosts that no website names: they pass through, but for a client's claim
   * where they may lead into the Commerce of a website that believes none. null: it is no route.
   */
  readonly unnamed: OriginOrder["membership"] | null;
  sync(request: SyncRequest): Promise<SyncReport[]>;
  /** What KV holds is put right where it is not what was published. */
  mend(): Promise<void>;
}

interface SharedShops {
  readonly host: SharedHost;
  /** By the website's code. */
  readonly byCode: ReadonlyMap<string, Shop>;
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
    adobeCredentials: settings.adobeCredentials,
    analytics: env.ANALYTICS ?? null,
    log,
    now,
  });
  const control = openControl(env.CONTROL);
  const credentials = settings.adobeCredentials;
  const sync = (request: SyncRequest) =>
    syncAudiences(settings.websites, request, { kv: env.KV, control, credentials, now });
  const byCode = new Map(settings.websites.map((one) => [one.code, createShop(one, services)]));
  const shops = new Map<string, Shop | SharedShops>();
  for (const name of new Set(settings.websites.flatMap(({ hosts }) => hosts))) {
    const sharing = settings.websites.filter(({ hosts }) => hosts.includes(name));
    const only = sharing.length === 1 ? byCode.get(sharing[0]?.code ?? "") : undefined;
    const host = shareHost(sharing);
    if (only) shops.set(name, only);
    else if (host) shops.set(name, { host, byCode });
  }
  const { adminHost, adminToken, websites } = settings;
  const routed = websites.filter(({ origin }) => origin === null);
  // As where the named host is switched off.
  const guarded = routed.some((website) => stripsClaims({ website, mode: "off", inRollout: true }));
  const signing = settings.signingSecrets.length === 0 ? "off" : "on";
  const admin =
    adminHost === null
      ? null
      : createAdmin({
          websites,
          token: adminToken,
          viewerToken: settings.adminViewerToken,
          access: settings.adminAccess,
          kv: env.KV,
          embedded: embeddedCampaigns,
          signing,
          sync,
          services,
          analyticsApi: settings.analyticsApi,
          warnings: settings.warnings,
          control,
          now,
        });
  return {
    shops,
    admin: adminHost !== null && admin !== null ? { host: adminHost, app: admin } : null,
    unnamed: routed.length > 0 ? (guarded ? { kind: "none", reason: "not-verified" } : "as-sent") : null,
    sync,
    mend: () => mendLive(control, log),
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
  fetch(request, env, context) {
    const { method } = request;
    if (isLooping(request))
      return refuse(508, "This request has been here before: the origin leads back to it.");
    if (method !== "GET" && /^(TRACE|TRACK|CONNECT)$/i.test(method))
      return refuse(405, "This method is not forwarded.");
    const isolate = run(env);
    // `shop.example.` is the same host, and no way around what is held at `shop.example`.
    const { hostname } = urlOf(request);
    const host = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
    if (!("shops" in isolate)) return passMisconfigured(request, env, isolate);
    const found = isolate.shops.get(host);
    const shop = found && "host" in found ? findShop(found, request) : found;
    if (shop) {
      const answer = () => shop.fetch(request, env, context);
      return method === "HEAD" ? serveHead(answer) : answer();
    }
    if (isolate.admin?.host === host) return isolate.admin.app.fetch(request, env, context);
    if (isolate.unnamed !== null && !host.endsWith(".workers.dev"))
      return pass(request, null, isolate.unnamed);
    return refuse(
      404,
      `No website is set up for the host ${host}: name it in "hosts" under [vars.WEBSITES] in wrangler.toml.`,
    );
  },

  async scheduled(_controller, env) {
    const isolate = run(env);
    if (!("shops" in isolate)) return reportProblems(isolate);
    await isolate.mend();
    const reports = await isolate.sync({ shrinkConfirmed: false, website: null, actor: null });
    for (const report of reports) log.write({ event: "sync", ...withoutNames(report) });
  },
} satisfies ExportedHandler<Env>;

function findShop({ host, byCode }: SharedShops, { url, headers }: Request): Shop | undefined {
  const { pathname: path, search: rawQuery } = new URL(url);
  // Commerce takes the store switcher's cookie where no header names the store view.
  const store = headers.get("store") ?? findCookie(headers.get("cookie") ?? "", "store");
  const { website } = chooseWebsite(host, { path, rawQuery, store });
  return byCode.get(website.code);
}

/** Hono answers HEAD by making the answer anew, which for a status like 999 can't be done. */
async function serveHead(answer: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    log.warn("request-failed", { error: describeError(error) }, now());
    return refuse(502, "The shop's answer can't be passed on.");
  }
}

/** Wrong settings: the operator reads every problem in the log, the shopper gets the shop without us. */
function passMisconfigured(request: Request, env: Env, problems: readonly Problem[]): Promise<Response> {
  reportProblems(problems);
  return pass(request, findOrigin(env, new URL(request.url)), "as-sent");
}

function reportProblems(problems: readonly Problem[]): void {
  log.warn("settings-refused", { problems: problems.map(describeProblem) }, now());
}

/** The origin that the refused settings name for that address, as far as they can be read. */
function findOrigin(env: Env, { hostname, pathname }: URL): string | null {
  let found: { readonly origin: string; readonly prefix: string } | null = null;
  for (const website of Object.values((env.WEBSITES ?? {}) as Record<string, unknown>)) {
    const { hosts, origin, pathPrefix } = (website ?? {}) as Readonly<Record<string, unknown>>;
    const prefix = typeof pathPrefix === "string" ? pathPrefix : "";
    const named = Array.isArray(hosts) && hosts.includes(hostname) && `${pathname}/`.startsWith(`${prefix}/`);
    const nearer = found === null || prefix.length > found.prefix.length;
    if (!named || !nearer || typeof origin !== "string" || !URL.canParse(origin)) continue;
    found = { origin: new URL(origin).origin, prefix };
  }
  return found?.origin ?? null;
}

function pass(
  request: Request,
  origin: string | null,
  membership: OriginOrder["membership"],
): Promise<Response> {
  const website = { origin, originSecret: null };
  const order = { website, membership, editable: false, deadlineMs: null } as const;
  return askOrigin(request, order, { log, now });
}
