/** Tokens of a GraphQL document: bounded, with what they mention, and read as leniently as Commerce reads them. */

import type { Mention, UnreadableDocument } from "../graphql-document.ts";

/** The longest of 323 recorded operations has 435; a cart of 1,000 lines, written without variables, 8,000. */
const MAX_TOKENS = 8_192;
/** As Commerce's own `QueryParser` counts braces and brackets; its parser and ours descend by them. */
export const MAX_NESTING = 200;

/** Ends the reading from inside of the parser. */
export class Unreadable extends Error {
  readonly reason: UnreadableDocument;

  constructor(reason: UnreadableDocument) {
    super(reason);
    this.reason = reason;
  }
}

/** Of a string the value is what it says, of the others what is written. */
export interface Token {
  /** A punctuator itself, `name`, `int`, `float`, `string` or `end`. */
  readonly kind: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

// Each takes a text in one way and never goes back in it, whatever it holds.
const ignored = /(?:[\ufeff\t\n\r ,]|#(?:[^\n\r\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*)*/y;
const punctuators = "!$&():=@[]{|}";
const name = /[A-Za-z_][0-9A-Za-z_]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?/y;
const string =
  /"(?:[^"\\\n\r\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff]|\\(?:["\\/bfnrt]|u(?:\{[0-9A-Fa-f]{1,8}\}|[0-9A-Fa-f]{4})))*"/y;
const blockString = /"""(?:[^"\\\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff]|\\"""|\\(?!""")|"(?!""))*"""/y;

export class Lexer {
  readonly mentions: Mention[] = [];
  /** The one that is looked at. */
  token: Token = { kind: "start", value: "", start: 0, end: 0 };
  /** Where the one before it ended. */
  lastEnd = 0;
  readonly #text: string;
  #tokens = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
    this.advance();
  }

  /** The token that was looked at. */
  advance(): Token {
    const before = this.token;
    this.lastEnd = before.end;
    this.token = readToken(this.#text, endOf(ignored, this.#text, before.end));
    this.#tokens += 1;
    if (this.#tokens > MAX_TOKENS) throw new Unreadable("too-long");
    switch (this.token.kind) {
      case "{":
      case "[":
        this.#nesting += 1;
        if (this.#nesting > MAX_NESTING) throw new Unreadable("too-deep");
        break;
      case "}":
      case "]":
        this.#nesting -= 1;
        break;
      case "name":
        this.#mention(before.kind);
        break;
    }
    return before;
  }

  #mention(before: string): void {
    const { value, start: at } = this.token;
    if (before === "$") this.mentions.push({ kind: "variable", name: value, at });
    else if (before === "..." && value !== "on") this.mentions.push({ kind: "fragment", name: value, at });
  }
}

function readToken(text: string, start: number): Token {
  const first = text[start];
  if (first === undefined) return { kind: "end", value: "", start, end: start };
  if (punctuators.includes(first)) return { kind: first, value: first, start, end: start + 1 };
  if (text.startsWith("...", start)) return { kind: "...", value: "...", start, end: start + 3 };
  if (first === '"') return readString(text, start);
  const end = endOf(name, text, start);
  return end > start ? { kind: "name", value: text.slice(start, end), start, end } : readNumber(text, start);
}

function readString(text: string, start: number): Token {
  const isBlock = text.startsWith('"""', start);
  const end = endOf(isBlock ? blockString : string, text, start);
  if (end === start) throw new Unreadable("syntax");
  const value = isBlock
    ? dedent(text.slice(start + 3, end - 3))
    : unescapeText(text.slice(start + 1, end - 1));
  return { kind: "string", value, start, end };
}

/**
 * The specification forbids a name right after a number since October 2021 (`first:10after:"x"`); webonyx
 * graphql-php, Commerce's parser, reads it still (its `Lexer::readNumber`). An exponent without digits it does not.
 */
function readNumber(text: string, start: number): Token {
  const end = endOf(number, text, start);
  const value = text.slice(start, end);
  const [hasExponent, after = ""] = [/e/i.test(value), text[end]];
  if (end === start || /[.0-9]/.test(after) || (!hasExponent && /e/i.test(after)))
    throw new Unreadable("syntax");
  return { kind: hasExponent || value.includes(".") ? "float" : "int", value, start, end };
}

const escaped: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Half of a surrogate pair is no character; written as two escapes, both are one. */
function unescapeText(written: string): string {
  if (!written.includes("\\")) return written;
  return written.replace(
    /\\(?:u\{(\w+)\}|u([Dd][89ABab]..)\\u([Dd][C-Fc-f]..)|u(....)|(.))/g,
    (_, long?: string, high?: string, low?: string, short?: string, letter = "") => {
      if (high !== undefined && low !== undefined)
        return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
      const digits = long ?? short;
      if (digits === undefined) return escaped[letter] ?? letter;
      const point = Number.parseInt(digits, 16);
      if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw new Unreadable("syntax");
      return String.fromCodePoint(point);
    },
  );
}

/** Without the indentation that all lines but the first have, and without the blank lines around. */
function dedent(written: string): string {
  const lines = written.replaceAll('\\"""', '"""').split(/\r\n|[\n\r]/);
  const indents = lines.map((line) => line.search(/[^\t ]/));
  const first = indents.findIndex((indent) => indent >= 0);
  const last = indents.findLastIndex((indent) => indent >= 0);
  const common = indents.reduce(
    (least, one, at) => (at > 0 && one >= 0 && one < least ? one : least),
    Infinity,
  );
  const dedented = lines.map((line, at) => (at === 0 ? line : line.slice(common)));
  return dedented.slice(Math.max(0, first), last + 1).join("\n");
}

/** Where what the pattern takes from there ends; there, where it takes nothing. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
