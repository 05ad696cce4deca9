/** The sync, a tick at a time: ask Adobe, collect, compare, save. An empty or failed answer never replaces a good list. */

import { type Audience, joinAudienceList, writeAudiences } from "../core/audience.ts";
import { type AudienceMark, compareAudiences, isShrunk } from "../core/audience-change.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { idsToAsk, type SyncOrder, type SyncRun, takeAudiences, takeFlows } from "../core/sync.ts";
import { failedReport, type SyncReport } from "../core/sync-report.ts";
import { type Adobe, type AdobeFailure, openAdobe } from "./adobe.ts";
import { fetchAudienceDetails, fetchAudiencePage, fetchFlowPage } from "./adobe-lists.ts";
import { audiencesKey, loadAudiences, putAudiences } from "./audiences.ts";
import { type CredentialBook, findCredentials } from "./credentials.ts";
import { describeError } from "./log.ts";
import { saveReport } from "./sync-report.ts";

/** Audiences of one page: in the form that KV gets, and by what they are compared. */
export interface SyncPart {
  readonly text: string;
  readonly marks: readonly AudienceMark[];
}

/** Where a sync keeps how far it is: the control plane's storage, or this invocation's memory. */
export interface SyncStore {
  /** What the last good sync saved; null where that is not known. */
  published(): readonly AudienceMark[] | null;
  parts(): readonly SyncPart[];
  add(part: SyncPart): void;
  /** The parts are in KV now: the next sync is compared with them. */
  publish(): void;
}

export interface SyncDeps {
  readonly kv: KVNamespace | undefined;
  readonly credentials: CredentialBook;
  readonly now: () => number;
}

export type Tick =
  | { readonly kind: "continues"; readonly run: SyncRun }
  /** Adobe wants a pause. The report is for whoever waits; it is not the last word. */
  | { readonly kind: "pauses"; readonly run: SyncRun; readonly waitMs: number; readonly report: SyncReport }
  | { readonly kind: "ended"; readonly report: SyncReport };

/** The free plan has 50 subrequests and 10 ms of CPU for one invocation. */
export const TICK_LIMITS = { audiences: 500, calls: 20 } as const;
/** What one page may take at most: the page, and after a 401 a token and the page again, or KV at the end. */
const CALLS_OF_A_PAGE = 4;
const MAX_REFUSALS = 3;
const PAUSES_MS = [500, 2_000] as const;
/** What Adobe asks for beyond that, the next run of the cron does too. */
const MAX_PAUSE_MS = 15 * 60_000;

/** Goes on with a run for as much as one invocation may do. */
export async function tickSync(
  order: SyncOrder,
  before: SyncRun,
  store: SyncStore,
  deps: SyncDeps,
): Promise<Tick> {
  const { kv, now } = deps;
  const end = (run: SyncRun, end: Ending): Tick => ({
    kind: "ended",
    report: report(order, run, now(), end),
  });
  if (kv === undefined) return end(before, { outcome: "failed", message: "no KV namespace is bound as KV" });
  const codes = order.websites.map(({ code }) => code);
  const credentials = findCredentials(deps.credentials, codes);
  if (credentials === null) {
    const own =
      deps.credentials.byWebsite.size === 0 ? "" : `, and ADOBE_CREDENTIALS has none for ${codes.join(", ")}`;
    const message = `the secrets ADOBE_CLIENT_ID and ADOBE_CLIENT_SECRET are not both set${own}`;
    return end(before, { outcome: "failed", message });
  }
  const adobe = openAdobe(order.account, credentials, now);
  const counted = (run: SyncRun): SyncRun => ({ ...run, calls: before.calls + adobe.calls() });
  let run: SyncRun = { ...before, ticks: before.ticks + 1 };
  while (run.step.kind !== "publish") {
    const full = run.taken - before.taken + 100 > TICK_LIMITS.audiences;
    if (full || adobe.calls() + CALLS_OF_A_PAGE > TICK_LIMITS.calls)
      return { kind: "continues", run: counted(run) };
    const turned = await turn(order, run, store, adobe);
    if (turned.ok) {
      run = { ...turned.value, refusals: 0 };
      continue;
    }
    const { error } = turned;
    const message = `${error.step}: ${error.message}`;
    const waitMs = pauseOf(error, run.refusals);
    if (waitMs === null) return end(counted(run), { outcome: "kept", message });
    run = counted({ ...run, refusals: run.refusals + 1 });
    const words = `${message}; this one goes on in ${Math.ceil(waitMs / 1000)} s`;
    return {
      kind: "pauses",
      run,
      waitMs,
      report: report(order, run, now(), { outcome: "kept", message: words }),
    };
  }
  // Comparing and writing 4,000 audiences is a tick of its own.
  if (run.taken - before.taken > 100) return { kind: "continues", run: counted(run) };
  return end(counted(run), await publish(kv, order, run, store, now));
}

/** One page. */
async function turn(
  order: SyncOrder,
  run: SyncRun,
  store: SyncStore,
  adobe: Adobe,
): Promise<Result<SyncRun, AdobeFailure>> {
  const { step } = run;
  const refuse = (message: string) =>
    fail({
      step: step.kind === "flows" ? "flows" : "audiences",
      status: 200,
      message,
      passing: null,
    } as const);
  if (step.kind === "flows") {
    const page = await fetchFlowPage(adobe, step.next);
    if (!page.ok) return page;
    const taken = takeFlows(run, order, page.value);
    return taken.ok ? taken : refuse(taken.error);
  }
  const page = await (step.kind === "list"
    ? fetchAudiencePage(adobe, step.start)
    : fetchAudienceDetails(adobe, idsToAsk(run)));
  if (!page.ok) return page;
  const taken = takeAudiences(run, order, page.value);
  if (!taken.ok) return refuse(taken.error);
  const { audiences } = taken.value;
  if (audiences.length > 0) store.add({ text: writeAudiences(audiences), marks: audiences.map(markOf) });
  return ok(taken.value.run);
}

function markOf({ id, name, lastModifiedMs }: Audience): AudienceMark {
  return { id, name, lastModifiedMs };
}

/** null: it does not pass, or not soon enough. */
function pauseOf({ passing }: AdobeFailure, refusals: number): number | null {
  if (passing === null || refusals + 1 >= MAX_REFUSALS) return null;
  const { retryAfterMs } = passing;
  if (retryAfterMs !== null) return retryAfterMs > MAX_PAUSE_MS ? null : retryAfterMs;
  return PAUSES_MS[refusals] ?? null;
}

type Ending = Pick<SyncReport, "outcome" | "message"> &
  Partial<Pick<SyncReport, "count" | "changes" | "needsConfirmation">>;

async function publish(
  kv: KVNamespace,
  order: SyncOrder,
  run: SyncRun,
  store: SyncStore,
  now: () => number,
): Promise<Ending> {
  const parts = unrepeat(store.parts());
  const marks = parts.flatMap((part) => part.marks);
  if (marks.length === 0) return { outcome: "kept", message: describeEmpty(run) };
  try {
    const before = unrepeatMarks(store.published() ?? (await loadMarks(kv, order)));
    if (isShrunk(before.length, marks.length) && !order.shrinkConfirmed) {
      const message =
        `only ${marks.length} of ${before.length} audiences are left, which may be a lost permission; ` +
        "if it is right: npm run audiences:sync -- --confirm-shrink";
      return { outcome: "kept", message, needsConfirmation: true };
    }
    await putAudiences(
      kv,
      order.account,
      joinAudienceList(
        now(),
        parts.map(({ text }) => text),
      ),
    );
    store.publish();
    const changes = compareAudiences(before, marks);
    const { added, changed, removed } = changes;
    const words = `${marks.length} audiences: ${added} new, ${changed} changed, ${removed} gone`;
    const left =
      run.skipped === 0 ? "" : `; ${run.skipped} left out, without an id or a name that can be read`;
    return { outcome: "saved", message: words + left, count: marks.length, changes };
  } catch (error) {
    return { outcome: "failed", message: `KV could not be read or written: ${describeError(error)}` };
  }
}

function describeEmpty({ activated }: SyncRun): string {
  if (activated === null) return "Adobe answered with an empty list";
  return "none of the picked destinations has an audience that Adobe still knows";
}

async function loadMarks(kv: KVNamespace, { account }: SyncOrder): Promise<readonly AudienceMark[]> {
  const list = await loadAudiences(kv, account);
  return list.ok ? (list.value?.audiences ?? []) : [];
}

function unrepeatMarks(marks: readonly AudienceMark[]): readonly AudienceMark[] {
  return [...new Map(marks.map((mark) => [mark.id, mark])).values()];
}

/** The list may move while its pages are read: of an audience that came twice, what was read last counts. */
function unrepeat(parts: readonly SyncPart[]): readonly SyncPart[] {
  const ids = parts.flatMap(({ marks }) => marks.map(({ id }) => id));
  if (new Set(ids).size === ids.length) return parts;
  const last = new Map<string, { mark: AudienceMark; text: string }>();
  for (const { marks, text } of parts) {
    const written = JSON.parse(`[${text}]`) as unknown[];
    marks.forEach((mark, index) => {
      last.set(mark.id, { mark, text: JSON.stringify(written[index]) });
    });
  }
  return [...last.values()].map(({ mark, text }) => ({ text, marks: [mark] }));
}

function report({ account }: SyncOrder, run: SyncRun, nowMs: number, ending: Ending): SyncReport {
  const { startedAtMs, ticks, calls } = run;
  return { ...failedReport(account, ending.message, { startedAtMs, nowMs }), ...ending, ticks, calls };
}

/** Where the dashboard looks first; that the list itself stands does not hang on it. */
export async function keepReport(
  kv: KVNamespace | undefined,
  order: SyncOrder,
  report: SyncReport,
): Promise<void> {
  await saveReport(kv, order.account, report).catch(() => undefined);
}

/** What makes two syncs one. */
export function syncKey({ account }: SyncOrder): string {
  return audiencesKey(account);
}
