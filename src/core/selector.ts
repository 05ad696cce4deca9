/** The CSS selectors that HTMLRewriter knows, checked before it sees them: it throws on any other. */

import { fail, ok, type Result } from "./result.ts";

const identifier = String.raw`-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*`;
const attribute = String.raw`\[\s*${identifier}\s*(?:[~|^$*]?=\s*(?:"[^"\\]*"|'[^'\\]*'|${identifier})\s*(?:[iIsS]\s*)?)?\]`;
const position = String.raw`:(?:first-child|first-of-type|nth-(?:child|of-type)\(\s*\d{1,4}\s*\))`;
const simple = String.raw`(?:#${identifier}|\.${identifier}|${attribute}|${position})`;
const negation = String.raw`:not\(\s*(?:${identifier}|${simple})\s*\)`;
const compound = `(?:(?:${identifier})(?:${simple}|${negation})*|(?:${simple}|${negation})+)`;
const selector = new RegExp(String.raw`^${compound}(?:\s*>\s*${compound}|\s+${compound})*$`, "u");

/** Elements whose content is not markup, or that the whole page hangs on. */
const untouchable: ReadonlySet<string> = new Set([
  ..."html head body title base meta link script style noscript template textarea iframe".split(" "),
  ..."area br col embed hr input source track wbr".split(" "),
]);

/**
 * A selector of one place in a page, in the subset of CSS that HTMLRewriter supports (Cloudflare's
 * documentation lists it), and narrow enough that not every element of a page is looked at.
 */
export function parseSelector(written: string): Result<string, string> {
  const text = written.trim();
  if (text === "") return fail('a selector names a place, like "#hero"; found nothing');
  if (text.length > 300) return fail("a selector has at most 300 characters");
  if (text.includes(",")) {
    const inQuotes = text.replace(/"[^"]*"|'[^']*'/g, "").includes(",");
    if (inQuotes) return fail("one selector, one place: write a banner for each part of a list with commas");
  }
  if (!selector.test(text)) {
    return fail(
      `HTMLRewriter does not know ${JSON.stringify(text)}; it knows tag, #id, .class, [attribute="value"], ` +
        ':first-child, :nth-child(2), :first-of-type, :nth-of-type(2), :not(.x), descendants and ">"',
    );
  }
  const tag = tagOf(text);
  if (tag !== null && !mayBePlace(tag)) return fail(`<${tag}> can't be a banner's place`);
  if (!/[#.[]/.test(text)) {
    return fail(`${JSON.stringify(text)} is too broad: name an id, a class or an attribute, like "#hero"`);
  }
  return ok(text);
}

/** Of an id or a class only the page knows whose it is: so it is asked again where the element goes by. */
export function mayBePlace(tag: string): boolean {
  return !untouchable.has(tag);
}

/** The tag of the element that a selector finds, where it names one. */
export function tagOf(selector: string): string | null {
  const last = selector.split(/[\s>]+(?![^[]*\])/).at(-1) ?? "";
  return /^[A-Za-z][\w-]*/.exec(last)?.[0]?.toLowerCase() ?? null;
}
