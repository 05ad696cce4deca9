/** Which website a request is for, where several share a host: the one that its datastream, store view or path names. */

import { parseEdgePath, readDatastreamIds } from "./edge-network.ts";
import { pathSegments } from "./path.ts";
import type { Website } from "./website.ts";

/** `rest` gets what none of the others is named by. */
export interface SharedHost {
  readonly rest: Website;
  readonly prefixed: readonly Website[];
}

export interface HostQuestion {
  readonly path: string;
  readonly rawQuery: string;
  /** The code of a store view, as Commerce's GraphQL reads it. */
  readonly store: string | null;
}

export interface HostChoice {
  readonly website: Website;
  readonly by: "datastream" | "store-view" | "path" | "rest";
}

/** The settings see to it that exactly one of them has no prefix; null where that is not so. */
export function shareHost(websites: readonly Website[]): SharedHost | null {
  const rest = websites.find(({ pathPrefix }) => pathPrefix === null);
  if (rest === undefined) return null;
  const prefixed = websites
    .filter((website) => website !== rest)
    // The longest first: `/fr/b2b` is not `/fr`.
    .sort((a, b) => (b.pathPrefix ?? "").length - (a.pathPrefix ?? "").length);
  return { rest, prefixed };
}

export function chooseWebsite(host: SharedHost, question: HostQuestion): HostChoice {
  const all = [...host.prefixed, host.rest];
  const byDatastream = findByDatastream(all, question);
  if (byDatastream) return { website: byDatastream, by: "datastream" };
  if (question.store !== null && isGraphqlPath(all, question.path)) {
    const { store } = question;
    const named = all.find(({ storeViews }) => storeViews.includes(store));
    if (named) return { website: named, by: "store-view" };
  }
  const below = findByPath(host.prefixed, question.path);
  return below ? { website: below, by: "path" } : { website: host.rest, by: "rest" };
}

/** The Web SDK's calls know no prefix; which website they are about is in their query, once. */
function findByDatastream(all: readonly Website[], { path, rawQuery }: HostQuestion): Website | null {
  const called = all.filter(
    ({ datastreamId, edgeBasePath }) => datastreamId !== null && parseEdgePath(path, edgeBasePath) !== null,
  );
  if (called.length === 0) return null;
  const [id, another] = readDatastreamIds(rawQuery);
  if (id === undefined || another !== undefined) return null;
  return called.find(({ datastreamId }) => datastreamId === id) ?? null;
}

/** Decoded, and with `index.php` in front, as Commerce reads a path. */
function findByPath(prefixed: readonly Website[], path: string): Website | null {
  const segments = pathSegments(path, 4) ?? [];
  const found = segments[0] === "index.php" ? segments.slice(1) : segments;
  const start = `/${found.join("/")}/`;
  return prefixed.find(({ pathPrefix }) => start.startsWith(`${pathPrefix}/`)) ?? null;
}

/** The endpoint of each of them, with its prefix and without: the `Store` header may name another one. */
export function graphqlPaths(sharing: readonly Website[]): readonly string[] {
  const paths = sharing.flatMap(({ graphqlPath, pathPrefix }) =>
    pathPrefix === null || graphqlPath.startsWith(`${pathPrefix}/`)
      ? [graphqlPath]
      : [graphqlPath, pathPrefix + graphqlPath],
  );
  return [...new Set(paths)];
}

function isGraphqlPath(sharing: readonly Website[], path: string): boolean {
  const paths = graphqlPaths(sharing);
  return paths.includes(path.endsWith("/") ? path.slice(0, -1) : path);
}

/** The path as the website itself sees it: `/checkout/cart` of `/fr/checkout/cart`. */
export function belowPrefix(path: string, { pathPrefix }: Pick<Website, "pathPrefix">): string {
  if (pathPrefix === null || !path.startsWith(pathPrefix)) return path;
  const below = path.slice(pathPrefix.length);
  if (below === "") return "/";
  return below.startsWith("/") ? below : path;
}
