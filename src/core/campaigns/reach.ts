/** Variants that nobody can ever see, because another stands before them or their time is not the banner's. */

import type { AudienceId } from "../audience.ts";
import type { Banner, Variant } from "../banner.ts";
import { type Condition, isForEveryone, type Term } from "../condition.ts";
import type { Schedule } from "../schedule.ts";
import { type Keys, quote, type Report } from "./compilation.ts";

export function refuseUnreachable(banners: readonly Banner[], report: Report) {
  banners.forEach(({ schedule, variants }, index) => {
    variants.forEach((variant, n) => {
      const at: Keys = ["banners", index, "variants", n];
      if (!meets(schedule, variant.schedule)) {
        report([...at, "schedule"], "never live: the banner's own schedule is at another time");
      }
      refuseHidden(variant, variants.slice(0, n), at, report);
    });
  });
}

function refuseHidden(variant: Variant, before: readonly Variant[], at: Keys, report: Report) {
  const rivals = before.filter(({ for: condition }) => covers(condition, variant.for));
  const hiding = rivals.find(({ share, schedule }) => share === null && encloses(schedule, variant.schedule));
  if (hiding !== undefined) {
    report(at, `can never be reached: ${quote(hiding.id)} stands before it${whom(hiding.for)}`);
    return;
  }
  const crossing = rivals.find(
    ({ share, schedule }) => share === null && crosses(schedule, variant.schedule),
  );
  if (crossing !== undefined) {
    const cure = "end one where the other begins";
    report(
      [...at, "schedule"],
      `overlaps with ${quote(crossing.id)}, which stands before it${whom(crossing.for)}; ${cure}`,
    );
  }
  refuseShare(variant, rivals, at, report);
}

function whom(condition: Condition): string {
  return isForEveryone(condition) ? " and is for everyone" : " for the same shoppers";
}

/** Shares are of all shoppers of a condition, so those of variants before count where theirs holds as well. */
function refuseShare({ share }: Variant, rivals: readonly Variant[], at: Keys, report: Report) {
  const dealt = rivals.reduce((sum, rival) => sum + (rival.share ?? 0), 0);
  if (share !== null && round(dealt + share) > 100) {
    const told = `the shares of these shoppers add up to ${round(dealt + share)}; 100 is all of them`;
    report([...at, "share"], told);
  } else if (share === null && round(dealt) >= 100) {
    report(at, "can never be reached: the shares before it are 100 percent of these shoppers");
  }
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}

/** Whether whoever the second is for, the first is for them too, as far as that shows in how they are written. */
function covers(first: Condition, second: Condition): boolean {
  if (isUnreadable(first) || isUnreadable(second)) return false;
  if (isForEveryone(first)) return true;
  if (isForEveryone(second)) return false;
  if (JSON.stringify(first) === JSON.stringify(second)) return true;
  const { any, all, not } = first;
  if (all.length > 0 || not.length > 0 || second.any.length === 0) return false;
  return second.any.every((term) => isId(term) && any.includes(term));
}

/** An audience that nobody knows is a problem already. */
function isUnreadable({ any, all, not }: Condition): boolean {
  return [...any, ...all, ...not].some((term) =>
    typeof term === "string" ? false : "any" in term ? isUnreadable(term) : term.length === 0,
  );
}

function isId(term: Term): term is AudienceId {
  return typeof term === "string";
}

const from = (schedule: Schedule | null) => schedule?.fromMs ?? -Infinity;
const until = (schedule: Schedule | null) => schedule?.untilMs ?? Infinity;

function meets(a: Schedule | null, b: Schedule | null): boolean {
  return from(a) < until(b) && from(b) < until(a);
}

function encloses(outer: Schedule | null, inner: Schedule | null): boolean {
  return from(outer) <= from(inner) && until(outer) >= until(inner);
}

/** Each has a time of its own and they share some; one within the other is meant so. */
function crosses(a: Schedule | null, b: Schedule | null): boolean {
  return meets(a, b) && !encloses(a, b) && !encloses(b, a);
}
