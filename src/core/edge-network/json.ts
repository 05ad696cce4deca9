/** JSON that every parser reads alike: no key twice in an object, none escaped, not absurdly deep. */

import { fail, ok, type Result } from "../result.ts";

export type JsonProblem = "not-json" | "too-deep" | "duplicate-keys" | "escaped-keys";

/** Recorded calls of the Web SDK are 7 deep, answers 7. */
export const MAX_JSON_DEPTH = 64;

export function readJson(text: string): Result<unknown, JsonProblem> {
  const problem = scan(text);
  if (problem !== null) return fail(problem);
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return fail("not-json");
  }
}

/**
 * `JSON.parse` keeps the last of two equal keys, other parsers the first: who may write both shows one
 * identity to us and another to Adobe. One pass without recursion; it need not know whether the text is JSON.
 *
 * A key with a backslash is refused whatever it says: the recordings have none, and V8 may misread it. In
 * Node 24.21 `JSON.parse` took `"\u0069dentityMap"` for a key `\u0069denti` that an earlier object had in the
 * same place (not so in Node 20.20 nor in the workerd of November 2026); Adobe would read `identityMap`.
 */
function scan(text: string): JsonProblem | null {
  const open: (Set<string> | null)[] = [];
  let keys: Set<string> | null = null;
  let keyNext = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(text, at);
        if (keyNext && keys !== null) {
          const key = text.slice(at + 1, end);
          if (key.includes("\\")) return "escaped-keys";
          if (keys.has(key)) return "duplicate-keys";
          keys.add(key);
        }
        keyNext = false;
        at = end;
        break;
      }
      case 0x7b:
      case 0x5b:
        if (open.length >= MAX_JSON_DEPTH) return "too-deep";
        keyNext = text[at] === "{";
        keys = keyNext ? new Set() : null;
        open.push(keys);
        break;
      case 0x7d:
      case 0x5d:
        open.pop();
        keys = open.at(-1) ?? null;
        keyNext = false;
        break;
      case 0x2c:
        keyNext = keys !== null;
        break;
    }
  }
  return null;
}

/** The place of the closing quote of the string that opens at `from`; past the end when there is none. */
export function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at;
}

/** By an odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === 0x5c) before -= 1;
  return (at - before) % 2 === 1;
}
