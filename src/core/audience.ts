/** Audiences as Adobe Real-Time CDP defines them: read Adobe's pages, normalize, compare two lists. */

import { decodePercent } from "./percent.ts";
import { isRecord } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

declare const audienceId: unique symbol;

/** Adobe's system id of an audience; on the wire the only thing that says "member". */
export type AudienceId = string & { readonly [audienceId]: true };

/**
 * Usually a UUID; external audiences have ids like `QU9fLTEz…_6ed34f6f-…`. Inferred from Adobe's samples:
 * letters, digits and `_ . = -`, at most 128.
 */
const audienceIdPattern = /^[A-Za-z0-9_.=-]{1,128}$/;

export function parseAudienceId(text: string): AudienceId | null {
  return audienceIdPattern.test(text) ? (text as AudienceId) : null;
}

export interface Audience {
  readonly id: AudienceId;
  readonly name: string;
  readonly description: string;
  /** Where it comes from, in Adobe's dashboard words: "Experience Platform", "Custom upload", … */
  readonly origin: string;
  /** Milliseconds since 1970, or null where Adobe gives none that can be read. */
  readonly lastModifiedMs: number | null;
  readonly lifecycle: string | null;
  /** How Adobe evaluates it; continuous is streaming, synchronous is edge (Adobe's OpenAPI says so). */
  readonly evaluation: readonly ("batch" | "streaming" | "edge")[];
  /** Codes of the websites whose destinations have it; null where no destination was picked: all of them. */
  readonly websites: readonly string[] | null;
}

export interface AudienceList {
  readonly syncedAtMs: number;
  readonly audiences: readonly Audience[];
}

/** Labels of `originName`: the first is confirmed by Adobe's dashboard, the others are inferred. */
const originLabels: Readonly<Record<string, string>> = {
  REAL_TIME_CUSTOMER_PROFILE: "Experience Platform",
  CUSTOM_UPLOAD: "Custom upload",
  AUDIENCE_MANAGER: "Audience Manager",
  AUDIENCE_ORCHESTRATION: "Audience composition",
  AUDIENCE_MATCH: "Audience Match",
};

export interface AudiencePage {
  readonly audiences: readonly Audience[];
  /** The `start` parameter of the next page as Adobe means it, not percent-encoded; null on the last page. */
  readonly nextStart: string | null;
  /** Entries without a usable id or name. */
  readonly skipped: number;
}

/**
 * One answer of `GET /data/core/ups/audiences`, tolerant of its documented inconsistencies: `_page` or
 * `_pages`, `next` as number or text, missing or 0 on the last page, else only in `_links.next.href`.
 */
export function readAudiencePage(body: unknown): Result<AudiencePage, "not-an-audience-page"> {
  if (!isRecord(body) || !Array.isArray(body["children"])) return fail("not-an-audience-page");
  const audiences: Audience[] = [];
  for (const child of body["children"]) {
    const audience = readAudience(child);
    if (audience) audiences.push(audience);
  }
  const skipped = body["children"].length - audiences.length;
  return ok({ audiences, nextStart: readNextStart(body), skipped });
}

/** One answer of `POST /data/core/ups/audiences/bulk-get`: `{ results: { "<id>": { … } } }`, the found ones. */
export function readBulkAudiences(body: unknown): Result<AudiencePage, "not-a-bulk-answer"> {
  if (!isRecord(body) || !isRecord(body["results"])) return fail("not-a-bulk-answer");
  const entries = Object.entries(body["results"]);
  const audiences = entries.flatMap(([id, entry]) => {
    const audience = isRecord(entry) ? readAudience({ id, ...entry }) : null;
    return audience === null ? [] : [audience];
  });
  return ok({ audiences, nextStart: null, skipped: entries.length - audiences.length });
}

function readAudience(child: unknown): Audience | null {
  if (!isRecord(child)) return null;
  const id = parseAudienceId(text(child["id"]) || text(child["audienceId"]));
  const name = text(child["name"]).trim();
  if (id === null || name === "") return null;
  const originName = text(child["originName"]);
  return {
    id,
    name: name.slice(0, 500),
    description: text(child["description"]).slice(0, 2000),
    origin: originLabels[originName] ?? readableOrigin(originName),
    lastModifiedMs:
      readTimeMs(child["updateTime"]) ??
      readTimeMs(child["updateEpoch"]) ??
      readTimeMs(child["creationTime"]),
    lifecycle: text(child["lifecycleState"]) || text(child["lifecycle"]) || null,
    evaluation: readEvaluation(child["evaluationInfo"]),
    websites: null,
  };
}

function readableOrigin(originName: string): string {
  if (originName === "") return "Unknown";
  const words = originName.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1, 60);
}

function readEvaluation(info: unknown): Audience["evaluation"] {
  if (!isRecord(info)) return [];
  const enabled = (key: string) => {
    const kind = info[key];
    return isRecord(kind) && kind["enabled"] === true;
  };
  const evaluation: ("batch" | "streaming" | "edge")[] = [];
  if (enabled("batch")) evaluation.push("batch");
  if (enabled("continuous")) evaluation.push("streaming");
  if (enabled("synchronous")) evaluation.push("edge");
  return evaluation;
}

/** Adobe's samples mix seconds, milliseconds and microseconds under the same names: told by magnitude. */
function readTimeMs(value: unknown): number | null {
  const time = typeof value === "string" ? Number(value) : value;
  if (typeof time !== "number" || !Number.isFinite(time) || time < 1e8) return null;
  if (time < 1e11) return Math.round(time * 1000);
  if (time < 1e14) return Math.round(time);
  if (time < 1e17) return Math.round(time / 1000);
  return null;
}

function readNextStart(body: Readonly<Record<string, unknown>>): string | null {
  const page = isRecord(body["_page"]) ? body["_page"] : body["_pages"];
  if (isRecord(page) && page["next"] !== undefined && page["next"] !== null) {
    const next = String(page["next"]);
    return next === "" || next === "0" ? null : next;
  }
  const links = body["_links"];
  const next = isRecord(links) ? links["next"] : null;
  const href = isRecord(next) ? text(next["href"]) : "";
  const written = /[?&]start=([^&]+)/.exec(href)?.[1];
  // In the link it is percent-encoded, and who asks for the page encodes it again.
  return written === undefined ? null : (decodePercent(written) ?? written);
}

/** The list as KV holds it (docs/kv.md); null when it is not such a list. */
export function readAudienceList(stored: unknown): AudienceList | null {
  if (!isRecord(stored) || typeof stored["syncedAt"] !== "string" || !Array.isArray(stored["audiences"])) {
    return null;
  }
  const syncedAtMs = Date.parse(stored["syncedAt"]);
  if (!Number.isFinite(syncedAtMs)) return null;
  const audiences: Audience[] = [];
  for (const entry of stored["audiences"]) {
    const audience = readStoredAudience(entry);
    if (!audience) return null;
    audiences.push(audience);
  }
  return { syncedAtMs, audiences };
}

function readStoredAudience(entry: unknown): Audience | null {
  if (!isRecord(entry)) return null;
  const id = parseAudienceId(text(entry["id"]));
  if (id === null || typeof entry["name"] !== "string") return null;
  const lastModified = entry["lastModified"];
  const lastModifiedMs = typeof lastModified === "string" ? Date.parse(lastModified) : Number.NaN;
  const evaluation = Array.isArray(entry["evaluation"]) ? entry["evaluation"] : [];
  return {
    id,
    name: entry["name"],
    description: text(entry["description"]),
    origin: text(entry["origin"]) || "Unknown",
    lastModifiedMs: Number.isFinite(lastModifiedMs) ? lastModifiedMs : null,
    lifecycle: text(entry["lifecycle"]) || null,
    evaluation: evaluation.filter((kind) => kind === "batch" || kind === "streaming" || kind === "edge"),
    // Written since 0.2, and only where destinations are picked.
    websites: Array.isArray(entry["websites"])
      ? entry["websites"].filter((code): code is string => typeof code === "string")
      : null,
  };
}

/** The list as it is written to KV: times as ISO 8601 texts that a person can read there. */
export function writeAudienceList({ syncedAtMs, audiences }: AudienceList): string {
  return joinAudienceList(syncedAtMs, audiences.length === 0 ? [] : [writeAudiences(audiences)]);
}

/** A part of the list, so that a long one is written page by page. */
export function writeAudiences(audiences: readonly Audience[]): string {
  const written = audiences.map(({ lastModifiedMs, websites, ...audience }) => ({
    ...audience,
    lastModified: lastModifiedMs === null ? null : new Date(lastModifiedMs).toISOString(),
    ...(websites === null ? {} : { websites }),
  }));
  return JSON.stringify(written).slice(1, -1);
}

/** Of parts that are not empty. */
export function joinAudienceList(syncedAtMs: number, parts: readonly string[]): string {
  return `{"syncedAt":"${new Date(syncedAtMs).toISOString()}","audiences":[${parts.join(",")}]}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
