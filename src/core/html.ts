/** A merchandiser's HTML, checked so that it cannot break the page around it or run code. */

const voidElements: ReadonlySet<string> = new Set(
  "area br col embed hr img input link meta source track wbr".split(" "),
);

/** What HTML may hold although it runs code: elements, or `on…` attributes and script URLs. */
export type Allowance = readonly ("script" | "handlers" | "iframe")[];

/** Code, or elements that would change the page around the banner. */
const refusedElements: ReadonlySet<string> = new Set([
  ..."script iframe object embed applet base link meta html head body title frame frameset".split(" "),
  ..."plaintext xmp noscript noembed noframes template textarea form input select option".split(" "),
  ..."math foreignobject animate set".split(" "),
]);

const urlAttributes: ReadonlySet<string> = new Set(
  "href src action formaction poster data background xlink:href srcset ping".split(" "),
);

/**
 * Handlers, and what the scripts of Magento's own themes run: Luma's Knockout binds the whole page, RequireJS loads what
 * `data-mage-init` names, from any host; Hyvä's Alpine evaluates `x-…`, `@…` and `:…`.
 */
const code = /^(?:on|data-(?:bind|mage-init)$|x-|@|:)/;

const attributePattern = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?/y;

/** What is asked of a fragment beside being whole. */
interface Rules {
  readonly refused: ReadonlySet<string>;
  /** Elements whose content is text up to the tag that closes them. */
  readonly raw: ReadonlySet<string>;
  /** null: an attribute may be what it wants. */
  readonly allow: Allowance | null;
}

/** One sentence a problem; none means that the fragment is whole: each element it opens, it closes. */
export function checkHtml(html: string, allow: Allowance = []): string[] {
  if (html.length > 65_536) return [`at most 64 KB of HTML, found ${Math.ceil(html.length / 1024)} KB`];
  const allowed = new Set<string>(allow.filter((one) => one !== "handlers"));
  const refused = new Set([...refusedElements].filter((name) => !allowed.has(name)));
  return checkMarkup(html, { refused, raw: new Set(["style", ...allowed]), allow });
}

/** What may not even stand in a block of Commerce's: it is the page's, or swallows the rest of it. */
const pageRules: Rules = {
  refused: new Set("html head body base frame frameset plaintext xmp noembed noframes".split(" ")),
  raw: new Set("style script iframe textarea title noscript".split(" ")),
  allow: null,
};

/**
 * Whether HTML of Commerce's own leaves the page around it whole. Who writes a CMS block can write the page, so that
 * what it runs is theirs to say.
 */
export function isWhole(html: string): boolean {
  return checkMarkup(html.replace(/<(?=[\s\d=])/g, "&lt;"), pageRules).length === 0;
}

function checkMarkup(html: string, rules: Rules): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  let at = 0;
  while (problems.length < 10) {
    const start = html.indexOf("<", at);
    if (start < 0) break;
    at = readMarkup(html, start, open, rules, problems);
    if (at < 0) return problems;
  }
  for (const name of open.reverse()) problems.push(`<${name}> is never closed`);
  return problems;
}

/** Reads what begins at "<"; returns where to go on, or -1 where nothing after it can be read. */
function readMarkup(html: string, start: number, open: string[], rules: Rules, problems: string[]): number {
  if (html.startsWith("<!--", start)) return readComment(html, start, rules, problems);
  const name = /^<\/?([A-Za-z][^\s/>]*)/.exec(html.slice(start, start + 80))?.[1]?.toLowerCase();
  if (name === undefined) {
    problems.push(`write "&lt;" for a "<" that opens no tag, at ${excerpt(html, start)}`);
    return start + 1;
  }
  const closing = html[start + 1] === "/";
  // The end of one that was told when it began is the same mistake.
  const told = closing && open.includes(name);
  if (!told && rules.refused.has(name)) problems.push(`<${name}> is refused in a banner`);
  const tag = closing
    ? readClosingTag(html, start, name)
    : readOpeningTag(html, start, name, rules, problems);
  if (tag.end < 0) {
    problems.push(`the tag at ${excerpt(html, start)} does not end properly with ">"`);
    return -1;
  }
  if (closing) closeElement(name, open, problems);
  else if (!voidElements.has(name) && !(tag.selfClosing && open.includes("svg"))) {
    if (tag.selfClosing && name !== "svg")
      problems.push(`<${name}/> does not close itself in HTML; write <${name}></${name}>`);
    open.push(name);
    if (rules.raw.has(name)) return readRawText(html, tag.end, name, open, rules, problems);
  }
  return tag.end;
}

function readComment(html: string, start: number, { allow }: Rules, problems: string[]): number {
  const end = html.indexOf("-->", start + 4);
  if (end < 0) {
    problems.push('a comment is never closed with "-->"');
    return -1;
  }
  // HTML §13.2.5.43 and following: to a browser `<!-->` is a whole comment, and `--!>` ends one. Knockout runs `ko …`.
  const mayRun = allow === null || allow.includes("handlers");
  if ((mayRun ? /^<!---?>|--!>/ : /^<!--(?:-?>|\s*\/?ko\b)|--!>/).test(html.slice(start, end)))
    problems.push(`${excerpt(html, start)} is no comment everywhere`);
  return end + 3;
}

function readClosingTag(html: string, start: number, name: string): { end: number; selfClosing: boolean } {
  const rest = /^\s*>/.exec(html.slice(start + 2 + name.length, start + 82 + name.length));
  return { end: rest ? start + 2 + name.length + rest[0].length : -1, selfClosing: false };
}

function readOpeningTag(
  html: string,
  start: number,
  name: string,
  { allow }: Rules,
  problems: string[],
): { end: number; selfClosing: boolean } {
  let at = start + 1 + name.length;
  while (at < html.length) {
    const character = html[at] ?? "";
    if (character === ">") return { end: at + 1, selfClosing: html[at - 1] === "/" };
    if (/[\s/]/.test(character)) {
      at += 1;
      continue;
    }
    attributePattern.lastIndex = at;
    const attribute = attributePattern.exec(html);
    if (!attribute) return { end: -1, selfClosing: false };
    if (allow !== null)
      problems.push(...checkAttribute(`<${name}>`, attribute[1] ?? "", unquote(attribute[2] ?? ""), allow));
    at = attributePattern.lastIndex;
  }
  return { end: -1, selfClosing: false };
}

/** What is wrong with one attribute of that element, as sentences. */
export function checkAttribute(element: string, written: string, value: string, allow: Allowance): string[] {
  const name = written.toLowerCase();
  const problems: string[] = [];
  const mayRun = allow.includes("handlers");
  if (!mayRun && code.test(name)) problems.push(`${written}="…" on ${element} is code and is refused`);
  const isScript = urlAttributes.has(name) ? isScriptUrl(value) : isScriptUrl(value, "javascript:");
  if (!mayRun && isScript) problems.push(`${written}="…" on ${element} is a script URL and is refused`);
  // A form is the shop's, with what a shopper typed: it goes to a path of the shop.
  const leaves = /^(?:form)?action$/.test(name) && !/^\/(?:[\w.~%-][\w./~%?&=-]*)?$/.test(value);
  if (leaves || name === "srcdoc") problems.push(`${written}="…" on ${element} is refused`);
  if (name === "style" && isScriptUrl(value.replace(/.*url\(\s*["']?/is, ""))) {
    problems.push(`style on ${element} holds a script URL and is refused`);
  }
  return problems;
}

/** Browsers drop tabs and newlines in a scheme and decode entities first; so do we, before we look. */
function isScriptUrl(value: string, only: "javascript:" | null = null): boolean {
  const decoded = value
    .replace(/&#(?:x0*([0-9a-f]{1,6})|0*(\d{1,7}));?/gi, (_, hex?: string, digits?: string) =>
      codePoint(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)),
    )
    .replace(/&(colon|tab|newline);/gi, (_, entity: string) => (entity.toLowerCase() === "colon" ? ":" : ""))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what browsers skip in a URL's scheme
    .replace(/[\u0000-\u0020]+/g, "")
    .toLowerCase();
  if (only !== null) return decoded.startsWith(only);
  return /(^|,)(javascript|vbscript|data:text\/html|data:image\/svg)/.test(decoded);
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function closeElement(name: string, open: string[], problems: string[]): void {
  if (voidElements.has(name)) problems.push(`</${name}> closes nothing: <${name}> has no content`);
  else if (open.at(-1) === name) open.pop();
  else if (open.includes(name)) {
    while (open.at(-1) !== name) problems.push(`<${open.pop()}> is not closed before </${name}>`);
    open.pop();
  } else problems.push(`</${name}> closes an element that was not opened here`);
}

/** The text of <style>, <script> and <iframe> is no markup: it ends at the tag that closes it. */
function readRawText(
  html: string,
  from: number,
  name: string,
  open: string[],
  { allow }: Rules,
  problems: string[],
): number {
  const end = html.slice(from).search(new RegExp(`</${name}`, "i"));
  // In an <svg>, which may also stand around the banner, the text of a <style> is markup.
  if (end >= 0 && allow !== null && name === "style" && html.slice(from, from + end).includes("<"))
    problems.push('write "\\3c" for "<" in a <style>');
  if (end >= 0) return from + end;
  open.pop();
  problems.push(`<${name}> is never closed`);
  return -1;
}

function unquote(value: string): string {
  return /^["']/.test(value) ? value.slice(1, -1) : value;
}

function excerpt(html: string, at: number): string {
  return JSON.stringify(html.slice(at, at + 24));
}
