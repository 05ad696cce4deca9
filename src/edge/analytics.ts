/** Workers Analytics Engine: where what is counted is written to, if it is bound. */

import type { DataPoint } from "../core/exposure.ts";
import { describeError, type Log } from "./log.ts";

/** The binding. It takes a point at once, sends it when the answer is out, and throws beyond its limits. */
export interface Analytics {
  writeDataPoint(point: DataPoint): void;
}

/** What is written with. */
export interface Writer {
  /** null: nothing is counted. */
  readonly analytics: Analytics | null;
  readonly log: Log;
  readonly now: () => number;
}

/** Never throws: whatever fails here, also in making the points, the answer is as it is. */
export function writePoints(points: () => readonly DataPoint[], { analytics, log, now }: Writer): void {
  if (analytics === null) return;
  try {
    for (const point of points()) analytics.writeDataPoint(point);
  } catch (error) {
    log.warn("not-counted", { error: describeError(error) }, now());
  }
}
