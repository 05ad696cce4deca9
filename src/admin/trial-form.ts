/** What Try it is asked, read from the address: the form's fields as typed, and what they mean. */

import { type Audience, type AudienceId, parseAudienceId } from "../core/audience.ts";
import type { NamesById } from "../core/campaigns/standing.ts";
import type { DeviceClass } from "../core/device-class.ts";
import type { Trust } from "../core/membership.ts";
import { suggestion } from "../core/problem.ts";
import { isPagePath } from "../core/signed-page.ts";
import type { Website } from "../core/website.ts";

export interface TrialForm {
  readonly website: Website;
  readonly typedPath: string;
  /** With its query, as the platform writes it. */
  readonly path: string;
  /** Of the boxes: an id each. */
  readonly picked: ReadonlySet<AudienceId>;
  /** Names or ids with commas, as typed. */
  readonly typed: string;
  /** All of them, with the ids of every sandbox. */
  readonly audiences: readonly AudienceId[];
  readonly trust: Trust;
  /** As typed, in UTC; empty: now. */
  readonly at: string;
  readonly atMs: number | null;
  readonly storeView: string | null;
  readonly device: DeviceClass;
  /** Empty: nobody knows this browser. */
  readonly visitor: string;
  /** A version of the history; null: what is live. */
  readonly version: number | null;
  readonly problems: readonly TrialProblem[];
}

export interface TrialProblem {
  readonly field: "path" | "typed" | "at";
  readonly message: string;
}

interface Known {
  readonly websites: readonly Website[];
  readonly names: NamesById;
  readonly audiences: ReadonlyMap<AudienceId, Audience>;
}

const MAX_LENGTH = 2_000;
const MAX_PICKED = 100;

/** null: there is no website. */
export function readTrialForm(query: URLSearchParams, known: Known): TrialForm | null {
  const website = known.websites.find(({ code }) => code === query.get("website")) ?? known.websites[0];
  if (website === undefined) return null;
  const problems: TrialProblem[] = [];
  const text = (name: string) => (query.get(name) ?? "").trim().slice(0, MAX_LENGTH);
  const picked = new Set(
    query
      .getAll("for")
      .slice(0, MAX_PICKED)
      .flatMap((id) => parseAudienceId(id) ?? []),
  );
  const typed = text("also");
  const found = findAudiences(typed, known, problems);
  const audiences = new Set([...picked, ...found].flatMap((id) => known.names.get(id)?.ids ?? [id]));
  const typedPath = text("path") || (website.pathPrefix ?? "/");
  const at = text("at");
  const view = text("view");
  const version = /^[1-9]\d{0,8}$/.test(text("version")) ? Number(text("version")) : null;
  return {
    website,
    typedPath,
    path: readPath(typedPath, website, problems),
    picked,
    typed,
    audiences: [...audiences],
    trust: query.get("trust") === "claimed" ? "claimed" : "verified",
    at,
    atMs: readTime(at, problems),
    storeView: [...website.storeViews, website.defaultStoreView].includes(view) ? view : null,
    device: query.get("device") === "mobile" ? "mobile" : "desktop",
    visitor: text("visitor").slice(0, 100),
    version,
    problems,
  };
}

/** The address of the same question with another answer to one of its fields. */
export function trialAddress(query: URLSearchParams, changes: Readonly<Record<string, string>>): string {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) changed.set(name, value);
  return `/try?${changed}`;
}

function readPath(typed: string, { pathPrefix }: Website, problems: TrialProblem[]): string {
  const base = "https://path.invalid";
  const whole = /^https?:\/\//i.test(typed) && URL.canParse(typed) ? new URL(typed) : null;
  const url = whole ?? (typed.startsWith("/") && URL.canParse(typed, base) ? new URL(typed, base) : null);
  const path = url === null || (whole === null && url.origin !== base) ? "" : url.pathname + url.search;
  if (!isPagePath(path)) {
    problems.push({ field: "path", message: "what stands behind the host in the address bar, like /sale/" });
    return pathPrefix ?? "/";
  }
  if (pathPrefix !== null && !`${path}/`.startsWith(`${pathPrefix}/`)) {
    problems.push({ field: "path", message: `this website’s pages are below ${pathPrefix}` });
    return pathPrefix;
  }
  return path;
}

/** Exact names first: the file's, then Adobe's in any case; what is neither is an id where it looks like one. */
function findAudiences(typed: string, { names, audiences }: Known, problems: TrialProblem[]): AudienceId[] {
  if (typed === "") return [];
  const byName = new Map<string, AudienceId>();
  for (const { id, name } of audiences.values()) byName.set(name.trim().toLowerCase(), id);
  for (const [id, { name }] of names) byName.set(name.toLowerCase(), id);
  const find = (word: string): AudienceId | null => {
    const named = byName.get(word.toLowerCase());
    if (named !== undefined) return named;
    const id = parseAudienceId(word);
    const known = id !== null && (audiences.has(id) || names.has(id));
    return known || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(word) ? id : null;
  };
  // A name may have commas of its own.
  const whole = find(typed);
  if (whole !== null) return [whole];
  return typed
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .flatMap((word) => {
      const id = find(word);
      if (id !== null) return [id];
      const cure = suggestion(word.toLowerCase(), [...byName.keys()]) || "; write its name or its id";
      problems.push({ field: "typed", message: `no audience is called “${word.slice(0, 80)}”${cure}` });
      return [];
    });
}

function readTime(typed: string, problems: TrialProblem[]): number | null {
  if (typed === "") return null;
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(typed) ? Date.parse(`${typed}Z`) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  problems.push({ field: "at", message: "a day and a time in UTC, like 2026-12-24T10:00" });
  return null;
}
