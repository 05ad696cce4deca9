/** Reads the little of XML that a SOAP envelope needs, as libxml reads it. */

/** A byte order mark decides, then the declaration's encoding, then UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0 && second === 0x3c) return new TextDecoder("utf-16be").decode(bytes);
  if (first === 0x3c && second === 0) return new TextDecoder("utf-16le").decode(bytes);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const label = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Why an envelope is refused, or null. A document type could bring entities of its own. */
export function unreadable(xml: string): string | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return "Invalid XML: Detected use of illegal DOCTYPE";
  if (!/<(?:[\w.-]+:)?Envelope[\s>]/.test(xml)) return "Invalid XML: no envelope";
  return null;
}

/** The text of the first element with that local name, whatever its prefix; null where there is none. */
export function textOf(xml: string, name: string): string | null {
  const element = new RegExp(`<((?:[\\w.-]+:)?${name})(?:\\s[^>]*)?>([\\s\\S]*?)</\\1\\s*>`);
  const inner = element.exec(xml.replace(/<!--[\s\S]*?-->/g, ""))?.[2];
  if (inner === undefined) return null;
  return inner
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((part) => (part.startsWith("<![CDATA[") ? part.slice(9, -3) : readText(part)))
    .join("");
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function readText(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
