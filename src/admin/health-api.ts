/** Health for monitors: the page's own verdicts as JSON, and a status that alone says whether somebody is needed. */

import { worstOf } from "../core/health.ts";
import type { ApiRoute } from "./api-route.ts";
import { health } from "./api-schema.ts";
import { type HealthSource, loadHealth } from "./health-facts.ts";
import { answerProblem } from "./problem-details.ts";

export function listHealthRoutes(source: HealthSource): ApiRoute[] {
  return [
    {
      method: "get",
      path: "/api/health",
      summary: "What is fine and what is not, and the totals of a day; 503 where something is broken.",
      answers: { 200: { description: "Nothing is broken; warn: something wants a look.", schema: health } },
      problems: [],
      serve: () => answerHealth(source),
    },
  ];
}

/** A problem has the same in it, so that a person who is called out reads all of it at once. */
async function answerHealth(source: HealthSource): Promise<Response> {
  const { checks, facts, counted } = await loadHealth(source);
  const status = worstOf(checks);
  const told = {
    status,
    at: new Date(facts.nowMs).toISOString(),
    checks: checks.map(({ name, verdict, sentence }) => ({ name, status: verdict, output: sentence })),
    websites: facts.websites,
    isolate: facts.isolate,
    last24Hours: counted.kind === "counted" ? counted.totals : null,
    last24HoursMissing: counted.kind === "counted" ? null : counted.reason,
  };
  if (status !== "fail") return Response.json(told);
  const broken = checks.filter(({ verdict }) => verdict === "fail");
  return answerProblem(503, broken.map(({ sentence }) => sentence).join("\n"), { health: told });
}
