/** Audiences as a person names them and as Adobe does, both ways; and a time as a person writes it. */

import { type AudienceId, parseAudienceId } from "../../src/core/audience.ts";
import { suggestion } from "../../src/core/problem.ts";
import { wrongUsage } from "../command.ts";

/** By name; several ids where sandboxes have one each. */
export type AudienceBook = ReadonlyMap<string, readonly AudienceId[]>;

export interface NamedAudience {
  readonly id: AudienceId;
  /** The id itself where nobody named it. */
  readonly name: string;
}

/** The names of a campaigns file. */
export function bookOf(audiences: Readonly<Record<string, string | readonly string[]>>): AudienceBook {
  return new Map(
    Object.entries(audiences).map(([name, ids]) => [
      name,
      [ids].flat().flatMap((id) => parseAudienceId(id) ?? []),
    ]),
  );
}

/** `vip,staff`, names or ids; wherever it comes from, a word that is neither is refused with the nearest name. */
export function findAudiences(written: readonly string[], book: AudienceBook): readonly NamedAudience[] {
  const words = written.flatMap((text) => text.split(",")).map((word) => word.trim());
  return words.filter((word) => word !== "").flatMap((word) => findAudience(word, book));
}

/** Exact names first: an id of the pattern of a name is one where nobody has that name. */
function findAudience(word: string, book: AudienceBook): readonly NamedAudience[] {
  const ids = book.get(word);
  if (ids) return ids.map((id) => ({ id, name: word }));
  const id = parseAudienceId(word);
  const named = id && [...book].find(([, known]) => known.includes(id))?.[0];
  if (id && (named || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(word))) return [{ id, name: named ?? word }];
  const cure =
    suggestion(word, [...book.keys()]) || "; an audience is named as in the campaigns, or by its id";
  throw wrongUsage(`There is no audience "${word}"${cure}`);
}

/** In milliseconds since 1970. A time without an offset would be another one on each machine. */
export function readMoment(written: string): number {
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(written);
  const atMs = whole ? Date.parse(written) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw wrongUsage(`--at is a time with its offset, like 2026-12-24T10:00:00+01:00; found "${written}".`);
}
