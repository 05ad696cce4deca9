/** What a shopper of the drill asks, and what they get: status, hero, wholeness, time, and the plan beside it. */

import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { demoKeys } from "../../demo/edge-settings.ts";

export interface Got {
  /** 0: no answer within the drill's patience. */
  readonly status: number;
  readonly page: "VIP's page" | "default page" | "no page";
  /** `broken`: the answer ended before its end. */
  readonly body: "whole" | "broken" | "none";
  readonly ms: number;
  /** Until the first byte of the body. */
  readonly firstMs: number;
  /** Which rung served the campaigns; null where there is no plan. */
  readonly rung: string | null;
  readonly text: string;
  readonly setCookies: readonly string[];
}

const VIP_HERO = "The light is on, and 20% is off";
/** Longer than any budget of ours; who hangs longer is hanging. */
const PATIENCE_MS = 6_000;

export function visit(base: string, path: string, cookie: string, patienceMs = PATIENCE_MS): Promise<Got> {
  const { hostname, port } = new URL(base);
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let text = "";
    let firstMs = 0;
    let message: IncomingMessage | null = null;
    const end = (body: Got["body"]) => {
      clearTimeout(timer);
      outgoing.destroy();
      resolve(describe({ text, firstMs, body, ms: performance.now() - startedAt, message }));
    };
    const outgoing: ClientRequest = httpRequest({
      hostname,
      port,
      path,
      agent: false,
      headers: { host: `localhost:${port}`, cookie, "edge-audiences-explain": demoKeys.OPERATOR_KEY },
    });
    const timer = setTimeout(() => end(message === null ? "none" : "broken"), patienceMs);
    outgoing.on("error", () => end(message === null ? "none" : "broken"));
    outgoing.on("response", (incoming) => {
      message = incoming;
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        if (firstMs === 0) firstMs = performance.now() - startedAt;
        text += chunk;
      });
      incoming.on("end", () => end("whole"));
      incoming.on("error", () => end("broken"));
    });
    outgoing.end();
  });
}

function describe(answer: {
  readonly text: string;
  readonly firstMs: number;
  readonly ms: number;
  readonly body: Got["body"];
  readonly message: IncomingMessage | null;
}): Got {
  const { text, firstMs, ms, body, message } = answer;
  const plan = message?.headers["edge-audiences-plan"];
  const read = typeof plan === "string" ? (JSON.parse(plan) as { campaigns?: { rung?: string } }) : {};
  const isPage = text.includes("hero-title");
  const page = isPage ? (text.includes(VIP_HERO) ? "VIP's page" : "default page") : "no page";
  return {
    status: message?.statusCode ?? 0,
    page,
    body,
    ms,
    firstMs,
    rung: read.campaigns?.rung ?? null,
    text,
    setCookies: message?.headers["set-cookie"] ?? [],
  };
}
