/** Finding codes in raw text: each scanner answers where the values end that are locked codes, however written. */

import { endOfString } from "../edge-network/json.ts";
import { decodePercent } from "../percent.ts";

// Bodies are anybody's, and as long as a website takes: each scanner reads one once, whatever is never closed in it.

type IsLocked = (typed: string) => boolean;

/** Each string of a text that is or resembles JSON; of one that no decoder takes, its raw characters count. */
export function findJson(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('"'); at >= 0; ) {
    const end = endOfString(text, at);
    // Every quote behind it is escaped, and so would be what begins there.
    if (end >= text.length) break;
    const raw = text.slice(at + 1, end);
    if (isLocked(raw.includes("\\") ? decodeJson(raw) : raw)) ends.push(end);
    at = text.indexOf('"', end + 1);
  }
  return ends;
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

/** Each part's content, by the boundary of the header; PHP takes the first one that it finds there. */
export function findMultipart(text: string, contentType: string, isLocked: IsLocked): readonly number[] {
  const [, quoted, bare] = /boundary\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare ?? "";
  if (boundary === "") return [];
  const ends: number[] = [];
  const delimiter = `--${boundary}`;
  let from = text.indexOf(delimiter);
  while (from >= 0) {
    const next = text.indexOf(delimiter, from + delimiter.length);
    const part = text.slice(from, next < 0 ? text.length : next);
    const blank = /\r?\n\r?\n/.exec(part);
    if (blank) {
      const content = part.slice(blank.index + blank[0].length).replace(/\r?\n$/, "");
      if (isLocked(content)) ends.push(from + blank.index + blank[0].length + content.length);
    }
    from = next;
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
 * The text between two tags, with comments, CDATA and entities as a parser joins them; and attribute values.
 * What such a scanner can't see through is `isOpaqueXml`.
 */
export function findXml(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  const find = openFinder(text);
  let joined = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] !== "<") {
      const end = find("<", at) ?? text.length;
      joined += decodeEntities(text.slice(at, end));
      at = end;
      continue;
    }
    const markup = readMarkup(text, at, find);
    if (markup.kind === "cdata") joined += text.slice(at + 9, markup.end - 3);
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
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** What is no UTF-8 in one place does not hide the rest. */
function decodeLeniently(text: string): string {
  if (!text.includes("%")) return text;
  const whole = decodePercent(text);
  if (whole !== null) return whole;
  const sequence = /%[0-7][0-9a-f]|%[c-f][0-9a-f](?:%[89ab][0-9a-f]){1,3}/gi;
  return text.replace(sequence, (encoded) => decodePercent(encoded) ?? encoded);
}
