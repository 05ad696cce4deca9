/** The demo's Analytics Engine as a binding: what is written goes to the pretend Cloudflare before the next request. */

import type { DataPoint } from "../src/core/exposure.ts";
import type { Analytics } from "../src/edge/analytics.ts";
import { analyticsBindings } from "./analytics.ts";

export interface PointBox extends Analytics {
  send(): Promise<void>;
}

/** A point is often written when its request is over, and then nothing can be sent any more. */
export function openPointBox(): PointBox {
  let waiting: DataPoint[] = [];
  return {
    writeDataPoint(point) {
      waiting.push(point);
    },
    async send() {
      if (waiting.length === 0) return;
      const body = JSON.stringify(waiting);
      waiting = [];
      const answer = await fetch(`${analyticsBindings.ANALYTICS_URL}/points`, { method: "POST", body });
      await answer.body?.cancel();
    },
  };
}
