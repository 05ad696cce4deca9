/** Finding codes in raw text: each scanner answers where the values end that are locked codes, however written. */

type IsLocked = (typed: string) => boolean;

/** Each string of a text that is or resembles JSON; of one that no decoder takes, its raw characters count. */
export function findJson(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  for (const match of text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)) {
    const raw = match[1] ?? "";
    if (isLocked(raw.includes("\\") ? decodeJson(raw) : raw)) ends.push(match.index + match[0].length - 1);
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
  let start = from;
  while (start < text.length) {
    const separator = text.indexOf("&", start);
    const end = separator < 0 ? text.length : separator;
    const equals = text.indexOf("=", start);
    const valueStart = equals < 0 || equals > end ? start : equals + 1;
    if (isLocked(decodePercent(text.slice(valueStart, end).replaceAll("+", " ")))) ends.push(end);
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
    if (spellings.some((one) => isLocked(decodePercent(one)))) ends.push(match.index + match[0].length);
  }
  return ends;
}

/**
 * The text between two tags, with comments, CDATA and entities as a parser joins them; and attribute values.
 * What such a scanner can't see through is `isOpaqueXml`.
 */
export function findXml(text: string, isLocked: IsLocked): readonly number[] {
  const ends: number[] = [];
  const token = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<[^>]*>|[^<]+/g;
  let joined = "";
  for (const match of text.matchAll(token)) {
    const [whole, cdata] = match;
    if (cdata !== undefined) joined += cdata;
    else if (whole.startsWith("<!--") || whole.startsWith("<?")) continue;
    else if (!whole.startsWith("<")) joined += decodeEntities(whole);
    else {
      // Before a tag, and outside of a CDATA section: what is inserted here is text of the element.
      if (joined !== "" && isLocked(joined)) ends.push(match.index);
      joined = "";
      for (const end of findAttributes(whole, isLocked)) ends.push(match.index + end);
    }
  }
  return ends;
}

/** Entities of its own, or letters of another alphabet's encoding: no honest client of Commerce sends these. */
export function isOpaqueXml(text: string): boolean {
  const [, encoding = "utf-8"] = /<\?xml[^>]*encoding\s*=\s*["']([^"']*)/i.exec(text) ?? [];
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
function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  const whole = tryDecode(text);
  if (whole !== null) return whole;
  const sequence = /%[0-7][0-9a-f]|%[c-f][0-9a-f](?:%[89ab][0-9a-f]){1,3}/gi;
  return text.replace(sequence, (encoded) => tryDecode(encoded) ?? encoded);
}

function tryDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
