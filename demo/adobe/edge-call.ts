/** A call to the Edge Network on the wire: version 1 or 2, which action, and the parts of its body. */

import type { IdentityMap } from "./identity.ts";

const actions = ["interact", "collect", "identity/acquire", "privacy/set-consent"] as const;

/** The parts that count here; what else a client sends stays unread. */
export interface EdgeBody {
  readonly xdm?: Xdm;
  /** Version 1. */
  readonly events?: readonly { readonly xdm?: Xdm }[];
  /** Version 2. */
  readonly event?: { readonly xdm?: Xdm };
  readonly query?: { readonly identity?: { readonly fetch?: readonly string[] } };
  readonly consent?: readonly {
    readonly value?: { readonly general?: string; readonly collect?: { readonly val?: string } };
  }[];
  readonly meta?: { readonly state?: { readonly entries?: readonly { key?: unknown; value?: unknown }[] } };
}

interface Xdm {
  readonly identityMap?: IdentityMap;
}

export interface Call {
  readonly kind: "call";
  readonly action: (typeof actions)[number];
  readonly datastream: string | null;
  readonly requestId: string;
  readonly body: EdgeBody;
  /** The cookies that a client on another site puts into the body. */
  readonly entries: ReadonlyMap<string, string>;
}

type ReadCall = Call | { readonly kind: "unknown-path" | "wrong-type" | "malformed" };

const path = /^\/ee\/(?:(?:or2|va6|irl1|ind1|jpn3|sgp3|aus3)\/)?v([12])\/([a-z/-]+)$/;
const contentType = /^(application\/json|text\/plain|text\/javascript)\s*(;|$)/i;

export async function readCall(request: Request, url: URL): Promise<ReadCall> {
  const [, version, name] = path.exec(url.pathname) ?? [];
  const action = actions.find((one) => one === name);
  if (request.method !== "POST" || action === undefined) return { kind: "unknown-path" };
  if (!contentType.test(request.headers.get("content-type") ?? "")) return { kind: "wrong-type" };
  const body = await readBody(request);
  if (body === null) return { kind: "malformed" };
  const params = url.searchParams;
  const datastream = version === "1" ? params.get("configId") : readDatastream(params);
  const requestId = params.get("requestId") ?? crypto.randomUUID();
  return { kind: "call", action, datastream, requestId, body, entries: readEntries(body) };
}

/** Top level first, then each event's. */
export function findMaps({ xdm, events, event }: EdgeBody): readonly IdentityMap[] {
  const all = [xdm, ...(events ?? []).map((one) => one.xdm), event?.xdm];
  return all.map((one) => one?.identityMap).filter((map) => map !== undefined && map !== null);
}

async function readBody(request: Request): Promise<EdgeBody | null> {
  const body: unknown = await request.json().catch(() => null);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? body : null;
}

/** Adobe's own guides spell it both ways. */
function readDatastream(params: URLSearchParams): string | null {
  return params.get("datastreamId") ?? params.get("dataStreamId");
}

function readEntries({ meta }: EdgeBody): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const { key, value } of meta?.state?.entries ?? []) {
    if (typeof key === "string" && typeof value === "string") entries.set(key, value);
  }
  return entries;
}
