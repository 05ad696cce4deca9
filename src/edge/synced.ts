/** The synced lists of all websites at once, for who looks at campaigns beside them. */

import type { AudienceId } from "../core/audience.ts";
import type { SyncedByWebsite } from "../core/campaigns/standing.ts";
import type { AdobeAccount, Website } from "../core/website.ts";
import { audiencesKey, loadAudiences } from "./audiences.ts";

/** A website whose list was never synced, or can't be read, is not there: of what is not known nothing is said. */
export async function loadSynced(
  kv: KVNamespace | undefined,
  websites: readonly Website[],
): Promise<SyncedByWebsite> {
  const synced = new Map<string, ReadonlySet<AudienceId>>();
  if (kv === undefined) return synced;
  const accounts = new Map<string, AdobeAccount>();
  for (const { adobe } of websites) if (adobe !== null) accounts.set(audiencesKey(adobe), adobe);
  for (const [key, account] of accounts) {
    const loaded = await loadAudiences(kv, account).catch(() => null);
    if (loaded === null || !loaded.ok || loaded.value === null) continue;
    const { audiences } = loaded.value;
    for (const { code, adobe } of websites) {
      if (adobe === null || audiencesKey(adobe) !== key) continue;
      const here = audiences.filter((one) => one.websites === null || one.websites.includes(code));
      synced.set(code, new Set(here.map(({ id }) => id)));
    }
  }
  return synced;
}
