/** Campaigns: the merchandiser's file, checked once into a value that can't be wrong, with every problem told. */

import * as v from "valibot";
import type { Banner } from "./banner.ts";
import type { CampaignsContext } from "./campaigns/compilation.ts";
import { compileFile } from "./campaigns/compile.ts";
import { campaignsFile, keepWellShaped } from "./campaigns/file.ts";
import type { Offer } from "./offer.ts";
import { collectProblems, type Problem, sortProblems } from "./problem.ts";
import { fail, ok, type Result } from "./result.ts";

export interface Campaigns {
  readonly banners: readonly Banner[];
  readonly offers: readonly Offer[];
}

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
