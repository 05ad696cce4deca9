/** Which of Adobe's endpoints a path names, which datastreams a query; and the address of our question. */

import { decodeFormPart } from "../percent.ts";
import { foldName } from "./spelling.ts";

export type EdgeEndpoint = "interact" | "collect" | "identity/acquire" | "privacy/set-consent";

export interface EdgePath {
  readonly endpoint: EdgeEndpoint;
  readonly version: "v1" | "v2";
  /** Adobe's location hint: a region that the visitor's data is near to; null where the path has none. */
  readonly hint: string | null;
}

/** `or2 va6 irl1 ind1 jpn3 sgp3 aus3` are documented. Nothing with a dot, which could name a host. */
const hintPattern = /^[a-z]{2,4}[0-9]{1,2}$/;

const restPattern = /^(?:([a-z0-9]+)\/)?(v[12])\/(interact|collect|identity\/acquire|privacy\/set-consent)$/;

export function isLocationHint(text: string): boolean {
  return hintPattern.test(text);
}

/** Null for what is not exactly one of Adobe's endpoints: `/ee/` may be a store view. */
export function parseEdgePath(path: string, basePath: string): EdgePath | null {
  const start = `/${basePath}/`;
  if (!path.startsWith(start) || path.length > start.length + 64) return null;
  const match = restPattern.exec(path.slice(start.length));
  if (match === null) return null;
  const hint = match[1] ?? null;
  if (hint !== null && !isLocationHint(hint)) return null;
  return { endpoint: match[3] as EdgeEndpoint, version: match[2] as "v1" | "v2", hint };
}

/**
 * The value of each `configId`, `datastreamId`, `dataStreamId`, in order, in whatever spelling a tolerant
 * server could take for one of them: other case, `configId[]`, `;` as separator. What can't be decoded, or
 * is encoded twice, counts as an id that is nobody's: the text as it stands, with its `%`.
 */
export function readDatastreamIds(rawQuery: string): readonly string[] {
  const query = rawQuery.startsWith("?") ? rawQuery.slice(1) : rawQuery;
  const ids: string[] = [];
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf("=");
    const name = decodeFormPart(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    if (name === null) ids.push(pair);
    else if (namesDatastream(name)) ids.push(decodeFormPart(value) ?? value);
  }
  return ids;
}

function namesDatastream(name: string): boolean {
  const folded = foldName(name);
  return folded.includes("configid") || folded.includes("datastreamid") || name.includes("%");
}

/**
 * The path and query of our own question. The hint goes into the path only, and only when it looks like one;
 * an id that can't stand in a query is left out: Adobe then answers 400, and we fail open.
 */
export function questionPath(datastreamId: string, hint: string | null, requestId: string | null): string {
  const region = hint !== null && isLocationHint(hint) ? `${hint}/` : "";
  const id = queryText.test(datastreamId) ? encodeURIComponent(datastreamId) : "";
  const request = requestId !== null && requestIdPattern.test(requestId) ? `&requestId=${requestId}` : "";
  return `/ee/${region}v2/interact?datastreamId=${id}${request}`;
}

/** Where events are told without a word back (Adobe's "Collect endpoint"); a 204 says that they were taken. */
export function collectPath(datastreamId: string): string {
  const id = queryText.test(datastreamId) ? encodeURIComponent(datastreamId) : "";
  return `/ee/v2/collect?datastreamId=${id}&silent=true`;
}

const queryText = /^[\x20-\x7e]{1,128}$/;

const requestIdPattern = /^[A-Za-z0-9-]{1,64}$/;
