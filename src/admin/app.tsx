/** The dashboard's routes. */

import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { AccessTeam } from "../core/access.ts";
import type { SyncReport } from "../core/sync-report.ts";
import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import { describeError, openLog } from "../edge/log.ts";
import type { SyncRequest } from "../edge/syncing.ts";
import { openVersions, type Versions } from "../edge/versions.ts";
import { type AdminEnv, actorOf } from "./actor.ts";
import { listAudienceRoutes } from "./api.ts";
import { describeApi } from "./api-document.ts";
import { type ApiRoute, addApi } from "./api-route.ts";
import { answerAudiencePage } from "./audience.tsx";
import { type AudiencesSource, answerAudiencesPage } from "./audiences.tsx";
import { answerCampaignsPage } from "./campaigns.tsx";
import { listCampaignRoutes } from "./campaigns-api.ts";
import { protectAnswer } from "./headers.ts";
import { answerHealthPage } from "./health.tsx";
import { listHealthRoutes } from "./health-api.ts";
import type { HealthSource } from "./health-facts.ts";
import { listHistoryRoutes } from "./history-api.ts";
import { answerPage, NoticePage } from "./layout.tsx";
import { listingAddress, readListing } from "./listing.ts";
import { answerLiveSearch, LIVE_SEARCH_PATH } from "./live-search.tsx";
import { type Lock, openLock } from "./lock.ts";
import { answerProblem } from "./problem-details.ts";
import { addHistoryPages } from "./publishing.tsx";
import { answerRefusal, isForMachines } from "./refusal.tsx";
import { closeSession } from "./session.ts";
import { wantedAddress } from "./sign-in.tsx";
import { answerStylesheet, STYLESHEET_PATH } from "./stylesheet.ts";
import { answerTryPage } from "./try.tsx";

export interface AdminOptions extends AudiencesSource, HealthSource {
  /** null: nobody gets in by a token. */
  readonly token: string | null;
  readonly viewerToken: string | null;
  /** null: nobody gets in by Cloudflare Access. Without any of the three the dashboard stays closed. */
  readonly access: AccessTeam | null;
  readonly sync: (request: SyncRequest) => Promise<SyncReport[]>;
  /** null: none is bound, and there is no history. */
  readonly control: ControlCalls | null;
}

interface OpenAdmin extends AdminOptions {
  readonly versions: Versions;
}

/** So long a button may seem to do nothing. */
const SYNC_BUDGET_MS = 8_000;

/** A form with a token in it is far shorter; what is longer is not read. */
const MAX_FORM_BYTES = 4096;

/** The order is the safety: what stands under `lock.admit` can't be reached without it. */
export function createAdmin(written: AdminOptions): Hono<AdminEnv> {
  const options = {
    ...written,
    versions: openVersions({ ...written, adminPath: written.services.adminPath }),
  };
  const lock = openLock({ ...options, log: openLog() });
  const admin = new Hono<AdminEnv>();
  addErrors(admin, options.now);
  admin.use(protectAnswer);
  admin.get(STYLESHEET_PATH, answerStylesheet);
  admin.get(LIVE_SEARCH_PATH, answerLiveSearch);
  admin.use(async (c, next) => {
    const refusal = lock.refuseEarly(c.req.raw);
    if (refusal !== null) return answerRefusal(c, refusal);
    return next();
  });
  admin.post("/sign-in", (c) => signIn(c, lock));
  admin.use(async (c, next) => {
    const admission = await lock.admit(c.req.raw);
    if (admission.kind !== "admitted") return answerRefusal(c, admission);
    c.set("actor", actorOf(admission, c.req.raw));
    c.set("role", admission.role);
    c.set("by", admission.by);
    return next();
  });
  addRoutes(admin, options);
  return admin;
}

function addRoutes(admin: Hono<AdminEnv>, options: OpenAdmin): void {
  admin.get("/", (c) => answerAudiencesPage(c, options));
  admin.get("/audiences/:id", (c) => answerAudiencePage(c, options));
  admin.get("/campaigns", (c) => answerCampaignsPage(c, options));
  admin.on(["GET", "POST"], "/try", (c) => answerTryPage(c, options));
  admin.get("/health", (c) => answerHealthPage(c, options));
  addHistoryPages(admin, options);
  admin.post("/sync", async (c) => {
    // 4,000 audiences take their time: then the page tells how far it is, and looks again.
    const reports = (await withinBudget(syncToTheEnd(c, options), SYNC_BUDGET_MS)) ?? [];
    // A sync that did not save is told from its own report: KV, which would keep it, may be what failed.
    if (reports.some(({ outcome }) => outcome !== "saved")) return answerAudiencesPage(c, options, reports);
    const { listing } = readListing(new URL(c.req.url).searchParams);
    return c.redirect(listingAddress(listing), 303);
  });
  admin.post("/sign-out", (c) => {
    c.header("set-cookie", closeSession(new URL(c.req.url)));
    return c.redirect("/", 303);
  });
  // Who reloads the address that a form led to.
  for (const path of ["/sync", "/sign-in", "/sign-out"]) admin.get(path, (c) => c.redirect("/", 303));

  addApi(admin, listRoutes(options));
}

/** The document describes itself, too. */
function listRoutes(options: OpenAdmin): ApiRoute[] {
  const routes: ApiRoute[] = [
    ...listAudienceRoutes({ ...options, sync: (c) => syncToTheEnd(c, options) }),
    ...listCampaignRoutes(options.versions),
    ...listHistoryRoutes(options.control),
    ...listHealthRoutes(options),
    {
      method: "get",
      path: "/api/openapi.json",
      summary: "This document.",
      answers: { 200: { description: "OpenAPI 3.1.", schema: { type: "object" } } },
      problems: [],
      serve: (c) => c.json(describeApi(routes)),
    },
  ];
  return routes;
}

/** The sync ends and keeps its report also when the browser goes away meanwhile. */
async function syncToTheEnd(c: Context<AdminEnv>, { sync }: AdminOptions): Promise<SyncReport[]> {
  const shrinkConfirmed = c.req.query("confirm") === "shrink";
  // Who confirms has looked at one account's list, not at all of them.
  const website = shrinkConfirmed ? (c.req.query("website") ?? null) : null;
  const syncing = sync({ shrinkConfirmed, website, actor: c.get("actor") });
  c.executionCtx.waitUntil(syncing.catch(() => []));
  return syncing;
}

async function signIn(c: Context, lock: Lock): Promise<Response> {
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  if (!(length <= MAX_FORM_BYTES)) {
    return answerPage(c, <NoticePage title="That is too long for a token" />, 413);
  }
  const form = new URLSearchParams(await c.req.text());
  const signedIn = await lock.signIn(c.req.raw, form.get("token") ?? "");
  if (signedIn.kind !== "signed-in") return answerRefusal(c, signedIn);
  c.header("set-cookie", signedIn.cookie);
  return c.redirect(wantedAddress(form.get("wanted") ?? "", new URL(c.req.url)), 303);
}

function addErrors(admin: Hono<AdminEnv>, now: () => number): void {
  const log = openLog();
  admin.notFound((c) => {
    if (isForMachines(c.req.raw)) return answerProblem(404, "There is nothing at this address.");
    return answerPage(
      c,
      <NoticePage title="Nothing here">
        <p>
          This address leads nowhere. <a href="/">Go to the audiences</a>
        </p>
      </NoticePage>,
      404,
    );
  });
  admin.onError((error, c) => {
    log.warn("dashboard-failed", { error: describeError(error) }, now());
    const sentence = "Something went wrong here; the Worker’s log has a line about it.";
    if (isForMachines(c.req.raw)) return answerProblem(500, sentence);
    return answerPage(
      c,
      <NoticePage title="That did not work">
        <p>{sentence}</p>
      </NoticePage>,
      500,
    );
  });
}
