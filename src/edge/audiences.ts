/** The audience list in KV: one per Adobe organization and sandbox, read through the isolate's memory. */

import { type AudienceId, type AudienceList, readAudienceList } from "../core/audience.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { AudienceDigests } from "../core/signed-membership.ts";
import type { AdobeAccount } from "../core/website.ts";
import { digestAudiences } from "./digest.ts";
import type { Log } from "./log.ts";
import { openReplica, type Replica } from "./replica.ts";

/** What a request needs of the list. */
export interface KnownAudiences {
  readonly ids: ReadonlySet<AudienceId>;
  readonly digests: AudienceDigests;
}

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
    async parse(text) {
      const list = parseAudiences(text);
      if (!list.ok) return list;
      const ids = new Set(list.value.audiences.map(({ id }) => id));
      return ok({ ids, digests: await digestAudiences(ids) });
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

/** A list in its written form (`joinAudienceList`). Throws what KV throws. */
export async function putAudiences(kv: KVNamespace, account: AdobeAccount, text: string): Promise<void> {
  await kv.put(audiencesKey(account), text);
}

function parseAudiences(text: string): Result<AudienceList, string> {
  try {
    const list = readAudienceList(JSON.parse(text));
    return list ? ok(list) : fail("not an audience list");
  } catch {
    return fail("not JSON");
  }
}
