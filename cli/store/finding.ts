/** One thing that was found out about a store: what it is, what it means for us, and what to do. */

/** `unseen`: it could not be looked at from outside. */
export type Level = "problem" | "advice" | "unseen" | "fine";

export interface Finding {
  readonly topic: string;
  readonly level: Level;
  readonly found: string;
  readonly means: string;
  /** Null: nothing. */
  readonly todo: string | null;
}

/** The order in which a person wants to read them. */
export const levels: readonly Level[] = ["problem", "advice", "unseen", "fine"];

/** Worst first; within a level as they were found. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level));
}
