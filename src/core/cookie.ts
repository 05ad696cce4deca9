/** The `Cookie` request header as text: find one cookie, take one out, without parsing all of it. */

/** RFC 6265 §4.1.1: a cookie's name is a token. */
const nameCharacter = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

/**
 * Two `Cookie` lines reach a Worker joined by ", " (workerd joins all repeated headers so), where ";" is
 * meant. Adobe's own membership cookie holds raw commas, so only ", name=" counts as such a joint, and
 * ", name[": PHP reads `name[0]=…` as an array of that name.
 */
const joint = /,[ \t]+(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+[=[])/;

/** The value of the first cookie of that name (as PHP and npm `cookie` take the first), else null. */
export function findCookie(header: string, name: string): string | null {
  for (let from = 0; ; from += name.length) {
    from = header.indexOf(name, from);
    if (from < 0) return null;
    if (!startsPair(header, from)) continue;
    const equals = skipSpace(header, from + name.length);
    if (header[equals] !== "=") continue;
    return readValue(header, equals + 1);
  }
}

/** The header without the cookies whose name is `name` or `name[…]`, which PHP reads as the same; null when nothing is left. */
export function removeCookie(header: string, name: string): string | null {
  return removePairs(header, name, (pair) => isNamed(pair, name));
}

/** The header without the cookies whose names begin so; null when nothing is left. */
export function removeCookiesWithPrefix(header: string, prefix: string): string | null {
  return removePairs(header, prefix, (pair) => pair.startsWith(prefix));
}

function removePairs(header: string, mark: string, isGone: (pair: string) => boolean): string | null {
  if (!header.includes(mark)) return header;
  const kept: string[] = [];
  for (const piece of header.split(";")) {
    const pairs = piece.includes(mark) ? piece.split(joint) : [piece];
    for (const pair of pairs) {
      const trimmed = pair.trim();
      if (trimmed !== "" && !isGone(trimmed)) kept.push(trimmed);
    }
  }
  return kept.length === 0 ? null : kept.join("; ");
}

/** The header with one more cookie at its end. */
export function addCookie(header: string | null, name: string, value: string): string {
  return header ? `${header}; ${name}=${value}` : `${name}=${value}`;
}

/** The one joined by two `Cookie` lines, with its joints mended, so that it can be sent on as one line. */
export function mendCookieLines(header: string): string {
  return header.includes(", ") ? header.split(joint).join("; ") : header;
}

function startsPair(header: string, at: number): boolean {
  let before = at;
  while (before > 0 && isSpace(header[before - 1])) before -= 1;
  if (before === 0) return true;
  const separator = header[before - 1];
  return separator === ";" || (separator === "," && before < at);
}

function readValue(header: string, from: number): string {
  const semicolon = header.indexOf(";", from);
  const value = header.slice(from, semicolon < 0 ? undefined : semicolon);
  const joined = value.includes(", ") ? value.search(joint) : -1;
  return (joined < 0 ? value : value.slice(0, joined)).trim();
}

function isNamed(pair: string, name: string): boolean {
  if (!pair.startsWith(name)) return false;
  const next = pair[name.length];
  return next === undefined || !nameCharacter.test(next);
}

function skipSpace(header: string, from: number): number {
  let at = from;
  while (isSpace(header[at])) at += 1;
  return at;
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
