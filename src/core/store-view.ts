/** Store views: in which one a request is answered, and which of several texts is that one's. */

import { pathSegments } from "./path.ts";
import { belowPrefix } from "./virtual-host.ts";
import type { Website } from "./website.ts";

export interface StoreViewQuestion {
  readonly website: Pick<Website, "pathPrefix" | "storeViews" | "storeViewHosts" | "defaultStoreView">;
  /** Without a port. */
  readonly host: string;
  readonly path: string;
  /** GraphQL's `Store`. */
  readonly header: string | null;
  /** `___store`. Its companion `___from_store` names the one that is left, and decides nothing. */
  readonly query: string | null;
  readonly cookie: string | null;
}

/**
 * As Commerce decides (`StoreResolver::getCurrentStoreId`): the path, then the query, then the cookie, then the
 * host. A code that the settings do not name is no store view: Commerce would answer in its default, too.
 */
export function chooseStoreView({ website, host, path, header, query, cookie }: StoreViewQuestion): string {
  const { storeViews, storeViewHosts, defaultStoreView } = website;
  const byHost = (Object.hasOwn(storeViewHosts, host) ? storeViewHosts[host] : null) ?? defaultStoreView;
  if (storeViews.length === 0) return byHost;
  const isKnown = (code: string | null | undefined) =>
    code != null && (storeViews.includes(code) || code === defaultStoreView);
  const named = [header, firstSegment(path), firstSegment(belowPrefix(path, website)), query, cookie];
  return named.find(isKnown) ?? byHost;
}

/** Commerce accepts `index.php` in front. */
function firstSegment(path: string): string | null {
  const [first, second] = pathSegments(path, 2) ?? [];
  return (first === "index.php" ? second : first) ?? null;
}

/** What a file says for that store view, else for `default`, else nothing. */
export function pickForStoreView<T>(values: Readonly<Record<string, T>>, storeView: string | null): T | null {
  for (const code of [storeView, "default"]) {
    if (code !== null && Object.hasOwn(values, code)) return values[code] ?? null;
  }
  return null;
}
