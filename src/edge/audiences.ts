/** The audience list in KV: one per Adobe organization and sandbox, read through the isolate's memory. */

import { type AudienceId, type AudienceList, readAudienceList, writeAudienceList } from "../core/audience.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { AdobeAccount } from "../core/website.ts";
import type { Log } from "./log.ts";
import { openReplica, type Replica } from "./replica.ts";

/** The ids alone are what a request needs of the list. */
export type KnownAudiences = ReadonlySet<AudienceId>;

const FRESH_MS = 60_000;
const BUDGET_MS = 100;

export function audiencesKey({ organizationId, sandbox }: AdobeAccount): string {
  return `audiences:${organizationId}:${sandbox}`;
}

export function openKnownAudiences(
  kv: KVNamespace | undefined,
  account: AdobeAccount,
  log: Log,
): Replica<KnownAudiences> {
  return openReplica({
    kv,
    key: audiencesKey(account),
    parse(text) {
      const list = parseAudiences(text);
      return list.ok ? ok(new Set(list.value.audiences.map(({ id }) => id))) : list;
    },
    freshMs: FRESH_MS,
    budgetMs: BUDGET_MS,
    embedded: null,
    whenAbsent: "keep",
    log,
  });
}

/** null: never synced. A failure: what is there is no list. Throws what KV throws. */
export async function loadAudiences(
  kv: KVNamespace,
  account: AdobeAccount,
): Promise<Result<AudienceList | null, string>> {
  const text = await kv.get(audiencesKey(account), "text");
  return text === null ? ok(null) : parseAudiences(text);
}

export async function saveAudiences(
  kv: KVNamespace,
  account: AdobeAccount,
  list: AudienceList,
): Promise<void> {
  await kv.put(audiencesKey(account), writeAudienceList(list));
}

function parseAudiences(text: string): Result<AudienceList, string> {
  try {
    const list = readAudienceList(JSON.parse(text));
    return list ? ok(list) : fail("not an audience list");
  } catch {
    return fail("not JSON");
  }
}
