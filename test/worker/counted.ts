/** The built bundle with an Analytics Engine that the test reads: Miniflare's own forgets what it is given. */

import type { Edge, SentRequest } from "./edge.ts";

/** An entry around the bundle that listens to `counted.test`; all other hosts are the Worker's. */
export const COUNTED = `
import worker from "./worker.js";

let points = [];
let trouble = "none";
let held = null;
const ANALYTICS = {
  writeDataPoint(point) {
    if (trouble === "throws") throw new Error("you are over a limit");
    points.push(point);
  },
};
export default {
  async fetch(request, env, context) {
    if (new URL(request.url).hostname !== "counted.test") {
      held ??= trouble === "unbound" ? { ...env } : { ...env, ANALYTICS };
      return worker.fetch(request, held, context);
    }
    const order = await request.json();
    // The bindings are one object an isolate: another object is a cold isolate.
    if (order.trouble !== trouble) held = null;
    trouble = order.trouble;
    const told = points;
    points = [];
    return Response.json(told);
  },
};
`;

export interface Point {
  readonly indexes: readonly string[];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

export type AnalyticsTrouble = "none" | "throws" | "unbound";

/** What was written since the last time, which is then forgotten; and what is wrong with the binding from now on. */
export async function takePoints(edge: Edge, trouble: AnalyticsTrouble = "none"): Promise<Point[]> {
  const body = JSON.stringify({ trouble });
  const headers = [["content-length", String(Buffer.byteLength(body))]] as const;
  const answer = await edge.send("/", { host: "counted.test", method: "POST", headers, body });
  return JSON.parse(answer.text());
}

export const FIREFOX = [
  "user-agent",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
] as const;

/** As a person's browser sends it. */
export function person(request: SentRequest = {}): SentRequest {
  return { ...request, headers: [FIREFOX, ["sec-fetch-mode", "navigate"], ...(request.headers ?? [])] };
}
