/** Finding codes in raw text: each scanner answers where the values end that are locked codes, however written. */

import { endOfString } from "../edge-network/json.ts";
import { decodePercent } from "../percent.ts";

// Bodies are anybody's, and as long as a website takes: each scanner reads one once, whatever is never closed in it.

type IsLocked = (typed: string) => boolean;

/**
 * Each string of a text that is or resembles JSON; of one that no decoder takes, its raw characters count. Numbers too:
 * where a text is wanted Commerce makes one of them (`TypeProcessor::setType`).
 */
export function findJson(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  for (let from = 0; from < text.length; ) {
    const quote = text.indexOf('"', from);
    findNumbers(text.slice(from, quote < 0 ? text.length : quote), from, isLocked, ends);
    const end = quote < 0 ? text.length : endOfString(text, quote);
    // Every quote behind it is escaped, and so would be what begins there.
    if (end >= text.length) break;
    const raw = text.slice(quote + 1, end);
    if (isLocked(raw.includes("\\") ? decodeJson(raw) : raw)) ends.push(end);
    from = end + 1;
  }
  return ends;
}

/** As they are written, and as PHP writes them: `1e3`, `1000.0` and 1000 are one. */
function findNumbers(between: string, at: number, isLocked: IsLocked, ends: number[]): void {
  for (const match of between.matchAll(/\d[\d.eE+-]*/g)) {
    const [written] = match;
    if ([written, String(Number(written))].some(isLocked)) ends.push(at + match.index + written.length);
  }
}

function decodeJson(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** Ends of the texts of a document that are codes, `"""` ones included, whose ends may have white space. */
export function findGraphql(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  const token = /"""((?:[^"\\]|\\"""|\\|"(?!""))*)"""|"((?:[^"\\\n\r]|\\.)*)"|#[^\n\r]*/g;
  for (const match of text.matchAll(token)) {
    const [whole, block, plain] = match;
    const quotes = block === undefined ? 1 : 3;
    const value = block ?? plain;
    if (value !== undefined && isLocked(decodeGraphql(value))) ends.push(match.index + whole.length - quotes);
  }
  return ends;
}

function decodeGraphql(raw: string): string {
  // Newer servers also read this spelling.
  const plain = raw.replace(/\\u\{0*([0-9a-f]{1,6})\}/gi, (whole, hex) => {
    const point = Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
  return plain.includes("\\") ? decodeJson(plain) : plain;
}

/** Names and values of `application/x-www-form-urlencoded`; PHP also takes `+` for a space in a query. */
export function findForm(text: string, from: number, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  const find = openFinder(text);
  let start = from;
  while (start < text.length) {
    const end = find("&", start) ?? text.length;
    const equals = find("=", start) ?? text.length;
    const valueStart = equals >= end ? start : equals + 1;
    if (isLocked(decodeLeniently(text.slice(valueStart, end).replaceAll("+", " ")))) ends.push(end);
    start = end + 1;
  }
  return ends;
}

/**
 * What stands between an empty line and one that begins with two hyphens. Which boundary PHP reads in the header is PHP's
 * to say (`boundaryx=`, an upper-case one before another, spaces in it); no code holds the beginning of one.
 */
export function findMultipart(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  let from = 0;
  for (const part of text.split("\n--")) {
    const content = part.replace(/\r$/, "");
    const blank = /\n\r?\n/.exec(content);
    if (blank && isLocked(content.slice(blank.index))) ends.push(from + content.length);
    from += part.length + 3;
  }
  return ends;
}

/** Decoded segments of a path: `/coupons/VIP20` of REST, `/coupon_code/VIP20` of Commerce's own router. */
export function findPath(pathname: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  for (const match of pathname.matchAll(/[^/]+/g)) {
    // PHP reads a plus in a path as a space in some of its routers, and as itself in others.
    const spellings = [match[0], match[0].replaceAll("+", " ")];
    if (spellings.some((one) => isLocked(decodeLeniently(one)))) ends.push(match.index + match[0].length);
  }
  return ends;
}

/**
 * The text between two tags, with comments, CDATA and entities as a parser joins them; each piece behind another by
 * itself, because Commerce's REST takes the last one (`Xml\Parser`); and attribute values. What such a scanner can't see
 * through is `isOpaqueXml`.
 */
export function findXml(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  const find = openFinder(text);
  let joined = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] !== "<") {
      const end = find("<", at) ?? text.length;
      const piece = decodeEntities(text.slice(at, end));
      if (joined !== "" && isLocked(piece)) ends.push(end);
      joined += piece;
      at = end;
      continue;
    }
    const markup = readMarkup(text, at, find);
    if (markup.kind === "cdata") {
      const piece = text.slice(at + 9, markup.end - 3);
      if (joined !== "" && isLocked(piece)) ends.push(markup.end - 3);
      joined += piece;
    }
    if (markup.kind === "tag") {
      // Before a tag, and outside of a CDATA section: what is inserted here is text of the element.
      if (joined !== "" && isLocked(joined)) ends.push(at);
      joined = "";
      for (const end of findAttributes(text.slice(at, markup.end), isLocked)) ends.push(at + end);
    }
    at = markup.end;
  }
  return ends;
}

/** The first such mark from there on; `from` never goes back, and what is nowhere is looked for once. */
type Find = (mark: string, from: number) => number | null;

function openFinder(text: string): Find {
  const found = new Map<string, number>();
  return (mark, from) => {
    let at = found.get(mark) ?? -1;
    if (at < from) {
      at = text.indexOf(mark, from);
      if (at < 0) at = Number.POSITIVE_INFINITY;
      found.set(mark, at);
    }
    return at === Number.POSITIVE_INFINITY ? null : at;
  };
}

interface Markup {
  readonly kind: "tag" | "cdata" | "comment" | "nothing";
  readonly end: number;
}

/** What is never closed is read as a tag, as far as it is one; no parser of Commerce's takes it. */
function readMarkup(text: string, at: number, find: Find): Markup {
  const ended = (begins: string, ends: string) => {
    if (!text.startsWith(begins, at)) return null;
    const end = find(ends, at + begins.length);
    return end === null ? null : end + ends.length;
  };
  const cdata = ended("<![CDATA[", "]]>");
  if (cdata !== null) return { kind: "cdata", end: cdata };
  const skipped = ended("<!--", "-->") ?? ended("<?", "?>");
  if (skipped !== null) return { kind: "comment", end: skipped };
  const tag = ended("<", ">");
  if (tag === null) return { kind: "nothing", end: at + 1 };
  return { kind: /^<(?:!--|\?)/.test(text.slice(at, at + 4)) ? "comment" : "tag", end: tag };
}

/** Entities of its own, or letters of another alphabet's encoding: no honest client of Commerce sends these. */
export function isOpaqueXml(text: string): boolean {
  // libxml knows UTF-16 and UCS-4 by their zeros, and EBCDIC by `<?`, before any declaration.
  if (text.includes("\0") || text.startsWith("Lo\ufffd")) return true;
  // Anywhere but at the start, no parser takes it for a declaration.
  const [, encoding = "utf-8"] = /^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)/i.exec(text) ?? [];
  return /<!(?:DOCTYPE|ENTITY)/i.test(text) || !/^(?:utf-8|us-ascii|iso-8859-1)$/i.test(encoding);
}

function findAttributes(tag: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  for (const match of tag.matchAll(/=\s*("([^"]*)"|'([^']*)')/g)) {
    if (isLocked(decodeEntities(match[2] ?? match[3] ?? ""))) ends.push(match.index + match[0].length - 1);
  }
  return ends;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x0*([0-9a-f]{1,6})|#0*([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** What is no UTF-8 in one place does not hide the rest: it becomes U+FFFD. */
export function decodeLeniently(text: string): string {
  if (!text.includes("%")) return text;
  const whole = decodePercent(text);
  if (whole !== null) return whole;
  const sequence = /%[0-7][0-9a-f]|%[c-f][0-9a-f](?:%[89ab][0-9a-f]){1,3}/gi;
  return text
    .replace(sequence, (encoded) => decodePercent(encoded) ?? encoded)
    .replace(/%[89a-f][0-9a-f]/gi, "\ufffd");
}
