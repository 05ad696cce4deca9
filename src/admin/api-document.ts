/** The OpenAPI document of the admin API, from the routes themselves: GET /api/openapi.json. */

import type { Answer, ApiRoute } from "./api-route.ts";
import { health, list, problems, report, type Schema, text } from "./api-schema.ts";
import type { ProblemStatus } from "./problem-details.ts";

/** What every route may answer with: the lock, and what went wrong here. */
const OF_EVERY_ROUTE: readonly ProblemStatus[] = [401, 403, 429, 500, 503];

const problemSchema: Schema = {
  type: "object",
  description: "RFC 9457. The detail is a sentence with the cure.",
  properties: {
    type: { const: "about:blank" },
    title: text,
    status: { type: "integer" },
    detail: text,
    problems,
    reports: list(report),
    health,
    current: { type: ["object", "null"], description: "With 412: the version that is live." },
    state: { type: "object", description: "With 409 and 503 of /api/campaigns/live." },
  },
  required: ["type", "title", "status", "detail"],
  additionalProperties: false,
};

export function describeApi(routes: readonly ApiRoute[]): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? { "x-otherwise": { responses: describeProblems([405]) } };
    paths[route.path] = { ...item, [route.method]: describeRoute(route) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Edge Audiences, for who runs the shop",
      version: "1",
      summary: "What the dashboard's host answers to machines. A viewer may GET, a publisher everything.",
      license: { name: "MIT", identifier: "MIT" },
    },
    security: [{ token: [] }, { access: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "ADMIN_TOKEN or ADMIN_VIEWER_TOKEN." },
        access: {
          type: "apiKey",
          in: "header",
          name: "Cf-Access-Jwt-Assertion",
          description: "Written by Cloudflare Access, to which a machine shows a service token.",
        },
        session: { type: "apiKey", in: "cookie", name: "__Host-admin-session" },
      },
      responses: {
        Problem: {
          description: "A problem in words.",
          content: { "application/problem+json": { schema: problemSchema } },
        },
      },
    },
  };
}

const PROBLEM = "#/components/responses/Problem";

function describeRoute(route: ApiRoute): Schema {
  const { summary, takes = [], answers } = route;
  return {
    operationId: operationId(route),
    summary,
    parameters: listParameters(route),
    ...(takes.includes("campaigns-file") && {
      requestBody: {
        required: true,
        description:
          "The campaigns file as it is written, at most 1 MB; campaigns.schema.json is its schema.",
        content: { "application/json": { schema: { type: "object" } } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, one]) => [status, describeAnswer(one)])),
      ...describeProblems(route.problems),
    },
  };
}

function describeProblems(own: readonly ProblemStatus[]): Schema {
  return Object.fromEntries([...OF_EVERY_ROUTE, ...own].map((status) => [status, { $ref: PROBLEM }]));
}

function describeAnswer({ description, schema, etag }: Answer): Schema {
  const headers = {
    ETag: { description: "Of what is live.", schema: { type: "string", pattern: '^"v[0-9]+"$' } },
  };
  return { description, ...(etag && { headers }), content: { "application/json": { schema } } };
}

function listParameters({ path, query = {}, takes = [] }: ApiRoute): Schema[] {
  const ofPath = path.includes("{number}")
    ? [{ name: "number", in: "path", required: true, schema: { type: "integer" } }]
    : [];
  const ofHeader = takes.includes("if-match")
    ? [
        {
          name: "If-Match",
          in: "header",
          required: true,
          description: 'The version that was changed: the ETag of GET /api/campaigns; "v0": there was none.',
          schema: { type: "string", pattern: '^"v[0-9]{1,9}"$' },
        },
      ]
    : [];
  const ofQuery = Object.entries(query).map(([name, one]) => ({ name, in: "query", ...one }));
  return [...ofPath, ...ofHeader, ...ofQuery] as Schema[];
}

/** `put /api/campaigns/versions/{number}/publish` → `putCampaignsVersionsNumberPublish` */
function operationId({ method, path }: ApiRoute): string {
  const words = path.replace("/api/", "").match(/[a-z]+/g) ?? [];
  return method + words.map((one) => one.charAt(0).toUpperCase() + one.slice(1)).join("");
}
