/** A pretend Adobe: tokens, audiences, destinations, sandboxes, and the Edge Network, with faults on demand. */

import { currentAudiences, resizeAudiences } from "./audience-list.ts";
import { listFlows } from "./destination-flow.ts";
import { serveEdgeNetwork } from "./edge-network.ts";
import { currentMode, switchMode, unavailable, wait } from "./fault.ts";
import { putNewcomers, putProfile } from "./profile.ts";

export interface AdobeEnv {
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  readonly ORGANIZATION_ID: string;
  readonly SANDBOX: string;
  readonly DATASTREAM_ID: string;
}

/** Smaller than Adobe's, so that the demo's few audiences take several pages. */
const smallPage = 10;
const fullPage = 100;
const slowMs = 30_000;
const tokenLifeSeconds = 86_399;

export default {
  async fetch(request: Request, env: AdobeEnv): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/demo/faults") return switchMode(request);
    if (url.pathname === "/demo/audiences" && request.method === "POST") return resizeAudiences(request);
    if (url.pathname === "/demo/profile" && request.method === "POST") {
      return putProfile(request, env.ORGANIZATION_ID);
    }
    if (url.pathname === "/demo/newcomers" && request.method === "POST") return putNewcomers(request);
    if (url.pathname.startsWith("/ee/")) return serveEdgeNetwork(request, url, env);
    const fault = await failAsAsked();
    if (fault !== null) return fault;
    if (url.pathname === "/ims/token/v3" && request.method === "POST") return issueToken(request, env);
    const serve = platform[`${request.method} ${url.pathname}`];
    if (serve !== undefined) return refusePlatformCall(request, env) ?? serve(request, url, env);
    return Response.json({ error_code: "404000", message: "Resource not found" }, { status: 404 });
  },
};

type Serve = (request: Request, url: URL, env: AdobeEnv) => Response | Promise<Response>;

const platform: Readonly<Record<string, Serve>> = {
  "GET /data/core/ups/audiences": (_, url) => Response.json(page(url.searchParams)),
  "POST /data/core/ups/audiences/bulk-get": getAudiences,
  "GET /data/foundation/flowservice/flows": (_, url) => Response.json(listFlows(url.searchParams)),
  "GET /data/foundation/sandbox-management/": (_request, _url, { SANDBOX }) =>
    Response.json({
      sandboxes: [{ name: SANDBOX, title: "Production", state: "active", type: "production" }],
    }),
};

/** 207: what is not found is among the results too, as an error of its own. */
async function getAudiences(request: Request): Promise<Response> {
  const { ids = [] } = await request.json<{ ids?: { id: string }[] }>();
  const all = new Map(currentAudiences().map((one) => [one["id"], one]));
  const results = ids.map(({ id }) => [id, all.get(id) ?? { status: 404, message: "audience not found" }]);
  return Response.json({ results: Object.fromEntries(results) }, { status: 207 });
}

async function failAsAsked(): Promise<Response | null> {
  switch (currentMode()) {
    case "down":
      return unavailable();
    case "throttled": {
      const body = { error_code: "429050", message: "Too many requests" };
      return Response.json(body, { status: 429, headers: { "retry-after": "30" } });
    }
    case "slow":
      await wait(slowMs);
      return null;
    case "up":
    case "empty":
    case "repeating":
    case "forbidden":
    case "rubbish":
    case "partial":
    case "huge":
      return null;
  }
}

async function issueToken(request: Request, env: AdobeEnv): Promise<Response> {
  const type = request.headers.get("content-type") ?? "";
  const form = /form/i.test(type) ? await request.formData().catch(() => new FormData()) : new FormData();
  if (form.get("grant_type") !== "client_credentials") {
    return imsError(400, "unsupported_grant_type", "only client_credentials is supported");
  }
  if (form.get("client_id") !== env.CLIENT_ID) {
    return imsError(400, "invalid_client", "invalid client_id parameter");
  }
  if (form.get("client_secret") !== env.CLIENT_SECRET) {
    return imsError(401, "invalid_client", "invalid client_secret parameter");
  }
  return Response.json(
    { access_token: tokenOf(env), token_type: "bearer", expires_in: tokenLifeSeconds },
    { headers: { "cache-control": "no-store" } },
  );
}

function refusePlatformCall(request: Request, env: AdobeEnv): Response | null {
  if (request.headers.get("authorization") !== `Bearer ${tokenOf(env)}`) {
    return Response.json({ error_code: "401013", message: "Oauth token is not valid" }, { status: 401 });
  }
  if (request.headers.get("x-api-key") !== env.CLIENT_ID) {
    return Response.json({ error_code: "403003", message: "Api Key is invalid" }, { status: 403 });
  }
  const organization = request.headers.get("x-gw-ims-org-id");
  const sandbox = request.headers.get("x-sandbox-name");
  if (organization !== env.ORGANIZATION_ID) return upsError("UPAPI-110001-403", "Organization is not valid");
  // Which sandboxes there are is asked without knowing one.
  const named = !request.url.includes("/sandbox-management/");
  if (named && sandbox !== env.SANDBOX) return upsError("UPAPI-110014-403", "Sandbox is not valid");
  return null;
}

/** `_page.next` is a number on even pages and a string on odd ones, and 0 on the last: all of it was seen. */
function page(params: URLSearchParams): unknown {
  const list = currentMode() === "empty" ? [] : sorted(params.get("sort"));
  const start = Math.max(0, Number(params.get("start")) || 0);
  const largest = list.length > fullPage ? fullPage : smallPage;
  const limit = Math.min(largest, Math.max(1, Number(params.get("limit")) || largest));
  const children = list.slice(start, start + limit);
  const after = start + limit;
  const more = after < list.length;
  if (currentMode() === "repeating" && start > 0) return { children, _page: { next: String(limit) } };
  const nextLink = { href: `@/audiences?start=${after}&limit=${limit}&totalCount=${list.length}` };
  return {
    children,
    _page: {
      totalCount: list.length,
      totalPages: Math.ceil(list.length / limit),
      pageSize: children.length,
      limit,
      start: String(start),
      next: nextOf(after, more, limit),
      sort: "updateTime:desc",
      sortField: "updateTime",
    },
    _links: more ? { next: nextLink } : {},
  };
}

function nextOf(after: number, more: boolean, limit: number): number | string {
  if (!more) return 0;
  return (after / limit) % 2 === 0 ? String(after) : after;
}

function sorted(sort: string | null) {
  const direction = sort?.endsWith(":asc") ? 1 : -1;
  const timeOf = (one: Readonly<Record<string, unknown>>) => Number(one["updateTime"] ?? 0);
  return [...currentAudiences()].sort((a, b) => (timeOf(a) - timeOf(b)) * direction);
}

function imsError(status: number, error: string, error_description: string): Response {
  return Response.json({ error, error_description }, { status });
}

function upsError(code: string, message: string): Response {
  const body = {
    requestId: crypto.randomUUID(),
    type: `https://ns.adobe.com/aep/errors/${code}`,
    title: "Forbidden",
    status: 403,
    errors: { "403": [{ code, message }] },
  };
  return Response.json(body, { status: 403 });
}

function tokenOf(env: AdobeEnv): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  return `${part({ alg: "RS256", x5u: "ims_na1-key-1.cer" })}.${part({ client_id: env.CLIENT_ID })}.demo`;
}
