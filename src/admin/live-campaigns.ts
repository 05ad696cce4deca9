/** What the campaigns pages are made from: the campaigns that shoppers get, the names of their audiences, the lists. */

import type { Audience, AudienceId } from "../core/audience.ts";
import type { FitAround } from "../core/campaigns/audience-fit.ts";
import {
  type NamesById,
  readNames,
  type Surroundings,
  type SyncedByWebsite,
} from "../core/campaigns/standing.ts";
import type { NameOf } from "../core/campaigns/words.ts";
import { readStoredCampaigns, type StoredCampaigns } from "../core/stored-campaigns.ts";
import { readShown, writeShownQuery } from "../core/totals.ts";
import type { Website } from "../core/website.ts";
import { type AnalyticsApi, askAnalytics } from "../edge/analytics-api.ts";
import { CAMPAIGNS_KEY } from "../edge/campaigns.ts";
import type { Version } from "../edge/control/calls.ts";
import { describeError } from "../edge/log.ts";
import type { Services } from "../edge/services.ts";
import type { Versions } from "../edge/versions.ts";
import { type Account, type AccountSource, groupWebsites, loadHolding } from "./accounts.ts";

export interface CampaignsSource extends AccountSource {
  readonly versions: Versions;
  /** What is deployed with the Worker, and served where KV has nothing. */
  readonly embedded: unknown;
  /** What this very isolate serves shoppers with. */
  readonly services: Services;
  readonly analyticsApi: AnalyticsApi | null;
}

export type Live =
  | { readonly kind: "live"; readonly from: "kv" | "deployment"; readonly stored: StoredCampaigns }
  /** `reason` is a sentence with the cure. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** What KV has now; an isolate that has read it before may serve that for half a minute more. */
export async function loadLive({ kv, embedded }: Pick<CampaignsSource, "kv" | "embedded">): Promise<Live> {
  try {
    const text = (await kv?.get(CAMPAIGNS_KEY, "text")) ?? null;
    const read = readStoredCampaigns(text === null ? embedded : JSON.parse(text));
    if (read.ok) return { kind: "live", from: text === null ? "deployment" : "kv", stored: read.value };
    return { kind: "unreadable", reason: `What KV holds is ${read.error}: publish the campaigns again.` };
  } catch (error) {
    return {
      kind: "unreadable",
      reason: `KV did not answer (${describeError(error)}): try again in a minute.`,
    };
  }
}

/** What the live campaigns are looked at with. */
export interface Context {
  readonly around: Surroundings;
  readonly fit: FitAround;
  readonly nameOf: NameOf;
  /** Of all synced lists. */
  readonly audiences: ReadonlyMap<AudienceId, Audience>;
  readonly lists: readonly ListOfAccount[];
  /** Of the history; null: none was published through it, or it does not answer. */
  readonly version: Version | null;
  /** Codes of the websites whose list was never synced, or can't be read. */
  readonly unsynced: readonly string[];
}

/** Empty where it was never synced, or can't be read. */
export interface ListOfAccount {
  readonly account: Account;
  readonly audiences: readonly Audience[];
}

const SHOWN_LENGTH = 80;

/** Whether it is asked what nobody saw: that is a question to Cloudflare, which takes its time. */
export type Depth = "quick" | "counted";

/** The names of the file first, which the merchandiser wrote; then Adobe's. */
export async function loadContext(source: CampaignsSource, depth: Depth = "quick"): Promise<Context> {
  const { websites, kv, versions, services, now } = source;
  const { connected } = groupWebsites(websites);
  const [current, wasShown, ...lists] = await Promise.all([
    versions.current(),
    depth === "counted" ? askShown(source) : null,
    ...connected.map((account) => loadAccount(kv, account)),
  ]);
  const live = current.kind === "answered" ? current.value : null;
  const names: NamesById = live === null ? new Map() : readNames(live.file);
  const audiences = new Map(lists.flatMap((list) => list.audiences.map((one) => [one.id, one] as const)));
  const adobeName = (id: AudienceId) => audiences.get(id)?.name.trim() || id;
  const around = {
    websites: websites.map(({ code }) => code),
    names,
    synced: new Map(lists.flatMap((list) => [...list.synced])),
    nowMs: now(),
  };
  const sinceMs = live === null ? Number.NaN : Date.parse(live.version.at);
  const counted = wasShown === null || Number.isNaN(sinceMs) ? null : { sinceMs, wasShown };
  return {
    around,
    fit: { ...around, audiences, verifying: findVerifying(websites, services), counted },
    nameOf: (id) => shorten(names.get(id)?.name ?? adobeName(id)),
    audiences,
    lists,
    version: live?.version ?? null,
    unsynced: lists.flatMap((list) => list.unsynced),
  };
}

/** A backend may vouch for shoppers of every website. */
function findVerifying(websites: readonly Website[], { signer, backendSecrets }: Services): string[] {
  return websites
    .filter(({ datastreamId }) => backendSecrets.length > 0 || (signer !== null && datastreamId !== null))
    .map(({ code }) => code);
}

/** null: nothing is counted, or it can't be asked; then nobody is said to have seen nothing. */
async function askShown({ services, analyticsApi }: CampaignsSource) {
  if (services.analytics === null || analyticsApi === null) return null;
  const rows = await askAnalytics(analyticsApi, writeShownQuery(analyticsApi.dataset));
  return rows.ok && rows.value.length > 0 ? readShown(rows.value) : null;
}

async function loadAccount(kv: KVNamespace | undefined, account: Account) {
  const holding = await loadHolding(kv, account);
  const synced = new Map<string, ReadonlySet<AudienceId>>();
  if (holding.kind !== "synced") {
    return { account, audiences: [], synced: synced as SyncedByWebsite, unsynced: account.websites };
  }
  const { audiences } = holding.list;
  for (const code of account.websites) {
    const here = audiences.filter((one) => one.websites === null || one.websites.includes(code));
    synced.set(code, new Set(here.map(({ id }) => id)));
  }
  return { account, audiences, synced: synced as SyncedByWebsite, unsynced: [] };
}

/** Whole names stand on the page of the audiences. */
function shorten(name: string): string {
  return name.length <= SHOWN_LENGTH ? name : `${[...name].slice(0, SHOWN_LENGTH).join("")}…`;
}
