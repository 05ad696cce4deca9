/** What a website's Commerce is known to lack, as it said itself; an upgrade is noticed after a while. */

import type { BlocksLack } from "../core/dynamic-block/lack.ts";

const KEPT_MS = 600_000;

/** By website. */
const lacks = new Map<string, { readonly lack: BlocksLack; readonly untilMs: number }>();

export function lackOf(website: string, nowMs: number): BlocksLack {
  const known = lacks.get(website);
  return known !== undefined && nowMs < known.untilMs ? known.lack : "nothing";
}

export function noteLack(website: string, lack: BlocksLack, nowMs: number): void {
  lacks.set(website, { lack, untilMs: nowMs + KEPT_MS });
}

/** By website: until when its Commerce counts as one that takes a single coupon a cart. */
const single = new Map<string, number>();

export function lacksSeveral(website: string, nowMs: number): boolean {
  return nowMs < (single.get(website) ?? 0);
}

export function noteNoSeveral(website: string, nowMs: number): void {
  single.set(website, nowMs + KEPT_MS);
}
