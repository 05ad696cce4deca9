/** Paths of a shop: patterns that banners name, and which paths are the shop's own machinery. */

import { fail, ok, type Result } from "./result.ts";

/** `/sale/*` is everything under `/sale/`; without the star it is that very path. */
export interface PathPattern {
  readonly kind: "exact" | "prefix";
  /** Decoded as `readablePath` does; a prefix ends in "/". */
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
  if (star !== written.length - 1 || !written.endsWith("/*")) {
    return fail(`a star stands only at the end, after "/", like "/sale/*"; found ${JSON.stringify(written)}`);
  }
  return ok({ kind: "prefix", path: readablePath(written.slice(0, -1)) });
}

export function matchesPath(pattern: PathPattern, path: string): boolean {
  return pattern.kind === "exact" ? pattern.path === path : path.startsWith(pattern.path);
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

/** The first segments that are not empty, decoded; null where one can't be decoded. */
export function pathSegments(pathname: string, count: number): string[] | null {
  const segments: string[] = [];
  for (const raw of pathname.split("/", 16)) {
    if (raw === "") continue;
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
