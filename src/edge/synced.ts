/** The synced lists of all websites at once, for who looks at campaigns beside them. */

import type { AudienceId } from "../core/audience.ts";
import type { SyncedByWebsite } from "../core/campaigns/standing.ts";
import { groupBySandbox } from "../core/sandbox.ts";
import type { Website } from "../core/website.ts";
import { loadAudiences } from "./audiences.ts";

/** A website whose list was never synced, or can't be read, is not there: of what is not known nothing is said. */
export async function loadSynced(
  kv: KVNamespace | undefined,
  websites: readonly Website[],
): Promise<SyncedByWebsite> {
  const synced = new Map<string, ReadonlySet<AudienceId>>();
  if (kv === undefined) return synced;
  for (const sandbox of groupBySandbox(websites)) {
    const loaded = await loadAudiences(kv, sandbox.account).catch(() => null);
    if (loaded === null || !loaded.ok || loaded.value === null) continue;
    const { audiences } = loaded.value;
    for (const { code } of sandbox.websites) {
      const here = audiences.filter((one) => one.websites === null || one.websites.includes(code));
      synced.set(code, new Set(here.map(({ id }) => id)));
    }
  }
  return synced;
}
