/** What the campaigns pages are made from: the campaigns that shoppers get, the names of their audiences, the lists. */

import type { AudienceId } from "../core/audience.ts";
import {
  type NamesById,
  readNames,
  type Surroundings,
  type SyncedByWebsite,
} from "../core/campaigns/standing.ts";
import type { NameOf } from "../core/campaigns/words.ts";
import { readStoredCampaigns, type StoredCampaigns } from "../core/stored-campaigns.ts";
import { CAMPAIGNS_KEY } from "../edge/campaigns.ts";
import type { Version } from "../edge/control/calls.ts";
import { describeError } from "../edge/log.ts";
import type { Versions } from "../edge/versions.ts";
import { type Account, type AccountSource, groupWebsites, loadHolding } from "./accounts.ts";

export interface CampaignsSource extends AccountSource {
  readonly versions: Versions;
  /** What is deployed with the Worker, and served where KV has nothing. */
  readonly embedded: unknown;
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
  readonly nameOf: NameOf;
  /** Of the history; null: none was published through it, or it does not answer. */
  readonly version: Version | null;
  /** Codes of the websites whose list was never synced, or can't be read. */
  readonly unsynced: readonly string[];
}

const SHOWN_LENGTH = 80;

/** The names of the file first, which the merchandiser wrote; then Adobe's. */
export async function loadContext({ websites, kv, versions, now }: CampaignsSource): Promise<Context> {
  const { connected } = groupWebsites(websites);
  const [current, ...lists] = await Promise.all([
    versions.current(),
    ...connected.map((account) => loadAccount(kv, account)),
  ]);
  const live = current.kind === "answered" ? current.value : null;
  const names: NamesById = live === null ? new Map() : readNames(live.file);
  const adobe = new Map(lists.flatMap((list) => [...list.names]));
  return {
    around: {
      websites: websites.map(({ code }) => code),
      names,
      synced: new Map(lists.flatMap((list) => [...list.synced])),
      nowMs: now(),
    },
    nameOf: (id) => shorten(names.get(id)?.name ?? adobe.get(id) ?? id),
    version: live?.version ?? null,
    unsynced: lists.flatMap((list) => list.unsynced),
  };
}

async function loadAccount(kv: KVNamespace | undefined, account: Account) {
  const holding = await loadHolding(kv, account);
  const synced = new Map<string, ReadonlySet<AudienceId>>();
  const names = new Map<AudienceId, string>();
  if (holding.kind !== "synced") {
    return { names, synced: synced as SyncedByWebsite, unsynced: account.websites };
  }
  const { audiences } = holding.list;
  for (const code of account.websites) {
    const here = audiences.filter((one) => one.websites === null || one.websites.includes(code));
    synced.set(code, new Set(here.map(({ id }) => id)));
  }
  for (const { id, name } of audiences) names.set(id, name.trim() || id);
  return { names, synced: synced as SyncedByWebsite, unsynced: [] };
}

/** Whole names stand on the page of the audiences. */
function shorten(name: string): string {
  return name.length <= SHOWN_LENGTH ? name : `${[...name].slice(0, SHOWN_LENGTH).join("")}…`;
}
