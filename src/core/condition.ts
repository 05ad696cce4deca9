/** Conditions: who something is for, as any / all / not over audiences. */

import type { AudienceId } from "./audience.ts";

/**
 * Holds when the shopper is in one of `any` (where it is not empty), in every group of `all`, and in none
 * of `not`. A group is one audience of the campaigns with its ids in all sandboxes.
 */
export interface Condition {
  readonly any: readonly AudienceId[];
  readonly all: readonly (readonly AudienceId[])[];
  readonly not: readonly AudienceId[];
}

export function matches(condition: Condition, audiences: ReadonlySet<AudienceId>): boolean {
  const isMember = (id: AudienceId) => audiences.has(id);
  if (condition.any.length > 0 && !condition.any.some(isMember)) return false;
  if (!condition.all.every((group) => group.some(isMember))) return false;
  return !condition.not.some(isMember);
}

export function audiencesIn(condition: Condition): AudienceId[] {
  return [...condition.any, ...condition.all.flat(), ...condition.not];
}
