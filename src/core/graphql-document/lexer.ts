/** Tokens of a GraphQL document: bounded, with what they mention, and read as leniently as Commerce reads them. */

import type { Token } from "graphql/language/ast";
import { createToken, Lexer } from "graphql/language/lexer";
import { Source } from "graphql/language/source";
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

const numberBeforeName = /[\t\n\r ,\ufeff]*(-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+|(?![eE])))(?=[A-Za-z_])/y;

export class BoundedLexer extends Lexer {
  readonly mentions: Mention[] = [];
  #tokens = 0;
  #nesting = 0;
  readonly #mayHoldNumberBeforeName: boolean;

  constructor(text: string) {
    super(new Source(text));
    // Each number is read once: a text of nothing but their beginnings would else be read from each of them.
    this.#mayHoldNumberBeforeName = /(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[A-Za-z_]/.test(text);
  }

  override advance(): Token {
    const token = super.advance();
    this.#tokens += 1;
    if (this.#tokens > MAX_TOKENS) throw new Unreadable("too-long");
    switch (token.kind) {
      case "{":
      case "[":
        this.#nesting += 1;
        if (this.#nesting > MAX_NESTING) throw new Unreadable("too-deep");
        break;
      case "}":
      case "]":
        this.#nesting -= 1;
        break;
      case "Name":
        this.#mention(token);
        break;
    }
    return token;
  }

  #mention({ value, start: at }: Token): void {
    const before = this.lastToken.kind;
    if (value === undefined) return;
    if (before === "$") this.mentions.push({ kind: "variable", name: value, at });
    else if (before === "..." && value !== "on") this.mentions.push({ kind: "fragment", name: value, at });
  }

  /**
   * The specification forbids a name right after a number since October 2021 (`first:10after:"x"`); webonyx
   * graphql-php, Commerce's parser, reads it still (its `Lexer::readNumber`).
   */
  override lookahead(): Token {
    if (!this.#mayHoldNumberBeforeName || this.token.next) return super.lookahead();
    numberBeforeName.lastIndex = this.token.end;
    const [, written = "", fraction, exponent] = numberBeforeName.exec(this.source.body) ?? [];
    if (written === "") return super.lookahead();
    const end = numberBeforeName.lastIndex;
    const token = createToken(
      this,
      fraction || exponent ? "Float" : "Int",
      end - written.length,
      end,
      written,
    );
    Object.assign(this.token, { next: token });
    Object.assign(token, { prev: this.token });
    return token;
  }
}
