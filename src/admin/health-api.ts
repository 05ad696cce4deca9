/** Health for monitors: the page's own verdicts as JSON, and a status that alone says whether somebody is needed. */

import { type Verdict, worstOf } from "../core/health.ts";
import type { ApiRoute } from "./api-route.ts";
import { health } from "./api-schema.ts";
import { type HealthSource, loadHealth } from "./health-facts.ts";

export function listHealthRoutes(source: HealthSource): ApiRoute[] {
  return [
    {
      method: "get",
      path: "/api/health",
      summary: "What is fine and what is not, and the totals of a day; 503 where something is broken.",
      answers: { 200: { description: "Nothing is broken.", schema: health } },
      problems: [],
      serve: () => answerHealth(source),
    },
  ];
}

const statuses: Readonly<Record<Verdict, number>> = { pass: 200, warn: 200, fail: 503 };

/** As draft-inadarei-api-health-check has it; broken or not, the shape is the same. */
async function answerHealth(source: HealthSource): Promise<Response> {
  const { checks, facts, counted } = await loadHealth(source);
  const status = worstOf(checks);
  const body = {
    status,
    at: new Date(facts.nowMs).toISOString(),
    checks: checks.map(({ name, verdict, sentence }) => ({ name, status: verdict, output: sentence })),
    websites: facts.websites,
    isolate: facts.isolate,
    last24Hours: counted.kind === "counted" ? counted.totals : null,
    last24HoursMissing: counted.kind === "counted" ? null : counted.reason,
  };
  return new Response(JSON.stringify(body), {
    status: statuses[status],
    headers: { "content-type": "application/health+json" },
  });
}
