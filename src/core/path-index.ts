/** Which of many patterns match a path, without a look at each: found by a part between slashes that has no star. */

import { matchesPath, type PathPattern } from "./path.ts";

interface Entry<T> {
  readonly pattern: PathPattern;
  readonly value: T;
  /** Its place among all values. */
  readonly order: number;
}

type Entries<T> = readonly Entry<T>[];

export interface PathIndex<T> {
  /** By the part's place in the path, then by the part. */
  readonly byPart: readonly ReadonlyMap<string, Entries<T>>[];
  /** Patterns with a star in each part. */
  readonly open: Entries<T>;
}

/** Deeper parts are not looked at: a path of the shop has a handful, a client's may have thousands. */
const MAX_PARTS = 8;

export function indexPaths<T>(values: readonly (readonly [T, readonly PathPattern[]])[]): PathIndex<T> {
  const byPart: Map<string, Entry<T>[]>[] = [];
  const open: Entry<T>[] = [];
  values.forEach(([value, patterns], order) => {
    for (const pattern of patterns) {
      const entry = { pattern, value, order };
      const key = keyOf(pattern);
      if (key === null) {
        open.push(entry);
        continue;
      }
      while (byPart.length <= key.place) byPart.push(new Map());
      const parts = byPart[key.place];
      const known = parts?.get(key.part);
      if (known === undefined) parts?.set(key.part, [entry]);
      else known.push(entry);
    }
  });
  return { byPart, open };
}

/** The values of which a pattern matches, each once, in the order in which they were given. */
export function findByPath<T>(index: PathIndex<T>, path: string): T[] {
  const found = new Map<number, T>();
  const look = (entries: Entries<T>) => {
    for (const { pattern, value, order } of entries) if (matchesPath(pattern, path)) found.set(order, value);
  };
  look(index.open);
  let from = 1;
  for (const parts of index.byPart) {
    const slash = path.indexOf("/", from);
    const entries = parts.get(slash < 0 ? path.slice(from) : path.slice(from, slash));
    if (entries !== undefined) look(entries);
    if (slash < 0) break;
    from = slash + 1;
  }
  if (found.size < 2) return [...found.values()];
  return [...found].sort(([one], [other]) => one - other).map(([, value]) => value);
}

/** The last part without a star: of `/sale/shoes/*` and `/sale/bags/*` it is what differs. */
function keyOf({ kind, path }: PathPattern): { readonly place: number; readonly part: string } | null {
  const parts = path.slice(1).split("/");
  // What comes after a prefix's last slash is any.
  const fixed = kind === "prefix" ? parts.slice(0, -1) : parts;
  const place = fixed.slice(0, MAX_PARTS).findLastIndex((part) => !part.includes("*") || kind === "exact");
  const part = fixed[place];
  return part === undefined ? null : { place, part };
}
