/** Who asks for a sync: the cron and the dashboard. Each sandbox once, by the control plane or, without one, here. */

import { groupBySandbox } from "../core/sandbox.ts";
import { beginSync, type SyncOrder } from "../core/sync.ts";
import { failedReport, type SyncReport } from "../core/sync-report.ts";
import type { Website } from "../core/website.ts";
import { withinBudget } from "./budget.ts";
import type { Actor, ControlCalls } from "./control/calls.ts";
import { describeError } from "./log.ts";
import { keepReport, type SyncDeps, type SyncPart, type SyncStore, tickSync } from "./sync.ts";

export interface SyncRequest {
  readonly shrinkConfirmed: boolean;
  /** Only the sandbox of this one, by its code; null: every sandbox. */
  readonly website: string | null;
  /** null: nobody asked, it is the cron. */
  readonly actor: Actor | null;
}

export interface SyncOptions extends SyncDeps {
  readonly control: ControlCalls | null;
}

/** A sync of 4,000 audiences takes seconds; what takes longer goes on without anybody waiting. */
const PATIENCE_MS = 240_000;
/** Without a control plane a pause is waited out here, where the invocation may live so long. */
const MAX_PAUSE_HERE_MS = 5_000;

export async function syncAudiences(
  websites: readonly Website[],
  request: SyncRequest,
  options: SyncOptions,
): Promise<SyncReport[]> {
  const orders = listOrders(websites, request);
  // The control plane gives each tick an invocation of its own; here they share this one's limits.
  if (options.control !== null) return Promise.all(orders.map((order) => syncOne(order, request, options)));
  const reports: SyncReport[] = [];
  for (const order of orders) reports.push(await syncOne(order, request, options));
  return reports;
}

function listOrders(websites: readonly Website[], { shrinkConfirmed, website }: SyncRequest): SyncOrder[] {
  return groupBySandbox(websites)
    .filter((sandbox) => website === null || sandbox.websites.some(({ code }) => code === website))
    .map((sandbox) => ({
      account: sandbox.account,
      websites: sandbox.websites.map(({ code, adobe }) => ({
        code,
        destinations: adobe?.destinations ?? [],
      })),
      shrinkConfirmed,
    }));
}

async function syncOne(order: SyncOrder, { actor }: SyncRequest, options: SyncOptions): Promise<SyncReport> {
  const { control, now } = options;
  if (control === null) return syncHere(order, options);
  const startedAtMs = now();
  const failed = (message: string) => failedReport(order.account, message, { startedAtMs, nowMs: now() });
  try {
    const report = await withinBudget(control.sync(order, actor), PATIENCE_MS);
    return (
      report ?? failed("the sync takes longer than four minutes; it goes on, and its report will be here")
    );
  } catch (error) {
    return failed(`the control plane does not answer: ${describeError(error)}`);
  }
}

/** To the end in this invocation, as long as it may live; nothing of it is kept but the list and the report. */
async function syncHere(order: SyncOrder, deps: SyncDeps): Promise<SyncReport> {
  const store = openMemory();
  let run = beginSync(order, deps.now());
  for (;;) {
    const tick = await tickSync(order, run, store, deps);
    if (tick.kind === "ended" || (tick.kind === "pauses" && tick.waitMs > MAX_PAUSE_HERE_MS)) {
      await keepReport(deps.kv, order, tick.report);
      return tick.report;
    }
    if (tick.kind === "pauses") await new Promise((resolve) => setTimeout(resolve, tick.waitMs));
    run = tick.run;
  }
}

function openMemory(): SyncStore {
  const parts: SyncPart[] = [];
  return {
    published: () => null,
    parts: () => parts,
    add: (part) => void parts.push(part),
    publish: () => {},
  };
}
