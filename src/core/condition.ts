/** Conditions: who something is for, as any / all / not over audiences, and over conditions within. */

import type { AudienceId } from "./audience.ts";

/**
 * Holds when one of `any` holds (where it is not empty), every one of `all`, and none of `not`. What was compiled
 * before conditions nested has ids in `any` and `not` and lists of ids in `all`; it means the same.
 */
export interface Condition {
  readonly any: readonly Term[];
  readonly all: readonly Term[];
  readonly not: readonly Term[];
}

/** An audience id; one audience of the campaigns with its ids in all sandboxes; or a condition within. */
export type Term = AudienceId | readonly AudienceId[] | Condition;

/** Asks nothing, so it holds for somebody of whom nothing is known, too. */
export const EVERYONE: Condition = { any: [], all: [], not: [] };

export function isForEveryone({ any, all, not }: Condition): boolean {
  return any.length === 0 && all.length === 0 && not.length === 0;
}

export function matches({ any, all, not }: Condition, audiences: ReadonlySet<AudienceId>): boolean {
  if (any.length > 0 && !holdsForSome(any, audiences)) return false;
  for (const term of all) if (!holds(term, audiences)) return false;
  return !holdsForSome(not, audiences);
}

function holdsForSome(terms: readonly Term[], audiences: ReadonlySet<AudienceId>): boolean {
  if (terms.length > MANY) return holdsForOneOfMany(sortTerms(terms), audiences);
  for (const term of terms) if (holds(term, audiences)) return true;
  return false;
}

/** A membership is shorter than such a list: measured, 4,000 terms took 0.3 ms one by one. */
const MANY = 64;

interface ManyTerms {
  readonly ids: ReadonlySet<AudienceId>;
  readonly conditions: readonly Condition[];
}

function holdsForOneOfMany({ ids, conditions }: ManyTerms, audiences: ReadonlySet<AudienceId>): boolean {
  for (const id of audiences) if (ids.has(id)) return true;
  for (const condition of conditions) if (matches(condition, audiences)) return true;
  return false;
}

/** Of lists that never change, each sorted once. */
const sorted = new WeakMap<readonly Term[], ManyTerms>();

function sortTerms(terms: readonly Term[]): ManyTerms {
  const known = sorted.get(terms);
  if (known !== undefined) return known;
  const ids = new Set<AudienceId>();
  const conditions: Condition[] = [];
  for (const term of terms) {
    if (typeof term === "string") ids.add(term);
    else if (isGroup(term)) for (const id of term) ids.add(id);
    else conditions.push(term);
  }
  const many = { ids, conditions };
  sorted.set(terms, many);
  return many;
}

function holds(term: Term, audiences: ReadonlySet<AudienceId>): boolean {
  if (typeof term === "string") return audiences.has(term);
  return isGroup(term) ? holdsForSome(term, audiences) : matches(term, audiences);
}

/** `Array.isArray` does not see through `readonly`. */
function isGroup(term: readonly AudienceId[] | Condition): term is readonly AudienceId[] {
  return Array.isArray(term);
}

export function audiencesIn({ any, all, not }: Condition): AudienceId[] {
  return [...any, ...all, ...not].flatMap((term): AudienceId[] => {
    if (typeof term === "string") return [term];
    return isGroup(term) ? [...term] : audiencesIn(term);
  });
}
