/** A pretend Edge Network: the calls of Adobe's Web SDK, answered in the format of recordings. */

import { readCookies } from "../store/cookie.ts";
import { type Call, type EdgeBody, findMaps, readCall } from "./edge-call.ts";
import { currentMode, unavailable, wait } from "./fault.ts";
import { cookieName, coreIdOf, hasPrimary, type Identity, identify, writeIdentity } from "./identity.ts";
import { lookUp } from "./profile.ts";

interface EdgeEnv {
  readonly ORGANIZATION_ID: string;
  readonly DATASTREAM_ID: string;
}

interface Handle {
  readonly type: string;
  readonly payload: readonly unknown[];
}

const slowMs = 2000;
const hugeBytes = 10 * 1024 * 1024;
const identitySeconds = 34_128_000;
const clusterSeconds = 1800;
const consentSeconds = 15_552_000;

export async function serveEdgeNetwork(request: Request, url: URL, env: EdgeEnv): Promise<Response> {
  const fault = await failAsAsked();
  if (fault !== null) return fault;
  const call = await readCall(request, url);
  switch (call.kind) {
    case "unknown-path":
      // The real one, too, says nothing more about a location hint that it doesn't know.
      return new Response(null, { status: 404 });
    case "wrong-type":
      return problem(request, 415, "EXEG-0111-415", "Unsupported content type");
    case "malformed":
      return problem(request, 400, "EXEG-0104-400", "The request body is not valid JSON");
    case "call":
      break;
  }
  if (call.datastream === null) return problem(request, 400, "EXEG-0002-400", "Missing datastream ID");
  if (call.datastream !== env.DATASTREAM_ID) {
    return problem(request, 400, "EXEG-0003-400", "Invalid datastream ID");
  }
  if (!findMaps(call.body).every(hasPrimary)) {
    return problem(request, 400, "EXEG-0306-400", "No primary identity set in request");
  }
  return answerCall(request, call, env.ORGANIZATION_ID);
}

async function failAsAsked(): Promise<Response | null> {
  switch (currentMode()) {
    case "down":
      return unavailable();
    case "throttled":
      return new Response(null, { status: 429, headers: { "retry-after": "30" } });
    case "forbidden":
      return new Response("<html><head><title>403 Forbidden</title></head></html>\n", {
        status: 403,
        headers: { "content-type": "text/html" },
      });
    case "rubbish":
      return new Response("<!doctype html><title>Welcome</title><h1>It works!</h1>\n", {
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    case "slow":
      await wait(slowMs);
      return null;
    case "up":
    case "empty":
    case "repeating":
    case "partial":
    case "huge":
      return null;
  }
}

async function answerCall(request: Request, call: Call, organization: string): Promise<Response> {
  const cookies = new Map([...call.entries, ...readCookies(request.headers.get("cookie"))]);
  const identity = await identify({ maps: findMaps(call.body), cookies }, organization);
  const known = [...(await identityHandles(call.body, identity)), ...stateHandles(identity, organization)];
  switch (call.action) {
    case "collect":
      return new Response(null, { status: 204, headers: answerHeaders(request) });
    case "identity/acquire":
      return answer(request, call, known);
    case "privacy/set-consent":
      return answer(request, call, [...known, consentHandle(call.body, organization)]);
    case "interact": {
      if (/\bgeneral=out\b/.test(cookies.get(cookieName(organization, "consent")) ?? "")) {
        return answer(request, call, known, { warnings: [ignoredForConsent] });
      }
      if (currentMode() === "partial")
        return answer(request, call, known, { errors: [upstreamTimeout] }, 207);
      return answer(request, call, [
        ...known,
        { payload: lookUp(identity.profile), type: "activation:pull" },
      ]);
    }
  }
}

async function identityHandles(body: EdgeBody, { ecid }: Identity): Promise<Handle[]> {
  const asked = body.query?.identity?.fetch ?? [];
  const ids = [
    ...(asked.includes("ECID") ? [{ id: ecid, namespace: { code: "ECID" } }] : []),
    ...(asked.includes("CORE") ? [{ id: await coreIdOf(ecid), namespace: { code: "CORE" } }] : []),
  ];
  const push = { payload: [], type: "activation:push" };
  return ids.length === 0 ? [push] : [{ payload: ids, type: "identity:result" }, push];
}

function stateHandles({ ecid }: Identity, organization: string): Handle[] {
  const hints = [
    { scope: "Target", hint: "37", ttlSeconds: clusterSeconds },
    { scope: "AAM", hint: "6", ttlSeconds: clusterSeconds },
    { scope: "EdgeNetwork", hint: "irl1", ttlSeconds: clusterSeconds },
  ];
  const state = [
    { key: cookieName(organization, "cluster"), value: "irl1", maxAge: clusterSeconds },
    {
      key: cookieName(organization, "identity"),
      value: writeIdentity(ecid, Date.now()),
      maxAge: identitySeconds,
      attrs: { SameSite: "None" },
    },
  ];
  return [
    { payload: hints, type: "locationHint:result" },
    { payload: state, type: "state:store" },
  ];
}

/** Adobe's two standards come down to one cookie. */
function consentHandle(body: EdgeBody, organization: string): Handle {
  const said = body.consent?.at(-1)?.value;
  const refused = said?.general === "out" || said?.collect?.val === "n";
  const value = `general=${refused ? "out" : "in"}`;
  const key = cookieName(organization, "consent");
  return {
    payload: [{ key, value, maxAge: consentSeconds, attrs: { SameSite: "None" } }],
    type: "state:store",
  };
}

const ignoredForConsent = {
  type: "https://ns.adobe.com/aep/errors/EXEG-0301-200",
  status: 200,
  title: "The events were ignored because the visitor has not given consent",
  report: { eventIndex: 0 },
};

const upstreamTimeout = {
  type: "https://ns.adobe.com/aep/errors/EXEG-0200-504",
  status: 504,
  title: "The 'com.adobe.experience.platform.ode' service has not responded in time",
  report: { eventIndex: 0 },
};

function answer(
  request: Request,
  { requestId }: Call,
  handle: readonly Handle[],
  more: Readonly<Record<string, unknown>> = {},
  status = 200,
): Response {
  const headers = answerHeaders(request);
  headers.set("content-type", "application/json;charset=utf-8");
  const filler = { payload: ["x".repeat(hugeBytes)], type: "demo:filler" };
  const whole = currentMode() === "huge" ? [...handle, filler] : handle;
  return new Response(JSON.stringify({ requestId, handle: whole, ...more }), { status, headers });
}

function problem(request: Request, status: number, code: string, title: string): Response {
  const headers = answerHeaders(request);
  headers.set("content-type", "application/problem+json");
  const requestId = new URL(request.url).searchParams.get("requestId") ?? crypto.randomUUID();
  const type = `https://ns.adobe.com/aep/errors/${code}`;
  return new Response(JSON.stringify({ type, status, title, report: { requestId } }), { status, headers });
}

function answerHeaders(request: Request): Headers {
  const headers = new Headers({
    "cache-control": "no-cache, no-store, max-age=0, no-transform, private",
    vary: "Origin",
    "x-adobe-edge": "IRL1;6",
    "x-content-type-options": "nosniff",
  });
  const origin = request.headers.get("origin");
  if (origin === null) return headers;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-credentials", "true");
  headers.set("access-control-expose-headers", "Retry-After, X-Adobe-Edge");
  return headers;
}
