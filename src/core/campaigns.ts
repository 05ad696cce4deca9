/** Campaigns: the merchandiser's file, checked once into a value that can't be wrong, with every problem told. */

import * as v from "valibot";
import type { AudienceId } from "./audience.ts";
import { type Banner, bannerAudiences } from "./banner.ts";
import type { CampaignsContext } from "./campaigns/compilation.ts";
import { compileFile } from "./campaigns/compile.ts";
import { campaignsFile, keepWellShaped } from "./campaigns/file.ts";
import { compiledCampaigns } from "./campaigns/stored.ts";
import { type Offer, offerAudiences } from "./offer.ts";
import { collectProblems, type Problem, sortProblems } from "./problem.ts";
import { fail, ok, type Result } from "./result.ts";

export interface Campaigns {
  readonly banners: readonly Banner[];
  readonly offers: readonly Offer[];
}

/** Every audience that a banner or an offer names. */
export function audiencesOf({ banners, offers }: Campaigns): ReadonlySet<AudienceId> {
  return new Set([...bannerAudiences(banners), ...offerAudiences(offers)]);
}

/** The number of the compiled form (docs/kv.md); a reader leaves a number alone that it does not know. */
export const CAMPAIGNS_SCHEMA = 2;

/** 1: no nested conditions, no schedules of banners, no splits; what has it is read as it was meant. */
const READABLE_SCHEMAS: ReadonlySet<unknown> = new Set([1, CAMPAIGNS_SCHEMA]);

/** Of braces and brackets within each other; a file that is meant has about ten. */
const MAX_DEPTH = 40;

/** In UTF-16 code units, which for a campaigns file is about its bytes. */
const MAX_CAMPAIGNS_LENGTH = 2_000_000;

/** Reads a campaigns file. Never throws; all problems at once, each with its path and its cure. */
export function parseCampaigns(text: string, context: CampaignsContext): Result<Campaigns, Problem[]> {
  if (text.length > MAX_CAMPAIGNS_LENGTH) {
    return fail([
      { path: "", message: `a campaigns file has at most 2 MB; found ${text.length} characters` },
    ]);
  }
  const written = parseJson(text.replace(/^\uFEFF/, ""));
  if (!written.ok) return fail([{ path: "", message: `not JSON: ${written.error}` }]);
  if (Array.isArray(written.value)) return fail([{ path: "", message: "expected an object, found a list" }]);
  if (isDeeper(written.value, MAX_DEPTH)) {
    return fail([{ path: "", message: `nested more than ${MAX_DEPTH} deep; nobody could read it either` }]);
  }
  const checked = v.safeParse(campaignsFile, written.value);
  const shapes = collectProblems(campaignsFile, written.value, checked.issues ?? []);
  // What is well-shaped is checked further even where something else is not: all mistakes in one round.
  const { banners, offers, problems } = compileFile(keepWellShaped(written.value), context);
  const all = sortProblems([...shapes, ...problems]);
  return all.length === 0 ? ok({ banners, offers }) : fail(all);
}

export interface StoredCampaigns {
  /** The first 12 hex digits of the SHA-256 of the compiled form. */
  readonly version: string;
  readonly publishedAt: string;
  readonly campaigns: Campaigns;
}

/** The compiled form as KV or the embedded file holds it; a reason where it is not one that we can serve. */
export function readStoredCampaigns(stored: unknown): Result<StoredCampaigns, string> {
  if (typeof stored === "object" && stored !== null && "schema" in stored) {
    if (!READABLE_SCHEMAS.has(stored.schema))
      return fail(`schema ${String(stored.schema)} is not known here`);
  }
  const read = v.safeParse(compiledCampaigns, stored);
  if (!read.success) return fail("not the compiled form of a campaigns file");
  const { version, publishedAt, banners, offers } = read.output;
  return ok({ version, publishedAt, campaigns: { banners, offers } });
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return fail(error instanceof Error ? error.message : "unreadable");
  }
}

function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1));
}
