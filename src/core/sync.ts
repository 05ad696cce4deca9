/** A sync as steps over Adobe's pages: what is asked next, and what an answer makes of it. */

import type { Audience, AudienceId, AudiencePage } from "./audience.ts";
import { type FlowPage, isDestination } from "./destination-flow.ts";
import { fail, ok, type Result } from "./result.ts";
import type { AdobeAccount } from "./website.ts";

/** One organization and sandbox, for the websites that share it. */
export interface SyncOrder {
  readonly account: AdobeAccount;
  readonly websites: readonly SyncedWebsite[];
  /** Somebody looked, and a list that shrinks by more than half is right. */
  readonly shrinkConfirmed: boolean;
}

export interface SyncedWebsite {
  readonly code: string;
  /** Ids of flows or destinations; empty: every audience of the sandbox. */
  readonly destinations: readonly string[];
}

export type SyncStep =
  /** `next`: the query parameter of the page, as Flow Service gave it; null: the first. */
  | { readonly kind: "flows"; readonly next: string | null }
  | { readonly kind: "list"; readonly start: string }
  /** Details of the activated ones, from the `offset`th on. */
  | { readonly kind: "details"; readonly offset: number }
  | { readonly kind: "publish" };

/** How far a sync has come; plain JSON, so that it can be kept between two ticks. */
export interface SyncRun {
  readonly startedAtMs: number;
  readonly step: SyncStep;
  /** The pages of the step's list that were asked for. */
  readonly asked: readonly string[];
  /** Audience id → codes of the websites that have it; null: none is left out. */
  readonly activated: Readonly<Record<string, readonly string[]>> | null;
  readonly flows: { readonly seen: number; readonly matched: number };
  /** Audiences that were taken, and entries of Adobe's without a usable id or name. */
  readonly taken: number;
  readonly skipped: number;
  readonly ticks: number;
  readonly calls: number;
  /** Refusals in a row that pass by themselves. */
  readonly refusals: number;
}

/** Adobe's guardrail is 4,000 audiences a sandbox; twice that, and no endless list ever. */
const MAX_PAGES = 80;
/** Both APIs give a hundred at most. */
export const PAGE_SIZE = 100;

export function beginSync({ websites }: SyncOrder, nowMs: number): SyncRun {
  const picked = websites.some(({ destinations }) => destinations.length > 0);
  return {
    startedAtMs: nowMs,
    step: picked ? { kind: "flows", next: null } : { kind: "list", start: "0" },
    asked: [],
    activated: picked ? {} : null,
    flows: { seen: 0, matched: 0 },
    taken: 0,
    skipped: 0,
    ticks: 0,
    calls: 0,
    refusals: 0,
  };
}

export function takeFlows(run: SyncRun, order: SyncOrder, page: FlowPage): Result<SyncRun, string> {
  if (run.step.kind !== "flows") return fail("flows were not asked for");
  const activated = new Map(Object.entries(run.activated ?? {}));
  let matched = run.flows.matched;
  for (const flow of page.flows) {
    if (flow.state === "disabled") continue;
    const codes = order.websites
      .filter(({ destinations }) => isDestination(flow, destinations))
      .map(({ code }) => code);
    if (codes.length === 0) continue;
    matched += 1;
    for (const id of flow.audienceIds)
      activated.set(id, [...new Set([...(activated.get(id) ?? []), ...codes])]);
  }
  const after: SyncRun = {
    ...run,
    activated: Object.fromEntries(activated),
    flows: { seen: run.flows.seen + page.flows.length, matched },
  };
  if (page.next !== null)
    return turnPage(after, run.step.next ?? "", page.next, { kind: "flows", next: page.next });
  if (matched === 0) {
    return fail(
      `none of adobe.destinations is among the ${after.flows.seen} destination flows that this credential sees; ` +
        "npm run adobe:check lists them",
    );
  }
  // A website without a choice of its own gets all, so all are asked for.
  const all = order.websites.some(({ destinations }) => destinations.length === 0);
  const step: SyncStep =
    all || order.account.audienceDetails === "list"
      ? { kind: "list", start: "0" }
      : { kind: "details", offset: 0 };
  return ok({ ...after, step, asked: [] });
}

/** The audiences of the page that some website has, each with its websites. */
export interface TakenAudiences {
  readonly run: SyncRun;
  readonly audiences: readonly Audience[];
}

export function takeAudiences(
  run: SyncRun,
  order: SyncOrder,
  page: AudiencePage,
): Result<TakenAudiences, string> {
  const audiences = page.audiences.flatMap((audience) => assign(audience, run, order));
  const after: SyncRun = {
    ...run,
    taken: run.taken + audiences.length,
    skipped: run.skipped + page.skipped,
  };
  switch (run.step.kind) {
    case "list": {
      const start = page.nextStart;
      if (start === null) return ok({ run: { ...after, step: { kind: "publish" } }, audiences });
      const turned = turnPage(after, run.step.start, start, { kind: "list", start });
      return turned.ok ? ok({ run: turned.value, audiences }) : turned;
    }
    case "details": {
      const offset = run.step.offset + PAGE_SIZE;
      const over = offset >= Object.keys(run.activated ?? {}).length;
      const step: SyncStep = over ? { kind: "publish" } : { kind: "details", offset };
      return ok({ run: { ...after, step }, audiences });
    }
    case "flows":
    case "publish":
      return fail("audiences were not asked for");
  }
}

/** The ids of the next bulk question. */
export function idsToAsk({ activated, step }: SyncRun): AudienceId[] {
  const offset = step.kind === "details" ? step.offset : 0;
  return Object.keys(activated ?? {}).slice(offset, offset + PAGE_SIZE) as AudienceId[];
}

function assign(audience: Audience, { activated }: SyncRun, { websites }: SyncOrder): Audience[] {
  if (activated === null) return [audience];
  const named = activated[audience.id] ?? [];
  const codes = websites
    .filter(({ code, destinations }) => destinations.length === 0 || named.includes(code))
    .map(({ code }) => code);
  return codes.length === 0 ? [] : [{ ...audience, websites: codes }];
}

/** A page that was asked for before never ends: Adobe's paging has gone in a circle. */
function turnPage(run: SyncRun, from: string, to: string, step: SyncStep): Result<SyncRun, string> {
  const asked = [...run.asked, from];
  if (asked.includes(to)) {
    const place = step.kind === "list" ? `start=${to}` : to;
    return fail(`Adobe's list does not end: after ${asked.length} pages it came back to ${place}`);
  }
  if (asked.length >= MAX_PAGES) {
    return fail(
      `Adobe's list has more than ${MAX_PAGES} pages of ${PAGE_SIZE}, more than Adobe allows a sandbox`,
    );
  }
  return ok({ ...run, asked, step });
}
