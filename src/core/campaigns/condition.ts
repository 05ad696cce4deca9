/** From conditions as they are written to conditions as they are meant: names become ids. */

import type { AudienceId } from "../audience.ts";
import { type Condition, EVERYONE, type Term } from "../condition.ts";
import { suggestion } from "../problem.ts";
import { type Compilation, type Keys, quote } from "./compilation.ts";
import type { WrittenCondition, WrittenTerm } from "./part.ts";

/** What could not be read is for nobody: no group has a member without an id. */
const NOBODY: Condition = { any: [[]], all: [], not: [] };

export function readWhom(
  written: WrittenCondition | "everyone" | undefined,
  at: Keys,
  compilation: Compilation,
): Condition {
  if (written === undefined) return NOBODY;
  return written === "everyone" ? EVERYONE : readCondition(written, at, compilation);
}

export function readCondition(written: WrittenCondition, at: Keys, compilation: Compilation): Condition {
  const { any = [], all = [], not = [] } = written;
  for (const name of not) {
    if (typeof name === "string" && all.includes(name)) {
      compilation.report(at, `nobody can be in ${quote(name)} and not be in it`);
    }
  }
  const read = (key: "any" | "all" | "not", terms: readonly WrittenTerm[]) =>
    terms.map((term, index) => {
      const here = [...at, key, index];
      return typeof term === "string"
        ? findAudience(term, here, compilation)
        : readCondition(term, here, compilation);
    });
  return { any: flatten(read("any", any)), all: read("all", all), not: flatten(read("not", not)) };
}

function findAudience(name: string, at: Keys, { names, report }: Compilation): readonly AudienceId[] {
  const ids = names.get(name);
  if (ids) return ids;
  const cure = suggestion(name, names.keys()) || '; give it a name in "audiences" first';
  report(at, `unknown audience ${quote(name)}${cure}`);
  return [];
}

/** Among alternatives the ids of one audience are no group; a reader before 0.4 knows them only so. */
function flatten(terms: readonly (readonly AudienceId[] | Condition)[]): readonly Term[] {
  return terms.flatMap((term): readonly Term[] => ("any" in term || term.length === 0 ? [term] : term));
}
