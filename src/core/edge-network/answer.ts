/** Adobe's answer to an interact call: audiences, identity, cookies to keep, region. */

import { type AudienceId, parseAudienceId } from "../audience.ts";
import { adobeCookieName, decodeEcid, isEcid } from "../identity.ts";
import { isRecord } from "../record.ts";
import { fail, ok, type Result } from "../result.ts";
import { type JsonProblem, readJson } from "./json.ts";
import { isLocationHint } from "./path.ts";
import { readStored, type StoredCookie } from "./stored-cookie.ts";

export interface EdgeAnswer {
  /** Of all destinations together; null: not known yet, which is not the same as "in none". */
  readonly audiences: ReadonlySet<AudienceId> | null;
  /** What `identity:result` says of the namespace ECID, each once. */
  readonly ecids: readonly string[];
  /** The ECID of the identity cookie that this very answer sets. */
  readonly issuedEcid: string | null;
  /** `state:store` entries of this organization, the last of each name. */
  readonly stored: readonly StoredCookie[];
  readonly hint: string | null;
}

export type UnreadableAnswer = "status" | "too-long" | "not-json" | "malformed" | "duplicate-keys";

/** In UTF-16 code units; whoever has the bytes counts those. */
export const MAX_ANSWER_LENGTH = 262_144;

/**
 * 200, or 207 where a part failed. Handles and fields that we don't know are Adobe's business (it adds some
 * without notice); one that we know and can't read makes the answer unreadable, never half a membership.
 */
export function readEdgeAnswer(
  status: number,
  text: string,
  organizationId: string,
): Result<EdgeAnswer, UnreadableAnswer> {
  if (status !== 200 && status !== 207) return fail("status");
  if (text.length > MAX_ANSWER_LENGTH) return fail("too-long");
  const body = readJson(text);
  if (!body.ok) return fail(unreadable(body.error));
  const handles = readHandles(body.value);
  if (handles === null) return fail("malformed");
  const audiences = readPull(handles.get("activation:pull"));
  const ecids = readEcids(handles.get("identity:result") ?? []);
  const stored = readStored(handles.get("state:store") ?? [], organizationId);
  const issued = readIssued(handles.get("state:store") ?? [], organizationId);
  if (audiences === "malformed" || ecids === null || issued.size > 1) return fail("malformed");
  const [issuedEcid = null] = issued;
  const known = audiences !== null && audiences.size === 0 && hasErrors(body.value) ? null : audiences;
  const hint = readHint(handles.get("locationHint:result") ?? []);
  return ok({ audiences: known, ecids, issuedEcid, stored, hint });
}

function unreadable(problem: JsonProblem): UnreadableAnswer {
  return problem === "too-deep" || problem === "escaped-keys" ? "malformed" : problem;
}

/** What failed in a 207 may be the very lookup: "in none" is not believed beside an error. */
function hasErrors(body: unknown): boolean {
  return isRecord(body) && Array.isArray(body["errors"]) && body["errors"].length > 0;
}

type Handles = ReadonlyMap<string, readonly unknown[]>;

const knownTypes = ["activation:pull", "identity:result", "state:store", "locationHint:result"];

/** The payload items of the known types; null where a known handle has no list of them. */
function readHandles(body: unknown): Handles | null {
  if (!isRecord(body)) return null;
  const handles = new Map<string, unknown[]>();
  const list = body["handle"] ?? [];
  if (!Array.isArray(list)) return null;
  for (const handle of list) {
    if (!isRecord(handle)) return null;
    const { type, payload } = handle;
    if (typeof type !== "string" || !knownTypes.includes(type)) continue;
    if (!Array.isArray(payload)) return null;
    const items = handles.get(type) ?? [];
    for (const item of payload) items.push(item);
    handles.set(type, items);
  }
  return handles;
}

/** Every destination in the answer, as Adobe's collector takes them; one without `segments` says nothing. */
function readPull(items: readonly unknown[] | undefined): ReadonlySet<AudienceId> | null | "malformed" {
  let audiences: Set<AudienceId> | null = null;
  for (const item of items ?? []) {
    if (!isRecord(item)) return "malformed";
    const segments = item["segments"] ?? null;
    if (segments === null) continue;
    if (!Array.isArray(segments)) return "malformed";
    audiences ??= new Set();
    for (const segment of segments) {
      const id =
        isRecord(segment) && typeof segment["id"] === "string" ? parseAudienceId(segment["id"]) : null;
      if (id === null) return "malformed";
      audiences.add(id);
    }
  }
  return audiences;
}

function readEcids(items: readonly unknown[]): readonly string[] | null {
  const ecids = new Set<string>();
  for (const item of items) {
    if (!isRecord(item)) return null;
    const { id, namespace } = item;
    if (!isRecord(namespace) || String(namespace["code"]).toUpperCase() !== "ECID") continue;
    if (typeof id !== "string" || !isEcid(id)) return null;
    ecids.add(id);
  }
  return [...ecids];
}

/** All that the answer would make the browser's identity; more than one is not an identity. */
function readIssued(items: readonly unknown[], organizationId: string): ReadonlySet<string> {
  const issued = new Set<string>();
  for (const item of items) {
    if (!isRecord(item) || item["key"] !== adobeCookieName(organizationId, "identity")) continue;
    const ecid = typeof item["value"] === "string" ? decodeEcid(item["value"]) : null;
    if (ecid !== null) issued.add(ecid);
  }
  return issued;
}

function readHint(items: readonly unknown[]): string | null {
  for (const item of items) {
    if (!isRecord(item) || item["scope"] !== "EdgeNetwork") continue;
    const hint = item["hint"];
    return typeof hint === "string" && isLocationHint(hint) ? hint : null;
  }
  return null;
}
