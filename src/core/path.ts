/** Paths of a shop: patterns that banners name, and which paths are the shop's own machinery. */

import { fail, ok, type Result } from "./result.ts";

/**
 * Without a star it is that very path. `/sale/*` is everything under `/sale/`. Elsewhere a star stands for what
 * is not said of one segment (`/x/*-sale.html`); once in a segment, so that matching takes one look at each character.
 */
export interface PathPattern {
  readonly kind: "exact" | "prefix" | "glob";
  /** Decoded as `readablePath` does; a prefix ends in "/", a glob has its stars. */
  readonly path: string;
}

export function parsePathPattern(written: string): Result<PathPattern, string> {
  if (!written.startsWith("/")) return fail(`a path starts with "/", found ${JSON.stringify(written)}`);
  if (written.length > 500) return fail("a path has at most 500 characters");
  if (/[?#]/.test(written)) return fail("a path has no query and no fragment; the query never matters here");
  if (/[\s\\]|\/\/|\/\.{1,2}(\/|$)/.test(written)) {
    return fail(`no spaces, backslashes, "//" or dot segments in a path, found ${JSON.stringify(written)}`);
  }
  const star = written.indexOf("*");
  if (star < 0) return ok({ kind: "exact", path: readablePath(written) });
  if (star === written.length - 1 && written.endsWith("/*")) {
    return ok({ kind: "prefix", path: readablePath(written.slice(0, -1)) });
  }
  if (/\*[^/]*\*/.test(written)) {
    return fail(
      `one star in each part between slashes, like "/x/*-sale.html"; found ${JSON.stringify(written)}`,
    );
  }
  return ok({ kind: "glob", path: readablePath(written) });
}

/** `path` as `readablePath` has it. */
export function matchesPath(pattern: PathPattern, path: string): boolean {
  switch (pattern.kind) {
    case "exact":
      return pattern.path === path;
    case "prefix":
      return path.startsWith(pattern.path);
    case "glob":
      return matchesGlob(pattern.path, path);
  }
}

/** Segment by segment; linear in the path, and without a copy of it. */
function matchesGlob(glob: string, path: string): boolean {
  let from = 1;
  let at = 1;
  for (;;) {
    const to = endOfSegment(glob, from);
    // Everything below, as a prefix has it.
    if (to === glob.length && to - from === 1 && glob[from] === "*") return true;
    const end = endOfSegment(path, at);
    if (!matchesSegment(glob, from, to, path, at, end)) return false;
    if (to === glob.length || end === path.length) return to === glob.length && end === path.length;
    from = to + 1;
    at = end + 1;
  }
}

function endOfSegment(text: string, from: number): number {
  const slash = text.indexOf("/", from);
  return slash < 0 ? text.length : slash;
}

/** A star stands for any characters, also for none; but what is empty (`//`) is no segment. */
function matchesSegment(
  glob: string,
  from: number,
  to: number,
  path: string,
  at: number,
  end: number,
): boolean {
  const star = glob.indexOf("*", from);
  if (star < 0 || star >= to) return end - at === to - from && isSame(glob, from, path, at, to - from);
  const head = star - from;
  const tail = to - star - 1;
  if (at === end || end - at < head + tail) return false;
  return isSame(glob, from, path, at, head) && isSame(glob, star + 1, path, end - tail, tail);
}

function isSame(glob: string, from: number, path: string, at: number, length: number): boolean {
  for (let n = 0; n < length; n += 1) {
    if (glob.charCodeAt(from + n) !== path.charCodeAt(at + n)) return false;
  }
  return true;
}

/**
 * Whether what lies below Commerce's admin, whatever its path, could match: the first segment is left open. One that
 * ends in `.html` is a page.
 */
export function mayBeAdmin({ kind, path }: PathPattern): boolean {
  if (kind === "exact") return false;
  const [first = ""] = path.slice(1).split("/", 1);
  return first === "" || (first.includes("*") && !first.endsWith(".html"));
}

/**
 * `/caf%C3%A9` → `/café`, so that both spellings (and `%c3%a9`) are one path. Reserved characters stay
 * encoded: `%2F` is not a slash. A path that can't be decoded stays as it came and matches no pattern.
 */
export function readablePath(pathname: string): string {
  if (!pathname.includes("%")) return pathname;
  try {
    return decodeURI(pathname);
  } catch {
    return pathname;
  }
}

/** Where the shop does business or serves files: such a page is never edited. */
const reservedSegments: ReadonlySet<string> = new Set([
  "checkout",
  "customer",
  "rest",
  "soap",
  "graphql",
  "static",
  "media",
  "banner",
  "page_cache",
  "paypal",
  "multishipping",
  "sales",
  "cdn-cgi",
]);

/**
 * Whether a page of that path must be left alone. Generous on purpose: Commerce accepts `index.php` and a
 * store view code in front, so the first three segments are looked at, decoded.
 */
export function isReservedPath(pathname: string, adminPath: string | null): boolean {
  const segments = pathSegments(pathname, 4);
  if (segments === null) return true;
  return segments
    .slice(0, 3)
    .some((segment) => reservedSegments.has(segment.toLowerCase()) || segment === adminPath);
}

/** How deep a front name of Commerce's can stand: below a prefix of two segments, `index.php` and a store view. */
export const FRONT = 5;

/**
 * Whether Commerce takes what is sent there for GraphQL, which it does below its front name, whatever follows, and with
 * `index.php` or a store view's code in front. Of a GET nothing is changed, so only the endpoint itself counts.
 */
export function mayBeGraphql(method: string, pathname: string): boolean {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return false;
  return firstSegments(pathname, FRONT).some((segment) => readablePath(segment).toLowerCase() === "graphql");
}

/** Commerce's own front names whose answers no shared cache stores (Magento's VCL passes them). */
const privateSegments: ReadonlySet<string> = new Set(["checkout", "customer", "rest", "banner"]);

/**
 * Whether no shared cache can store the answer of a GET there. Strict on purpose: only `index.php` and
 * known store view codes may stand in front, because a cacheable page must not depend on the audience.
 */
export function isPrivatePath(pathname: string, storeViews: readonly string[]): boolean {
  const segments = pathSegments(pathname, 4);
  if (segments === null) return false;
  let at = 0;
  if (segments[at] === "index.php") at += 1;
  if (segments[at] !== undefined && storeViews.includes(segments[at] ?? "")) at += 1;
  return privateSegments.has(segments[at] ?? "");
}

/** As they came. Commerce takes any number of slashes for one, so they don't count. */
function firstSegments(pathname: string, count: number): string[] {
  const segments: string[] = [];
  for (let at = 0; at < pathname.length && segments.length < count; ) {
    const end = endOfSegment(pathname, at);
    if (end > at) segments.push(pathname.slice(at, end));
    at = end + 1;
  }
  return segments;
}

/** The first segments that are not empty, decoded; null where one can't be decoded. */
export function pathSegments(pathname: string, count: number): string[] | null {
  const segments: string[] = [];
  for (const raw of firstSegments(pathname, count)) {
    if (!raw.includes("%")) segments.push(raw);
    else {
      try {
        segments.push(
          ...decodeURIComponent(raw)
            .split("/")
            .filter((part) => part !== ""),
        );
      } catch {
        return null;
      }
    }
    if (segments.length >= count) break;
  }
  return segments;
}
