/** The same for machines: the audiences and the sync as JSON, with the token in `Authorization: Bearer`. */

import type { Context } from "hono";
import type { Audience } from "../core/audience.ts";
import { findUses } from "../core/campaigns/standing.ts";
import { describeProblem } from "../core/problem.ts";
import type { SyncReport } from "../core/sync-report.ts";
import {
  type Account,
  type AccountSource,
  groupWebsites,
  type Holding,
  loadHolding,
  loadLastSync,
} from "./accounts.ts";
import type { ApiRoute, Ask } from "./api-route.ts";
import { account, list, object, report, text, word } from "./api-schema.ts";
import { type Listing, readListing, searchAudiences, sortAudiences, type Uses } from "./listing.ts";
import { type CampaignsSource, loadLive } from "./live-campaigns.ts";
import { answerProblem } from "./problem-details.ts";

export interface AudienceRoutesOptions extends AccountSource, Pick<CampaignsSource, "embedded"> {
  readonly sync: (c: Ask) => Promise<readonly SyncReport[]>;
}

export function listAudienceRoutes(options: AudienceRoutesOptions): ApiRoute[] {
  const website = { description: "A website's code; only its Adobe account.", schema: text };
  return [
    {
      method: "get",
      path: "/api/audiences",
      summary: "The audience lists as they were synced, of each Adobe account.",
      query: {
        website,
        q: { description: "Words that name, id, origin or evaluation hold.", schema: text },
        since: { description: "A day in UTC, like 2026-11-21: modified on it or after.", schema: text },
        until: { description: "Modified on that day or before.", schema: text },
        sort: {
          description: "modified unless told.",
          schema: word("name", "modified", "origin", "evaluation", "websites", "used"),
        },
        order: {
          description: "What a person expects of that column unless told.",
          schema: word("asc", "desc"),
        },
      },
      answers: {
        200: {
          description: "Whole lists.",
          schema: object({ accounts: list(account), unconnectedWebsites: list(text) }),
        },
      },
      problems: [400],
      serve: (c) => answerAudiences(c, options),
    },
    {
      method: "post",
      path: "/api/sync",
      summary: "Asks Adobe for its audiences now, and answers when that has ended or pauses.",
      query: {
        confirm: {
          description: "shrink: take the list of that website's account also where it lost more than half.",
          schema: word("shrink"),
        },
        website,
      },
      answers: { 200: { description: "All were saved.", schema: object({ reports: list(report) }) } },
      problems: [409, 502],
      serve: async (c) => answerSync(await options.sync(c)),
    },
  ];
}

/** The page's own parameters, but whole: no pages, and every account unless `website` names one. */
export async function answerAudiences(
  c: Context,
  { websites, kv, embedded }: AccountSource & Pick<CampaignsSource, "embedded">,
): Promise<Response> {
  const { listing, problems } = readListing(new URL(c.req.url).searchParams);
  const { connected, unconnected } = groupWebsites(websites);
  const wanted = connected.filter((account) => isWanted(account, listing));
  if (listing.website !== null && wanted.length === 0) {
    const known = connected.flatMap((account) => account.websites).join(", ") || "none";
    const message = `no website of that code has an Adobe account; those that have one: ${known}`;
    problems.push({ path: "website", message });
  }
  if (problems.length > 0) return answerProblem(400, problems.map(describeProblem).join("\n"));
  const live = listing.sort === "used" ? await loadLive({ kv, embedded }) : null;
  const uses = live?.kind === "live" ? findUses(live.stored.campaigns) : null;
  const accounts = [];
  for (const account of wanted) {
    const holding = await loadHolding(kv, account);
    if (holding.kind === "unreadable") return answerProblem(503, holding.reason);
    accounts.push(describeAccount(account, holding, await loadLastSync(kv, account), { listing, uses }));
  }
  return c.json({ accounts, unconnectedWebsites: unconnected });
}

function isWanted({ websites }: Account, { website }: Listing): boolean {
  return website === null || websites.includes(website);
}

function describeAccount(
  { adobe, websites }: Account,
  holding: Exclude<Holding, { kind: "unreadable" }>,
  lastSync: SyncReport | null,
  { listing, uses }: { readonly listing: Listing; readonly uses: Uses },
) {
  const list = holding.kind === "synced" ? holding.list : null;
  const audiences = sortAudiences(searchAudiences(list?.audiences ?? [], listing), listing, uses);
  return {
    organizationId: adobe.organizationId,
    sandbox: adobe.sandbox,
    websites,
    /** null: never synced. */
    syncedAt: list && new Date(list.syncedAtMs).toISOString(),
    total: list?.audiences.length ?? 0,
    audiences: audiences.map((audience) => describeAudience(audience, websites)),
    lastSync,
  };
}

/** As KV holds it (docs/kv.md), and the websites that have it: all of the account where none are named. */
function describeAudience({ lastModifiedMs, ...audience }: Audience, websites: readonly string[]) {
  return {
    ...audience,
    websites: audience.websites ?? websites,
    lastModified: lastModifiedMs === null ? null : new Date(lastModifiedMs).toISOString(),
  };
}

/** 200 only where every account's list was saved, so that a script that asks can trust the status alone. */
export function answerSync(reports: readonly SyncReport[]): Response {
  if (reports.length === 0)
    return answerProblem(409, "No website has an Adobe account, so there is nothing to ask.");
  const unsaved = reports.filter(({ outcome }) => outcome !== "saved");
  if (unsaved.length === 0) return Response.json({ reports });
  const detail = unsaved
    .map(({ sandbox, outcome, message }) => `${sandbox}, ${outcome}: ${message}`)
    .join("\n");
  return answerProblem(502, detail, { reports });
}
